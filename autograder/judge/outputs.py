"""The outputs of learners' cells, as far as they are safe to keep."""

import base64
import binascii
import math
import re

from nbformat.v4 import new_output

IMAGES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
"""The kinds of pictures that are shown, and how their files begin."""
SCALAR = re.compile(r"(?:np\.\w+|array)\(([^(),]+)(?:, dtype=\w+)?\)")
"""How NumPy shows a single number."""
MOST_COUNTED = 1 << 31
COLOUR = r"\x1b\[[0-9;]{0,20}m"
MOST_COLOURS = 1000  # of a text: a page of feedback takes long to turn more into HTML
CONTROL = re.compile(
    rf"(?!{COLOUR})\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x1b[\]PX^_][^\x07\x1b]{0,200}(?:\x07|\x1b\\)?"
    rf"|(?!{COLOUR})\x1b|[\0-\x07\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]"
)
"""What moves about on a terminal, or does worse to it; not what moves on a line or to the next."""


def safe_output(output: dict) -> dict | None:
    """Rebuild a cell's output from what is harmless: text, PNG, JPEG, printed text and errors.

    output: in nbformat 4, perhaps malformed. Returns a valid one, or None if nothing is left. It
    has no metadata, because nbconvert writes some of that into the page.
    """
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return new_output(kind, name=name, text=text(output.get("text")))
    if kind == "error":
        lines = output.get("traceback")
        return new_output(
            kind,
            ename=text(output.get("ename")),
            evalue=text(output.get("evalue")),
            traceback=[text(line) for line in lines] if isinstance(lines, list) else [],
        )
    if kind not in ("display_data", "execute_result"):
        return None
    data = output.get("data")
    kept = pictures(data)
    if isinstance(data, dict) and (plain := text(data.get("text/plain"))):
        kept["text/plain"] = plain
    if not kept:
        return None
    count = {"execution_count": _count(output.get("execution_count"))}
    return new_output(kind, data=kept, **(count if kind == "execute_result" else {}))


def pictures(data: object) -> dict[str, str]:
    """Keep the pictures of a MIME bundle that are what they claim to be."""
    if not isinstance(data, dict):
        return {}
    kept = {kind: _picture(data.get(kind), start) for kind, start in IMAGES.items()}
    return {kind: picture for kind, picture in kept.items() if picture}


def _picture(value: object, start: bytes) -> str:
    """Return a picture's base64 on one line; "" if it is not base64, or another kind of file."""
    try:
        content = base64.b64decode("".join(text(value).split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    return base64.b64encode(content).decode() if content.startswith(start) else ""


def text(value: object) -> str:
    """Return a string, or join a list of lines, so that anybody can read it; "" for anything else.

    It has no half surrogates, which cannot be written to a file, and no control sequences of a
    terminal, except for a moderate number of colours.
    """
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        value = "".join(value)
    if not isinstance(value, str):
        return ""
    value = CONTROL.sub("", value.encode(errors="replace").decode())
    return re.sub(COLOUR, "", value) if value.count("\x1b") > MOST_COLOURS else value


def add_output(output: dict, outputs: list[dict]) -> None:
    """Add an output to a cell's; join texts of one stream."""
    last = outputs[-1] if outputs else {}
    if output["output_type"] == "stream" and last.get("name") == output["name"]:
        last["text"] += output["text"]
    else:
        outputs.append(output)


def fit(output: dict, most: int) -> dict:
    """Cut the texts of a test cell's output, which may quote the learner's, so that they fit."""

    def cut(value: str) -> str:
        value = text(value)
        return value if len(value) <= most else f"{value[:most]} ... (cut)"

    texts = {key: cut(output[key]) for key in ("text", "ename", "evalue") if key in output}
    lines = {key: [cut(line) for line in output[key]] for key in ("traceback",) if key in output}
    return {**output, **texts, **lines}


def credit(output: dict) -> dict:
    """Write the points that a test cell gives, its last value, so that nbgrader can read them.

    nbgrader gives all points for a value that it does not recognise as a number, such as
    np.float64(0.5), and also for NaN and for numbers below 0. The latter two become an error here.
    """
    if output["output_type"] != "execute_result":
        return output
    value = output["data"].get("text/plain", "")
    match = SCALAR.fullmatch(value)
    try:
        points = float(match[1] if match else value)
    except ValueError:
        return output
    if 0 <= points < math.inf:
        return {**output, "data": {**output["data"], "text/plain": repr(points)}}
    why = f"the test gave {points:g} points"
    return new_output("error", ename="ValueError", evalue=why, traceback=[f"ValueError: {why}"])


def _count(value: object) -> int | None:
    """Return an execution count, None for what is not one."""
    return value if type(value) is int and 0 <= value < MOST_COUNTED else None
