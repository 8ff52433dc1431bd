"""Steps are done again exactly when their contents, their outputs or the environment changed."""

import subprocess
import sys

import pytest

from course import COURSE, steps
from course.steps import Step

HEAVY = ("jupytext", "keras", "nbclient", "nbformat", "nbgrader", "numpy", "sphinx", "sqlalchemy")


@pytest.fixture
def step(tmp_path):
    """A step that copies numbers.txt and the folder `parts` into the folder `copies`."""
    (tmp_path / "parts" / "inner").mkdir(parents=True)
    (tmp_path / "numbers.txt").write_text("1")
    (tmp_path / "parts" / "inner" / "part.md").write_text("one")
    return Step(tmp_path / "build" / "record.json", ("numbers.txt", "parts"), ("copies",), tmp_path)


def copy(root):
    """Carry out the step's action."""
    (root / "copies").mkdir(exist_ok=True)
    (root / "copies" / "numbers.txt").write_bytes((root / "numbers.txt").read_bytes())


@pytest.fixture
def done(step):
    step.do(lambda: copy(step.root))
    return step


def test_it_is_done_once_it_succeeded(step):
    assert not step.is_done() and not step.succeeded()
    step.do(lambda: copy(step.root))
    assert step.is_done() and step.succeeded()


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "numbers.txt").write_text("2"),
        lambda root: (root / "numbers.txt").unlink(),
        lambda root: (root / "parts" / "inner" / "part.md").write_text("two"),
        lambda root: (root / "parts" / "another.svg").write_text(""),
        lambda root: (root / "parts" / "inner" / "part.md").rename(root / "parts" / "part.md"),
        lambda root: (root / "copies" / "numbers.txt").unlink(),
        lambda root: (root / "copies" / "numbers.txt").write_text("3"),
        lambda root: (root / "build" / "record.json").unlink(),
    ],
)
def test_a_change_of_inputs_or_outputs_undoes_it(done, change):
    change(done.root)
    assert not done.is_done()


def test_another_environment_undoes_it(done, monkeypatch):
    monkeypatch.setattr(steps, "environment", lambda: "another Python")
    assert not done.is_done()


@pytest.mark.parametrize("name", [".hidden", "__pycache__/part.pyc", ".ipynb_checkpoints/part.md"])
def test_what_is_hidden_or_compiled_does_not_matter(done, name):
    path = done.root / "parts" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("new")
    assert done.is_done()


def test_times_do_not_matter(done):
    for name in ("numbers.txt", "copies/numbers.txt"):
        (done.root / name).touch()
    assert done.is_done()


def test_an_interrupted_step_is_undone(done):
    def interrupted():
        raise KeyboardInterrupt

    (done.root / "numbers.txt").write_text("2")
    with pytest.raises(KeyboardInterrupt):
        done.do(interrupted)
    (done.root / "numbers.txt").write_text("1")
    assert not done.is_done() and not done.succeeded()


def test_of_several_processes_at_once_one_does_it(tmp_path):
    (tmp_path / "numbers.txt").write_text("1")
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom course.steps import Step\n"
        "root = Path(sys.argv[1])\n"
        "def action():\n"
        "    with (root / 'times.txt').open('a') as file: file.write('done ')\n"
        "    time.sleep(0.5)\n"
        "Step(root / 'record.json', ('numbers.txt',), ('times.txt',), root).do(action)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    processes = [subprocess.Popen(command, cwd=COURSE) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert (tmp_path / "times.txt").read_text() == "done "


def test_what_is_edited_while_a_step_is_done_counts_as_changed(step):
    def edit():
        copy(step.root)
        (step.root / "numbers.txt").write_text("2")

    step.do(edit)
    assert not step.is_done()


def test_what_people_edited_is_kept_and_named(tmp_path, step):
    kept = Step(step.record, step.inputs, step.outputs, tmp_path, people_edit=True)
    kept.do(lambda: copy(tmp_path))
    assert kept.edited() == []
    (tmp_path / "copies" / "numbers.txt").write_text("my work")
    assert kept.is_done() and kept.edited() == ["copies/numbers.txt"]
    (tmp_path / "copies" / "numbers.txt").unlink()
    assert not kept.is_done()


def test_nothing_heavy_is_imported_to_decide():
    code = (
        "import sys, course.__main__, evidence.__main__, evidence.sample_class.command as command\n"
        "course.__main__.EXERCISES.is_done(), command.RUN.is_done(), command.SHOWN.is_done()\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=COURSE, capture_output=True, text=True)
    assert ran.stdout == "[]\n", ran.stderr
