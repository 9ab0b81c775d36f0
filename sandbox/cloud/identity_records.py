"""
What Keystone's v3 tells of projects, users and tokens, and to whom.

Source: a Keystone of today, measured. A user sees itself and its projects, an operator all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from werkzeug.wrappers import Request, Response

from sandbox.cloud.answers import as_json
from sandbox.cloud.errors import v3_error
from sandbox.cloud.state import Json, State, User

DOMAIN = {"id": "default", "name": "Default"}
UNAUTHENTICATED = "The request you have made requires authentication."
NOT_ALLOWED = "You are not authorized to perform the requested action: identity:{}."


class Records:
    """Each method answers a request of somebody who is logged in."""

    def __init__(self, state: State, base_url: str) -> None:
        self._state = state
        self._v3 = f"{base_url}/v3"

    def own_projects(self, request: Request) -> Response:
        """GET /v3/auth/projects."""
        return self._answer(request, lambda user: self._projects([user], "auth/projects"))

    def projects_of_user(self, request: Request, user_id: str) -> Response:
        def tell(user: User) -> Response:
            if user.id != user_id and not user.operator:
                return _forbidden("list_user_projects")
            users = [each for each in self._users() if each.id == user_id]
            return self._projects(users, f"users/{user_id}/projects")

        return self._answer(request, tell)

    def projects(self, request: Request) -> Response:
        """GET /v3/projects, an operator's; by name, if one is given."""

        def tell(user: User) -> Response:
            if not user.operator:
                return _forbidden("list_projects")
            wanted = request.args.get("name")
            users = [each for each in self._users() if wanted in (None, each.account_name)]
            return self._projects(users, "projects")

        return self._answer(request, tell)

    def project(self, request: Request, project_id: str) -> Response:
        def tell(user: User) -> Response:
            if user.number != project_id and not user.operator:
                return _forbidden("get_project")
            found = next((each for each in self._users() if each.number == project_id), None)
            if found is None:
                return v3_error(404, f"Could not find project: {project_id}.")
            return as_json({"project": self._project(found)})

        return self._answer(request, tell)

    def users(self, request: Request) -> Response:
        """GET /v3/users, an operator's; by name, if one is given."""

        def tell(user: User) -> Response:
            if not user.operator:
                return _forbidden("list_users")
            wanted = request.args.get("name")
            found = [each for each in self._users() if wanted in (None, each.name)]
            return self._list("users", "users", map(self._user, found))

        return self._answer(request, tell)

    def user(self, request: Request, user_id: str) -> Response:
        def tell(user: User) -> Response:
            if user.id != user_id and not user.operator:
                return _forbidden("get_user")
            found = next((each for each in self._users() if each.id == user_id), None)
            if found is None:
                return v3_error(404, f"Could not find user: {user_id}.")
            return as_json({"user": self._user(found)})

        return self._answer(request, tell)

    def domain(self, request: Request, domain_id: str) -> Response:
        """There is one."""
        shown = {**DOMAIN, "description": "The default domain", "enabled": True, "tags": []}
        if domain_id != DOMAIN["id"]:
            return self._answer(request, lambda _: _forbidden("get_domain"))
        return self._answer(request, lambda _: as_json({"domain": {**shown, "options": {}}}))

    def _answer(self, request: Request, tell: Callable[[User], Response]) -> Response:
        token = self._state.token(request.headers.get("X-Auth-Token"))
        return v3_error(401, UNAUTHENTICATED) if token is None else tell(token.user)

    def _users(self) -> list[User]:
        return list(self._state.users.values())

    def _projects(self, users: Iterable[User], path: str) -> Response:
        """The projects of these users, each once."""
        once = {user.number: self._project(user) for user in users}
        return self._list("projects", path, once.values())

    def _list(self, what: str, path: str, rows: Iterable[Json]) -> Response:
        links = {"next": None, "self": f"{self._v3}/{path}", "previous": None}
        return as_json({what: list(rows), "links": links})

    def _project(self, user: User) -> Json:
        return {
            "id": user.number,
            "name": user.account_name,
            "domain_id": DOMAIN["id"],
            "description": "",
            "enabled": True,
            "parent_id": DOMAIN["id"],
            "is_domain": False,
            "tags": [],
            "options": {},
            "links": {"self": f"{self._v3}/projects/{user.number}"},
        }

    def _user(self, user: User) -> Json:
        return {
            "id": user.id,
            "name": user.name,
            "domain_id": DOMAIN["id"],
            "enabled": user.enabled,
            "default_project_id": user.number,
            "password_expires_at": None,
            "options": {},
            "links": {"self": f"{self._v3}/users/{user.id}"},
        }


def _forbidden(action: str) -> Response:
    return v3_error(403, NOT_ALLOWED.format(action))
