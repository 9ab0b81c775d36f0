"""What `help` says."""

from __future__ import annotations

from collections.abc import Iterator

from handlers import ROUTES
from handlers.core.errors import UnknownVerb
from handlers.core.replies import Message
from handlers.core.routing import find_verb
from handlers.help.groups import GROUPS
from handlers.help.views import help as helps
from handlers.help.views import spoken
from storage import Role


def samples() -> Iterator[tuple[str, Message]]:
    yield "help", helps.start(Role.OPERATOR, pending=3)
    for role in (None, *Role):
        yield f"help as {role or 'nobody'}", helps.start(role)
    for name, group in GROUPS.items():
        verbs = [find_verb(each, ROUTES.verbs) for each in group.verbs]
        yield f"help {name}", helps.group(group.label, [(each.form, each.help) for each in verbs])
    yield "help all", helps.all_verbs([(verb.form, verb.help) for verb in ROUTES.verbs])
    look = [(verb.form, verb.help) for verb in ROUTES.verbs if verb.needs in (None, Role.VIEWER)]
    rest = [verb.name for verb in ROUTES.verbs if verb.needs not in (None, Role.VIEWER)]
    yield "help all for a viewer", helps.all_verbs(look, rest, Role.VIEWER)
    yield "help all where nothing goes", helps.all_verbs(look, rest, Role.NONE)
    yield "help all for an admin", helps.all_verbs(look, [], Role.ADMIN)
    lacks = Role.OPERATOR
    yield (
        "help of what one cannot",
        helps.verb_help("share IMAGE ACCOUNT", "Shares.", "", [], lacks),
    )
    yield "a misspelt verb", spoken.did_you_mean(UnknownVerb("shwo", "show"), "show web-2026")
    yield "hello", spoken.hello("")
    yield "hello to a misspelt verb", spoken.hello("show web-2026")
    yield "a form asked for in a message", spoken.opens("update web-2026")
    for verb in ROUTES.verbs:
        yield (
            f"help {verb.name}",
            helps.verb_help(verb.form, verb.help, verb.details, sorted(verb.options)),
        )
