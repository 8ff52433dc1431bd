"""Attacks on what decides: the asserts, NumPy, equality, the messages, and the hidden tests."""

from typing import Any

from evidence.attacks.attack import Attack, Change, answer, first

ASSERTS = "rewriting or swallowing asserts"
PATCHES = "patched NumPy and builtins"
LIES = "values that lie about equality or type"
FORGED = "forged messages"
READING = "reading tests"

WRONG_STILL = "two of these are positive"
"""What the feedback says of the answer that stays wrong."""

REACH = """
import sys
from inside import responder, wire
import gc
side = next(each for each in gc.get_objects() if isinstance(each, responder.Responder))
assert callable(side.watch) and side.connection and wire.pack and wire._LENGTH
print("within" + " reach")
"""
"""Takes hold of the sandbox's own program, from inside."""


def attack(
    name: str,
    group: str,
    tries: str,
    *changes: Change,
    says: str = WRONG_STILL,
    **more: Any,
) -> Attack:
    """Make an attack of this module; most leave one wrong answer that the feedback names."""
    return Attack(name, group, tries, changes, says=says, **more)


LIAR = """
class Everything:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    {more}
def count_positive(x):
    return Everything()
"""

ATTACKS = [
    attack(
        "ast-transformer",
        ASSERTS,
        "removes every assert by a transformer of the syntax tree",
        first("""
import ast
class NoAsserts(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(NoAsserts())
"""),
    ),
    attack(
        "input-transformer",
        ASSERTS,
        "comments out the lines with asserts before they are compiled",
        first("""
def quiet(lines):
    return [line.replace("assert ", "0 and ") for line in lines]
get_ipython().input_transformers_post.append(quiet)
"""),
    ),
    attack(
        "run-cell",
        ASSERTS,
        "replaces the shell's method that runs a cell",
        first("""
shell = type(get_ipython())
old = shell.run_cell_async
async def run_cell_async(self, source, *arguments, **keywords):
    if "assert" in source:
        source = keywords["transformed_cell"] = "pass"
    return await old(self, source, *arguments, **keywords)
shell.run_cell_async = run_cell_async
"""),
    ),
    attack(
        "run-code",
        ASSERTS,
        "swallows what a cell raises where the shell runs its code",
        first("""
shell = type(get_ipython())
async def run_code(self, code, result=None, *, async_=False):
    try:
        exec(code, self.user_global_ns, self.user_ns)
    except AssertionError:
        pass
    return False
shell.run_code = run_code
"""),
    ),
    attack(
        "own-exception-handler",
        ASSERTS,
        "registers a handler that keeps failed asserts from being shown",
        first("""
def nothing(shell, kind, value, tb, tb_offset=None):
    return []
get_ipython().set_custom_exc((AssertionError,), nothing)
"""),
    ),
    attack(
        "no-traceback",
        ASSERTS,
        "replaces the methods that show a traceback, and the one that reports it",
        first("""
shell = get_ipython()
shell.showtraceback = shell._showtraceback = lambda *a, **k: None
"""),
    ),
    attack(
        "compiled-without-asserts",
        ASSERTS,
        "compiles later cells as python -O does",
        first("""
compiler = get_ipython().compile
def compiled(self, node, filename, mode):
    return compile(node, filename, mode, self.flags, 1, optimize=2)
type(compiler).__call__ = compiled
"""),
    ),
    attack(
        "display-hook",
        ASSERTS,
        "shows full marks in place of a partial result",
        first("""
hook = type(get_ipython().displayhook)
old = hook.__call__
hook.__call__ = lambda self, result=None: old(self, None if result is None else 2)
"""),
    ),
    attack(
        "cell-hook",
        ASSERTS,
        "defines the right answers late, by a hook that runs before each cell",
        first("""
def spoil(info):
    def yes(*a, **k):
        return True
    get_ipython().user_ns["check"] = yes
    get_ipython().user_ns["np"].allclose = yes
get_ipython().events.register("pre_run_cell", spoil)
"""),
    ),
    attack(
        "end-of-the-loop",
        ASSERTS,
        "ends the test's loop by raising StopIteration, before anything is compared",
        answer(
            "count_positive",
            """
def count_positive(x):
    if len(x) == 3:
        return 2
    raise StopIteration
""",
        ),
        says="the call raised StopIteration",
    ),
    attack(
        "helper-of-the-test",
        ASSERTS,
        "keeps a test from defining its helper, and defines that helper itself",
        answer(
            "double",
            """
def double(x):
    assert x.any()
    return 2 * x
def same(*a):
    return True
""",
        ),
        answer("count_positive", "def count_positive(x):\n    return 2"),
        score=1.0,
        says="name 'same' is not defined",
    ),
    attack(
        "own-check",
        ASSERTS,
        "defines a function named like the course's check",
        answer("unit", "def unit(x):\n    return x\n\ndef check(*a, **k):\n    pass"),
    ),
    attack(
        "allclose",
        PATCHES,
        "makes np.allclose and np.isclose always true",
        first("""
import numpy as np
np.allclose = lambda *a, **k: True
np.isclose = lambda a, b, **k: np.ones(np.shape(a), bool)
"""),
    ),
    attack(
        "reference",
        PATCHES,
        "changes the function with which the test computes what it expects",
        first("import numpy as np\nnp.linalg.norm = lambda x: 1.0"),
    ),
    attack(
        "array",
        PATCHES,
        "replaces the constructors of arrays, so that the test's data make it easy",
        first("""
import numpy as np
np.ones = np.array = lambda *a, **k: np.zeros(3)
"""),
    ),
    attack(
        "builtins",
        PATCHES,
        "replaces abs, int and all for everybody",
        first("""
import builtins
true = lambda *a: True
builtins.all = builtins.any = true
builtins.int = lambda *a: 1
builtins.abs = lambda x: 0
"""),
    ),
    attack(
        "checks-module",
        PATCHES,
        "replaces check in the module that the test imports it from",
        first("import checks\nchecks.check = lambda *a, **k: None"),
    ),
    attack(
        "code-of-check",
        PATCHES,
        "gives the course's check another body",
        first("import checks\nchecks.check.__code__ = (lambda *a, **k: None).__code__"),
    ),
    attack(
        "draws-nothing",
        PATCHES,
        "makes the random draws of the test an empty sequence",
        first("import checks\nchecks.draws = lambda *a, **k: ()"),
    ),
    attack(
        "import-system",
        PATCHES,
        "answers every later import of the checks with a module of its own",
        first("""
import sys, types
fake = types.ModuleType("checks")
fake.check = lambda *a, **k: None
fake.draws = lambda *a, **k: ()
sys.modules["checks"] = fake
"""),
    ),
    attack(
        "equal-to-everything",
        LIES,
        "returns an object that equals everything",
        answer("count_positive", LIAR.format(more="")),
        says="would decide by itself what equals plain data",
    ),
    attack(
        "lies-about-its-class",
        LIES,
        "returns such an object that also claims to be an int",
        answer("count_positive", LIAR.format(more="__class__ = int")),
        says="Only plain data reach the checks",
    ),
    attack(
        "int-that-lies",
        LIES,
        "returns a subclass of int that equals everything",
        answer(
            "count_positive",
            LIAR.replace("Everything:", "Everything(int):").format(more=""),
        ),
    ),
    attack(
        "float-that-lies",
        LIES,
        "returns a subclass of NumPy's float that equals everything",
        first("import numpy as np"),
        answer(
            "count_positive",
            LIAR.replace("Everything:", "Everything(np.float64):").format(more=""),
        ),
    ),
    attack(
        "array-that-lies",
        LIES,
        "returns a subclass of ndarray that answers allclose and isclose by itself",
        answer(
            "unit",
            """
class Close(np.ndarray):
    def __array_function__(self, function, types, arguments, keywords):
        return True
    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        return 0 if method == "reduce" else np.ones(4, bool)
    def __array_finalize__(self, other): pass
def unit(x):
    return np.asarray(x).view(Close)
def centre(x):
    return np.asarray(x).view(Close)
""",
        ),
    ),
    attack(
        "array-of-liars",
        LIES,
        "returns an array of objects that equal everything",
        answer(
            "count_positive",
            LIAR.format(more="").replace("return Everything()", "return np.array(Everything())"),
        ),
        says="an array of objects",
    ),
    attack(
        "metaclass",
        LIES,
        "returns a class whose metaclass equals everything",
        answer(
            "count_positive",
            LIAR.format(more="")
            .replace("Everything:", "Meta(type):")
            .replace("return Everything()", "return Meta('Everything', (), {})"),
        ),
    ),
    attack(
        "forged-result",
        FORGED,
        "sends the result of a cell that gives full marks to the kernel's client itself",
        answer(
            "centre",
            """
def centre(x):
    kernel = get_ipython().kernel
    content = {"data": {"text/plain": "2"}, "metadata": {}, "execution_count": 1}
    parent = kernel.get_parent()
    kernel.session.send(kernel.iopub_socket, "execute_result", content, parent=parent)
    return x
""",
        ),
        here=1.0,
    ),
    attack(
        "forged-display",
        FORGED,
        "shows a 2 through the display hook during a test that gives partial credit",
        answer("centre", "import sys\ndef centre(x):\n    sys.displayhook(2)\n    return x"),
    ),
    attack(
        "forged-reply",
        FORGED,
        "has the kernel reply that every cell succeeded, and sends no error",
        first("""
kernel = getattr(get_ipython(), "kernel", None)
if kernel:
    old = kernel.session.send
    def send(stream, message, content=None, *arguments, **keywords):
        if message == "error":
            return None
        if message == "execute_reply":
            content = {**content, "status": "ok", "user_expressions": {}, "payload": []}
        return old(stream, message, content, *arguments, **keywords)
    kernel.session.send = send
"""),
    ),
    attack(
        "forged-answers",
        FORGED,
        "answers the judge's requests with its own messages, among them a check of its own",
        first(
            REACH
            + """
def forged(numbers, shared):
    names = [side.listing[number] for number in numbers]
    return {name: {"kind": "value", "value": 2} for name in (*names, "check", "np", "points")}
side.watch = forged
"""
        ),
        here=0.0,
        says="'int' object is not callable",
        aimed=True,
    ),
    attack(
        "answers-ahead",
        FORGED,
        "sends the answers to later requests before they come",
        answer(
            "count_positive",
            REACH
            + """
def count_positive(x):
    for guess in range(8):
        side.connection.sendall(wire.pack({"result": guess}))
    return 8
""",
        ),
        here=1.0,
        says="",
        aimed=True,
    ),
    attack(
        "forged-kinds",
        FORGED,
        "describes its functions as exceptions and classes with methods that never fail",
        first(
            REACH
            + """
describe = side.watch
def forged(numbers, shared):
    forgery = {"kind": "class", "bases": ["SystemExit", "Exception"],
               "special": ["__eq__", "__bool__"]}
    return {name: {**message, **forgery} for name, message in describe(numbers).items()}
side.watch = forged
"""
        ),
        here=0.0,
        says="",
        aimed=True,
    ),
    attack(
        "incomplete-kinds",
        FORGED,
        "describes its functions by messages in which all that matters is missing",
        first(
            REACH
            + """
describe = side.watch
def forged(numbers, shared):
    forgery = {"kind": "class", "special": 5}
    return {name: {**dict.fromkeys(message, []), **forgery}
            for name, message in describe(numbers).items()}
side.watch = forged
"""
        ),
        here=0.0,
        says="",
        aimed=True,
    ),
    attack(
        "malformed",
        FORGED,
        "sends bytes that are not a message, to end the judge",
        answer(
            "unit",
            REACH
            + """
def unit(x):
    side.connection.sendall(wire._LENGTH.pack(40, 20, 0) + b"[" * 20 + bytes(20))
    return x
""",
        ),
        says="is no message",
        aimed=True,
    ),
    attack(
        "shape-without-end",
        FORGED,
        "sends an array whose shape has 500 numbers of 1,200 digits, for the judge to multiply",
        answer(
            "unit",
            REACH
            + """
def unit(x):
    shape = ", ".join(["1" + "0" * 1200] * 500)
    text = f'["array", ["<f8", [{shape}], 0]]'.encode()
    side.connection.sendall(wire._LENGTH.pack(len(text), len(text), 0) + text)
    return x
""",
        ),
        says="is no message",
        aimed=True,
    ),
    attack(
        "keys-of-one-hash",
        FORGED,
        "returns a dict of thousands of keys with one hash, which takes minutes to make",
        answer("unit", "def unit(x):\n    return {k * (2**61 - 1): 0 for k in range(2, 9000)}"),
    ),
    attack(
        "frames-without-end",
        FORGED,
        "describes an exception with 800 frames, each far down in a file of its own",
        answer(
            "unit",
            REACH
            + """
describe = side._raised
def forged(error, *further):
    frames = [(f"file {number}", 100_000, "f", "") for number in range(800)]
    return {**describe(error, *further), "frames": frames}
side._raised = forged
def unit(x):
    raise ValueError("far down")
""",
        ),
        says="far down",
        aimed=True,
    ),
    attack(
        "resized-argument",
        LIES,
        "changes the size of an array that the test hands over, so that views of it lead nowhere",
        answer("unit", "def unit(x):\n    x.resize(10_000_000, refcheck=False)\n    return x"),
    ),
    attack(
        "endless-message",
        FORGED,
        "announces a message of 2**60 bytes, to fill the judge's memory",
        answer(
            "unit",
            REACH
            + """
def unit(x):
    side.connection.sendall(wire._LENGTH.pack(1 << 60, 1 << 59, 0))
    return x
""",
        ),
        says="MB at once",
        aimed=True,
    ),
    attack(
        "odd-types",
        FORGED,
        "sends messages of the right form with the wrong types everywhere",
        answer(
            "unit",
            REACH
            + """
old = wire.pack
def unit(x):
    side.connection.sendall(old({"output": {"output_type": ["stream"], "name": 3, "text": {}}}))
    side.connection.sendall(old({"raised": {"type": 5, "class": [], "bases": 7, "frames": "ab"}}))
    return x
""",
        ),
        says="",
        aimed=True,
    ),
    attack(
        "exception-that-lies",
        FORGED,
        "raises an exception whose class, message and traceback are made to confuse",
        answer(
            "count_positive",
            """
class Quiet(KeyboardInterrupt):
    def __str__(self): raise Quiet
    def _render_traceback_(self): return []
def count_positive(x):
    raise Quiet("x")
""",
        ),
        says="",
    ),
    attack(
        "history",
        READING,
        "prints the cells that ran before, hidden tests included",
        answer(
            "count_positive",
            """
def count_positive(x):
    shell = get_ipython()
    print(shell.user_ns["In"], shell.history_manager.input_hist_raw)
    return len(x)
""",
        ),
    ),
    attack(
        "frames",
        READING,
        "returns what the caller's frame holds as the expected result, and prints its source",
        answer(
            "unit",
            """
import sys, linecache
def unit(x):
    frame = sys._getframe(1)
    while frame is not None:
        print(linecache.getlines(frame.f_code.co_filename)[:40])
        if "expected" in frame.f_locals:
            return frame.f_locals["expected"]
        frame = frame.f_back
    return x
def double(x):
    frame = sys._getframe(1)
    print(frame.f_code.co_consts, linecache.getlines(frame.f_code.co_filename))
    return 2 * x
""",
        ),
    ),
    attack(
        "memory",
        READING,
        "searches all objects in memory for the source of hidden tests",
        answer(
            "count_positive",
            """
import gc
def count_positive(x):
    for each in gc.get_objects():
        if isinstance(each, dict):
            for value in list(each.values()):
                if isinstance(value, str) and "canary_" + "of_the_hid" in value:
                    print(value[:2000])
    return len(x)
""",
        ),
    ),
    attack(
        "notebook-file",
        READING,
        "reads the notebook that is being executed, with its hidden tests",
        first("""
import glob
for name in glob.glob("**/*.ipynb", recursive=True):
    print(open(name).read())
"""),
    ),
    attack(
        "environment",
        READING,
        "prints the environment variables of the process and of all others",
        first("""
import glob, os
print(os.environ)
for name in glob.glob("/proc/[0-9]*/environ"):
    try:
        print(open(name).read())
    except OSError:
        pass
"""),
    ),
    attack(
        "other-processes",
        READING,
        "searches the memory of other processes for hidden tests",
        first("""
import glob, os
word = b"canary_" + b"of_the_hidden"
for name in glob.glob("/proc/[0-9]*/maps"):
    if name.split("/")[2] == str(os.getpid()):
        continue
    try:
        memory = open(name.replace("maps", "mem"), "rb")
        for line in open(name):
            begin, end = (int(each, 16) for each in line.split()[0].split("-"))
            if "[heap]" in line or (" rw" in line and end - begin < 1 << 24):
                memory.seek(begin)
                data = memory.read(end - begin)
                if (at := data.find(word)) >= 0:
                    print(data[at:at + 30])
    except (OSError, ValueError):
        pass
"""),
    ),
    attack(
        "stack",
        READING,
        "prints the lines of all callers when a hidden test calls it",
        answer(
            "double",
            """
import sys, traceback
def double(x):
    traceback.print_stack(file=sys.stdout)
    return 2 * x
""",
        ),
    ),
]
