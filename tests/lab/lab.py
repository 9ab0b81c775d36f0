#!/usr/bin/env python3
"""A real Keystone, Glance and Swift on loopback, from PyPI packages only.

    lab.py up        build (first time) and start everything, print endpoints as JSON
    lab.py status    what is running (exit 0 only if every service is healthy)
    lab.py env       shell 'export OS_...' lines for one cloud (eval "$(lab.py env producer)")
    lab.py seed N    create N images in the producer project, some shared with the consumers
    lab.py down      stop the processes this lab started (--purge also removes the state)

No systemd, RabbitMQ, memcached, MySQL or root: SQLite files, a filesystem image
store and three kinds of child process, each of which is this same file run as
'lab.py _serve NAME':

    keystone        keystone.wsgi.api under waitress
    glance-REGION   glance.common.wsgi_app under waitress, one process per region
    swift           proxy, account, container and object server in one eventlet process

This file itself needs the standard library only (Linux: it reads /proc). The
services need, in the interpreter that runs them:  keystone glance waitress  [swift].
All come as wheels; pyeclib's brings liberasurecode along, so no apt package is needed.
Only one thing wants a program: POST /v2/tasks of type 'import' runs qemu-img (Debian:
qemu-utils). Every other call, 'web-download' and 'glance-direct' imports included, does not.
"""

import argparse
import base64
import concurrent.futures
import contextlib
import datetime
import fcntl
import json
import os
import pathlib
import random
import secrets
import shlex
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid

HOST = "127.0.0.1"
PROJECTS = ("producer", "consumer-a", "consumer-b")
# user -> {project: role}. The first project is the user's default one.
USERS = {
    "producer": {"producer": "member"},
    "consumer-a": {"consumer-a": "member"},
    "consumer-b": {"consumer-b": "member"},
    "producer-reader": {"producer": "reader"},
    "operator": dict.fromkeys(PROJECTS, "member"),
}


# --------------------------------------------------------------------------- state


class Lab:
    """The state directory: what was built, on which ports, by which processes."""

    def __init__(self, state):
        self.dir = pathlib.Path(state).resolve()
        self.file = self.dir / "lab.json"
        self.data = {}
        if self.file.exists():
            self.data = json.loads(self.file.read_text())

    def save(self):
        tmp = self.file.with_suffix(".tmp")
        tmp.touch(mode=0o600)
        tmp.write_text(json.dumps(self.data, indent=1))
        tmp.replace(self.file)

    @contextlib.contextmanager
    def lock(self):
        """One lab.py at a time changes a state directory."""
        self.dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(self.dir / "lock", "w") as f:
            fcntl.flock(f, fcntl.LOCK_EX)
            self.__init__(self.dir)  # what another one wrote meanwhile
            yield

    # -- names and addresses

    @property
    def regions(self):
        return self.data["regions"]

    @property
    def services(self):
        return list(self.data["ports"])

    def url(self, service):
        return f"http://{HOST}:{self.data['ports'][service]}"

    @property
    def auth_url(self):
        return self.url("keystone") + "/v3"

    def password(self, user):
        return self.data["passwords"].setdefault(user, secrets.token_urlsafe(12))

    # -- processes

    def alive(self, service):
        """The recorded process, if it still is the one we started."""
        rec = self.data.get("pids", {}).get(service)
        return rec["pid"] if rec and start_ticks(rec["pid"]) == rec["start"] else None

    def healthy(self, service):
        path = {"keystone": "/v3", "swift": "/healthcheck"}.get(service, "/healthcheck")
        try:
            with urllib.request.urlopen(self.url(service) + path, timeout=5) as r:
                return r.status < 400
        except OSError:
            return False


def start_ticks(pid):
    """When a process started, in clock ticks since boot; None if it is gone.

    Kept with each pid, so that 'down' never signals a stranger that the
    kernel later gave the same number.
    """
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] == "Z" else int(fields[19])


HELD = []


def free_ports(n):
    """Ports that the kernel gives to nobody else while this process lives.

    They are bound here, and not listened on: servers that set SO_REUSEADDR, as all of
    these do, may. Else a slow machine's Glance would meet another lab's Keystone there.
    """
    for _ in range(n):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((HOST, 0))
        HELD.append(s)
    return [s.getsockname()[1] for s in HELD[-n:]]


def child_env(**more):
    """Our environment for a child, which may cache bytecode: it halves start-up."""
    env = {**os.environ, **more}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env


def die(msg):
    sys.exit(f"lab: {msg}")


# --------------------------------------------------------------------------- config


def write(path, text, mode=0o600):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=mode)
    path.write_text(text)


def configure(lab):
    """Write every config file. Safe to repeat: same state, same files."""
    d, conf = lab.dir, lab.data

    # Keystone. Key repositories are plain files named 0 (staged/primary) and 1,
    # so writing them here saves two 'keystone-manage *_setup' runs, which from
    # Keystone 30 also insist on --keystone-user/--keystone-group.
    for repo in ("fernet", "credential"):
        for n in ("0", "1"):
            key = d / "keystone" / repo / n
            if not key.exists():
                write(key, base64.urlsafe_b64encode(os.urandom(32)).decode())
    write(
        d / "keystone/keystone.conf",
        f"""\
[DEFAULT]
log_file = {d}/keystone/keystone.log
use_stderr = false
[database]
connection = sqlite:///{d}/keystone/keystone.db?timeout=60
sqlite_synchronous = false
[token]
provider = fernet
expiration = {conf["token_ttl"]}
allow_expired_window = 0
[fernet_tokens]
key_repository = {d}/keystone/fernet
[fernet_receipts]
key_repository = {d}/keystone/fernet
[credential]
key_repository = {d}/keystone/credential
[identity]
# bcrypt's minimum: a login costs 5 ms, not 250
password_hash_rounds = 4
[cache]
enabled = true
backend = dogpile.cache.memory
[oslo_messaging_notifications]
driver = noop
""",
    )

    for region in lab.regions:
        name = f"glance-{region}"
        g = d / name
        bus, driver = conf.get("bus", ""), "messagingv2" if conf.get("bus") else "noop"
        for sub in ("images", "staging", "tasks", "work"):
            (g / sub).mkdir(parents=True, exist_ok=True)
        write(
            g / "glance-api.conf",
            f"""\
[DEFAULT]
log_file = {g}/glance.log
use_stderr = false
enabled_backends = file:file
enabled_import_methods = [glance-direct,web-download]
worker_self_reference_url = {lab.url(name)}
# The next five are Glance's own defaults, stated because tests rely on them.
limit_param_default = 25
api_limit_max = 1000
image_member_quota = 128
image_property_quota = 128
image_tag_quota = 128
{f"transport_url = {bus}" if bus else ""}
[database]
connection = sqlite:///{g}/glance.db?timeout=60
sqlite_synchronous = false
[glance_store]
default_backend = file
[file]
filesystem_store_datadir = {g}/images
[os_glance_staging_store]
filesystem_store_datadir = {g}/staging
[os_glance_tasks_store]
filesystem_store_datadir = {g}/tasks
[task]
work_dir = {g}/work
[import_filtering_opts]
# Glance refuses loopback and ports other than 80/443 unless told otherwise.
allowed_hosts = [{HOST}]
allowed_ports = []
[keystone_authtoken]
www_authenticate_uri = {lab.auth_url}
auth_url = {lab.auth_url}
auth_type = password
user_domain_id = default
project_domain_id = default
project_name = service
username = glance
password = {lab.password("glance")}
token_cache_time = {conf["token_cache"]}
[paste_deploy]
flavor = keystone
config_file = {g}/glance-api-paste.ini
[oslo_messaging_notifications]
driver = {driver}
[oslo_policy]
policy_file = {g}/policy.yaml
""",
        )
        # Glance's own default: only role admin may touch /v2/tasks.
        write(
            g / "policy.yaml",
            json.dumps(
                {"tasks_api_access": "role:admin or role:member"} if conf.get("rackspace") else {}
            ),
        )
        write(
            g / "glance-api-paste.ini",
            """\
[composite:glance-api-keystone]
paste.composite_factory = glance.api:root_app_factory
/: api
/healthcheck: healthcheck
[composite:api]
paste.composite_factory = glance.api:pipeline_factory
keystone = http_proxy_to_wsgi versionnegotiation authtoken context rootapp
[composite:rootapp]
paste.composite_factory = glance.api:root_app_factory
/: apiversions
/v2: apiv2app
[app:apiversions]
paste.app_factory = glance.api.versions:create_resource
[app:apiv2app]
paste.app_factory = glance.api.v2.router:API.factory
[app:healthcheck]
paste.app_factory = oslo_middleware:Healthcheck.app_factory
[filter:versionnegotiation]
paste.filter_factory = glance.api.middleware.version_negotiation:VersionNegotiationFilter.factory
[filter:context]
paste.filter_factory = glance.api.middleware.context:ContextMiddleware.factory
[filter:authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory
delay_auth_decision = true
[filter:http_proxy_to_wsgi]
paste.filter_factory = oslo_middleware:HTTPProxyToWSGI.factory
""",
        )

    if "swift" in lab.services:
        s = d / "swift"
        (s / "devices/d1").mkdir(parents=True, exist_ok=True)
        (s / "cache").mkdir(exist_ok=True)
        write(
            s / "swift.conf",
            f"""\
[swift-hash]
swift_hash_path_suffix = {lab.password("swift-hash")}
[storage-policy:0]
name = default
default = yes
""",
        )
        common = f"""\
[DEFAULT]
swift_dir = {s}
devices = {s}/devices
mount_check = false
disable_fallocate = true
fallocate_reserve = 0
log_level = INFO
log_udp_host =
log_address = /dev/null
"""
        for kind in ("account", "container", "object"):
            write(
                s / f"{kind}-server.conf",
                common
                + f"""\
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
recon_cache_path = {s}/cache
""",
            )
        write(
            s / "proxy-server.conf",
            common
            + f"""\
[pipeline:main]
pipeline = catch_errors healthcheck cache bulk tempurl slo dlo authtoken keystoneauth proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:cache]
# No memcached: an address nobody listens on makes every lookup a miss.
use = egg:swift#memcache
memcache_servers = {HOST}:1
error_suppression_limit = 0
[filter:bulk]
use = egg:swift#bulk
[filter:tempurl]
use = egg:swift#tempurl
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory
www_authenticate_uri = {lab.auth_url}
auth_url = {lab.auth_url}
auth_type = password
user_domain_id = default
project_domain_id = default
project_name = service
username = swift
password = {lab.password("swift")}
delay_auth_decision = true
cache = swift.cache.disabled
token_cache_time = {conf["token_cache"]}
[filter:keystoneauth]
use = egg:swift#keystoneauth
operator_roles = admin, member
reseller_prefix = AUTH
""",
        )


def manage(lab, tool, *commands):
    """Run keystone-manage / glance-manage commands with the lab's config.

    All in one process: most of each run is importing the service.
    """
    module, conf = {
        "keystone": ("keystone.cmd.manage", lab.dir / "keystone/keystone.conf"),
        "glance": ("glance.cmd.manage", lab.dir / f"glance-{lab.regions[0]}/glance-api.conf"),
    }[tool]
    code = f"""
import json, sys
from {module} import main
from oslo_config import cfg
for command in json.loads(sys.argv[1]):
    cfg.CONF.reset()
    sys.argv[:] = ["{tool}-manage", "--config-file", {str(conf)!r}, *command]
    if main():
        sys.exit(1)
"""
    out = subprocess.run(
        [lab.data["python"], "-W", "ignore", "-c", code, json.dumps(commands)],
        env=child_env(OS_BOOTSTRAP_PASSWORD=lab.password("admin")),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    with open(lab.dir / f"{tool}-manage.log", "a") as f:
        f.write(out.stdout + out.stderr)
    if out.returncode:
        die(f"{tool}-manage {commands} failed:\n{out.stdout}{out.stderr}")


def create_db(path):
    """An empty SQLite file in WAL mode: readers and a writer don't block each other."""
    if not path.exists():
        path.touch(mode=0o600)
        with contextlib.closing(sqlite3.connect(path)) as c:
            c.execute("PRAGMA journal_mode=WAL")


def build_glance_dbs(lab):
    first, *others = (lab.dir / f"glance-{r}/glance.db" for r in lab.regions)
    manage(lab, "glance", ["db_sync"])
    for other in others:  # the same schema: copy it, don't migrate again
        with (
            contextlib.closing(sqlite3.connect(first)) as a,
            contextlib.closing(sqlite3.connect(other)) as b,
        ):
            a.backup(b)


def build_keystone_db(lab):
    manage(
        lab,
        "keystone",
        ["db_sync"],
        [
            "bootstrap",
            "--bootstrap-region-id",
            lab.regions[0],
            *(
                x
                for kind in ("admin", "internal", "public")
                for x in (f"--bootstrap-{kind}-url", lab.auth_url)
            ),
        ],
    )


# --------------------------------------------------------------------------- serving


def serve(lab, service):
    """Child process: become one of the services. Never returns."""
    port = lab.data["ports"][service]
    if service == "swift":
        return serve_swift(lab)
    import warnings

    warnings.simplefilter("ignore")
    sys.argv[1:] = []  # Keystone's oslo.config parses the command line
    begin_immediate()
    if service == "keystone":
        os.environ["OS_KEYSTONE_CONFIG_DIR"] = str(lab.dir / "keystone")
        from keystone.wsgi.api import application

        threads = 4
    else:
        os.environ["OS_GLANCE_CONFIG_DIR"] = str(lab.dir / service)
        if lab.data.get("rackspace"):
            add_export_task(service.removeprefix("glance-"))
        from glance.wsgi.api import application

        threads = 8
    import waitress

    waitress.serve(
        application,
        host=HOST,
        port=port,
        threads=threads,
        ident=None,
        channel_timeout=600,
        max_request_body_size=1 << 40,
        _quiet=True,
    )


def begin_immediate():
    """Let concurrent requests queue for SQLite's write lock instead of failing.

    A transaction that reads first and writes later is refused at once ('database is
    locked', HTTP 500) if another connection wrote in between; no timeout helps. Glance
    updates and deletes that way, so oslo.db's BEGIN becomes one that takes the lock.
    """
    import sqlalchemy

    @sqlalchemy.event.listens_for(sqlalchemy.Engine, "before_cursor_execute", retval=True)
    def lock_first(conn, cursor, statement, parameters, context, executemany):
        return ("BEGIN IMMEDIATE" if statement == "BEGIN" else statement), parameters


def add_export_task(region):
    """Rackspace's 'export' task type. NOT part of Glance: with 'up --rackspace' only.

    POST /v2/tasks {"type": "export", "input": {"image_uuid": ..,
    "receiving_swift_container": ..}} copies the image's data into that container of
    the caller's own object store, as <image id>.<disk format>. Everything around it
    (schema check, policy, task states, expiry) is Glance's.
    """
    import requests
    from glance import domain
    from glance.api.v2 import tasks
    from glance.async_ import taskflow_executor

    tasks._TASK_SCHEMA["type"]["enum"].append("export")
    domain.Task._supported_task_type += ("export",)
    upstream_run = taskflow_executor.TaskExecutor._run

    def run(self, task_id, task_type):
        if task_type != "export":
            return upstream_run(self, task_id, task_type)
        task = self.task_repo.get(task_id)
        try:
            image = self.image_repo.get(task.task_input["image_uuid"])
            if image.status != "active":
                raise ValueError(f"image is {image.status}, not active")
            store = next(
                e["publicURL"]
                for s in self.context.service_catalog
                if s["type"] == "object-store"
                for e in s["endpoints"]
                if e["region"] == region
            )
            place = (
                f"{task.task_input['receiving_swift_container']}/"
                f"{image.image_id}.{image.disk_format}"
            )
            requests.put(
                f"{store}/{place}",
                data=image.get_data(),
                timeout=600,
                headers={"X-Auth-Token": self.context.auth_token},
            ).raise_for_status()
            task.succeed({"export_location": place})
        except Exception as e:
            task.fail(f"{type(e).__name__}: {e}")
        self.task_repo.save(task)

    taskflow_executor.TaskExecutor._run = run


def serve_swift(lab):
    import warnings

    warnings.simplefilter("ignore")
    import eventlet
    import eventlet.wsgi

    eventlet.monkey_patch()
    s = lab.dir / "swift"
    from swift.common import storage_policy, utils

    utils.set_swift_dir(str(s))
    storage_policy.reload_storage_policies()
    from swift.common.http_protocol import SwiftHttpProtocol
    from swift.common.ring import RingBuilder
    from swift.common.wsgi import loadapp

    for kind, port in lab.data["swift_ports"].items():
        ring = s / f"{kind}.ring.gz"
        if not ring.exists():
            b = RingBuilder(part_power=2, replicas=1, min_part_hours=0)
            b.add_dev(
                {
                    "region": 1,
                    "zone": 1,
                    "weight": 1.0,
                    "ip": HOST,
                    "port": port,
                    "device": "d1",
                    "meta": "",
                    "replication_ip": HOST,
                    "replication_port": port,
                }
            )
            b.rebalance(seed=1)
            b.get_ring().save(str(ring))
    log = open(s / "swift.log", "a", buffering=1)
    servers = []
    for kind, port in {**lab.data["swift_ports"], "proxy": lab.data["ports"]["swift"]}.items():
        app = loadapp(str(s / f"{kind}-server.conf"), global_conf={"log_name": kind})
        servers.append(
            eventlet.spawn(
                eventlet.wsgi.server,
                eventlet.listen((HOST, port)),
                app,
                log,
                protocol=SwiftHttpProtocol,
                capitalize_response_headers=False,
            )
        )
    for g in servers:
        g.wait()


def start(lab, services):
    """Start the named services that are not running yet."""
    for service in services:
        if lab.alive(service):
            continue
        port = lab.data["ports"][service]
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind((HOST, port))
            except OSError as e:
                die(
                    f"port {port} for {service} is taken ({e.strerror}); "
                    f"see --port-base, or 'down --purge' and start again"
                )
        with open(lab.dir / f"{service}.out", "ab") as out:
            p = subprocess.Popen(
                [
                    lab.data["python"],
                    os.path.abspath(__file__),
                    "--state",
                    str(lab.dir),
                    "_serve",
                    service,
                ],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=child_env(),
                start_new_session=True,
                cwd=lab.dir,
            )
        lab.data.setdefault("pids", {})[service] = {"pid": p.pid, "start": start_ticks(p.pid)}
        lab.save()


def wait_healthy(lab, services, timeout=240):
    deadline = time.monotonic() + timeout
    todo = list(services)
    while todo:
        todo = [s for s in todo if not lab.healthy(s)]
        if not todo:
            return
        for s in todo:
            if not lab.alive(s) or time.monotonic() > deadline:
                tail = (lab.dir / f"{s}.out").read_text(errors="replace")[-2000:]
                die(f"{s} did not come up; see {lab.dir}/{s}.out and its log\n{tail}")
        time.sleep(0.1)


# --------------------------------------------------------------------------- REST


class Api:
    """Just enough of an HTTP client for provisioning, standard library only."""

    def __init__(self, lab, user, project, password=None):
        self.lab = lab
        body = {
            "auth": {
                "identity": {
                    "methods": ["password"],
                    "password": {
                        "user": {
                            "name": user,
                            "domain": {"id": "default"},
                            "password": password or lab.password(user),
                        }
                    },
                },
                "scope": {"project": {"name": project, "domain": {"id": "default"}}},
            }
        }
        self.token = None
        status, headers, answer = self("POST", lab.auth_url + "/auth/tokens", body, ok=(201,))
        self.token = headers["X-Subject-Token"]
        self.project_id = answer["token"]["project"]["id"]
        self.user_id = answer["token"]["user"]["id"]

    def __call__(self, method, url, body=None, ok=(200, 201, 202, 204), ctype=None):
        data = body
        headers = {}
        if body is not None:
            headers["Content-Type"] = ctype or "application/json"
            if not isinstance(body, bytes):
                data = json.dumps(body).encode()
        if self.token:
            headers["X-Auth-Token"] = self.token
        req = urllib.request.Request(url, data, headers, method=method)
        try:
            with urllib.request.urlopen(req, timeout=60) as r:
                status, head, raw = r.status, r.headers, r.read()
        except urllib.error.HTTPError as e:
            status, head, raw = e.code, e.headers, e.read()
        if status not in ok:
            die(f"{method} {url} -> {status} {raw[:500]!r}")
        is_json = raw and "json" in head.get("Content-Type", "")
        return status, head, json.loads(raw) if is_json else raw


def provision(lab):
    """Catalog, projects, users, roles and application credentials; get-or-create."""
    api = Api(lab, "admin", "admin")
    base = lab.auth_url

    def listing(kind, query=""):
        return api("GET", f"{base}/{kind}{query}")[2][kind]

    def ensure(kind, name, **fields):
        one = kind[:-1]
        for x in listing(kind, f"?name={name}"):
            return x["id"]
        return api("POST", f"{base}/{kind}", {one: {"name": name, **fields}})[2][one]["id"]

    have = {r["id"] for r in listing("regions")}
    for region in lab.regions:
        if region not in have:
            api("POST", f"{base}/regions", {"region": {"id": region}})

    wanted = [("keystone", "identity", r, lab.auth_url) for r in lab.regions]
    wanted += [("glance", "image", r, lab.url(f"glance-{r}")) for r in lab.regions]
    if "swift" in lab.services:  # one Swift, listed in every region
        wanted += [
            ("swift", "object-store", r, lab.url("swift") + "/v1/AUTH_$(project_id)s")
            for r in lab.regions
        ]
    ids = {s["name"]: s["id"] for s in listing("services")}
    have = {(e["service_id"], e["region_id"], e["interface"]) for e in listing("endpoints")}
    for name, kind, region, url in wanted:
        if name not in ids:
            ids[name] = api("POST", f"{base}/services", {"service": {"name": name, "type": kind}})[
                2
            ]["service"]["id"]
        for interface in ("public", "internal", "admin"):
            if (ids[name], region, interface) not in have:
                api(
                    "POST",
                    f"{base}/endpoints",
                    {
                        "endpoint": {
                            "service_id": ids[name],
                            "region_id": region,
                            "interface": interface,
                            "url": url,
                        }
                    },
                )

    roles = {r["name"]: r["id"] for r in listing("roles")}
    projects = {p: ensure("projects", p, domain_id="default") for p in (*PROJECTS, "service")}
    # Services validate other users' tokens with role 'service' (made by the bootstrap).
    users = {"glance": {"service": "service"}, "swift": {"service": "service"}, **USERS}
    user_ids = {}
    for user, grants in users.items():
        user_ids[user] = ensure(
            "users",
            user,
            domain_id="default",
            password=lab.password(user),
            default_project_id=projects[next(iter(grants))],
        )
        for project, role in grants.items():
            api(
                "PUT",
                f"{base}/projects/{projects[project]}/users/{user_ids[user]}/roles/{roles[role]}",
            )

    def appcred(user):
        """Application credentials are made by their user, not by an admin."""
        me = Api(lab, user, next(iter(USERS[user])))
        url = f"{base}/users/{me.user_id}/application_credentials"
        status, _, answer = me(
            "POST", url, {"application_credential": {"name": "lab"}}, ok=(201, 409)
        )
        if status == 201:
            c = answer["application_credential"]
            return {"id": c["id"], "secret": c["secret"]}
        return lab.data["appcreds"].get(user)

    lab.data["appcreds"] = {u: appcred(u) for u in USERS}
    lab.data["projects"] = projects
    lab.data["users"] = user_ids
    lab.data["provisioned"] = True
    lab.save()


# --------------------------------------------------------------------------- client files


def clouds(lab):
    """name -> openstacksdk cloud entry; '-app' ones use an application credential."""
    out = {}
    for user in ("admin", *USERS):
        project = next(iter(USERS[user])) if user in USERS else "admin"
        common = {
            "region_name": lab.regions[0],
            "regions": lab.regions,
            "identity_api_version": "3",
            "image_api_version": "2",
        }
        out[user] = {
            "auth": {
                "auth_url": lab.auth_url,
                "username": user,
                "password": lab.password(user),
                "project_name": project,
                "user_domain_id": "default",
                "project_domain_id": "default",
            },
            **common,
        }
        cred = lab.data.get("appcreds", {}).get(user)
        if cred:
            out[user + "-app"] = {
                "auth_type": "v3applicationcredential",
                "auth": {
                    "auth_url": lab.auth_url,
                    "application_credential_id": cred["id"],
                    "application_credential_secret": cred["secret"],
                },
                **common,
            }
    return out


def env_lines(lab, cloud, region=None):
    entry = clouds(lab).get(cloud) or die(f"no cloud {cloud!r}; one of {', '.join(clouds(lab))}")
    env = {
        "OS_IDENTITY_API_VERSION": "3",
        "OS_IMAGE_API_VERSION": "2",
        "OS_REGION_NAME": region or entry["region_name"],
        "OS_CLIENT_CONFIG_FILE": str(lab.dir / "clouds.yaml"),
    }
    if "auth_type" in entry:
        env["OS_AUTH_TYPE"] = entry["auth_type"]
    env.update({f"OS_{k.upper()}": v for k, v in entry["auth"].items()})
    return "".join(f"export {k}={shlex.quote(v)}\n" for k, v in env.items())


def write_client_files(lab):
    # JSON is YAML, so clouds.yaml needs no YAML library to write.
    write(lab.dir / "clouds.yaml", json.dumps({"clouds": clouds(lab)}, indent=1))
    write(lab.dir / "openrc", env_lines(lab, "producer"))


def summary(lab):
    return {
        "state": str(lab.dir),
        "auth_url": lab.auth_url,
        "regions": lab.regions,
        "endpoints": {s: lab.url(s) for s in lab.services},
        "projects": lab.data.get("projects"),
        "clouds_yaml": str(lab.dir / "clouds.yaml"),
        "openrc": str(lab.dir / "openrc"),
        "clouds": list(clouds(lab)),
        "services": {
            s: {"pid": lab.alive(s), "healthy": bool(lab.alive(s)) and lab.healthy(s)}
            for s in lab.services
        },
    }


# --------------------------------------------------------------------------- commands


def pick_python(explicit):
    """The interpreter that has the services: --python, ours, or ./venv beside this file."""
    beside = pathlib.Path(__file__).resolve().parent / "venv/bin/python"
    for py in filter(None, [explicit, os.environ.get("LAB_PYTHON"), sys.executable, str(beside)]):
        probe = (
            "import importlib.util as u, sys; "
            "sys.exit(any(u.find_spec(m) is None for m in ('keystone','glance','waitress')))"
        )
        if shutil.which(py) and subprocess.run([py, "-c", probe]).returncode == 0:
            swift = (
                subprocess.run(
                    [py, "-W", "ignore", "-c", "import pyeclib.ec_iface, swift"],
                    capture_output=True,
                ).returncode
                == 0
            )
            return py, swift
    die("no interpreter with keystone, glance and waitress; give --python")


def cmd_up(lab, a):
    t0 = time.monotonic()
    timing = {}

    def mark(what):
        timing[what] = round(time.monotonic() - t0, 2)

    with lab.lock():
        if not lab.data:
            python, has_swift = pick_python(a.python)
            if a.swift == "yes" and not has_swift:
                die("--swift yes, but swift (with pyeclib/liberasurecode) does not import")
            regions = a.regions.split(",")
            names = ["keystone"] + [f"glance-{r}" for r in regions]
            if has_swift and a.swift != "no":
                names.append("swift")
            inner = ("account", "container", "object") if "swift" in names else ()
            n = len(names) + len(inner)
            ports = free_ports(n) if a.port_base == 0 else [a.port_base + i for i in range(n)]
            lab.data = {
                "python": python,
                "regions": regions,
                "passwords": {},
                "pids": {},
                "token_ttl": a.token_ttl,
                "token_cache": a.token_cache,
                "rackspace": a.rackspace,
                "bus": a.bus,
                "ports": dict(zip(names, ports)),
                "swift_ports": dict(zip(inner, ports[len(names) :])),
            }
        configure(lab)
        lab.save()
        mark("configured")

        if not lab.data.get("provisioned"):
            create_db(lab.dir / "keystone/keystone.db")
            for region in lab.regions:
                create_db(lab.dir / f"glance-{region}/glance.db")
            with concurrent.futures.ThreadPoolExecutor() as pool:
                keystone_db = pool.submit(build_keystone_db, lab)
                build_glance_dbs(lab)
                mark("glance schema")
                start(lab, lab.services)  # they load while Keystone's schema is built
                keystone_db.result()
                mark("keystone schema")
            wait_healthy(lab, ["keystone"])
            provision(lab)
            mark("provisioned")
        start(lab, lab.services)
        wait_healthy(lab, lab.services)
        write_client_files(lab)
        mark("healthy")
    print(json.dumps({**summary(lab), "seconds": timing}, indent=1))


def cmd_down(lab, a):
    if not lab.dir.exists():
        return
    with lab.lock():  # an 'up' that is under way ends first
        if lab.data:
            stop(lab)
        if a.purge:
            shutil.rmtree(lab.dir)


def stop(lab):
    """End every service: politely, and after a while not."""
    pids = {s: lab.alive(s) for s in lab.services}
    for sig, patience in ((signal.SIGTERM, 8), (signal.SIGKILL, 5)):
        for s, pid in pids.items():
            if pid and lab.alive(s):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, sig)
        end = time.monotonic() + patience
        while any(lab.alive(s) for s in pids) and time.monotonic() < end:
            time.sleep(0.05)
    left = [s for s in pids if lab.alive(s)]
    if left:
        die(f"still running: {left}")
    lab.data["pids"] = {}
    lab.save()
    print(json.dumps({"stopped": {s: p for s, p in pids.items() if p}}))


def cmd_status(lab, a):
    if not lab.data:
        die(f"nothing built in {lab.dir}")
    info = summary(lab)
    print(json.dumps(info, indent=1))
    sys.exit(0 if all(s["healthy"] for s in info["services"].values()) else 1)


def cmd_env(lab, a):
    if not lab.data.get("provisioned"):
        die("not up yet")
    print(env_lines(lab, a.cloud, a.region), end="")


OSES = ("ubuntu-24.04", "debian-12", "rocky-9", "windows-2022", "fedora-42", "alma-9")


def cmd_seed(lab, a):
    """N images owned by the producer; every --share-every'th shared with both consumers."""
    region = a.region or lab.regions[0]
    base = lab.url(f"glance-{region}") + "/v2/images"
    api = Api(lab, "producer", "producer")
    rnd = random.Random(a.rng)
    consumers = [lab.data["projects"][p] for p in PROJECTS[1:]]
    active = min(a.active, a.n)
    plain = a.n - active
    via = a.via if a.via != "auto" else ("api" if plain <= 200 else "db")
    t0 = time.monotonic()

    def image(i):
        os_name = OSES[i % len(OSES)]
        return {
            "name": f"{os_name}-build-{i:05d}",
            "disk_format": rnd.choice(("qcow2", "vhd")),
            "container_format": "bare",
            "min_disk": 10,
            "min_ram": 512,
            "tags": [os_name.split("-")[0]],
            "os_distro": os_name.split("-")[0],
            "build_id": str(i),
            "pipeline": "nightly",
        }

    shared = 0
    # Active images always go through the API: they have data in the store.
    for i in range(active):
        body = {**image(i), "disk_format": "raw"}
        image_id = api("POST", base, body)[2]["id"]
        api(
            "PUT",
            f"{base}/{image_id}/file",
            rnd.randbytes(a.size),
            ctype="application/octet-stream",
        )
        if i % a.share_every == 0:
            for m in consumers:
                api("POST", f"{base}/{image_id}/members", {"member": m})
            shared += 1
    if via == "api":
        for i in range(active, a.n):
            image_id = api("POST", base, image(i))[2]["id"]
            if i % a.share_every == 0:
                for m in consumers:
                    api("POST", f"{base}/{image_id}/members", {"member": m})
                shared += 1
    else:
        # The rows that POST /v2/images would make, in one transaction.
        now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None, microsecond=0)
        images, props, tags, members = [], [], [], []
        for i in range(active, a.n):
            body, image_id = image(i), str(uuid.UUID(int=rnd.getrandbits(128), version=4))
            at = str(now - datetime.timedelta(seconds=a.n - i)) + ".000000"
            images.append(
                (
                    image_id,
                    body["name"],
                    None,
                    "queued",
                    at,
                    at,
                    0,
                    body["disk_format"],
                    "bare",
                    api.project_id,
                    10,
                    512,
                    0,
                    "shared",
                    0,
                )
            )
            props += [
                (image_id, k, body[k], at, at, 0) for k in ("os_distro", "build_id", "pipeline")
            ]
            tags += [(image_id, t, at, at, 0) for t in body["tags"]]
            if i % a.share_every == 0:
                members += [(image_id, m, 0, at, at, 0, "pending") for m in consumers]
                shared += 1
        db = lab.dir / f"glance-{region}/glance.db"
        with contextlib.closing(sqlite3.connect(db, timeout=60)) as c, c:
            for table, cols, rows in (
                (
                    "images",
                    "id name size status created_at updated_at deleted disk_format"
                    " container_format owner min_disk min_ram protected visibility os_hidden",
                    images,
                ),
                ("image_properties", "image_id name value created_at updated_at deleted", props),
                ("image_tags", "image_id value created_at updated_at deleted", tags),
                (
                    "image_members",
                    "image_id member can_share created_at updated_at deleted status",
                    members,
                ),
            ):
                cols = cols.split()
                c.executemany(
                    f"INSERT INTO {table} ({','.join(cols)}) VALUES ({','.join('?' * len(cols))})",
                    rows,
                )
    print(
        json.dumps(
            {
                "images": a.n,
                "active": active,
                "shared": shared,
                "via": via,
                "region": region,
                "seconds": round(time.monotonic() - t0, 2),
            }
        )
    )


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("--state", default="./.lab", help="state directory (default %(default)s)")
    sub = ap.add_subparsers(dest="cmd", required=True)

    p = sub.add_parser("up", help="build if needed, start, wait until healthy")
    p.set_defaults(run=cmd_up)
    p.add_argument("--python", help="interpreter that has keystone, glance, waitress")
    p.add_argument(
        "--port-base",
        type=int,
        default=0,
        help="first port; 0 (default) picks free ones. Kept for the state's life",
    )
    p.add_argument("--regions", default="DFW,ORD", help="one Glance each (default %(default)s)")
    p.add_argument("--swift", choices=("auto", "yes", "no"), default="auto")
    p.add_argument("--token-ttl", type=int, default=3600, help="seconds a token lives")
    p.add_argument(
        "--token-cache",
        type=int,
        default=300,
        help="seconds Glance remembers a token as good; -1 asks Keystone every time",
    )

    p.add_argument(
        "--rackspace",
        action="store_true",
        help="as on Rackspace: members may use /v2/tasks, which also knows 'export'",
    )

    p.add_argument("--bus", default="", help="URL of a RabbitMQ for Glance's notifications")

    p = sub.add_parser("down", help="stop what this state started")
    p.set_defaults(run=cmd_down)
    p.add_argument("--purge", action="store_true", help="also remove the state directory")

    sub.add_parser("status").set_defaults(run=cmd_status)

    p = sub.add_parser("env", help="export lines for a shell")
    p.set_defaults(run=cmd_env)
    p.add_argument("cloud", nargs="?", default="producer")
    p.add_argument("--region")

    p = sub.add_parser("seed", help="create N images")
    p.set_defaults(run=cmd_seed)
    p.add_argument("n", type=int, metavar="N")
    p.add_argument("--active", type=int, default=3, help="how many of them get data uploaded")
    p.add_argument("--size", type=int, default=65536, help="bytes in each active image")
    p.add_argument("--share-every", type=int, default=10)
    p.add_argument("--region")
    p.add_argument(
        "--via",
        choices=("auto", "api", "db"),
        default="auto",
        help="auto: the API up to 200 images, rows into SQLite above",
    )
    p.add_argument("--rng", type=int, default=None, help="seed for names and ids")

    p = sub.add_parser("_serve")
    p.set_defaults(run=lambda lab, a: serve(lab, a.service))
    p.add_argument("service")

    a = ap.parse_args()
    a.run(Lab(a.state), a)


if __name__ == "__main__":
    main()
