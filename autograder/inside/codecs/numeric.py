"""Codecs of NumPy, besides its arrays and numbers."""

from typing import Any

import numpy as np
from numpy.polynomial import Chebyshev, Hermite, HermiteE, Laguerre, Legendre, Polynomial

from ..errors import CannotCross, Malformed
from .codec import Codec, bounded, exactly
from .standard import TWISTER_WORDS

POLYNOMIALS: dict[str, Any] = {
    each.__name__: each for each in (Polynomial, Chebyshev, Legendre, Hermite, HermiteE, Laguerre)
}
DTYPES = tuple({type(np.dtype(code)) for code in np.typecodes["All"] if code != "O"})
BITS = {"state": 128, "inc": 128, "has_uint32": 1, "uinteger": 32}
"""The parts of the state of NumPy's default generator, and the bits of each."""


def _generator_parts(generator: np.random.Generator) -> tuple:
    state: Any = generator.bit_generator.state
    if state["bit_generator"] != "PCG64":
        raise CannotCross("a generator of random numbers that is not NumPy's default")
    flat = {**state["state"], **state}
    return tuple(flat["state"]["state"] if key == "state" else flat[key] for key in BITS)


def _generator(*numbers: int) -> np.random.Generator:
    state = {key: bounded(n, (1 << BITS[key]) - 1) for key, n in zip(BITS, numbers, strict=True)}
    inner = {key: state.pop(key) for key in ("state", "inc")}
    bits: Any = np.random.PCG64()
    bits.state = {"bit_generator": "PCG64", "state": inner, **state}
    return np.random.Generator(bits)


def _continue(generator: np.random.Generator, other: np.random.Generator) -> None:
    generator.bit_generator.state = other.bit_generator.state


def _twister(words: Any, position: int, has_gauss: int, gauss: float) -> np.random.RandomState:
    if exactly(np.ndarray, words).shape != (TWISTER_WORDS,) or words.dtype != np.uint32:
        raise Malformed("no state of a generator of random numbers")
    place = bounded(position, TWISTER_WORDS)
    twister = np.random.RandomState()
    twister.set_state(("MT19937", words, place, bounded(has_gauss, 1), exactly(float, gauss)))
    return twister


def _numbers(value: object) -> np.ndarray:
    """Return coefficients if they are a row of numbers. Raises Malformed."""
    array = exactly(np.ndarray, value)
    if array.ndim != 1 or array.dtype.kind not in "biufc":
        raise Malformed("no coefficients of a polynomial")
    return array


def _polynomial(
    name: str, coefficients: object, domain: object, window: object, symbol: str
) -> object:
    numbers = [_numbers(each) for each in (coefficients, domain, window)]
    return POLYNOMIALS[name](*numbers, symbol=exactly(str, symbol))


CODECS = (
    Codec("generator", (np.random.Generator,), _generator_parts, _generator, _continue),
    Codec(
        "RandomState",
        (np.random.RandomState,),
        lambda twister: twister.get_state()[1:],
        _twister,
        lambda twister, other: twister.set_state(other.get_state()),
    ),
    Codec(
        "dtype",
        DTYPES,
        lambda dtype: (np.empty(0, dtype),),
        lambda empty: exactly(np.ndarray, empty).dtype,
    ),
    Codec(
        "poly1d",
        (np.poly1d,),
        lambda p: (p.coeffs, p.variable),
        lambda coefficients, name: np.poly1d(_numbers(coefficients), variable=exactly(str, name)),
    ),
    Codec(
        "polynomial",
        tuple(POLYNOMIALS.values()),
        lambda p: (type(p).__name__, p.coef, p.domain, p.window, p.symbol),
        _polynomial,
    ),
)
