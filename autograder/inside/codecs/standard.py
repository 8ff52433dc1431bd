"""Codecs of Python's own library."""

import array
import builtins
import datetime
import decimal
import fractions
import io
import pathlib
import random
import re
import types
import uuid
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from typing import Any

from ..errors import CannotCross, Malformed
from .codec import Codec, bounded, exactly

MOST_DIGITS = 10_000  # of a Decimal, and its largest exponent: int() writes them all out
LONGEST_PATTERN = 1000  # characters of a regular expression
TWISTER_WORDS = 624  # of the state of a Mersenne Twister
WORD = (1 << 32) - 1
_empty: dict = {}
_ordered: OrderedDict = OrderedDict()
KEYS = (type(_empty.keys()), type(_ordered.keys()))
VALUES = (type(_empty.values()), type(_ordered.values()))
ITEMS = (type(_empty.items()), type(_ordered.items()))
PATHS = {each.__name__: each for each in (pathlib.PosixPath, pathlib.PurePosixPath)}
EXCEPTIONS = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type)
    and issubclass(kind, Exception)
    and not issubclass(kind, UnicodeError | BaseExceptionGroup)
    and kind.__name__ == name
}


def _decimal_parts(value: decimal.Decimal) -> tuple:
    sign, digits, exponent = value.as_tuple()
    if len(digits) > MOST_DIGITS or (isinstance(exponent, int) and abs(exponent) > MOST_DIGITS):
        raise CannotCross(f"a Decimal of more than {MOST_DIGITS:,} digits")
    return sign, "".join(map(str, digits)), exponent


def _decimal(sign: int, digits: str, exponent: Any) -> decimal.Decimal:
    if len(exactly(str, digits)) > MOST_DIGITS:
        raise Malformed("a Decimal of too many digits")
    if type(exponent) is int and abs(exponent) > MOST_DIGITS:
        raise Malformed("a Decimal that is too large or too small")
    return decimal.Decimal((sign, tuple(map(int, digits)), exponent))


def _fraction(numerator: int, denominator: int) -> fractions.Fraction:
    return fractions.Fraction(exactly(int, numerator), exactly(int, denominator))


def _time_parts(value: datetime.time | datetime.datetime) -> tuple:
    return value.replace(tzinfo=None).isoformat(), _zone(value), value.fold


def _zone(value: datetime.time | datetime.datetime) -> datetime.timezone | None:
    """Return a time's zone, one of another library as what it is at that time.

    Raises CannotCross where that depends on a date that is missing.
    """
    zone = value.tzinfo
    if zone is None or type(zone) is datetime.timezone:
        return zone
    offset = value.utcoffset()
    if offset is None:
        raise CannotCross("a time in a zone whose difference from UTC depends on the date")
    return datetime.timezone(offset, str(value.tzname()))


def _time_builder(kind: Any) -> Callable[..., object]:
    def build(text: str, zone: datetime.timezone | None, fold: int) -> object:
        if zone is not None:
            exactly(datetime.timezone, zone)
        return kind.fromisoformat(exactly(str, text)).replace(tzinfo=zone, fold=fold)

    return build


def _pattern(pattern: str | bytes, flags: int) -> re.Pattern:
    if len(pattern) > LONGEST_PATTERN:
        raise Malformed("a regular expression that is too long")
    return re.compile(pattern, flags & ~re.DEBUG)


def _exception(name: str, arguments: tuple) -> Exception:
    return EXCEPTIONS[name](*exactly(tuple, arguments))


def _counter(counts: dict) -> Counter:
    counter: Counter = Counter()
    dict.update(counter, exactly(dict, counts))
    return counter


def _recount(counter: Counter, other: Counter) -> None:
    counter.clear()
    dict.update(counter, other)  # a Counter's own method adds


def _refill(container: Any, other: Any) -> None:
    container.clear()
    container.update(other)


def _refill_deque(container: deque, other: deque) -> None:
    container.clear()
    container.extend(other)


def _refill_namespace(namespace: types.SimpleNamespace, other: types.SimpleNamespace) -> None:
    _refill(vars(namespace), vars(other))


def _buffer_parts(buffer: Any) -> tuple:
    if buffer.closed:
        raise CannotCross("a buffer that is closed")
    return buffer.getvalue(), buffer.tell()


def _buffer_builder(kind: Any) -> Callable[..., object]:
    def build(content: Any, position: int) -> object:
        buffer = kind()
        buffer.write(content)
        buffer.seek(bounded(position, len(content)))
        return buffer

    return build


def _rewrite(buffer: Any, other: Any) -> None:
    buffer.seek(0)
    buffer.truncate()
    buffer.write(other.getvalue())
    buffer.seek(other.tell())


def _random(state: tuple) -> random.Random:
    version, words, gauss = state
    if len(words) != TWISTER_WORDS + 1 or (gauss is not None and type(gauss) is not float):
        raise Malformed("no state of a generator of random numbers")
    bounded(words[-1], TWISTER_WORDS)  # the place of the next word
    generator = random.Random()
    generator.setstate((version, tuple(bounded(word, WORD) for word in words), gauss))
    return generator


CODECS = (
    Codec("fraction", (fractions.Fraction,), lambda f: f.as_integer_ratio(), _fraction),
    Codec("decimal", (decimal.Decimal,), _decimal_parts, _decimal),
    Codec("date", (datetime.date,), lambda d: (d.year, d.month, d.day), datetime.date),
    Codec("time", (datetime.time,), _time_parts, _time_builder(datetime.time)),
    Codec("datetime", (datetime.datetime,), _time_parts, _time_builder(datetime.datetime)),
    Codec(
        "timedelta",
        (datetime.timedelta,),
        lambda d: (d.days, d.seconds, d.microseconds),
        lambda *parts: datetime.timedelta(*(exactly(int, part) for part in parts)),
    ),
    Codec(
        "timezone",
        (datetime.timezone,),
        lambda zone: (zone.utcoffset(None), zone.tzname(None)),
        datetime.timezone,
    ),
    Codec("uuid", (uuid.UUID,), lambda u: (u.int,), lambda number: uuid.UUID(int=number)),
    Codec(
        "path",
        tuple(PATHS.values()),
        lambda path: (type(path).__name__, str(path)),
        lambda name, text: PATHS[name](exactly(str, text)),
    ),
    Codec("pattern", (re.Pattern,), lambda p: (p.pattern, p.flags), _pattern),
    Codec(
        "exception", tuple(EXCEPTIONS.values()), lambda e: (type(e).__name__, e.args), _exception
    ),
    Codec(
        "deque",
        (deque,),
        lambda d: (list(d), d.maxlen),
        lambda items, most: deque(exactly(list, items), most),
        _refill_deque,
        True,
    ),
    Codec("Counter", (Counter,), lambda c: (dict(c),), _counter, _recount, True),
    Codec(
        "OrderedDict",
        (OrderedDict,),
        lambda d: (dict(d),),
        lambda items: OrderedDict(exactly(dict, items)),
        _refill,
        True,
    ),
    Codec(
        "defaultdict",
        (defaultdict,),
        lambda d: (d.default_factory, dict(d)),
        lambda factory, items: defaultdict(factory, exactly(dict, items)),
        _refill,
        True,
    ),
    Codec(
        "keys",
        KEYS,
        lambda view: (dict.fromkeys(view),),
        lambda items: exactly(dict, items).keys(),
    ),
    Codec(
        "values",
        VALUES,
        lambda view: (list(view),),
        lambda items: dict(enumerate(exactly(list, items))).values(),
    ),
    Codec(
        "items",
        ITEMS,
        lambda view: (dict(view),),
        lambda items: exactly(dict, items).items(),
    ),
    Codec(
        "namespace",
        (types.SimpleNamespace,),
        lambda namespace: (dict(vars(namespace)),),
        lambda attributes: types.SimpleNamespace(**exactly(dict, attributes)),
        _refill_namespace,
        True,
    ),
    Codec("StringIO", (io.StringIO,), _buffer_parts, _buffer_builder(io.StringIO), _rewrite),
    Codec("BytesIO", (io.BytesIO,), _buffer_parts, _buffer_builder(io.BytesIO), _rewrite),
    Codec(
        "machine array",
        (array.array,),
        lambda a: (a.typecode, a.tobytes()),
        lambda code, data: array.array(code, exactly(bytes, data)),
    ),
    Codec(
        "Random",
        (random.Random,),
        lambda generator: (generator.getstate(),),
        _random,
        lambda generator, other: generator.setstate(other.getstate()),
    ),
)
