"""Whatever people can see has a sample in the gallery, where it is held against Slack's rules."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import get_type_hints

import pytest

import handlers
from cloud.errors import CloudError
from handlers.core.errors import UserError
from handlers.core.replies import Block, Message, Modal
from handlers.home.views.home import Home
from handlers.ui import error_words
from sandbox import gallery

SEEN = (
    *(Message, Modal, Home),
    *(Block, tuple[Block, ...], list[Block], Sequence[Block], tuple[Block, Block]),
)
"""What functions return whose words people see."""


def _modules() -> Iterator[ModuleType]:
    for module in pkgutil.walk_packages(handlers.__path__, "handlers."):
        yield importlib.import_module(module.name)


def _views() -> Iterator[FunctionType]:
    """The public functions of views, and of what views share, that draw something."""
    for module in _modules():
        if ".views." in module.__name__ or module.__name__.startswith("handlers.ui."):
            for name, function in inspect.getmembers(module, inspect.isfunction):
                own = function.__module__ == module.__name__ and not name.startswith("_")
                if own and get_type_hints(function).get("return") in SEEN:
                    yield function


def _errors() -> Iterator[type[Exception]]:
    """Every error that a person may meet; not what only gathers others."""
    for error in _below(UserError) | _below(CloudError):
        if error in error_words.words.registry or not error.__subclasses__():
            yield error


def _below(kind: type[Exception]) -> set[type[Exception]]:
    below = set(kind.__subclasses__())
    return below.union(*map(_below, below))


def _name(each: FunctionType | type[Exception]) -> str:
    return f"{each.__module__}.{each.__qualname__}"


VIEWS = sorted(_views(), key=_name)
ERRORS = sorted(_errors(), key=_name)


Drawn = tuple[set[CodeType], set[type[Exception]]]


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    """What runs while all samples are made: code, and errors that are put into words."""
    code: set[CodeType] = set()
    errors: set[type[Exception]] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            code.add(frame.f_code)
            if frame.f_code is error_words.explain.__code__:
                errors.add(type(frame.f_locals["error"]))

    sys.setprofile(note)
    try:
        dict(gallery.samples())
        dict(gallery.home.homes())
    finally:
        sys.setprofile(None)
    return code, errors


@pytest.mark.parametrize("view", VIEWS, ids=_name)
def test_every_view_has_a_sample_in_the_gallery(view: FunctionType, drawn: Drawn) -> None:
    """One is added in `sandbox/gallery/<topic>.py`."""
    code, _ = drawn
    assert view.__code__ in code, f"{_name(view)} has no sample"


@pytest.mark.parametrize("error", ERRORS, ids=_name)
def test_every_error_has_a_sample_in_the_gallery(error: type[Exception], drawn: Drawn) -> None:
    """One is added to `ERRORS` in `sandbox/gallery/<topic>.py`."""
    _, errors = drawn
    assert error in errors, f"{_name(error)} has no sample"


def test_there_is_a_page_of_the_gallery_for_each_topic() -> None:
    topics = {
        module.__name__.split(".")[1] for module in _modules() if ".views." in module.__name__
    }

    assert topics <= {module.name for module in pkgutil.iter_modules(gallery.__path__)}


def test_no_two_samples_have_one_name() -> None:
    names = [name for name, _ in gallery.samples()]

    assert sorted(names) == sorted(set(names))
