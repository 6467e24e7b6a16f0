"""The accuracy gate: unseen pages are the judge. Floors stand in tests/eval/floors.yml and only rise."""

from __future__ import annotations

import subprocess
from functools import cache

import pytest
import yaml

from build_tools.core.paths import ROOT
from tests.eval import gate

FLOORS = ROOT / "tests" / "eval" / "floors.yml"


@cache
def result(half: str) -> dict[str, float]:
    return gate.table(gate.measure(half))


def floors() -> dict[str, float]:
    told: dict[str, float] = yaml.safe_load(FLOORS.read_text("utf-8"))
    return told


@pytest.mark.parametrize("field", sorted(floors()))
def test_the_measured_half_stays_above_its_floor(field: str) -> None:
    assert result("measured")[field] >= floors()[field]


def test_every_field_has_a_floor_and_is_reported(request: pytest.FixtureRequest) -> None:
    assert set(floors()) == set(result("measured")) == set(result("work"))
    lines = [f"{'field':18} {'measured':>9} {'floor':>6} {'work':>6}"]
    for field, value in result("measured").items():
        lines.append(f"{field:18} {value:9.3f} {floors()[field]:6.2f} {result('work')[field]:6.3f}")
    sizes = {half: len(gate.gold(half)) for half in ("measured", "work")}
    lines.append(f"{sizes['measured']} pages measured, {sizes['work']} to work on")
    request.config.stash[gate.TABLE] = lines


def test_both_halves_are_large_and_every_page_has_gold() -> None:
    for half, least in (("measured", 40), ("work", 40)):
        pages = {path.stem for path in (gate.HERE / half / "articles").iterdir()}
        assert pages == set(gate.gold(half))
        assert len(pages) >= least


def test_floors_never_fall() -> None:
    """Against every version of the file that the clone's history holds."""
    name = "tests/eval/floors.yml"
    log = subprocess.run(
        ["git", "log", "--format=%H", "--", name], capture_output=True, text=True, cwd=ROOT, check=True
    )
    now = floors()
    for commit in log.stdout.split():
        old = subprocess.run(["git", "show", f"{commit}:{name}"], capture_output=True, text=True, cwd=ROOT)
        if old.returncode == 0:
            for field, floor in yaml.safe_load(old.stdout).items():
                assert now.get(field, 0) >= floor, f"the floor of {field} fell from {floor} ({commit[:8]})"


def test_the_order_of_input_files_changes_nothing() -> None:
    from build_tools.graph.copies import near_duplicates

    cards = gate.cards("work")
    links = {(link.source, link.target) for link in near_duplicates(cards)}
    assert links == {(link.source, link.target) for link in near_duplicates(cards[::-1])}
    assert links
