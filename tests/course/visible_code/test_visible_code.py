"""Which blocks of a page run in the page itself, after which lines, and which only draw."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.visible_code import blocks, shown

NP, KERAS = "import numpy as np", "import keras\nlayer = keras.layers.Dense(3)"

NEEDS_KERAS = {
    "a module": ["import keras\nprint(keras.__version__)"],
    "a part of a module": ["from tensorflow.math import tanh\nprint(tanh(1.0))"],
    "a module with another name": ["import keras.ops as np", "print(np.abs(-1))"],
    "an import in a function": ["def f():\n    import keras\n    return keras", "print(f)"],
    "an import that may fail": ["try:\n    import keras\nexcept ImportError:\n    pass", "keras"],
    "a module of the course": ["from checks import check\nprint(check)"],
    "a module beside the page": ["from . import helper", "print(helper)"],
    "a module by its name": ["import importlib\nk = importlib.import_module('keras')", "print(k)"],
    "a module by Python's own function": ["k = __import__('keras')", "print(k)"],
    "a value": [KERAS, "y = layer([[1.0]])", "print(y)"],
    "three names": [KERAS, "a = layer([[1.0]])", "b = [a, 1]", "c = b[0]", "print(c)"],
    "a method of a value": [KERAS, "y = layer([[1.0]]).numpy()[0]", "print(y.sum())"],
    "a function": [KERAS, "def f(x):\n    return layer(x)", "print(f([[1.0]]))"],
    "a function that calls a function": [
        KERAS,
        "def f(x):\n    return layer(x)",
        "def g(x):\n    return f(x)",
        "h = g\nprint(h([[1.0]]))",
    ],
    "a function whose global is bound after it": [
        "def f():\n    return table",
        "import keras\ntable = keras.ops.ones(3)",
        "print(f())",
    ],
    "a function's definition": [KERAS, "def f():\n    return layer(1)"],
    "a function's default": [KERAS, "def f(x=layer):\n    return 1", "print(f())"],
    "a lambda expression": [KERAS, "f = lambda x: layer(x)", "print(f(1))"],
    "a decorator": ["import tensorflow as tf", "@tf.function\ndef f(x):\n    return x", "f(1)"],
    "a class": [
        KERAS,
        "class Model:\n    def __call__(self, x):\n        return layer(x)",
        "m = Model()",
        "print(m(1))",
    ],
    "a class attribute of the same name": [KERAS, "class A:\n    layer = layer", "print(A.layer)"],
    "a list of functions": [KERAS, "fs = [lambda: layer]", "print(fs[0]())"],
    "augmented assignment": [KERAS, "total = 1.0\ntotal += layer([[1.0]])", "print(total)"],
    "augmented assignment of another name for it": [
        NP,
        KERAS,
        "x = np.ones(3)\ny = x\ny += layer(x)",
        "print(x)",
    ],
    "a comprehension": [KERAS, "rows = [layer(x) for x in range(3)]", "print(rows)"],
    "a comprehension's condition": [KERAS, "a = [x for x in range(3) if layer(x)]", "print(a)"],
    "a generator": [KERAS, "rows = (layer(x) for x in range(3))", "print(next(rows))"],
    "a generator that runs late": [
        KERAS,
        "n = 1\nrows = (n for _ in range(3))\nn = layer(1)",
        "print(next(rows))",
    ],
    "a loop": [
        KERAS,
        "total = 0\nfor x in range(3):\n    total = total + layer(x)",
        "print(total)",
    ],
    "a condition": [KERAS, "x = 1\nif layer.built:\n    x = 2", "print(x)"],
    "one branch": [KERAS, "x = 1\nif len('a'):\n    x = layer(1)", "print(x)"],
    "the other branch": [KERAS, "x = layer(1)\nif len('a'):\n    x = 1", "print(x)"],
    "a walrus": [KERAS, "print(y := layer(1))", "print(y)"],
    "with": ["import tensorflow as tf", "with tf.GradientTape() as tape:\n    pass", "print(tape)"],
    "a tuple": [KERAS, "a, (b, *c) = layer(1)", "print(c)"],
    "an item": [NP, KERAS, "x = np.zeros(3)\nx[0] = layer(1)", "print(x)"],
    "an item of another name for it": [
        NP,
        KERAS,
        "x = np.zeros(3)\ny = x[1:]\ny[0] = layer(1)",
        "print(x)",
    ],
    "a view": [NP, KERAS, "x = np.ones(3)\ny = x.reshape(3, 1)\ny[0] = layer(1)", "print(x)"],
    "NumPy's view": [NP, KERAS, "x = np.ones(3)\ny = np.ravel(x)\ny[0] = layer(1)", "print(x)"],
    "a method of an array": [NP, KERAS, "x = np.ones(3)\nx.fill(layer(1))", "print(x)"],
    "one of two": [KERAS, "a, b = [], []\n(a if 1 else b).append(layer(1))", "print(b)"],
    "a list of the same items": [KERAS, "a = [[]]\nlist(a)[0].append(layer(1))", "print(a)"],
    "the loop's name for an item": [
        NP,
        KERAS,
        "parts = [np.ones(3)]\nfor part in parts:\n    part[:] = layer(1)",
        "print(parts)",
    ],
    "a method": [KERAS, "values = []\nvalues.append(layer(1))", "print(values)"],
    "a method of another name for it": [
        KERAS,
        "a = []\nb = {'a': a}\nb['a'].append(layer(1))",
        "print(a)",
    ],
    "a part that is changed": [
        KERAS,
        "a = []\nb = [a]\nb[0].append(layer(1))",
        "print(a)",
    ],
    "the whole of a part that is changed": [
        KERAS,
        "a = [1]\nb = []\nb.append(a)\na.append(layer(1))",
        "print(b)",
    ],
    "a function that changes its argument": [
        KERAS,
        "def fill(x):\n    x.append(layer(1))",
        "a = []\nfill(a)",
        "print(a)",
    ],
    "a function that returns its argument": [
        KERAS,
        "def same(x):\n    return x",
        "a = []\nsame(a).append(layer(1))",
        "print(a)",
    ],
    "a function that returns a global": [
        KERAS,
        "a = []\n\n\ndef get():\n    return a",
        "b = get()\nb.append(layer(1))",
        "print(a)",
    ],
    "a method of the page's own": [
        KERAS,
        "class Box:\n    def sum(self, x):\n        self.x = x",
        "box = Box()\nbox.sum(layer(1))",
        "print(box.x)",
    ],
    "a function that changes a global": [
        KERAS,
        "a = []\n\n\ndef fill():\n    a.append(layer(1))",
        "fill()",
        "print(a)",
    ],
    "a function that binds a global": [
        KERAS,
        "a = 1\n\n\ndef change():\n    global a\n    a = layer(1)",
        "change()",
        "print(a)",
    ],
    "NumPy's change in place": [NP, KERAS, "x = np.ones(3)\nnp.copyto(x, layer(1))", "print(x)"],
    "NumPy's out": [NP, KERAS, "x = np.ones(3)\nnp.add(layer(1), 1, out=x)", "print(x)"],
    "what NumPy prints": [NP, KERAS, "np.set_printoptions(int(layer(1)))", "print(np.ones(3))"],
    "a name that del took away": [NP, "x = np.ones(3)\ndel x", "print(x)"],
    "an item that del takes": [KERAS, "a = [1, 2]\ndel a[int(layer(1))]", "print(a)"],
    "a name of Python's, bound anew": [KERAS, "sum = layer", "print(sum([1, 2]))"],
    "a star import": ["from keras.ops import *", "print(abs(-1))"],
    "a star import of NumPy": ["from numpy import *", "print(sin(1.0))"],
    "a star import after the name": ["x = 1", "from keras.ops import *", "print(x)"],
    "a magic": ["%timeit sum([1, 2])"],
    "a magic above": [NP, "%run elsewhere.py", "print(np.ones(3))"],
    "a magic beside the name": ["%matplotlib inline\nx = 1", "print(x)"],
    "a command of the shell": ["!ls", "files = !ls\nprint(files)"],
    "exec": ["exec('import keras')"],
    "exec above": ["x = 1", "exec('x = keras')", "print(x)"],
    "globals": ["globals()['x'] = 1", "print(x)"],
    "an unknown name": ["print(undefined)"],
    "an unknown name that is bound from itself": ["x = x + 1", "print(x)"],
    "a name of a block below": ["print(x)", "x = 1"],
    "a name of IPython's": ["display(1)"],
    "a file": ["print(open('data.txt').read())"],
    "a file of arrays": [NP, "x = np.load('data.npz')", "print(x)"],
    "await at the top": ["import asyncio\nawait asyncio.sleep(0)"],
    "a process": ["import subprocess\nsubprocess.run(['ls'])"],
    "no Python at all": ["x = = 1"],
}
"""The blocks of a page, each of which has a block that needs Keras, or may need it, at its end."""


@pytest.mark.parametrize("sources", NEEDS_KERAS.values(), ids=NEEDS_KERAS)
def test_what_may_depend_on_keras_needs_it(sources):
    judged = list(blocks(sources))
    wanted = judged[0] if sources[-1] == "x = 1" else judged[-1]
    assert not wanted.runs_here and wanted.before == ""


RUNS_HERE = {
    "nothing": (["print(1 + 1)"], ""),
    "a Keras that it does not use": (["import keras\nimport numpy as np", "print(np.pi)"], NP),
    "one line with Keras and NumPy": (["import keras, numpy as np", "print(np.pi)"], NP),
    "one name of several": (["from math import tanh, pi", "print(pi)"], "from math import pi"),
    "only what it needs": (
        [f"{NP}\nimport math", "a = 1\nb = np.ones(a)\nc = 2", "print(b)"],
        f"{NP}\na = 1\nb = np.ones(a)",
    ),
    "a name that was Keras'": ([KERAS, "x = layer(1)", "x = 2", "print(x)"], "x = 2"),
    "a name that was Keras', deleted": (
        [KERAS, "x = layer(1)\ndel x", "x = 2", "print(x)"],
        "x = 2",
    ),
    "the names of a loop": (
        [KERAS, "x = layer(1)", "for x in [1, 2]:\n    print(x)"],
        "",
    ),
    "the names of a comprehension": ([KERAS, "x = layer(1)", "print([x for x in [1, 2]])"], ""),
    "the names of a function": (
        [KERAS, "x = layer(1)", "def f(x):\n    y = x\n    return y\n\n\nprint(f(1))"],
        "",
    ),
    "what Keras only read": (
        [NP, KERAS, "x = np.ones(3)\ny = layer(x.astype('float32'))", "print(x)"],
        f"{NP}\nx = np.ones(3)",
    ),
    "numbers of a generator that Keras got more of": (
        [NP, KERAS, "r = np.random.default_rng(0)\nx = r.normal(size=3)\nlayer(r.normal())", "x"],
        f"{NP}\nr = np.random.default_rng(0)\nx = r.normal(size=3)",
    ),
    "another name that was for it": (
        [KERAS, "x = [1]\ny = x", "y = []\ny.append(layer(1))", "print(x)"],
        "x = [1]",
    ),
    "another name that it was for": (
        [KERAS, "x = [1]\ny = x", "y = [2]\nx.append(layer(1))", "print(y)"],
        "y = [2]",
    ),
    "a number that a module gave": ([NP, KERAS, "w = np.e\nw += layer(1)", "print(np.pi)"], NP),
    "a number that a function gave": (
        [KERAS, "def f():\n    return 1", "y = f()\ny += layer(1)", "print(f())"],
        "def f():\n    return 1",
    ),
    "the shape of an array": (
        [NP, KERAS, "x = np.ones(3)\nn = x.shape\nn += (layer(1),)", "print(x)"],
        f"{NP}\nx = np.ones(3)",
    ),
    "a function that was not called": (
        [KERAS, "a = []\n\n\ndef fill():\n    a.append(layer(1))", "print(a)"],
        "a = []",
    ),
    "a name that an earlier turn of a loop bound": (
        ["for k in [0, 1]:\n    if k:\n        print(m)\n    else:\n        m = k"],
        "",
    ),
    "augmented assignment": (["x = 1\nx += 2", "print(x)"], "x = 1\nx += 2"),
    "a method that changes": (["a = []\na.append(1)", "print(a)"], "a = []\na.append(1)"),
    "a comprehension": (["n = 3\nrows = [n * k for k in range(n)]", "print(rows)"],
                        "n = 3\nrows = [n * k for k in range(n)]"),
    "both branches": (
        [KERAS, "x = layer(1)", "if len('a'):\n    x = 1\nelse:\n    x = 2", "print(x)"],
        "if len('a'):\n    x = 1\nelse:\n    x = 2",
    ),
    "a function and what it reads": (
        ["n = 3\n\n\ndef f():\n    return n", "print(f())"],
        "n = 3\ndef f():\n    return n",
    ),
    "a function whose global is bound after it": (
        ["def f():\n    return n", "n = 3", "print(f())"],
        "def f():\n    return n\nn = 3",
    ),
    "a function that calls itself": (["def f(n):\n    return n and f(n - 1)", "print(f(2))"],
                                     "def f(n):\n    return n and f(n - 1)"),
    "a decorator": (
        ["from functools import cache", "@cache\ndef f():\n    return 1", "print(f())"],
        "from functools import cache\n@cache\ndef f():\n    return 1",
    ),
    "a class": (["class A:\n    n = 3\n    m = n", "print(A.m)"], "class A:\n    n = 3\n    m = n"),
    "two statements on a line": (["a = 1; b = 'ü'; c = 2", "print(c, b)"], "b = 'ü'\nc = 2"),
    "another module of Python's": (["import re\nprint(re.compile('a'))"], ""),
    "a magic that left its names alone": (["%timeit 1", "x = 1\nprint(x)"], ""),
}  # fmt: skip
"""The blocks of a page, the last of which runs in the page, and what must run before that one."""


@pytest.mark.parametrize(("sources", "before"), RUNS_HERE.values(), ids=RUNS_HERE)
def test_what_does_without_keras_runs_after_what_it_needs(sources, before):
    last = list(blocks(sources))[-1]
    assert last.runs_here and last.source == sources[-1]
    assert last.before == before


PLOT = "import matplotlib.pyplot as plt\nimport numpy as np\n"
FIGURE = "x = np.linspace(0, 1)\nfig, ax = plt.subplots()\nax.plot(x, x**2)\nplt.show()"


@pytest.mark.parametrize(
    ("source", "only_draws"),
    [
        (FIGURE, True),
        (f"def dot(ax, x):\n    ax.plot(x, x)\n\n\n{FIGURE}\ndot(ax, 1)", True),
        (f"def early(ax):\n    if ax is None:\n        return\n\n\n{FIGURE}", True),
        (f"def square(x):\n    return x * x\n\n\n{FIGURE}", False),
        (f"{FIGURE}\nprint(x.mean())", False),
        ("print(np.ones(3))", False),
        ("x = np.ones(3)", False),
        (f"%matplotlib inline\n{FIGURE}", False),
    ],
)
def test_a_block_that_only_draws_is_told_from_one_that_computes(source, only_draws):
    block = list(blocks([PLOT, source]))[-1]
    assert block.only_draws == only_draws
    assert block.is_editable == (block.runs_here and not only_draws)


def test_what_is_removed_from_a_page_is_not_shown():
    tags = {"a": [], "b": ["hide-input"], "c": ["remove-cell"], "d": ["remove-input"]}
    cells = [new_code_cell(name, metadata={"tags": tags[name]}) for name in tags]
    assert shown(new_notebook(cells=[new_markdown_cell("text"), *cells])) == ["a", "b"]
