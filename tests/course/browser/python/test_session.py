"""Cells run as in Jupyter: what they print, return, raise, warn of and draw is shown."""

import importlib
import sys

import pytest

from course import COURSE


@pytest.fixture(scope="module")
def session_module():
    """The module as it lies in the browser, with its neighbours beside it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(COURSE / "course" / "browser" / "python"))
        patched.syspath_prepend(str(COURSE / "course"))
        for absent in ("keras", "tensorflow"):
            patched.setitem(sys.modules, absent, None)
        patched.setenv("MPLBACKEND", "module://figure_backend")
        yield importlib.import_module("session")
    # Tests of the judge import other copies of the checks.
    for name in list(sys.modules):
        if name.partition(".")[0] in ("checks", "session", "figures", "figure_backend"):
            del sys.modules[name]


@pytest.fixture
def session(session_module):
    forgotten = []
    opened = session_module.Session(lambda name, names: names[name](), lambda: forgotten.append(1))
    opened.forgotten = forgotten
    return opened


@pytest.fixture
def show(session):
    """Run cells, each a source; return the outputs of the last one."""

    def show(*sources):
        outputs = {}
        cells = [(f"cell-{number}", source) for number, source in enumerate(sources)]
        session.run(cells, lambda cell, output: outputs.setdefault(cell, []).append(output))
        shown = outputs.get(cells[-1][0], [])
        assert not shown or shown[0] == {"output_type": "begin"}
        return shown[1:]

    return show


def texts(outputs):
    """What is to be read in outputs."""
    return [
        each.get("text") or each.get("data", {}).get("text/plain") or "\n".join(each["traceback"])
        for each in outputs
    ]


def test_what_a_cell_prints_and_its_last_value_are_shown(show):
    assert texts(show("x = 2\nprint('a')\nx + 1")) == ["a", "\n", "3"]
    assert show("x = 2\nx;") == []
    assert show("None") == []
    assert show("") == []


def test_an_error_names_the_learners_lines(show):
    (output,) = show("def f(x):\n    return x / 0\n", "1\nf(2)")
    assert output["ename"] == "ZeroDivisionError"
    assert output["traceback"][1:] == [
        "  in line 2: f(2)",
        "  in f, line 2: return x / 0",
    ]


def test_a_syntax_error_names_its_line(show):
    (output,) = show("x = 1\ny = (2\n")
    assert output["ename"] == "SyntaxError"
    assert "line 2" in "\n".join(output["traceback"])


def test_a_warning_names_its_line(show):
    text = "".join(texts(show("import warnings\n\nwarnings.warn('odd')")))
    assert "UserWarning: odd" in text and "cell-0, line 3: warnings.warn('odd')" in text


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import keras", "Keras is not in this page"),
        ("from tensorflow import nn", "TensorFlow is not in this page"),
        ("import a_package_of_nobody.part", "a_package_of_nobody is not in this page"),
        ("!pip install scipy", "work in Jupyter"),
        ("x = 1\n%timeit x", "work in Jupyter"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("exit()", ""),
        ("def f():\n    return f()\nf()", "RecursionError"),
        (
            "class A:\n    def __repr__(self):\n        raise ValueError('no')\nA()",
            "ValueError: no",
        ),
    ],
)
def test_what_cannot_be_done_is_explained(show, source, words):
    assert words in "\n".join(texts(show(source)))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("class E(Exception):\n    def __str__(self): 1 / 0\nraise E()", "cannot be shown"),
        ("class A:\n    def __repr__(self): raise SystemExit(4)\nA()", "SystemExit: 4"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        (
            "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.title(r'$\\frac{$');",
            "ParseSyntaxException",
        ),
    ],
)
def test_no_error_of_a_cell_ends_the_page(show, source, words):
    assert words in "\n".join(texts(show(source)))
    assert texts(show("print('next')")) == ["next", "\n"]


def test_an_error_is_bounded(show, session_module):
    (output,) = show("raise ValueError('x' * 10**6)")
    assert len("".join(output["traceback"])) < session_module.MOST_CHARACTERS + 200
    (output,) = show("def f():\n    return f()\nf()")
    assert len(output["traceback"]) < session_module.MOST_FRAMES + 3
    assert output["traceback"][1] == "  in line 3: f()"


@pytest.mark.parametrize("error", ["SystemExit(2)", "KeyboardInterrupt()", "ZeroDivisionError()"])
def test_a_check_ends_whatever_the_function_raises(session, error):
    session.run([("a", f"def f():\n    raise {error}")], lambda *_: None)
    outcome = session.check("f", lambda _: None)
    assert not outcome["ok"] and f"in f, line 2: raise {error}" in outcome["text"]


def test_only_what_is_no_python_is_taken_for_a_command(show):
    assert show("%matplotlib inline\nx = 1") == []
    assert texts(show('s = """\n%d percent\n! wow\n"""\nlen(s)')) == ["18"]
    assert texts(show("7\\\n%4")) == ["3"]


def test_what_is_printed_is_bounded(show, session_module):
    outputs = show("for _ in range(100):\n    print('x' * 10_000)")
    text = "".join(texts(outputs))
    assert session_module.MOST_CHARACTERS <= len(text) < session_module.MOST_CHARACTERS + 100
    assert text.endswith("not shown here\n")
    (output,) = show("'x' * 10**6")
    assert len(output["data"]["text/plain"]) == session_module.MOST_CHARACTERS


def test_cells_that_have_not_changed_are_not_run_again(show, session):
    show("print(1)", "x = [1]")
    assert texts(show("print(1)", "x = [1]", "x.append(2); x")) == ["[1, 2]"]
    assert len(session.forgotten) == 1
    show("print(1)", "x = [3]", "x")
    assert len(session.forgotten) == 2  # a cell above has changed: all begin anew
    assert "NameError" in texts(show("print(2)", "x"))[0]


def test_a_cell_that_is_run_again_shows_its_outputs_again(session):
    outputs = []
    cells = [("a", "x = [1]"), ("b", "x.append(2); print(x)")]
    for again in (False, False, True):
        session.run(cells, lambda _, output: outputs.append(output), again)
    assert texts(each for each in outputs if "text" in each) == ["[1, 2]", "\n"] * 2


def test_a_cell_with_an_error_does_not_stop_those_below(show):
    assert texts(show("1 / 0", "x = 5", "x")) == ["5"]


def test_figures_are_shown_under_the_cell_that_draws_them(show):
    outputs = show(
        "import matplotlib.pyplot as plt",
        "fig, ax = plt.subplots(figsize=(5, 3))\nax.plot([1, 2])\nplt.show()\nplt.figure();",
        "1;",
    )
    assert outputs == []
    outputs = show("import matplotlib.pyplot as plt", "plt.plot([1, 2]);\nplt.show()")
    assert [each["output_type"] for each in outputs] == ["display_data"], texts(outputs)
    assert outputs[0]["data"]["image/png"].startswith("iVBOR")


def test_a_check_gets_the_names_and_shows_what_is_printed(session):
    printed = []
    session.run([("a", "def f():\n    print('hello')\n    return 'f agrees.'")], lambda *_: None)
    outcome = session.check("f", printed.append)
    assert outcome["ok"] and outcome["text"] == "f agrees."
    assert "".join(texts(printed[1:])) == "hello\n"


@pytest.mark.parametrize("shares", [(1,), (0.5,), (1, 0.25, 0.5)])
def test_a_check_gives_the_lowest_share_of_the_points_that_was_earned(session, shares):
    source = f"""
from checks import records
def f():
    records.begin()
    for share in {shares}:
        records.note("f", f, "", "", share)
    return "f agrees."
"""
    session.run([("a", source)], lambda *_: None)
    outcome = {"ok": True, "diagnosis": "", "text": "f agrees.", "share": min(shares)}
    assert session.check("f", lambda _: None) == outcome


def test_a_check_that_fails_says_why(session):
    source = "from checks import CheckFailed\ndef f():\n    raise CheckFailed('value', 'No.')"
    session.run([("a", source)], lambda *_: None)
    outcome = {"ok": False, "diagnosis": "value", "text": "No."}
    assert session.check("f", lambda _: None) == outcome


def test_the_packages_that_cells_import_are_seen(session_module):
    sources = ["import numpy as np, matplotlib.pyplot", "def f():\n    from a.b import c", "x = ("]
    assert session_module.imports(sources) == {"numpy", "matplotlib", "a"}


def test_input_says_that_it_is_not_there(session_module, show, monkeypatch):
    monkeypatch.setattr("builtins.input", session_module.no_input)
    assert "no input()" in texts(show("input('?')"))[0]


def test_the_ways_to_the_page_are_taken_away(session_module, monkeypatch):
    class JsFinder:
        """Stands for Pyodide's."""

        def __init__(self):
            self.jsproxies = {"pyodide_js": object()}

    class JsProxy:
        """Stands for a module of JavaScript's."""

    finder = JsFinder()
    monkeypatch.setattr(sys, "meta_path", [finder, *sys.meta_path])
    monkeypatch.setitem(sys.modules, "js", sys)
    monkeypatch.setitem(sys.modules, "pyodide_js._api", JsProxy())
    monkeypatch.setattr("builtins.input", input)
    session_module.lock_up()
    assert not {"js", "pyodide_js._api"} & set(sys.modules) and not finder.jsproxies
    assert not any(isinstance(each, JsFinder) for each in sys.meta_path)


def test_what_needs_keras_is_shown_and_defined_as_recorded(session_module):
    output = {"output_type": "stream", "name": "stdout", "text": "0.5\n"}
    recorded = {"measured": ([output], {"kernel": [1, 2]})}
    session = session_module.Session(None, lambda: None, recorded.get)
    outputs = []
    cells = [("measured", ""), ("own", "kernel")]
    session.run(cells, lambda cell, each: outputs.append((cell, each)))
    assert ("measured", output) in outputs
    assert outputs[-1][1]["data"] == {"text/plain": "[1, 2]"}


@pytest.mark.parametrize("source", ["def f(:\n    pass", "undefined"])
def test_a_check_names_the_error_that_its_cell_ended_with(session, source):
    session.run([("f", source)], lambda *_: None)
    outcome = session.check("f", lambda _: None)
    assert outcome["diagnosis"] == "not defined"
    assert outcome["text"].startswith("The cell of f ended with an error:\n")
    assert "line 1" in outcome["text"]
