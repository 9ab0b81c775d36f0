"""
No regular expression takes more than linear time, whatever strangers write.

Every expression of the program is here: a new one is found by itself, and tried with texts that
are made of its own pieces. What is compared is how the time grows with the text, never the time.
"""

from __future__ import annotations

import ast
import itertools
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import __main__ as program
from cloud.refusals import READ_OF_WORDS
from handlers.core.command_line import MAX_TEXT, parse
from handlers.core.interactions import Links, Person
from handlers.images import unfurl
from tests.bot.people import PRODUCER

ROOT = Path(program.__file__).parents[1]
WAYS: Mapping[str, Callable[[re.Pattern[str], str], object]] = {
    "search": re.Pattern.search,
    "match": re.Pattern.match,
    "fullmatch": re.Pattern.fullmatch,
    "findall": re.Pattern.findall,
    "finditer": lambda compiled, text: list(compiled.finditer(text)),
    "split": re.Pattern.split,
    "subn": lambda compiled, text: compiled.subn("", text),
    "sub": lambda compiled, text: compiled.sub("", text),
}
"""How an expression may be used; most are fast in one way and slow in another."""
OURS = frozenset({"postgres.py"})
"""Files whose expressions see our own words only: SQL."""
SHORT, LONG = 250, 4_000
MOST_GROWTH = 5 * LONG // SHORT
"""Sixteen times the text takes sixteen times as long; of a quadratic one 256 times."""
TRIES = 4
FAST_S = 0.0005
"""What a text of LONG characters took in less is linear: a quadratic one has 16 million steps."""
PLAIN = ("a", "A", "1", "/", ":", "<", ">", "|", "=", " ", "-", "_", "`", "*", "&", "@", ".", "é")
KNOWN = (("://", "a:"), ("", "<!date^1|"), ("", "<@U1|"), ("", "<@Uweb|"), ("", "multiple "))
"""What was slow once: how a text begins, and what is repeated."""


@dataclass(frozen=True)
class Expression:
    where: str
    pattern: str
    flags: int
    used: tuple[str, ...]
    """The ways in which its file looks with it."""


def expressions() -> Iterator[Expression]:
    """Each expression in the program's source."""
    for package in ("bot", "cloud", "handlers", "storage"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if path.name not in OURS:
                yield from _of_file(path)


def _of_file(path: Path) -> Iterator[Expression]:
    source = path.read_text()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _of_re(node.func) and (pattern := _pattern(node)):
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            flags = re.IGNORECASE if "IGNORECASE" in ast.unparse(node) else re.NOFLAG
            yield Expression(where, pattern, flags, _used(node, source))


def _used(call: ast.Call, source: str) -> tuple[str, ...]:
    assert isinstance(call.func, ast.Attribute)
    if call.func.attr != "compile":
        return (call.func.attr,)
    line = source.splitlines()[call.lineno - 1]
    own = re.match(r"(\w+) = re\.compile", line)
    called = re.findall(rf"\b{own[1] if own else r'[a-z]+'}\.({'|'.join(WAYS)})\(", source)
    return tuple(sorted(set(called))) or tuple(WAYS)


def _of_re(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
        and function.attr in {*WAYS, "compile"}
    )


def _pattern(call: ast.Call) -> str:
    """With a word for what is put into it as it runs; what is only a name cannot be told."""
    match call.args:
        case [ast.Constant(value=str(text)), *_]:
            return text
        case [ast.JoinedStr(values=parts), *_]:
            return "".join(str(p.value) if isinstance(p, ast.Constant) else "web" for p in parts)
    return ""


FOUND = sorted(expressions(), key=lambda each: each.where)


def pieces(pattern: str) -> list[str]:
    """Beginnings of what the expression looks for, and what stands in no expression."""
    words = re.findall(r"[A-Za-z][A-Za-z0-9]*|[^\w\s]", pattern.replace("\\", ""))
    return list(dict.fromkeys([*words, *PLAIN]))


def texts(pattern: str, length: int) -> Iterator[tuple[str, str]]:
    """Pieces repeated, alone, by twos, and as the whole expression stands; each cut short."""
    known = pieces(pattern)
    words = [each for each in known if each.isalnum() and len(each) > 1][:6]
    literal = re.sub(r"[\\\[\](){}?*+^$]", "", pattern.partition("[")[0])[:20]
    pairs = ["".join(pair) for pair in itertools.product([*words, *PLAIN], PLAIN)]
    for pump in dict.fromkeys([*known, *pairs, *filter(None, (literal, f"{literal}a"))]):
        yield pump, (f"{literal}{pump * length}")[:length] + "\x00"
    for head, pump in KNOWN:
        yield pump, (f"{head}{pump * length}")[:length]


def cost(compiled: re.Pattern[str], used: Sequence[str], text: str) -> float:
    started = time.thread_time()
    for way in used:
        WAYS[way](compiled, text)
    return time.thread_time() - started


def grows_too_fast(compiled: re.Pattern[str], used: Sequence[str], short: str, long: str) -> bool:
    if cost(compiled, used, long) < FAST_S:
        return False
    ratios = (
        min(cost(compiled, used, long) for _ in range(2))
        / max(min(cost(compiled, used, short) for _ in range(5)), 1e-6)
        for _ in range(TRIES)
    )
    return all(ratio > MOST_GROWTH for ratio in ratios)


@pytest.mark.parametrize("each", FOUND, ids=[each.where for each in FOUND])
def test_no_expression_takes_more_than_linear_time(each: Expression) -> None:
    compiled = re.compile(each.pattern, each.flags)

    pairs = zip(texts(each.pattern, SHORT), texts(each.pattern, LONG), strict=True)
    slow = (pump for (pump, a), (_, b) in pairs if grows_too_fast(compiled, each.used, a, b))

    assert next(slow, None) is None, f"{each.where} is not linear"


def test_an_expression_that_is_not_linear_would_be_found() -> None:
    bad = re.compile(r"image.*?([0-9a-f]{8})")

    short, long = ("image" * (n // 5) for n in (SHORT, LONG))

    assert grows_too_fast(bad, ["search"], short, long)


def test_an_address_that_is_longer_than_any_is_not_looked_at() -> None:
    address = f"https://horizon.example/project/images/{'image/' * 6500}"

    assert unfurl.image_ids(Links(Person("T1", PRODUCER), (address,), "C1").urls) == {}


def test_no_more_of_a_command_is_looked_at_than_any_is_long() -> None:
    command = parse(Person("T1", PRODUCER), "list " + "web " * 250_000)

    assert sum(len(word) + 1 for word in command.words) <= MAX_TEXT
    assert READ_OF_WORDS <= MAX_TEXT
