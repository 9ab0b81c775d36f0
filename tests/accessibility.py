"""axe-core, run in a page: what of its markup and colours keeps people out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Page

from tests.programs import missing

AXE = Path(__file__).parent / "slack_checks/ts/node_modules/axe-core/axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
"""WCAG 2.2 on the level AA, and what axe's authors advise besides."""
SWITCHED_ON = ("target-size",)
"""Of these tags, but asked for by name only: targets are 24 by 24 pixels, or have room around."""
SWITCHED_OFF: Mapping[str, str] = {}
"""Why a rule is not asked, by its name."""
RUN = """
async ({ tags, on, off }) => {
  await Promise.all(document.getAnimations().map((each) => each.finished.catch(() => {})));
  const turned = (names, enabled) => names.map((name) => [name, { enabled }]);
  const rules = Object.fromEntries([...turned(on, true), ...turned(off, false)]);
  const runOnly = { type: "tag", values: tags };
  const { violations, passes } = await axe.run(document, { runOnly, rules });
  const told = (rule, { target, failureSummary }) =>
    `${rule.id}: ${target.join(" ")}: ${failureSummary.replace(/\\s+/g, " ")}`;
  return {
    passed: passes.map((rule) => rule.id),
    found: violations.flatMap((rule) => rule.nodes.map((node) => told(rule, node))),
  };
}
"""


def findings(page: Page) -> list[str]:
    """
    What axe finds wrong with the page as it is now: rule, element and what would mend it.

    A page of which it could tell nothing at all is a finding, too.
    """
    if not AXE.exists():
        missing("axe-core", "install Node.js and npm, then `make test`")
    page.evaluate(AXE.read_text())
    told = page.evaluate(RUN, {"tags": TAGS, "on": SWITCHED_ON, "off": list(SWITCHED_OFF)})
    found: list[str] = told["found"]
    return found if told["passed"] else ["axe found nothing to look at"]
