"""Functions and types of libraries, which both sides have: they cross by their names.

The list has only functions that compute. Any other callable stays where it is. If the learner's
code returns one, it is called in the sandbox: `eval` or `np.load` would be a way into the judge.
"""

import builtins
import importlib
import sys
from types import BuiltinFunctionType, FunctionType, MethodDescriptorType
from typing import Any

import numpy as np

from .errors import Malformed


def words(text: str) -> frozenset[str]:
    """Split a text into a set of its words."""
    return frozenset(text.split())


BUILTINS = words(
    "abs all any ascii bin bool bytearray bytes callable chr complex dict divmod "
    "enumerate filter float format frozenset hash hex int isinstance issubclass iter len "
    "list map max min next object oct ord pow print range repr reversed round set slice "
    "sorted str sum tuple type zip"
)
METHODS = (str, bytes, list, tuple, dict, set, frozenset, int, float, complex)
"""Types whose methods cross too, such as `str.upper`."""
NUMPY = words(
    "all allclose amax amin any append arange argmax argmin argsort argwhere around array "
    "array_equal array_split asarray atleast_1d atleast_2d average bincount broadcast_to "
    "clip column_stack concatenate convolve corrcoef count_nonzero cov cross cumprod "
    "cumsum delete diag diagonal diff digitize dot dstack ediff1d empty empty_like exp2 "
    "expand_dims eye flatnonzero flip fliplr flipud full full_like geomspace gradient "
    "histogram hsplit hstack identity inner insert interp isclose iscomplex isin isreal "
    "kron linspace logspace max mean median meshgrid min nan_to_num nanargmax nanargmin "
    "nanmax nanmean nanmedian nanmin nanstd nansum nanvar ndarray ndim nonzero ones "
    "ones_like outer pad percentile polyfit polyval prod ptp quantile ravel repeat "
    "reshape resize roll roots rot90 round searchsorted shape sinc size sort split "
    "squeeze stack std sum swapaxes take tensordot tile trace transpose trapezoid tri "
    "tril triu unique unwrap vander var vdot vsplit vstack where zeros zeros_like"
)
LINEAR = words("cond det eig eigh eigvals inv lstsq matrix_rank norm pinv qr solve svd")
KINDS = (type, FunctionType, BuiltinFunctionType, MethodDescriptorType, np.ufunc, type(np.sum))
"""Types of functions and types. No stand-in is among their instances but functions and classes."""
COMPUTING: dict[str, frozenset[str] | set[str] | None] = {
    "builtins": BUILTINS,
    "math": None,
    "cmath": None,
    "statistics": None,
    "operator": words(
        "abs add and_ concat contains eq floordiv ge getitem gt indexOf inv invert is_ is_not "
        "le lshift lt matmul mod mul ne neg not_ or_ pos pow rshift sub truediv truth xor"
    ),
    "functools": {"reduce"},
    "itertools": words("accumulate chain combinations groupby permutations product"),
    "collections": {"Counter", "OrderedDict", "defaultdict", "deque"},
    "collections.abc": None,
    "fractions": {"Fraction"},
    "decimal": {"Decimal"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "pathlib": {"Path", "PosixPath", "PurePath", "PurePosixPath"},
    "types": {"NoneType", "SimpleNamespace"},
    "typing": {"Any"},
    "numpy": NUMPY,
    "numpy.linalg": LINEAR,
    "pandas": {"DataFrame", "Series", "Index", "Timestamp", "isna"},
}
"""The modules, with the names of what crosses; None for all that a module offers."""
PUBLIC = {
    **{"_operator": "operator", "_functools": "functools", "_collections_abc": "collections.abc"},
    **{"_collections": "collections", "_thread": "threading", "_random": "random"},
}
"""Where a module's parts are meant to be imported from."""


def name_of(value: Any) -> tuple[str, str] | None:
    """Find the module and the name of a function or a type that crosses; None for all else."""
    if not isinstance(value, KINDS):
        return None
    module, name = home_of(value)
    try:
        same = find(module, name) is value
    except Exception:
        return None
    return (module, name) if same else None


def home_of(value: Any) -> tuple[str, str]:
    """Return the module and the name that a callable gives for itself."""
    module = str(getattr(value, "__module__", None) or "")
    name = str(getattr(value, "__qualname__", None) or getattr(value, "__name__", ""))
    if isinstance(value, MethodDescriptorType) and value.__objclass__ in METHODS:
        module = "builtins"
    elif isinstance(value, np.ufunc):
        module = "numpy"
    return PUBLIC.get(module, module), name


def find(module: str, name: str) -> object:
    """Find a function or a type that crosses. Raises Malformed, or what an import raises."""
    if module == "builtins" and name == "NoneType":
        module = "types"
    if module == "builtins" and "." in name:
        kind, _, method = name.partition(".")
        if kind not in {each.__name__ for each in METHODS} or method.startswith("_"):
            raise Malformed("no method that crosses")
        return vars(getattr(builtins, kind))[method]
    names = COMPUTING[module]
    home = sys.modules.get(module) or importlib.import_module(module)
    names = getattr(home, "__all__", vars(home)) if names is None else names
    if name.startswith("_") or name not in names:
        value = _type_or_ufunc(module, name)
    else:
        value = getattr(home, name)
    if not callable(value):
        raise Malformed("no function and no type")
    return value


def _type_or_ufunc(module: str, name: str) -> object:
    """Find one of Python's exceptions, or NumPy's types of numbers and functions of each number."""
    value = getattr(builtins if module == "builtins" else np, name, None)
    if isinstance(value, type) and issubclass(value, BaseException | np.generic):
        return value
    if module == "numpy" and isinstance(value, np.ufunc):
        return value
    raise Malformed("no function or type that crosses")


def anywhere(module: str, name: str) -> object:
    """Import a part of any module, as the learner's code could do by itself."""
    value: Any = sys.modules.get(module) or importlib.import_module(module)
    for each in name.split("."):
        value = getattr(value, each)
    return value
