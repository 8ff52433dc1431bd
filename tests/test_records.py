"""The records of measurements are up to date, and pages agree with the records."""

import ast
import copy
import re
import subprocess
import sys
from pathlib import Path

import pytest

from course import COURSE
from course.generated import README, filled
from evidence import bench, mistakes, records, speeds
from evidence.attacks.bank import ATTACKS
from evidence.attacks.outcomes import INPUTS
from evidence.attacks.record import MEASURE, stale
from evidence.banks import ASSIGNMENTS, bank
from evidence.lighthouse.record import LIMITS
from evidence.realistic import slips

pytestmark = pytest.mark.xdist_group("records")  # they share the hashes of the attacks

BANK = ("bank", "asserts", "reach", "endings", "notebooks")  # the record has a hash of each attack


@pytest.fixture(scope="module")
def attacks():
    """The record of the attacks."""
    return records.read("attacks")


@pytest.mark.slow
def test_the_record_of_the_attacks_fits_the_bank(attacks):
    assert stale(attacks) == [], "`make attacks` measures stock nbgrader's side again"


@pytest.mark.parametrize("key", ["group", "tries", "handed_in", "deserves", "deadly"])
@pytest.mark.slow
def test_an_attack_that_changed_is_named(key, attacks):
    changed = copy.deepcopy(attacks)
    changed["attacks"][3][key] = "as it was"
    assert stale(changed) == [f"{attacks['attacks'][3]['name']}: {key} has changed"]


@pytest.mark.slow
def test_an_attack_that_is_not_in_the_record_is_named_and_so_is_one_too_many(attacks):
    changed = copy.deepcopy(attacks)
    changed["attacks"][0]["name"] = "forgotten"
    assert stale(changed) == [
        "the record names forgotten, which is not in the bank",
        f"{ATTACKS[0].name} is not in the record",
    ]


@pytest.mark.slow
def test_another_way_to_measure_and_another_nbgrader_are_named(attacks):
    changed = copy.deepcopy(attacks) | {"measure": "as it was"}
    changed["measured"]["nbgrader"] = "0.1"
    other_measure, other_nbgrader = stale(changed)
    assert "how stock nbgrader is measured has changed" in other_measure
    assert re.fullmatch(r"nbgrader is [\d.]+ now", other_nbgrader)


def test_a_missing_record_says_what_writes_it(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "FOLDER", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"bench.json is missing: `make bench`"):
        records.read("bench")


@pytest.mark.slow
def test_the_page_on_the_attacks_explains_every_outcome(attacks):
    page = (COURSE / "book" / "attacks.md").read_text("utf-8")
    explained = re.findall(r"^\| ([a-z, ]+) \| ", page, re.M)
    outcomes = {each for cell in explained for each in cell.split(", ")}
    broken = {promise.partition(":")[0] for row in attacks["attacks"] for promise in row["stock"]}
    assert broken and broken <= outcomes


def test_the_record_of_the_mistakes_fits_the_banks():
    record = records.read("mistakes")
    rows = {
        kind: [(row["assignment"], row["function"], row["name"]) for row in record[kind]]
        for kind in ("known", "realistic")
    }
    measured = [a for a in ASSIGNMENTS if a in {row["assignment"] for row in record["known"]}]
    known = [(a, entry.function, entry.name) for a in measured for entry in bank(a)[0]]
    realistic = [(a, slip.function, slip.name) for a in measured for slip in slips(a)]
    assert rows == {"known": known, "realistic": realistic}, "`make mistakes` measures it again"


def test_realistic_mistakes_are_named_and_no_mechanical_change_as_another():
    record = records.read("mistakes")
    assert mistakes.named(record["realistic"]) >= 0.8 * len(record["realistic"])
    assert record["mutants"]["unlisted"] == record["mutants"]["misnamed"] == 0


def test_readme_shows_the_speeds_of_the_records():
    assert README.read_text("utf-8") == filled(README, "speeds", f"\n{speeds.table()}\n\n")


def test_both_graders_of_the_bench_gave_the_same_scores():
    assert records.read("bench")["compared"]["differ"] == []


def test_the_bench_was_run_at_its_full_size():
    record = records.read("bench")
    sizes = record["compared"]["submissions"], record["many"]["submissions"]
    assert sizes == (bench.COMPARED, bench.MANY), "`make bench` measures it again"


def loaded(*modules: str) -> set[str]:
    """The files of the course that these modules load, except empty packages."""
    code = f"import sys, {', '.join(modules)}\n"
    code += "for each in sys.modules.values(): print(getattr(each, '__file__', None) or '')"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=COURSE, capture_output=True, text=True, check=True
    )
    files = [Path(line) for line in ran.stdout.splitlines() if line]
    own = [file for file in files if COURSE in file.parents and "site-packages" not in file.parts]
    return {
        str(each.relative_to(COURSE)) for each in own if len(ast.parse(each.read_text()).body) > 1
    }


@pytest.mark.slow
def test_this_graders_side_is_measured_again_when_a_file_changes_that_it_uses():
    used = loaded("evidence.attacks.outcomes", "evidence.attacks.record")
    outside = {name for name in used if not any(Path(name).is_relative_to(each) for each in INPUTS)}
    readmes = {
        "course/curriculum.py",
        "course/generated.py",
        "course/quiz/__init__.py",
        "evidence/speeds.py",
    }
    assert outside <= readmes  # which only read the record


@pytest.mark.slow
def test_the_record_is_stale_when_a_file_changes_that_stocks_side_uses():
    used = loaded("evidence.attacks.stock", "evidence.attacks.caged")
    attacks = {name for name in used if name.startswith("evidence/attacks/")}
    assert attacks - {f"evidence/attacks/{name}.py" for name in BANK} == set(MEASURE)


@pytest.mark.parametrize(("score", "limit"), LIMITS.items())
def test_no_page_was_slower_or_less_accessible_than_promised(score, limit):
    pages = records.read("lighthouse")["pages"]
    assert {name: page[score] for name, page in pages.items() if page[score] < limit} == {}
