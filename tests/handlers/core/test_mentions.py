"""Mentions in commands."""

from __future__ import annotations

import pytest

from handlers.core import mentions


@pytest.mark.parametrize("word", ["<@U7>", "<@W7ABC>", "<@U7|ann>"])
def test_a_person_is_mentioned(word: str) -> None:
    found = (mentions.person(word), mentions.group(word), mentions.channel(word))

    assert found == (word[2:].rstrip(">").partition("|")[0], None, None)


def test_a_group_and_a_channel_are_mentioned() -> None:
    assert mentions.group("<!subteam^S1|@ops>") == "S1"
    assert mentions.channel("<#C1|ops>") == mentions.channel("<#C1>") == "C1"


@pytest.mark.parametrize(
    "word", ["", "@ann", "ann", "U7", "<@>", "<@u7>", "x<@U7>", "<@U7>x", "<!channel>", "<#>"]
)
def test_other_words_mention_nobody(word: str) -> None:
    assert (mentions.person(word), mentions.group(word), mentions.channel(word)) == (None,) * 3


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("<@U7>", ("U7", "")),
        ("<@U7|ann>/1100", ("U7", "1100")),
        ("ann/1100", None),
        ("<#C1>/1100", None),
    ],
)
def test_a_person_may_be_mentioned_with_one_of_their_accounts(
    word: str, found: tuple[str, str] | None
) -> None:
    assert mentions.person_with(word) == found
