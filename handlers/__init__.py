"""
The conversation: a request and the services in, a message or a form out.

This is the routing table: what one can say, press and send, and which function answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from handlers.accounts import commands as accounts
from handlers.accounts import status
from handlers.accounts.views import accounts as account_views
from handlers.addressbook import commands as names
from handlers.addressbook.views import addressbook as name_views
from handlers.approvals import decide
from handlers.approvals import requests as approvals
from handlers.approvals.views import requests as approval_views
from handlers.core.command_line import parse
from handlers.core.interactions import Click, Command, Links, Person, Search, Submission
from handlers.core.modal import FieldErrors, Modal, Option, Reply
from handlers.core.replies import Message, split
from handlers.core.routing import Button, Form, Verb
from handlers.core.services import Services
from handlers.dispatcher import Routes
from handlers.editing import activation, tags
from handlers.editing import delete as deletion
from handlers.editing import update as updates
from handlers.editing.parse import UPDATE
from handlers.editing.views import activation as activation_views
from handlers.editing.views import delete as deletion_views
from handlers.editing.views import result as change_views
from handlers.editing.views import update as update_views
from handlers.help.help import HELP, help_
from handlers.home import home
from handlers.home.views import home as home_views
from handlers.images import browse as images
from handlers.images import message_shortcut
from handlers.images.views import browse as image_views
from handlers.images.views import message_shortcut as lookup_views
from handlers.invitations import auto_accept, snooze
from handlers.invitations import commands as invitations
from handlers.invitations.views import auto_accept as trust_views
from handlers.invitations.views import inbox as invitation_views
from handlers.invitations.views import snooze as snooze_views
from handlers.notifications import escalation, preferences
from handlers.notifications.views import preferences as preference_views
from handlers.notifications.views.preferences import OPTIONS as PREFERENCE_OPTIONS
from handlers.permissions import commands as rights
from handlers.permissions import policy as policies
from handlers.permissions.views import permissions as right_views
from handlers.permissions.views.policy import OPTIONS as POLICY_OPTIONS
from handlers.reports import audit, report
from handlers.reports.views import audit as audit_views
from handlers.servers import launch
from handlers.servers import list as servers
from handlers.servers import snapshot as snapshots
from handlers.servers.views import launch as launch_views
from handlers.servers.views import list as server_views
from handlers.servers.views import snapshot as snapshot_views
from handlers.sharing import expiry, members, remind, unshare
from handlers.sharing import share as sharing
from handlers.sharing.views import expiry as expiry_views
from handlers.sharing.views import members as member_views
from handlers.sharing.views import share as sharing_views
from handlers.tracking.views import tracking as share_views
from handlers.transfers import (
    copy as copies,
)
from handlers.transfers import (
    download as downloads,
)
from handlers.transfers import (
    export as exports,
)
from handlers.transfers import (
    import_ as imports,
)
from handlers.transfers import (
    tasks,
)
from handlers.transfers.views import copy as copy_views
from handlers.transfers.views import download as download_views
from handlers.transfers.views import export as export_views
from handlers.transfers.views import import_ as import_views
from handlers.transfers.views import transfers as transfer_views
from handlers.ui import typeahead
from handlers.ui import typeahead_options as menu_views
from handlers.ui.image_buttons import (
    ACCEPT,
    MAKE_SHARED,
    MEMBERS,
    MEMBERS_BACK,
    OPEN_COPY,
    OPEN_EXPORT,
    OPEN_UPDATE,
    REJECT,
    SHOW,
)
from handlers.ui.labels import CANCEL
from storage.access.roles import Role

__all__ = [
    "ACTIONS",
    "ROUTES",
    "SEARCHES",
    "VERBS",
    "VIEWS",
    "Button",
    "Click",
    "Command",
    "FieldErrors",
    "Form",
    "Links",
    "Message",
    "Modal",
    "Option",
    "Person",
    "Reply",
    "Routes",
    "Search",
    "Services",
    "Submission",
    "Verb",
    "answer",
    "parse",
    "split",
]

_WHERE = frozenset({"region", "account"})
_PUBLIC = frozenset({"public"})

VERBS: tuple[Verb, ...] = (
    Verb(
        "help",
        HELP,
        "Shows what you can say.",
        None,
        lambda command, services: help_(command, VERBS, services),
        _PUBLIC,
    ),
    Verb(
        "list",
        images.LIST,
        "Lists images of all your regions, 10 a page; words are looked for in name, id, tags and "
        "operating system.",
        Role.VIEWER,
        images.list_,
        frozenset({*images.KINDS, "tag", "status", "sort"}) | _WHERE | _PUBLIC,
        "An image fits if it has all the words. Without a choice the list holds standard images, "
        "your own, and those shared with you that you accepted.",
    ),
    Verb(
        "show",
        images.SHOW,
        "Shows everything about an image, and what you can do with it.",
        Role.VIEWER,
        images.show,
        _WHERE | _PUBLIC,
    ),
    Verb(
        "update",
        UPDATE,
        "Changes what is said of one of your images; with the image alone, opens a form.",
        Role.OPERATOR,
        updates.update,
        _WHERE,
        "`key=value` sets a property, `-key` removes one of your own, `tag+=T` and `tag-=T` change "
        "the tags. `min_disk` is in GB, `min_ram` in MB, `protected` is `yes` or `no`. Needs the "
        "role `cloudImages:admin`.",
        updates.opens,
        changes=True,
    ),
    Verb(
        "tag",
        tags.TAG,
        "Adds tags to one of your images.",
        Role.OPERATOR,
        tags.tag,
        _WHERE,
        "On Rackspace whoever may look may tag.",
        changes=True,
    ),
    Verb(
        "untag",
        tags.UNTAG,
        "Takes tags away from one of your images.",
        Role.OPERATOR,
        tags.untag,
        _WHERE,
        "On Rackspace whoever may look may untag.",
        changes=True,
    ),
    Verb(
        "protect",
        updates.PROTECT,
        "Lets nobody delete one of your images, until it is unprotected.",
        Role.OPERATOR,
        updates.protect,
        _WHERE,
        "Needs the role `cloudImages:admin`.",
        changes=True,
    ),
    Verb(
        "unprotect",
        updates.UNPROTECT,
        "Lets a protected image be deleted again.",
        Role.OPERATOR,
        updates.unprotect,
        _WHERE,
        "Needs the role `cloudImages:admin`.",
        changes=True,
    ),
    Verb(
        "deactivate",
        activation.DEACTIVATE,
        "Lets nobody boot from one of your images or read its data, for a while.",
        Role.OPERATOR,
        activation.deactivate,
        _WHERE,
        "Not every cloud offers it: on Rackspace only the provider deactivates images.",
        changes=True,
    ),
    Verb(
        "reactivate",
        activation.REACTIVATE,
        "Makes a deactivated image active again.",
        Role.OPERATOR,
        activation.reactivate,
        _WHERE,
        "Not every cloud offers it.",
        changes=True,
    ),
    Verb(
        "delete",
        deletion.DELETE,
        "Deletes one of your images, after telling who loses it.",
        Role.OPERATOR,
        deletion.delete,
        _WHERE,
        "It cannot be brought back. Servers built from it stay. A protected image is to be "
        "unprotected first. Needs the role `cloudImages:admin`.",
    ),
    Verb(
        "share",
        sharing.SHARE,
        "Invites accounts to one of your images, after asking you to check their numbers.",
        Role.OPERATOR,
        sharing.share,
        _WHERE,
        "WITH is an account number, a name of the address book, or `@someone`, for the account "
        "that they have linked. Access begins at once, and ends when you unshare or after the time "
        "you give: `12h`, `7d`, `2w`. Up to 10 accounts at a time. Needs the role "
        "`cloudImages:creator`.",
    ),
    Verb(
        "unshare",
        unshare.UNSHARE,
        "Ends an account's access to one of your images, after asking.",
        Role.OPERATOR,
        unshare.unshare,
        _WHERE,
        "Servers and images already built from it stay. Needs the role `cloudImages:admin`.",
    ),
    Verb(
        "members",
        members.MEMBERS,
        "Lists the accounts an image is shared with, and what each has answered.",
        Role.VIEWER,
        members.members,
        _WHERE | _PUBLIC,
    ),
    Verb(
        "member",
        members.MEMBER,
        "Shows one account's answer.",
        Role.VIEWER,
        members.member,
        _WHERE | _PUBLIC,
    ),
    Verb(
        "invitations",
        invitations.INVITATIONS,
        "Lists the images that wait for your answer, in all your accounts and regions.",
        Role.VIEWER,
        invitations.invitations,
        _PUBLIC,
    ),
    Verb(
        "accept",
        invitations.ACCEPT,
        "Puts an image that was shared with you in your account's list.",
        Role.OPERATOR,
        invitations.accept,
        _WHERE,
        "You may accept what you rejected before. Needs the role `cloudImages:admin`.",
        changes=True,
    ),
    Verb(
        "reject",
        invitations.REJECT,
        "Keeps an image that was shared with you out of your account's list.",
        Role.OPERATOR,
        invitations.reject,
        _WHERE,
        "Rejecting only hides it: the owner's sharing lasts. Needs the role `cloudImages:admin`.",
        changes=True,
    ),
    Verb(
        "digest",
        preferences.DIGEST,
        "Shows how and when you hear of invitations, and changes it.",
        Role.VIEWER,
        preferences.command,
        frozenset({"account", *PREFERENCE_OPTIONS}),
        "`daily 09:00,16:00`, `weekdays 09:00` and `weekly mon 09:00` say when digests come; "
        "`instant`, `both` and `off` whether you hear at once; `snooze 3d` and `resume` pause all. "
        "`now` shows what waits, `form` opens a form. With `--account` it is for that one alone.",
        preferences.opens,
        changes=True,
    ),
    Verb(
        "contact",
        escalation.CONTACT,
        "Names a second contact, who is told once of invitations that have waited for too long.",
        Role.ADMIN,
        escalation.contact,
        frozenset({"account"}),
        "DAYS is from 1 to 90. What you snooze or mute is left out. Alone, it says who it is.",
        changes=True,
    ),
    Verb(
        "export",
        exports.EXPORT,
        "Exports one of your images to a container; with the image alone, opens a form.",
        Role.OPERATOR,
        exports.export,
        _WHERE,
        "You are told when it is done, and get a button that makes a download link. An image may "
        "be exported to several containers. Needs the role `cloudImages:admin`.",
        exports.opens,
        changes=True,
    ),
    Verb(
        "import",
        imports.IMPORT,
        "Makes an image of an object in one of your containers; alone, opens a form.",
        Role.OPERATOR,
        imports.import_,
        _WHERE | {"format"},
        "You are told when it is done, and get buttons for the properties that it may need to "
        "boot. Imported twice, an object makes two images. Needs the role `cloudImages:admin`.",
        imports.opens,
        changes=True,
    ),
    Verb(
        "copy",
        copies.COPY,
        "Copies one of your images to another region, after showing the plan; with the image "
        "alone, opens a form.",
        Role.OPERATOR,
        copies.copy,
        _WHERE,
        "Metadata and tags come with it; `with` shares the copy with these accounts. It goes on "
        "after a restart, and cleans up behind itself. Needs the role `cloudImages:admin`.",
        opens=copies.opens,
    ),
    Verb(
        "download",
        downloads.DOWNLOAD,
        "Gives you a link by which an object can be downloaded for an hour, without a login.",
        Role.OPERATOR,
        downloads.download,
        _WHERE,
        "For instance an image that was exported. Whoever has the link can read the object: you "
        "alone see it, and it is kept nowhere.",
        changes=True,
    ),
    Verb(
        "tasks",
        tasks.TASKS,
        "Lists what you have begun and takes long, and other tasks of your accounts.",
        Role.VIEWER,
        tasks.tasks,
        _WHERE,
    ),
    Verb(
        "task",
        tasks.TASK,
        "Shows how far one of them is, or what came of it.",
        Role.VIEWER,
        tasks.task,
        _WHERE,
        "ID is the short one that you were told, or a task's of the cloud.",
    ),
    Verb(
        "link",
        accounts.LINK,
        "Gives you a page on which to link a cloud account of yours, without a secret in Slack.",
        None,
        accounts.link,
        more="The page is for you alone and ten minutes, and works once.",
    ),
    Verb(
        "accounts",
        accounts.ACCOUNTS,
        "Lists the cloud accounts you have linked, the one in use first.",
        None,
        accounts.accounts,
    ),
    Verb(
        "use",
        accounts.USE,
        "Works with this account from now on, in one region or in all.",
        Role.VIEWER,
        accounts.use,
        more="`list` shows the account in use; other commands find an image in all your accounts.",
        changes=True,
    ),
    Verb(
        "name",
        names.NAME,
        "Gives an account number a name in the address book, for everyone here; alone, shows it.",
        Role.VIEWER,
        names.name,
        frozenset({"account"}),
        "Then `share IMAGE NICKNAME` knows whom you mean, and a slip in a number is noticed. It is "
        "of the cloud of the account in use.",
        changes=True,
    ),
    Verb(
        "unlink",
        accounts.UNLINK,
        "Ends an account's login and deletes its stored secret, after asking.",
        None,
        accounts.unlink,
    ),
    Verb(
        "rights",
        rights.RIGHTS,
        "Shows who may do what with an account through me, and what it wants approved.",
        Role.VIEWER,
        rights.rights,
        frozenset({"account"}),
        "Roles, each with what those before it may: `viewer` looks, `operator` changes, "
        "`approver` approves what others ask for, `admin` says who may what. Whoever links an "
        "account first is its admin, a colleague who links it too its operator. What the cloud "
        "does not allow the login, nobody can.",
    ),
    Verb(
        "allow",
        rights.ALLOW,
        "Gives a role on your account to a person, a user group or a channel, or takes it back.",
        Role.ADMIN,
        rights.allow,
        frozenset({"account"}),
        "WHO is `@someone`, `@group`, `#channel` or `here`; ROLE is `viewer`, `operator`, "
        "`approver`, `admin`, or `none`. Whoever has not linked the account acts with your login.",
        changes=True,
    ),
    Verb(
        "limit",
        rights.LIMIT,
        "Sets the most that anyone may do with your account in a channel.",
        Role.ADMIN,
        rights.limit,
        frozenset({"account"}),
        "CHANNEL is `#channel`, `here`, or `all` for those without a limit of their own; ROLE is "
        "as in `allow`, `admin` for no limit. Direct messages with me have none.",
        changes=True,
    ),
    Verb(
        "policy",
        policies.POLICY,
        "Sets what needs a second person's approval with your account, and how they are asked.",
        Role.ADMIN,
        policies.policy,
        frozenset({"account", *POLICY_OPTIONS}),
        "RULE is `never`, `always`, or for sharing `outside`: with accounts that are not in the "
        "address book, where only names count that another approver gave.",
        changes=True,
    ),
    Verb(
        "requests",
        decide.REQUESTS,
        "Lists what waits for your approval, and what you have asked for.",
        None,
        decide.requests,
    ),
    Verb(
        "approve",
        decide.APPROVE,
        "Approves what someone else has asked for; then I do it, with their login.",
        None,
        decide.approve,
        more="Needs the role `approver` on the account. Nobody approves what they asked for.",
        changes=True,
    ),
    Verb(
        "deny",
        decide.DENY,
        "Denies what someone else has asked for, which ends it.",
        None,
        decide.deny,
        more="Needs the role `approver` on the account.",
        changes=True,
    ),
    Verb(
        "servers",
        servers.SERVERS,
        "Lists your servers, in all your accounts and regions; words are looked for in name, id, "
        "status and address.",
        Role.VIEWER,
        servers.servers,
        _WHERE | _PUBLIC,
        "SERVER is an id, the beginning of one (6 characters or more), or an exact name.",
    ),
    Verb(
        "snapshot",
        snapshots.SNAPSHOT,
        "Makes an image of one of your servers, after asking; without a name, opens a form.",
        Role.OPERATOR,
        snapshots.snapshot,
        _WHERE,
        "It takes about 2 minutes for each GB on the server's disk, and the server may pause "
        "meanwhile.",
        opens=snapshots.opens,
    ),
    Verb(
        "launch",
        launch.LAUNCH,
        "Builds a server from an image, after asking; with the image alone, opens a form.",
        Role.OPERATOR,
        launch.launch,
        _WHERE,
        "FLAVOR is the id or the name of a size of server. A server costs money until it is "
        "deleted, which is done in your provider's control panel.",
        opens=launch.opens,
    ),
    Verb(
        "report",
        report.REPORT,
        "Shows a picture of your images by region and size over time, and of your shares by state.",
        Role.VIEWER,
        report.report,
        _WHERE | _PUBLIC,
        "The picture comes as a direct message, or with `--public` to the channel, if I am in it. "
        "The words say all that is on it.",
    ),
    Verb(
        "audit",
        audit.AUDIT,
        "Shows what was done with your accounts, by whom, and what came of it.",
        Role.VIEWER,
        audit.audit,
        frozenset({"by", "action", "image", "since", "until", "failed"}) | _WHERE,
        "Newest first, 10 a page. Nothing in it can be changed or taken out unnoticed.",
    ),
    Verb(
        "status",
        status.STATUS,
        "Says of each account you have linked whether its login works, what it may do, and what "
        "its regions can do.",
        Role.VIEWER,
        status.status,
    ),
)

ACTIONS: Mapping[str, Button] = {
    home_views.LINK: Button(home.link_clicked, None, opens=True),
    home_views.IMAGES: Button(home.images_clicked, Role.VIEWER, opens=True),
    home_views.INVITATIONS: Button(home.invitations_clicked, Role.VIEWER, opens=True),
    home_views.STATUS: Button(home.status_clicked, Role.VIEWER, opens=True),
    home_views.TRANSFER: Button(home.transfer_clicked, Role.VIEWER, opens=True),
    home_views.UNLINK: Button(home.unlink_clicked, None, opens=True),
    SHOW: Button(images.show_clicked, Role.VIEWER),
    lookup_views.LOOKUP: Button(message_shortcut.clicked, Role.VIEWER, opens=True),
    image_views.PAGE: Button(images.page, Role.VIEWER),
    image_views.PAGE_BACK: Button(images.page, Role.VIEWER),
    change_views.UNDO: Button(updates.undo_clicked, Role.OPERATOR),
    OPEN_UPDATE: Button(updates.open_clicked, Role.OPERATOR, opens=True),
    MAKE_SHARED: Button(updates.make_shared_clicked, Role.OPERATOR),
    activation_views.REACTIVATE: Button(activation.reactivate_clicked, Role.OPERATOR),
    deletion_views.CONFIRM: Button(deletion.confirm, Role.OPERATOR),
    deletion_views.UNPROTECT: Button(deletion.unprotect_clicked, Role.OPERATOR),
    sharing_views.CONFIRM: Button(sharing.confirm, Role.OPERATOR),
    sharing_views.CONFIRM_UNKNOWN: Button(sharing.confirm_unknown, Role.OPERATOR),
    CANCEL: Button(sharing.cancel, None),
    sharing_views.UNDO: Button(unshare.undo, Role.OPERATOR),
    member_views.UNSHARE: Button(unshare.unshare_clicked, Role.OPERATOR),
    expiry_views.EXTEND: Button(expiry.extend_clicked, Role.OPERATOR),
    MEMBERS: Button(members.members_clicked, Role.VIEWER),
    MEMBERS_BACK: Button(members.members_clicked, Role.VIEWER),
    name_views.FORGET: Button(names.forget_clicked, Role.OPERATOR),
    name_views.PAGE: Button(names.page, Role.VIEWER),
    name_views.PAGE_BACK: Button(names.page, Role.VIEWER),
    audit_views.OLDER: Button(audit.page, Role.VIEWER),
    audit_views.NEWER: Button(audit.page, Role.VIEWER),
    preference_views.OPEN: Button(preferences.open_clicked, Role.VIEWER, opens=True),
    preference_views.SAVE: Button(preferences.save_clicked, Role.VIEWER),
    preference_views.FORGET: Button(preferences.forget_clicked, Role.VIEWER),
    account_views.USE: Button(accounts.use_clicked, Role.VIEWER),
    account_views.UNLINK: Button(accounts.unlink_clicked, None),
    account_views.KEEP: Button(accounts.keep, None),
    share_views.REMIND: Button(remind.remind_clicked, Role.OPERATOR),
    ACCEPT: Button(invitations.accept_clicked, Role.OPERATOR),
    invitation_views.ACCEPT_ALL: Button(invitations.accept_all_clicked, Role.OPERATOR),
    REJECT: Button(invitations.reject_clicked, Role.OPERATOR),
    invitation_views.PAGE: Button(invitations.page, Role.VIEWER),
    invitation_views.PAGE_BACK: Button(invitations.page, Role.VIEWER),
    snooze_views.SNOOZE: Button(snooze.snooze_clicked, Role.VIEWER),
    snooze_views.UNSNOOZE: Button(snooze.unsnooze_clicked, Role.VIEWER),
    snooze_views.MUTE: Button(snooze.mute_clicked, Role.VIEWER),
    snooze_views.UNMUTE: Button(snooze.unmute_clicked, Role.VIEWER),
    trust_views.TRUST: Button(auto_accept.trust_clicked, Role.OPERATOR),
    trust_views.END: Button(auto_accept.end_clicked, Role.OPERATOR),
    right_views.TAKE_BACK: Button(rights.take_back_clicked, Role.ADMIN),
    approval_views.APPROVE: Button(decide.approve_clicked, None),
    approval_views.APPROVE_BECAUSE: Button(decide.because_clicked, None, opens=True),
    approval_views.DENY: Button(decide.deny_clicked, None, opens=True),
    approval_views.WITHDRAW: Button(approvals.withdraw_clicked, None),
    OPEN_EXPORT: Button(exports.open_clicked, Role.OPERATOR, opens=True),
    export_views.CREATE: Button(exports.create_clicked, Role.OPERATOR),
    **dict.fromkeys(import_views.SET.values(), Button(imports.set_clicked, Role.OPERATOR)),
    OPEN_COPY: Button(copies.open_clicked, Role.OPERATOR, opens=True),
    copy_views.START: Button(copies.start_clicked, Role.OPERATOR),
    copy_views.START_SHARED: Button(copies.start_clicked, Role.OPERATOR),
    copy_views.CANCEL: Button(copies.cancel, None),
    download_views.LINK: Button(downloads.clicked, Role.OPERATOR),
    transfer_views.LOOK: Button(tasks.look_clicked, Role.VIEWER),
    server_views.SNAPSHOT: Button(snapshots.open_clicked, Role.OPERATOR, opens=True),
    snapshot_views.CHOOSE: Button(snapshots.choose, Role.OPERATOR),
    snapshot_views.CONFIRM: Button(snapshots.confirm, Role.OPERATOR),
    snapshot_views.CANCEL: Button(snapshots.cancel, None),
    launch_views.CONFIRM: Button(launch.confirm, Role.OPERATOR),
    launch_views.CANCEL: Button(launch.cancel, None),
}
"""By action id: which function answers a click."""

VIEWS: Mapping[str, Form] = {
    update_views.FORM: Form(updates.submitted, Role.OPERATOR),
    export_views.FORM: Form(exports.submitted, Role.OPERATOR),
    import_views.FORM: Form(imports.submitted, Role.OPERATOR),
    copy_views.FORM: Form(copies.submitted, Role.OPERATOR),
    snapshot_views.FORM: Form(snapshots.submitted, Role.OPERATOR),
    approval_views.FORM: Form(decide.submitted, None),
    preference_views.FORM: Form(preferences.submitted, Role.VIEWER),
    launch_views.FORM: Form(launch.submitted, Role.OPERATOR),
}
"""By callback id: which function answers a form that was sent."""

SEARCHES: Mapping[str, Callable[[Search, Services], Sequence[Option]]] = {
    menu_views.IMAGE: typeahead.images,
    menu_views.ACCOUNT: typeahead.accounts,
    menu_views.EXPORT_CONTAINER: typeahead.containers,
    menu_views.IMPORT_CONTAINER: typeahead.containers,
    menu_views.OBJECT: typeahead.objects,
    menu_views.REGION: typeahead.regions,
    menu_views.FLAVOR: typeahead.flavors,
    preference_views.ZONE: preferences.zones,
}
"""By action id: which function finds the options of a menu."""

ROUTES = Routes(VERBS, ACTIONS, VIEWS, SEARCHES)

answer = ROUTES.answer
