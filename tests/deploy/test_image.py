"""
The image is built, and its programs run in it, as nobody and from a root that cannot be written.

No registry can be reached where this runs. So its base is made of this machine's own Debian
packages: Python with venv, and what these need; the files are those that dpkg lists. What is held
is our Containerfile, built by buildah, with the lock and its hashes. What is not: the base image
that you name, and a container's isolation (the program runs by chroot).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from bot import __version__
from sandbox.processes import kill, reserved_port, run, spawn, temporary_folder
from storage import new_key
from tests.bot.program import get
from tests.programs import missing
from tests.repository import ROOT
from tests.waiting import until

pytestmark = pytest.mark.long

PACKAGES = (
    "python3-venv",
    "base-files",
    "base-passwd",
    "ca-certificates",
    "coreutils",
    "dash",
    "libstdc++6",
)
NO = ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")
MOUNTED = ("/etc/pip.conf", "/etc/xdg/pip", "/etc/resolv.conf", "/etc/hosts")
"""How this machine reaches its package index, which the build does, too."""
ENTRYPOINT = ("python", "-m", "bot")
BUILD_S = 1200.0
Buildah = Callable[..., str]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with temporary_folder("imagebot-image-") as folder:
        yield folder


@pytest.fixture(scope="module")
def command(folder: Path) -> list[str]:
    """buildah, with a store of its own that needs no mounts of the kernel's."""
    buildah = shutil.which("buildah") or missing(
        "buildah", "install it (Debian: apt-get install buildah crun)"
    )
    if os.getuid() != 0:
        missing("a user who may build images", "run the tests as root")
    store = ("--root", folder / "store", "--runroot", folder / "run")
    return [buildah, "--storage-driver", "vfs", *map(str, store)]


@pytest.fixture(scope="module")
def buildah(command: list[str]) -> Buildah:
    def buildah(*words: str | Path) -> str:
        done = run([*command, *words], timeout_s=BUILD_S, cwd=ROOT)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout.strip()

    return buildah


@pytest.fixture(scope="module")
def base(buildah: Buildah, folder: Path) -> str:
    """An image of this machine's Debian, as little of it as Python needs."""
    root = folder / "root"
    _lay_out(root)
    container = buildah("from", "scratch")
    buildah("copy", "--quiet", container, root, "/")
    buildah("commit", "--quiet", container, "imagebot-base")
    return "imagebot-base"


@pytest.fixture(scope="module")
def image(buildah: Buildah, base: str) -> str:
    mounts = [f"--volume={each}:{each}:ro" for each in MOUNTED if Path(each).exists()]
    options = ("--pull-never", "--isolation", "chroot", "--network", "host", "--format", "docker")
    file = ("--file", "deploy/Containerfile", "--build-arg", f"BASE={base}")
    buildah("bud", "--quiet", *options, *mounts, *file, "--tag", "imagebot", ".")
    return "imagebot"


@pytest.fixture(scope="module")
def container(buildah: Buildah, image: str) -> str:
    return buildah("from", image)


@pytest.mark.timeout(BUILD_S)
def test_the_program_runs_in_the_image(buildah: Buildah, container: str) -> None:
    told = buildah(
        "run", "--isolation", "chroot", container, "--", "python", "-m", "bot", "--version"
    )

    assert told == f"cloud-images-bot {__version__}"


def test_it_runs_as_nobody_with_a_check_of_its_health(buildah: Buildah, image: str) -> None:
    show = (
        "{{.Docker.Config.User}} {{.Docker.Config.Entrypoint}} {{.Docker.Config.Healthcheck.Test}}"
    )
    told = buildah("inspect", "--format", show, image)

    entrypoint = " ".join(ENTRYPOINT)
    assert told == f"10001:10001 [{entrypoint}] [CMD python deploy/healthy.py]"


def test_the_last_stage_has_what_runs_and_no_more(buildah: Buildah, container: str) -> None:
    root = Path(buildah("mount", container))

    assert {p.name for p in (root / "app").iterdir()} == {
        "bot",
        "handlers",
        "storage",
        "cloud",
        "deploy",
    }
    assert not list(root.glob("opt/bot/lib/python*/site-packages/pip"))
    assert not list(root.glob("opt/bot/lib/python*/site-packages/pytest"))
    assert list(root.glob("opt/bot/lib/python*/site-packages/oslo_messaging"))


@pytest.mark.parametrize(
    ("program", "path"), [("web", "/readyz"), ("worker", "/readyz"), ("listen", "/healthz")]
)
def test_a_program_starts_in_it_and_its_health_is_seen(
    program: str, path: str, command: list[str], container: str, folder: Path
) -> None:
    """By the image's own entrypoint. No broker is there, for which `listen` waits."""
    with reserved_port() as port, reserved_port() as nobody:
        ports = (port, nobody) if program == "web" else (nobody, port)
        environ = {
            "PORT": str(ports[0]),
            "WORKER_PORT": str(ports[1]),
            "SECRET_KEYS": new_key(),
            "SLACK_SIGNING_SECRET": "made-up",
            "SLACK_BOT_TOKEN": "xoxb-made-up",
            "DATABASE_URL": f"sqlite:////data/{program}.db",
            "BUS_URL": "rabbit://nobody:none@127.0.0.1:1/",
            "BUS_REGION": "DFW",
        }
        words = [*_run(command, environ), container, "--"]
        healthy = [*words, "python", "deploy/healthy.py"]
        assert run(healthy).returncode == 1
        log = folder / f"{program}.log"
        with log.open("wb") as out:
            started = spawn([*words, *ENTRYPOINT, program], stdout=out, stderr=out)
        try:
            until(lambda: started.poll() is not None or _answers(port, path), log.read_text)
            assert started.poll() is None, log.read_text()
            assert run(healthy).returncode == 0
        finally:
            kill(started)
            started.wait()


def _run(command: Sequence[str], environ: dict[str, str]) -> list[str]:
    settings = [f"--env={name}={value}" for name, value in environ.items()]
    return [*command, "run", "--isolation", "chroot", "--network", "host", *settings]


def _answers(port: int, path: str) -> bool:
    with suppress(OSError):
        return get(port, path) == 200
    return False


def _lay_out(root: Path) -> None:
    """The files of the packages, where Debian has merged /bin and /lib into /usr."""
    for each in ("bin", "lib", "lib64", "sbin"):
        (root / "usr" / each).mkdir(parents=True)
        (root / each).symlink_to(f"usr/{each}")
    (root / "tmp").mkdir()
    (root / "tmp").chmod(0o1777)
    packages = _asked("apt-cache", "depends", "--recurse", "--installed", *_without(), *PACKAGES)
    names = sorted({line for line in packages.splitlines() if line[:1].isalpha()})
    there = [each for each in names if _asked("dpkg-query", "--show", each, check=False)]
    files = sorted(set(_asked("dpkg-query", "--listfiles", *there).splitlines()))
    listed = "\n".join(each for each in files if each.startswith("/") and os.path.lexists(each))
    packed = subprocess.run(
        ["tar", "--create", "--no-recursion", "--directory=/", "--files-from=-"],
        input=listed.encode(),
        capture_output=True,
        check=True,
    )
    unpack: list[str | Path] = ["tar", "--extract", "--keep-directory-symlink", "--directory", root]
    subprocess.run(unpack, input=packed.stdout, check=True, capture_output=True)
    shutil.copytree("/etc/ssl/certs", root / "etc/ssl/certs", dirs_exist_ok=True)
    for each in ("passwd", "group"):
        shutil.copy(f"/etc/{each}", root / "etc")


def _without() -> list[str]:
    return [f"--no-{each}" for each in NO]


def _asked(*words: str, check: bool = True) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=check).stdout
