"""Find the accounts, linked or through a role, that a word means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from handlers.core.numbers import account_number
from storage import Account


def fitting(word: str, accounts: Sequence[Account], user_id: str) -> list[Account]:
    """
    Return the accounts that a person may mean: one, or several of which they have to choose.

    A number comes before a name, for strangers choose the names of their projects, and the
    person's own accounts before those lent to them. A lent account's number that is the name of
    an own one may mean either.
    """
    own = [each for each in accounts if each.user_id == user_id]
    lent = [each for each in accounts if each.user_id != user_id]
    number = account_number(word, [each.project_id for each in accounts])
    if exact := [each for each in accounts if each.id == word]:
        return exact
    if numbered := _where(own, lambda each: each.project_id == number):
        return numbered
    called = _called(word, own)
    if numbered := _where(lent, lambda each: each.project_id == number):
        return [*numbered, *called]
    return called or _called(word, lent)


def _called(word: str, accounts: Sequence[Account]) -> list[Account]:
    """Those with that name; if there is none, those whose name differs in capitals only."""
    folded = word.casefold()
    return _where(accounts, lambda each: each.project_name == word) or _where(
        accounts, lambda each: each.project_name.casefold() == folded
    )


def _where(accounts: Iterable[Account], fits: Callable[[Account], bool]) -> list[Account]:
    return [each for each in accounts if fits(each)]
