"""Set an account's policy by a form: what was changed in it becomes a command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from handlers.core.errors import NoPages
from handlers.core.find_account import account_for
from handlers.core.interactions import Click, Command, Submission
from handlers.core.replies import FieldErrors, Modal, Reply
from handlers.core.services import Services
from handlers.permissions import policy as policies
from handlers.permissions.errors import BadRule
from handlers.permissions.views import policy_form as views
from handlers.permissions.views.permissions import OfAccount
from handlers.permissions.views.policy import OPTIONS
from handlers.ui.blocks import unformatted
from handlers.ui.error_words import words
from storage import Account, Guarded

_FIELDS: Mapping[str, str] = {
    "--people": views.PEOPLE,
    "--hours": views.HOURS,
    **{str(guarded): name for guarded, name in views.RULES.items()},
}
"""By the option or rule that cannot be so: its field."""


def opens(command: Command) -> bool:
    """Whether the command opens the form: it sets nothing."""
    return not command.words and not any(name in command.options for name in OPTIONS)


def command(command: Command, services: Services) -> Modal:
    """/images policy: open the form, filled in with the policy in force."""
    return _form(account_for(command, services), services)


def open_clicked(click: Click, services: Services) -> Modal:
    """The Policy… button."""
    asked = OfAccount.read(click.value)
    return _form(services.account(click.person, asked.account_id), services)


def submitted(submission: Submission, services: Services) -> Reply:
    """Set what was changed in the form, and leave what others have changed meanwhile."""
    shown = views.Shown.read(submission.value)
    account = services.account(submission.person, shown.account_id)
    try:
        return policies.set_policy(_command(submission, shown), account, services)
    except BadRule as error:
        said = words(replace(error, what="This"))
        return FieldErrors({_FIELDS.get(error.what, ""): unformatted(said)})
    except NoPages as error:
        return FieldErrors({views.STRICT: unformatted(words(error))})


def _form(account: Account, services: Services) -> Modal:
    return views.form(account, services.store.policies.of(account.key))


def _command(submission: Submission, shown: views.Shown) -> Command:
    """Return the command that the form builds."""
    return Command(
        submission.person,
        "policy",
        tuple(_changed_rules(submission, shown)),
        MappingProxyType(_changed_options(submission, shown)),
        submission.channel_id,
        team_id=submission.team_id,
    )


def _changed_rules(submission: Submission, shown: views.Shown) -> Iterator[str]:
    """Each rule that is not as it was shown, and then its new word."""
    before = dict(zip(Guarded, shown.rules, strict=False))
    for guarded, name in views.RULES.items():
        chosen = submission.text(name)
        if chosen != before.get(guarded) or not shown.readable:
            yield from (guarded, chosen)


def _changed_options(submission: Submission, shown: views.Shown) -> dict[str, tuple[str, ...]]:
    """The options of the command for what is not as it was shown."""
    channel_id = submission.text(views.CHANNEL)
    reason = views.ON in submission.chosen(views.REASON)
    strict = views.ON in submission.chosen(views.STRICT)
    given = {
        "people": (submission.text(views.PEOPLE), str(shown.people)),
        "hours": (submission.text(views.HOURS), str(shown.hours)),
        "channel": (_channel(channel_id), _channel(shown.channel_id)),
        "reason": (_REASON[reason], _REASON[shown.reason]),
        "strict": (_STRICT[strict], _STRICT[shown.strict]),
    }
    return {
        name: (now,) for name, (now, then) in given.items() if now != then or not shown.readable
    }


def _channel(channel_id: str) -> str:
    return f"<#{channel_id}>" if channel_id else policies.OFF


_REASON = MappingProxyType({True: "required", False: "optional"})
_STRICT = MappingProxyType({True: "on", False: policies.OFF})
