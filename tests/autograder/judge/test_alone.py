"""Which test cells depend on the learner through `check` alone, by their text."""

import textwrap

import pytest

from autograder.judge.alone import is_alone

SETUP = "from checks import check, draws"
ALONE = {
    "a call": "check(f, (1,), 2)",
    "a loop": "for rng in draws(3):\n    check(f, (rng.normal(),), 2)",
    "a tape": """
        from checks.loading import tf
        def compare(x):
            layer = tf.layer(3)
            with tf.GradientTape(persistent=True) as tape:
                y = layer(one_hot(x))
            check(f, (x,), tape.gradient(y, x))
        for rng in draws(3):
            compare(rng.normal(size=3))
    """,
    "a decorated test": """
        from checks import checking
        @checking("right")
        def test():
            with errstate(all="ignore"):
                x = helper(3)
            check(f, (x,), 2)
    """,
}
NOT_ALONE = {
    "a call beside": "assert f(1) == 2",
    "what check returns": "points = check(f, (1,), 2)",
    "what check returns, from a function": """
        def share(x):
            return check(f, (x,), 2)
        8 * min(share(1), share(2))
    """,
    "what another name for check returns": "again = check\nagain(f, (1,), 2) * 8",
    "what catches": "try:\n    check(f, (1,), 2)\nexcept AssertionError:\n    pass",
    "a context": "with suppress(Exception):\n    check(f, (1,), 2)",
    "a context around a function": """
        def compare():
            check(f, (1,), 2)
        with suppress(Exception):
            compare()
    """,
    "a context around a function of a function": """
        def compare():
            check(f, (1,), 2)
        def again():
            compare()
        with suppress(Exception):
            again()
    """,
    "a context around another name": """
        def compare():
            check(f, (1,), 2)
        one = other = compare
        with suppress(Exception):
            other()
    """,
    "a context around a method": """
        class Test:
            def run(self):
                check(f, (1,), 2)
        test = Test()
        with suppress(Exception):
            test.run()
    """,
    "a context around check by another name": """
        from checks import check as same
        with suppress(Exception):
            same(f, (1,), 2)
    """,
    "a context around what is handed over": """
        def catch(run):
            with suppress(Exception):
                run()
        catch(lambda: check(f, (1,), 2))
    """,
    "a context in a decorator": """
        def catch(run):
            with suppress(Exception):
                run()
        @catch
        def test():
            check(f, (1,), 2)
    """,
    "a context around what is kept": """
        kept = []
        kept.append(lambda: check(f, (1,), 2))
        with suppress(Exception):
            kept[0]()
    """,
    "a context around an attribute": """
        class Box: pass
        Box.run = lambda: check(f, (1,), 2)
        with suppress(Exception):
            Box.run()
    """,
    "a context around a default": """
        def test(run=lambda: check(f, (1,), 2)):
            run()
        with suppress(Exception):
            test()
    """,
    "a context around a loop": """
        for run in [lambda: check(f, (1,), 2)]:
            with suppress(Exception):
                run()
    """,
    "a context around a pattern": """
        match [lambda: check(f, (1,), 2)]:
            case [run]:
                pass
        with suppress(Exception):
            run()
    """,
    "a look at the function": "check(f, (f.__doc__,), 2)",
    "the time": "import time\ncheck(f, (time.time(),), 2)",
}


def alone(source):
    return is_alone(textwrap.dedent(source), [SETUP], lambda name: name == "f", {"checks"})


@pytest.mark.parametrize("source", ALONE.values(), ids=ALONE)
def test_it_is_alone(source):
    assert alone(source)


@pytest.mark.parametrize("source", NOT_ALONE.values(), ids=NOT_ALONE)
def test_it_is_not_alone(source):
    assert not alone(source)
