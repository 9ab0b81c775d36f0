"""The page of sizes has what the model says, and the default is what the simulation compares."""

from __future__ import annotations

from benchmarks.report import table
from benchmarks.scale import looking, model
from bot.settings import Settings
from tests.repository import ROOT

PAGE = (ROOT / "docs/scale.md").read_text()


def test_the_page_has_the_model() -> None:
    assert table(["what", "figure"], model.rows()) in PAGE


def test_the_default_is_among_what_was_compared_and_is_what_the_page_says() -> None:
    settings = Settings()
    default = looking.Rule(settings.look_every_s, settings.look_seldom_s)

    assert default in looking.RULES
    assert f"The default is **{default.every / 60:g} to {default.seldom / 60:g} minutes**" in PAGE


def test_a_rule_that_looks_more_seldom_asks_less_and_finds_later() -> None:
    traffic = [[3600.0 * hour for hour in range(8, 300, 29)], [], [100_000.0]]
    often, seldom = (
        looking.simulate(looking.Rule(every, every), traffic) for every in (300.0, 3600.0)
    )

    assert often.looks > 10 * seldom.looks
    assert often.mean < seldom.mean < 3600
    assert len(often.delays) == len(seldom.delays) == sum(map(len, traffic))


def test_what_is_found_is_looked_for_again_soon() -> None:
    found = 100 * 3600.0
    rule = looking.Rule(300, 4 * 3600)
    lone = looking.simulate(rule, [[found]])
    burst = looking.simulate(rule, [[found, found + 4 * 3600 + 300]])

    assert burst.looks > lone.looks
