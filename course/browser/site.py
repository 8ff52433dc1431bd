"""Puts together the files that a browser loads: scripts, Python, records, assignments, answers."""

import hashlib
import importlib
import json
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import nbformat
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from course.browser import BUILT, RECORDS
from course.browser.packages import NODE, PYODIDE, Archive, compile_archives, run_node
from course.curriculum import ASSIGNMENTS, section
from course.delivery.formulas import UnreadableFormula, mathml
from course.exercises import notebook
from course.release import EXERCISES, pack

HERE = Path(__file__).parent
SITE = BUILT / "site"
ANSWERS = BUILT / "answers"
ENTRIES = {("tab", "figures/*"): ["--splitting", "--chunk-names=[name]-[hash]"], ("worker",): []}
"""The scripts that are loaded by name: those bundled together, with options of esbuild.

The worker is one file: to Firefox, a part that it imports is another worker, which the policy of
the page does not allow.
"""


def build_site() -> None:
    """Write everything but the pages into build/browser/site/ and build/browser/answers/."""
    for folder in (SITE, ANSWERS):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    shutil.copytree(PYODIDE, SITE / "pyodide")
    for script in (SITE / "pyodide").glob("*.mjs"):  # many servers do not know that ending
        script.rename(script.with_suffix(".js"))
    shutil.copytree(RECORDS, SITE / "records")
    shutil.copy(HERE / "tab.css", SITE)
    bundle()
    pack_python()
    (SITE / "assignments").mkdir()
    for name in ASSIGNMENTS:
        write_assignment(name)
    (SITE / "licences.txt").write_text(licences(), "utf-8")


def bundle() -> None:
    """Bundle the scripts with the editor."""
    scripts = HERE / "js"
    for names, options in ENTRIES.items():
        run_node(
            NODE / "node_modules" / "esbuild" / "bin" / "esbuild",
            *(path for name in names for path in sorted(scripts.glob(f"{name}.mjs"))),
            *("--bundle", "--format=esm", "--target=es2022", "--minify", "--charset=utf8"),
            *("--log-level=warning", f"--outbase={scripts}", f"--outdir={SITE}", *options),
        )


def pack_python() -> None:
    """Pack the checks and what runs them, compiled, into course.zip."""
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch, "course.zip")
        with zipfile.ZipFile(source, "w") as packed:
            modules = {path.name: path for path in EXERCISES.glob("*/checks/*.py")}
            for name, path in sorted(modules.items()):
                packed.write(path, f"checks/{name}")
            for path in sorted((HERE / "python").glob("*.py")):
                if path.name != "bytecode.py":
                    packed.write(path, path.name)
        compile_archives(Archive([str(source)], "course.zip", "/course"), folder=SITE)


def write_assignment(name: str) -> None:
    """Write what the page of an assignment needs, its answers, and its folder as a zip file."""
    path = EXERCISES / name / f"{name}.ipynb"
    graded = EXERCISES / name / "checks" / "graded.json"
    shutil.copy(graded, SITE / "records" / f"{name}-graded.json")
    listed, record = json.loads(graded.read_text("utf-8")), recorded(name)
    look = looks(record)
    data = {
        "name": name,
        "title": title(name),
        "release": hashlib.sha256(path.read_bytes()).hexdigest()[:12],
        "notebook": json.loads(path.read_text("utf-8")),
        "graded": {
            each: described(name, each, facts, look.get(each, "")) for each, facts in listed.items()
        },
        "shown": {cell: each["outputs"] for cell, each in record["cells"].items()},
        "record": [f"records/{name}{end}" for end in (".json", ".bin", "-graded.json")],
    }
    (SITE / "assignments" / f"{name}.json").write_text(json.dumps(data), "utf-8")
    (ANSWERS / f"{name}.json").write_text(json.dumps(answers(name)), "utf-8")
    pack(EXERCISES / name, SITE / "assignments" / f"{name}.zip")


def title(assignment: str) -> str:
    """Read the title of an assignment: the first heading of its notebook."""
    first = nbformat.read(EXERCISES / assignment / f"{assignment}.ipynb", as_version=4).cells[0]
    return first.source.splitlines()[0].removeprefix("# ")


def described(assignment: str, name: str, facts: dict[str, Any], look: str) -> dict[str, Any]:
    """Describe a function or a written answer: its points, where to read, where to look."""
    described = {"points": facts["points"], "checked": facts["checked"]}
    if treated := section(assignment, name, ""):
        described["section"] = dict(zip(("name", "address"), treated))
    if look:
        described["look"] = look
    return described


def recorded(assignment: str) -> dict[str, Any]:
    """Read the record of an assignment, without its arrays."""
    return json.loads((RECORDS / f"{assignment}.json").read_text("utf-8"))


def looks(record: dict[str, Any]) -> dict[str, str]:
    """Say for each function which quantity to look at, from the references of its checks."""
    listed = {}
    for name, check in record["checks"].items():
        module, attribute = check["calls"][0]["reference"]
        listed[name] = getattr(importlib.import_module(f"course.checks.{module}"), attribute).look
    return listed


def answers(assignment: str) -> dict[str, dict[str, str]]:
    """Collect the solutions of functions, and the model answers of written ones as HTML."""
    solutions, written = {}, {}
    for cell in notebook(assignment).cells:
        known = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and known.get("solution"):
            lines = [line for line in cell.source.splitlines() if "### " not in line]
            solutions[known["grade_id"]] = "\n".join(lines).strip()
        elif known.get("solution"):
            written[known["grade_id"]] = rendered(cell.source)
    return {"solutions": solutions, "written": written}


def rendered(markdown: str) -> str:
    """Render Markdown with formulas as HTML, which browsers show without a script.

    Raises UnreadableFormula.
    """

    def formula(text: str, options: dict[str, bool]) -> str:
        (converted,) = mathml([(text, options["display_mode"])])
        if isinstance(converted, UnreadableFormula):
            raise converted
        return converted

    parser = MarkdownIt("commonmark", {"html": False}).use(dollarmath_plugin, renderer=formula)
    return parser.render(markdown)


def licences() -> str:
    """List what the site hands on of other people's work, with the licence of each."""
    lines = ["This site hands on, unchanged or bundled:"]
    packages = NODE / "node_modules"
    for manifest in sorted([*packages.glob("*/package.json"), *packages.glob("@*/*/package.json")]):
        facts = json.loads(manifest.read_text("utf-8"))
        if not facts["name"].startswith(("@types/", "@esbuild/", "@typescript/")):
            lines.append(f"{facts['name']} {facts['version']}: {facts['license']}")
    lines.append("Letters in figures: DejaVu fonts 2.37, Bitstream Vera and public domain.")
    lines.append("Icons: Font Awesome Free 6, SIL OFL 1.1 and MIT.")
    lines.append("The licences of Python's packages stand in pyodide/*.zip, in their *.dist-info.")
    return "\n".join(lines) + "\n"
