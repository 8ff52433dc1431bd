"""Explains, in plain words, the exceptions that learners of NumPy meet most often.

Python's and NumPy's own messages say what failed, not what to look for. Each entry has the name of
a diagnosis, a pattern for the exception's text, and a sentence that quotes groups of the pattern.
"""

import re
from typing import NamedTuple


class Meaning(NamedTuple):
    """What an exception means: the diagnosis, and a sentence."""

    diagnosis: str
    sentence: str


MEANINGS = (
    (
        "index past the end",
        r"IndexError: index (?P<index>\d+) is out of bounds for axis \d+ with size (?P=index)",
        "An axis of length {index} has no index {index}: Python counts from 0. If the index is"
        " right, another axis was meant.",
    ),
    (
        "index beyond the axis",
        r"IndexError: index (?P<index>-?\d+) is out of bounds for axis (?P<axis>\d+) with size "
        r"(?P<size>\d+)",
        "The index {index} is beyond the end of axis {axis}, which has the length {size} here. Was"
        " the length of another axis meant, or another axis?",
    ),
    (
        "too many indices",
        r"IndexError: too many indices for array: array is (?P<axes>\d+)-dimensional",
        "An array of {axes} axes is indexed as if it had more. Has an axis been lost before, or was"
        " another array meant?",
    ),
    (
        "truth of an array",
        r"ValueError: The truth value of an array",
        "An array as a whole is neither true nor false, so `if`, `and`, `or`, `not` and `max` with"
        " it decide nothing. To decide number by number, look for a function that chooses for each"
        " entry. Whether an argument was left out is asked with `is None`.",
    ),
    (
        "unequal split",
        r"ValueError: array split does not result in an equal division",
        "`np.split` cuts an axis into parts of one length, and the length of this axis is no"
        " multiple of their number. Without `axis=` it cuts the first axis. Was another one meant?",
    ),
    (
        "nothing collected",
        r"ValueError: need at least one array to (stack|concatenate)",
        "The list of arrays is empty: nothing has been appended to it.",
    ),
    (
        "shapes differ in a list",
        r"ValueError: (all (the )?input array|setting an array element with a seq|.*inhomogen)",
        "The arrays that are put together differ in shape.",
    ),
    (
        "whole numbers",
        r"(UFuncTypeError|TypeError): Cannot cast ufunc '\w+' output from dtype\('float\d+'\) to "
        r"dtype\('int",
        "An array of whole numbers cannot take up fractions. An array takes its dtype when it is"
        " made, from the numbers it is made of or from `dtype=`.",
    ),
    (
        "power written as ^",
        r"TypeError: (ufunc 'bitwise_xor'|unsupported operand type\(s\) for \^)",
        "`^` is no power in Python, but works on the bits of whole numbers. A power is `**`.",
    ),
    (
        "truths subtracted",
        r"TypeError: numpy boolean (subtract|negative)",
        "Arrays of True and False cannot be subtracted or negated with a minus. `~` turns them into"
        " their opposites.",
    ),
    (
        "shape without brackets",
        r"TypeError: Cannot interpret '[^']*' as a data type",
        "A shape is one argument, a tuple: its lengths stand in brackets of their own. The second"
        " argument is the dtype.",
    ),
    (
        "column for a row",
        r"ValueError: operands could not be broadcast together with shapes "
        r"\((?:\d+,)*(?P<units>\d+)\) \((?P=units),1\)",
        "An array of the shape ({units}, 1), a column, meets rows of {units} numbers. If it has a"
        " number for each column, it is a row: its shape is ({units},) or (1, {units}).",
    ),
    (
        "empty slice",
        r"ValueError: (operands could not be broadcast|could not broadcast).*[(,]0[,)]",
        "One of the arrays is empty, as its length of 0 shows: a slice begins beyond the end of the"
        " axis that it cuts, or `+=` adds numbers to an empty list, which `append` would extend.",
    ),
    (
        "array as an index",
        r"(IndexError: only integers, slices|TypeError: only .*scalar|IndexError: arrays used as)",
        "An array or a fraction stands where one whole number is needed, such as an index, a length"
        " or the size of a new array. A loop over an array yields its parts, not their numbers.",
    ),
    (
        "not a number that can be counted",
        r"TypeError: '(?P<type>[\w.]+)' object cannot be interpreted as an integer",
        "Something of the type {type} stands where a whole number is needed. `range` takes a number"
        " of turns, not the array itself or its shape.",
    ),
    (
        "used before it has a value",
        r"UnboundLocalError: .*'(?P<name>\w+)'",
        "{name} is read before it has a value. Give it one before the loop or the branch that"
        " changes it.",
    ),
    (
        "a name that is not defined",
        r"NameError: name '(?P<name>\w+)' is not defined",
        "{name} is not known here: it is misspelt, no argument of this function, not imported, or"
        " the cell that defines it has not run.",
    ),
    (
        "number of arguments",
        r"TypeError: (?P<name>[\w.]+)\(\) (missing \d+ required|takes .* positional argument|got an"
        r" unexpected keyword|got multiple values)",
        "The arguments in a call of {name} are too few, too many, or have other names than in its"
        " definition.",
    ),
    (
        "raised",
        r"ValueError: (matmul: .*is different from|shapes .* not aligned)",
        "In a matrix product the last axis of the left array is as long as the last but one of the"
        " right array. Here these lengths differ: which arrays meet, and in which order?",
    ),
    (
        "loop over a number",
        r"TypeError: '(int|numpy\.int\d+)' object is not iterable",
        "A loop goes over the parts of something, and a number has none. For a number of turns look"
        " for `range`.",
    ),
    (
        "an axis that is not there",
        r"(IndexError: tuple index out of range|.*AxisError: axis -?\d+ is out of bounds)",
        "This asks for an axis, or a part of a tuple, that is not there: an array has fewer axes"
        " here than the line expects.",
    ),
    (
        "function not called",
        r"TypeError: (unsupported operand type\(s\) for .*'function'|.*(of|types?) .*function)",
        "A function itself stands where its result is needed: the brackets with its arguments are"
        " missing.",
    ),
    (
        "not something to call",
        r"TypeError: '(?P<type>[\w.]+)' object is not callable",
        "Something of the type {type} is called like a function: a name has been given to it that a"
        " function had before, or an operator is missing before a bracket.",
    ),
    (
        "parts of a tuple",
        r"(ValueError: (too many|not enough) values to unpack|TypeError: cannot unpack)",
        "The number of names on the left of `=` is not the number of parts on its right.",
    ),
    (
        "a list or tuple as an array",
        r"(AttributeError: '(?P<type>list|tuple|int|float|NoneType)' object has no attribute|"
        r"TypeError: (list|tuple) indices must be integers)",
        "A list, a tuple or a number is used as if it were an array. Which part of it was meant, or"
        " was an array to be made of it?",
    ),
    (
        "a key that the dict has not",
        r"KeyError: '?(?P<key>[^']*)",
        "The dict has no key {key}. Its keys are in the table of the text.",
    ),
    (
        "read-only",
        r"ValueError: (assignment destination|output array) is read-only",
        "This array cannot be written to: it is a view. Make a copy of it first.",
    ),
    (
        "never ends",
        r"RecursionError",
        "The function calls itself without end. Does it have the name of the function that it means"
        " to call?",
    ),
)


def meaning(text: str) -> Meaning | None:
    """Say what an exception means, by its type and message; None if it has no entry."""
    for diagnosis, pattern, sentence in MEANINGS:
        if match := re.match(pattern, text):
            return Meaning(diagnosis, sentence.format(**match.groupdict()))
    return None
