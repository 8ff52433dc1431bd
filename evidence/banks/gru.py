"""Wrong and right implementations for gru."""

from functools import partial

from evidence.banks import Wrong, right, wrong

GATES = {"z": "update", "r": "reset"}
BEFORE = "np.tanh(x @ kernel_h + (reset * h) @ recurrent_h + bias_h)"
AFTER = "np.tanh(x @ kernel_h + of_x + reset * (h @ recurrent_h + of_h))"
MIXTURE = "update * h + (1 - update) * candidate"
GATE_BIAS = "bias.sum(axis=0) if reset_after else bias"
COUNT = "3 * (features * units + units * units + biases)"
ROWS = "2 * units if reset_after else units"
STACKED = "np.stack(every_h, axis=1)"

update_gate = partial(wrong, "update_gate")
reset_gate = partial(wrong, "reset_gate")
candidate_reset_before = partial(wrong, "candidate_reset_before")
candidate_reset_after = partial(wrong, "candidate_reset_after")
new_state = partial(wrong, "new_state")
gru_step = partial(wrong, "gru_step")
gru_layer = partial(wrong, "gru_layer")
gru_parameter_count = partial(wrong, "gru_parameter_count")
right_update_gate = partial(right, "update_gate")
right_reset_gate = partial(right, "reset_gate")
right_candidate_reset_before = partial(right, "candidate_reset_before")
right_candidate_reset_after = partial(right, "candidate_reset_after")
right_new_state = partial(right, "new_state")
right_gru_step = partial(right, "gru_step")
right_gru_layer = partial(right, "gru_layer")
right_gru_parameter_count = partial(right, "gru_parameter_count")


def _of_a_gate(letter: str) -> list[Wrong]:
    """List the mistakes that are made in either gate."""
    gate = partial(wrong, f"{GATES[letter]}_gate")
    value = f"sigmoid(x @ kernel_{letter} + h @ recurrent_{letter} + bias_{letter})"
    place = "zrh".index(letter)

    def block(array: str, k: int) -> str:
        axis = ", axis=-1" if array != "bias" else ""
        return f"np.split({array}, 3{axis})[{k}]"

    def value_of(k: int) -> str:
        kernel, recurrent, bias = (block(a, k) for a in ("kernel", "recurrent_kernel", "bias"))
        return f"sigmoid(x @ {kernel} + h @ {recurrent} + {bias})"

    labels = ("the update gate", "the reset gate", "the candidate")
    other = 1 - place
    return [
        *(gate(f"columns of {labels[k]}", (value, value_of(k))) for k in range(3) if k != place),
        gate(
            f"kernel of {labels[2]}",
            (f"x @ kernel_{letter}", f"x @ {block('kernel', 2)}"),
        ),
        gate(
            f"recurrent kernel of {labels[other]}",
            (f"h @ recurrent_{letter}", f"h @ {block('recurrent_kernel', other)}"),
        ),
        gate(f"bias of {labels[2]}", (f"+ bias_{letter}", f"+ {block('bias', 2)}")),
        gate("bias missing", (f" + bias_{letter}", "")),
        gate("bias doubled", (f"+ bias_{letter}", f"+ 2 * bias_{letter}")),
        gate("input term missing", (f"x @ kernel_{letter} + ", "")),
        gate("recurrent term missing", (f" + h @ recurrent_{letter}", "")),
        gate("recurrent kernel transposed", (f"recurrent_{letter} +", f"recurrent_{letter}.T +")),
        gate("tanh", ("sigmoid(", "np.tanh(")),
        gate("activation missing", ("sigmoid(", "(")),
        gate("activation twice", (value, f"sigmoid({value})")),
        gate("complement", ("return ", "return 1 - ")),
        gate("times h", ("return ", "return h * ")),
        gate("forget bias added", (f"+ bias_{letter}", f"+ bias_{letter} + 1")),
        gate(
            "every third column",
            (
                value,
                f"sigmoid(x @ kernel[:, {place}::3] + h @ recurrent_kernel[:, {place}::3]"
                f" + bias[{place}::3])",
            ),
        ),
        gate("all three blocks", (value, "sigmoid(x @ kernel + h @ recurrent_kernel + bias)")),
        gate(
            "four blocks, as in an LSTM",
            ("np.split(kernel, 3, axis=-1)", "np.split(kernel, 4, axis=-1)"),
            diagnosis="unequal split",
        ),
        gate("first number of the bias", (f"+ bias_{letter}", f"+ bias_{letter}[0]")),
        gate("no return", ("return ", "result = ")),
        gate("dtype", ("return ", "return np.float16("), (value, f"{value})")),
        gate(
            "bias outside",
            (value, f"sigmoid(x @ kernel_{letter} + h @ recurrent_{letter}) + bias_{letter}"),
        ),
        gate("squeezed", ("return ", "return np.squeeze("), (value, f"{value})")),
    ]


def _of_a_candidate(name: str, value: str) -> list[Wrong]:
    """List the mistakes that are made in either candidate."""
    candidate = partial(wrong, name)
    return [
        candidate("activation missing", (value, value.replace("np.tanh", ""))),
        candidate("sigmoid", (value, value.replace("np.tanh", "sigmoid"))),
        candidate("activation twice", (value, f"np.tanh({value})")),
        candidate("reset gate ignored", (value, value.replace("reset * ", ""))),
        candidate("reset gate inverted", (value, value.replace("reset *", "(1 - reset) *"))),
        candidate("reset gate squashed again", ("reset *", "sigmoid(reset) *")),
        candidate("candidate times the reset gate", ("return ", "return reset * ")),
        candidate("input term missing", ("x @ kernel_h + ", "")),
        candidate(
            "recurrent kernel of the reset gate",
            ("_, _, recurrent_h", "_, recurrent_h, _"),
        ),
        candidate("recurrent kernel transposed", ("@ recurrent_h", "@ recurrent_h.T")),
        candidate("complement", ("return ", "return 1 - ")),
        candidate("no return", ("return ", "result = ")),
        candidate("reset gate of the first sample", ("reset *", "reset[:1] *")),
        candidate("value cut", ("return ", "return 0.9 * "), diagnosis="value"),
    ]


WRONG = [
    *_of_a_gate("z"),
    *_of_a_gate("r"),
    *_of_a_candidate("candidate_reset_before", BEFORE),
    candidate_reset_before("reset gate added", ("(reset * h)", "(reset + h)")),
    candidate_reset_before(
        "columns of the update gate",
        ("_, _, kernel_h", "kernel_h, _, _"),
        ("_, _, recurrent_h", "recurrent_h, _, _"),
        ("_, _, bias_h", "bias_h, _, _"),
    ),
    candidate_reset_before("bias missing", (" + bias_h", "")),
    candidate_reset_before(
        "reset after the product", ("(reset * h) @ recurrent_h", "reset * (h @ recurrent_h)")
    ),
    candidate_reset_before(
        "reset on the bias too",
        ("(reset * h) @ recurrent_h + bias_h", "reset * (h @ recurrent_h + bias_h)"),
    ),
    candidate_reset_before(
        "reset on the whole sum",
        (BEFORE, "np.tanh(reset * (x @ kernel_h + h @ recurrent_h + bias_h))"),
    ),
    candidate_reset_before(
        "reset on x", (BEFORE, "np.tanh(reset * (x @ kernel_h) + h @ recurrent_h + bias_h)")
    ),
    candidate_reset_before(
        "reset gate computed anew",
        (
            "    return",
            "    reset = reset_gate(x, h, kernel, recurrent_kernel, bias)\n    return",
        ),
    ),
    candidate_reset_before("reset gate alone", ("(reset * h)", "reset")),
    candidate_reset_before("matrix product", ("(reset * h)", "(reset @ h)")),
    *_of_a_candidate("candidate_reset_after", AFTER),
    candidate_reset_after(
        "reset gate computed anew",
        (
            "    return",
            "    reset = reset_gate(x, h, kernel, recurrent_kernel, bias.sum(axis=0))\n    return",
        ),
    ),
    candidate_reset_after("reset gate added", ("reset * (", "(reset + ("), ("of_h))", "of_h)))")),
    candidate_reset_after(
        "columns of the update gate",
        ("_, _, kernel_h", "kernel_h, _, _"),
        ("_, _, recurrent_h", "recurrent_h, _, _"),
        ("_, _, (of_x, of_h)", "(of_x, of_h), _, _"),
    ),
    candidate_reset_after(
        "reset before the product",
        (AFTER, "np.tanh(x @ kernel_h + of_x + (reset * h) @ recurrent_h + of_h)"),
    ),
    candidate_reset_after(
        "recurrent bias outside the reset",
        (AFTER, "np.tanh(x @ kernel_h + of_x + reset * (h @ recurrent_h) + of_h)"),
    ),
    candidate_reset_after(
        "both rows inside the reset",
        (AFTER, "np.tanh(x @ kernel_h + reset * (h @ recurrent_h + of_h + of_x))"),
    ),
    candidate_reset_after("rows of the bias swapped", ("(of_x, of_h)", "(of_h, of_x)")),
    candidate_reset_after("first row of the bias missing", (" + of_x", "")),
    candidate_reset_after("second row of the bias missing", (" + of_h", "")),
    candidate_reset_after("no bias", (" + of_x", ""), (" + of_h", "")),
    candidate_reset_after("first row of the bias twice", ("+ of_h)", "+ of_x)")),
    candidate_reset_after(
        "sum of the rows in both places",
        (AFTER, "np.tanh(x @ kernel_h + of_x + of_h + reset * (h @ recurrent_h + of_x + of_h))"),
    ),
    candidate_reset_after(
        "reset on the whole sum",
        (AFTER, "np.tanh(reset * (x @ kernel_h + of_x + h @ recurrent_h + of_h))"),
    ),
    new_state("sign of the update gate", (MIXTURE, "(1 - update) * h + update * candidate")),
    new_state("update gate for both", ("(1 - update)", "update")),
    new_state("candidate taken whole", ("(1 - update) * ", "")),
    new_state("old state kept whole", ("update * h", "h")),
    new_state("update gate ignored", (MIXTURE, "h + candidate")),
    new_state("candidate missing", (" + (1 - update) * candidate", "")),
    new_state("old state missing", ("update * h + ", "")),
    new_state("parentheses missing", ("(1 - update)", "1 - update")),
    new_state("candidate subtracted", ("h + (", "h - (")),
    new_state("parts multiplied", ("h + (", "h * (")),
    new_state("mean of the parts", (MIXTURE, f"({MIXTURE}) / 2")),
    new_state("new state squashed", (MIXTURE, f"np.tanh({MIXTURE})")),
    new_state("candidate squashed again", ("* candidate", "* np.tanh(candidate)")),
    new_state(
        "update gate squashed again",
        (MIXTURE, "sigmoid(update) * h + (1 - sigmoid(update)) * candidate"),
    ),
    new_state("matrix products", (MIXTURE, "update @ h + (1 - update) @ candidate")),
    new_state("old state returned", (MIXTURE, "h")),
    new_state("candidate returned", (MIXTURE, "candidate")),
    new_state("old state added", ("return ", "return h + ")),
    new_state(
        "update gate of the first unit", (MIXTURE, MIXTURE.replace("update", "update[:, :1]"))
    ),
    new_state("returned twice", (MIXTURE, f"({MIXTURE}, {MIXTURE})")),
    new_state("no return", ("return ", "result = ")),
    new_state(
        "sum of squares",
        (MIXTURE, "update**2 * h + (1 - update) ** 2 * candidate"),
        diagnosis="value",
    ),
    new_state(
        "arguments changed", (MIXTURE, "h.__imul__(update).__iadd__((1 - update) * candidate)")
    ),
    gru_step("first row of the bias for the gates", ("bias.sum(axis=0)", "bias[0]")),
    gru_step("second row of the bias for the gates", ("bias.sum(axis=0)", "bias[1]")),
    gru_step("mean of the rows for the gates", ("bias.sum(axis=0)", "bias.mean(axis=0)")),
    gru_step("sign of the update gate", ("new_state(update,", "new_state(1 - update,")),
    gru_step("reset gate for the update gate", ("update = update_gate(", "update = reset_gate(")),
    gru_step("update gate for the reset gate", ("reset = reset_gate(", "reset = update_gate(")),
    gru_step(
        "gates swapped",
        ("update = update_gate(", "update = reset_gate("),
        ("reset = reset_gate(", "reset = update_gate("),
        diagnosis="blocks in the order r, z, h",
    ),
    gru_step("reset gate ignored", ("reset = ", "reset = 1 + 0 * ")),
    gru_step("reset gate inverted", ("x, h, reset, ", "x, h, 1 - reset, ")),
    gru_step("old state returned", ("return new_state(update, candidate, h)", "return h")),
    gru_step("candidate returned", ("return new_state(update, candidate, h)", "return candidate")),
    gru_step("old state kept whole", ("return ", "return h - update * h + ")),
    gru_step(
        "returned twice",
        ("return new_state(update, candidate, h)", "return [new_state(update, candidate, h)] * 2"),
    ),
    gru_step(
        "option inverted",
        (
            "if reset_after else candidate_reset_before",
            "if not reset_after else candidate_reset_before",
        ),
        diagnosis="unequal split",
    ),
    gru_step("no return", ("return ", "result = ")),
    gru_step(
        "default turned over",
        ("reset_after=True", "reset_after=False"),
        diagnosis="default of reset_after",
    ),
    gru_layer("state ignored", (" if state is None else state", "")),
    gru_layer("initial state of ones", ("np.zeros(", "np.ones(")),
    gru_layer("return_sequences inverted", ("if return_sequences", "if not return_sequences")),
    gru_layer("return_sequences always true", (f"{STACKED} if return_sequences else h", STACKED)),
    gru_layer("return_sequences always false", (f"{STACKED} if return_sequences else h", "h")),
    gru_layer(
        "return_sequences true by default", ("return_sequences=False", "return_sequences=True")
    ),
    gru_layer(
        "default turned over",
        ("reset_after=True", "reset_after=False"),
        diagnosis="default of reset_after",
    ),
    gru_layer("time reversed", ("x[:, t]", "x[:, -1 - t]")),
    gru_layer("last step missing", ("range(x.shape[1])", "range(x.shape[1] - 1)")),
    gru_layer("first step missing", ("range(x.shape[1])", "range(1, x.shape[1])")),
    gru_layer("first input repeated", ("x[:, t]", "x[:, 0]")),
    gru_layer("batch taken for time", ("range(x.shape[1])", "range(x.shape[0])")),
    gru_layer(
        "state before the step",
        (
            "        h = gru_step(x[:, t], h, kernel, recurrent_kernel, bias, reset_after)\n"
            "        every_h.append(h)",
            "        every_h.append(h)\n"
            "        h = gru_step(x[:, t], h, kernel, recurrent_kernel, bias, reset_after)",
        ),
    ),
    gru_layer(
        "reset_after not handed on",
        ("bias, reset_after)", "bias)"),
        diagnosis="an axis that is not there",
    ),
    gru_layer(
        "mean over time",
        ("return_sequences else h", "return_sequences else np.mean(every_h, axis=0)"),
    ),
    gru_layer("states not stacked", (STACKED, "every_h"), diagnosis="list of steps"),
    gru_layer(
        "stacked along the first axis",
        ("axis=1)", "axis=0)"),
        diagnosis="axes (time, batch, units)",
    ),
    gru_parameter_count("LSTM", ("3 * (", "4 * (")),
    gru_parameter_count("two blocks", ("3 * (", "2 * (")),
    gru_parameter_count("one block", ("3 * (", "(")),
    gru_parameter_count("one row of the bias", (ROWS, "units")),
    gru_parameter_count("two rows of the bias", (ROWS, "2 * units")),
    gru_parameter_count("rows the other way round", ("if reset_after", "if not reset_after")),
    gru_parameter_count("biases missing", (" + biases", "")),
    gru_parameter_count("kernel missing", ("features * units + ", "")),
    gru_parameter_count("recurrent kernel missing", (" + units * units", "")),
    gru_parameter_count(
        "features and units swapped",
        ("features * units + units * units", "features * units + features * features"),
        ("2 * units if reset_after else units", "2 * features if reset_after else features"),
    ),
    gru_parameter_count("recurrent kernel by features", ("units * units", "units * features")),
    gru_parameter_count("kernel added", ("features * units", "features + units")),
    gru_parameter_count(
        "biases of one block", (COUNT, "3 * (features * units + units * units) + biases")
    ),
    gru_parameter_count(
        "default turned over",
        ("reset_after=True", "reset_after=False"),
        diagnosis="default of reset_after",
    ),
]

RIGHT = [
    right_update_gate(
        "slices",
        """
def update_gate(x, h, kernel, recurrent_kernel, bias):
    units = h.shape[1]
    return sigmoid(x @ kernel[:, :units] + h @ recurrent_kernel[:, :units] + bias[:units])
""",
    ),
    right_update_gate(
        "concatenated, in float64",
        """
def update_gate(x, h, kernel, recurrent_kernel, bias):
    both = np.concatenate([x, h], axis=1).astype("float64")
    weights = np.concatenate([kernel, recurrent_kernel])[:, : bias.size // 3]
    return 1 / (1 + np.exp(-(both @ weights + bias[: bias.size // 3])))
""",
    ),
    right_reset_gate(
        "all blocks first",
        """
def reset_gate(x, h, kernel, recurrent_kernel, bias):
    units = len(recurrent_kernel)
    return sigmoid(x @ kernel + h @ recurrent_kernel + bias)[:, units : 2 * units]
""",
    ),
    right_candidate_reset_before(
        "einsum",
        """
def candidate_reset_before(x, h, reset, kernel, recurrent_kernel, bias):
    n = h.shape[1]
    recurrent = np.einsum("bi,bi,ij->bj", reset, h, recurrent_kernel[:, 2 * n :])
    return np.tanh(x @ kernel[:, -n:] + recurrent + bias[-n:])
""",
    ),
    right_candidate_reset_after(
        "the rows one by one",
        """
def candidate_reset_after(x, h, reset, kernel, recurrent_kernel, bias):
    n = h.shape[1]
    input_bias, recurrent_bias = bias[0, 2 * n :], bias[1, 2 * n :]
    inner = h @ recurrent_kernel[:, 2 * n :] + recurrent_bias
    inner = inner * reset
    return np.tanh(x @ kernel[:, 2 * n :] + input_bias + inner)
""",
    ),
    right_new_state(
        "a step towards the candidate",
        """
def new_state(update, candidate, h):
    return candidate + update * (h - candidate)
""",
    ),
    right_gru_step(
        "one product for all blocks, as on a GPU",
        """
def gru_step(x, h, kernel, recurrent_kernel, bias, reset_after=True):
    n = h.shape[1]
    of_x, of_h = bias if reset_after else (bias, np.zeros_like(bias))
    a = x @ kernel + of_x
    b = h @ recurrent_kernel + of_h
    z, r = sigmoid(a[:, :n] + b[:, :n]), sigmoid(a[:, n : 2 * n] + b[:, n : 2 * n])
    inner = r * b[:, 2 * n :] if reset_after else (r * h) @ recurrent_kernel[:, 2 * n :]
    c = np.tanh(a[:, 2 * n :] + inner)
    return z * h + (1 - z) * c
""",
    ),
    right_gru_layer(
        "an array that is filled",
        """
def gru_layer(
    x, kernel, recurrent_kernel, bias, state=None, reset_after=True, return_sequences=False
):
    batch, time, _ = x.shape
    h = np.zeros((batch, recurrent_kernel.shape[0])) if state is None else state
    out = np.empty((batch, time, h.shape[1]))
    for t, now in enumerate(np.swapaxes(x, 0, 1)):
        h = gru_step(now, h, kernel, recurrent_kernel, bias, reset_after=reset_after)
        out[:, t] = h
    return out if return_sequences else out[:, -1]
""",
    ),
    right_gru_parameter_count(
        "shapes of the arrays",
        """
def gru_parameter_count(features, units, reset_after=True):
    return sum(
        rows * 3 * units for rows in (features, units, 2 if reset_after else 1)
    )
""",
    ),
]
