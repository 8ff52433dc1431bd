"""Wrong and right implementations for rnn-cell."""

from evidence.banks import right, wrong

SUM = "x @ kernel + h @ recurrent_kernel + bias"
STEP = "np.tanh(pre_activation(x, h, kernel, recurrent_kernel, bias))"
CALL = "h = rnn_step(x[:, t], h, kernel, recurrent_kernel, bias)"
LOOP = "for t in range(x.shape[1]):"
STACK = "return np.stack(states, axis=1)"
STATES = "states = rnn_sequence(x, initial_state, kernel, recurrent_kernel, bias)"
ZEROS = "np.zeros((x.shape[0], bias.size), dtype=x.dtype)"
RETURN = "return (output, last) if return_state else output"
COUNT = "features * units + units * units + units"


def pre_activation(name, new, diagnosis=""):
    return wrong("pre_activation", name, (SUM, new), diagnosis=diagnosis)


def rnn_step(name, new, diagnosis=""):
    return wrong("rnn_step", name, (STEP, new), diagnosis=diagnosis)


def parameter_count(name, new, diagnosis=""):
    return wrong("parameter_count", name, (COUNT, new), diagnosis=diagnosis)


WRONG = [
    pre_activation("bias missing", "x @ kernel + h @ recurrent_kernel"),
    pre_activation("bias doubled", "(x @ kernel + bias) + (h @ recurrent_kernel + bias)"),
    pre_activation("bias subtracted", "x @ kernel + h @ recurrent_kernel - bias"),
    pre_activation("input term missing", "h @ recurrent_kernel + bias"),
    pre_activation("recurrent term missing", "x @ kernel + bias"),
    pre_activation("recurrent term subtracted", "x @ kernel - h @ recurrent_kernel + bias"),
    pre_activation("recurrent kernel transposed", "x @ kernel + h @ recurrent_kernel.T + bias"),
    pre_activation(
        "concatenation order", "np.hstack([h, x]) @ np.vstack([kernel, recurrent_kernel]) + bias"
    ),
    pre_activation("activation applied", f"np.tanh({SUM})"),
    pre_activation("state of the first sample", "x @ kernel + h[0] @ recurrent_kernel + bias"),
    pre_activation(
        "state averaged over the batch", "x @ kernel + h.mean(axis=0) @ recurrent_kernel + bias"
    ),
    pre_activation("terms multiplied", "(x @ kernel) * (h @ recurrent_kernel) + bias", "value"),
    pre_activation("number by number", "x @ kernel + h * recurrent_kernel[0] + bias", "value"),
    pre_activation(
        "sizes written down",
        "x[:, :4] @ kernel[:, :5] + (h @ recurrent_kernel + bias)[:3]",
        "raised",
    ),
    pre_activation("kernel transposed", "x @ kernel.T + h @ recurrent_kernel + bias", "raised"),
    pre_activation("float16 result", f"({SUM}).astype('float16')", "dtype"),
    pre_activation(
        "float16 inside",
        "(x.astype('float16') @ kernel + h @ recurrent_kernel + bias)"
        ".astype('float16').astype('float32')",
        "value",
    ),
    wrong(
        "pre_activation",
        "h changed in place",
        (
            f"return {SUM}",
            f"h @= recurrent_kernel\n    return {SUM.replace('h @ recurrent_kernel', 'h')}",
        ),
        diagnosis="arguments changed",
    ),
    wrong(
        "pre_activation",
        "return forgotten",
        (f"return {SUM}", f"z = {SUM}"),
        diagnosis="no return",
    ),
    # rnn_step
    rnn_step("activation missing", "pre_activation(x, h, kernel, recurrent_kernel, bias)"),
    rnn_step("sigmoid", STEP.replace("np.tanh(", "1 / (1 + np.exp(-").replace("bias))", "bias)))")),
    rnn_step("relu", STEP.replace("np.tanh(", "np.maximum(0, ")),
    rnn_step("activation twice", f"np.tanh({STEP})"),
    rnn_step("bias outside", "np.tanh(x @ kernel + h @ recurrent_kernel) + bias"),
    rnn_step("recurrent term outside", "np.tanh(x @ kernel + bias) + h @ recurrent_kernel"),
    rnn_step("input term outside", "x @ kernel + np.tanh(h @ recurrent_kernel + bias)"),
    rnn_step("old state added", f"h + {STEP}"),
    rnn_step("old state returned", "h"),
    rnn_step("bias doubled", STEP.replace("bias))", "bias) + bias)")),
    rnn_step("recurrent kernel transposed", STEP.replace("kernel, bias", "kernel.T, bias")),
    rnn_step("recurrent term missing", STEP.replace("x, h", "x, 0 * h")),
    rnn_step("half old, half new", f"(h + {STEP}) / 2", "value"),
    rnn_step(
        "tanh by its exponentials",
        f"(lambda e: (e - 1 / e) / (e + 1 / e))(np.exp({SUM}))",
        "nan",
    ),
    rnn_step("float16 result", f"{STEP}.astype('float16')", "dtype"),
    wrong(
        "rnn_step",
        "h changed in place",
        (f"return {STEP}", f"h[:] = {STEP}\n    return h"),
        diagnosis="arguments changed",
    ),
    wrong("rnn_step", "return forgotten", ("return ", "h = "), diagnosis="no return"),
    # rnn_sequence
    wrong(
        "rnn_sequence",
        "state not carried",
        (CALL, CALL.replace("h =", "new =")),
        (".append(h)", ".append(new)"),
    ),
    wrong(
        "rnn_sequence",
        "initial state ignored",
        ("states = []", "states = []\n    h = np.zeros_like(h)"),
    ),
    wrong("rnn_sequence", "old state added", (CALL, CALL.replace("h =", "h = h +"))),
    wrong(
        "rnn_sequence",
        "state of before the step",
        (CALL, "states.append(h)"),
        ("        states.append(h)\n    return", f"        {CALL}\n    return"),
    ),
    wrong("rnn_sequence", "initial state included", ("states = []", "states = [h]")),
    wrong("rnn_sequence", "last step missing", (LOOP, "for t in range(x.shape[1] - 1):")),
    wrong("rnn_sequence", "first step missing", (LOOP, "for t in range(1, x.shape[1]):")),
    wrong("rnn_sequence", "last state only", (STACK, "return h")),
    wrong(
        "rnn_sequence",
        "last state everywhere",
        ("states = []", "states = []\n    h = h.copy()"),
        (CALL, CALL.replace("h =", "h[:] =")),
    ),
    wrong(
        "rnn_sequence",
        "last state alone is kept",
        (STACK, "kept = np.zeros((*x.shape[:2], h.shape[1]))\n    kept[:, t] = h\n    return kept"),
    ),
    wrong(
        "rnn_sequence",
        "time reversed",
        (LOOP, LOOP.replace("range(x.shape[1])", "reversed(range(x.shape[1]))")),
    ),
    wrong("rnn_sequence", "states reversed", ("states.append(h)", "states.insert(0, h)")),
    wrong("rnn_sequence", "first input repeated", ("x[:, t]", "x[:, 0]")),
    wrong("rnn_sequence", "last input repeated", ("x[:, t]", "x[:, -1]")),
    wrong("rnn_sequence", "time axis first", (STACK, "return np.array(states)")),
    wrong(
        "rnn_sequence",
        "axes mixed up",
        (STACK, "return np.array(states).reshape(*x.shape[:2], h.shape[1])"),
    ),
    wrong("rnn_sequence", "batch taken for time", (LOOP, "for t in range(x.shape[0]):")),
    wrong(
        "rnn_sequence",
        "state leaked over the batch",
        ("    states = []\n", "    rows, now = [], h[0]\n    for sample in x:\n        row = []\n"),
        (
            f"    {LOOP}\n        {CALL}\n        states.append(h)\n    {STACK}",
            "        for step in sample:\n"
            "            now = rnn_step(step, now, kernel, recurrent_kernel, bias)\n"
            "            row.append(now)\n"
            "        rows.append(row)\n"
            "    return np.array(rows)",
        ),
    ),
    wrong(
        "rnn_sequence", "state of the first sample", ("states = []", "states = []\n    h = h[:1]")
    ),
    wrong("rnn_sequence", "activation missing", ("rnn_step(", "pre_activation(")),
    wrong(
        "rnn_sequence",
        "activation twice",
        (CALL, CALL.replace("rnn_step(", "np.tanh(rnn_step(") + ")"),
    ),
    wrong(
        "rnn_sequence",
        "recurrent kernel transposed",
        (CALL, CALL.replace("kernel, bias", "kernel.T, bias")),
    ),
    wrong("rnn_sequence", "bias missing", (CALL, CALL.replace("kernel, bias", "kernel, 0 * bias"))),
    wrong(
        "rnn_sequence",
        "loop over the batch",
        (LOOP, "for x_t in x:"),
        ("x[:, t]", "x_t"),
        diagnosis="raised",
    ),
    wrong("rnn_sequence", "list returned", (STACK, "return states"), diagnosis="type"),
    wrong("rnn_sequence", "six steps", (LOOP, "for t in range(6):"), diagnosis="raised"),
    wrong(
        "rnn_sequence",
        "initial state changed in place",
        (CALL, CALL.replace("h =", "h[:] =")),
        (".append(h)", ".append(h.copy())"),
        diagnosis="arguments changed",
    ),
    # rnn_layer
    wrong("rnn_layer", "initial state ignored", ("if initial_state is None:", "if True:")),
    wrong("rnn_layer", "initial state of ones", (ZEROS, ZEROS.replace("zeros", "ones"))),
    wrong(
        "rnn_layer", "return_sequences ignored", ("states if return_sequences else last", "last")
    ),
    wrong("rnn_layer", "return_state ignored", (RETURN, "return output")),
    wrong(
        "rnn_layer",
        "state always returned",
        (RETURN, "return output, last"),
        diagnosis="return_state ignored",
    ),
    wrong(
        "rnn_layer",
        "both flags ignored",
        ("states if return_sequences else last", "last if return_sequences else states"),
        ("last) if return_state else output", "last) if not return_state else output"),
    ),
    wrong("rnn_layer", "state before output", ("(output, last)", "(last, output)")),
    wrong("rnn_layer", "sequence as state", ("(output, last)", "(output, states)")),
    wrong("rnn_layer", "first step instead of the last", ("states[:, -1]", "states[:, 0]")),
    wrong("rnn_layer", "last but one step", ("states[:, -1]", "states[:, -2]")),
    wrong("rnn_layer", "last sample instead of the last step", ("states[:, -1]", "states[-1]")),
    wrong("rnn_layer", "mean over time", ("states[:, -1]", "states.mean(axis=1)")),
    wrong("rnn_layer", "initial state returned", ("(output, last)", "(output, initial_state)")),
    wrong("rnn_layer", "time reversed", ("rnn_sequence(x,", "rnn_sequence(x[:, ::-1],")),
    wrong("rnn_layer", "zeros for one sample", (ZEROS, "np.zeros(5)"), diagnosis="raised"),
    wrong("rnn_layer", "last axis", ("states[:, -1]", "states[..., -1]"), diagnosis="shape"),
    wrong(
        "rnn_layer",
        "joined with the state",
        ("(output, last)", "np.array([output, last])"),
        diagnosis="type",
    ),
    wrong(
        "rnn_layer",
        "initial state changed in place",
        (RETURN, f"initial_state[:] = last\n    {RETURN}"),
        diagnosis="arguments changed",
    ),
    # parameter_count
    parameter_count("biases missing", "features * units + units * units"),
    parameter_count("biases doubled", "features * units + units * units + 2 * units"),
    parameter_count("one bias", "features * units + units * units + 1"),
    parameter_count("a bias for each feature", "features * units + units * units + features"),
    parameter_count("recurrent kernel missing", "features * units + units"),
    parameter_count("kernel missing", "units * units + units"),
    parameter_count("recurrent kernel by features", "features * units + features * units + units"),
    parameter_count("recurrent kernel is a vector", "features * units + units + units"),
    parameter_count(
        "features and units swapped", "features * units + features * features + features"
    ),
    parameter_count("LSTM", f"4 * ({COUNT})"),
    parameter_count("kernel squared", "features * features + units * units + units", "value"),
    parameter_count("text returned", f"str({COUNT})", "type"),
]

RIGHT = [
    right(
        "pre_activation",
        "kernels joined",
        """
def pre_activation(x, h, kernel, recurrent_kernel, bias):
    return np.hstack([x, h]) @ np.vstack([kernel, recurrent_kernel]) + bias
""",
    ),
    right(
        "pre_activation",
        "einsum in float64",
        """
def pre_activation(x, h, kernel, recurrent_kernel, bias):
    x, h = x.astype("float64"), h.astype("float64")
    return np.einsum("bf,fu->bu", x, kernel) + np.einsum("bj,ji->bi", h, recurrent_kernel) + bias
""",
    ),
    right(
        "pre_activation",
        "loops, one number at a time",
        """
def pre_activation(x, h, kernel, recurrent_kernel, bias):
    z = np.empty_like(h)
    for b in range(len(h)):
        for i in range(len(bias)):
            z[b, i] = bias[i]
            for k in range(x.shape[1]):
                z[b, i] += x[b, k] * kernel[k, i]
            for j in range(h.shape[1]):
                z[b, i] += h[b, j] * recurrent_kernel[j, i]
    return z
""",
    ),
    right(
        "pre_activation",
        "columns in place of rows",
        """
def pre_activation(x, h, kernel, recurrent_kernel, bias):
    return (bias[:, None] + recurrent_kernel.T @ h.T + kernel.T @ x.T).T
""",
    ),
    right(
        "rnn_step",
        "sigmoid of twice",
        """
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    from scipy.special import expit

    return 2 * expit(2 * pre_activation(x, h, kernel, recurrent_kernel, bias)) - 1
""",
    ),
    right(
        "rnn_step",
        "everything anew in float64",
        """
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    terms = [np.tensordot(x, kernel, axes=1), np.tensordot(h, recurrent_kernel, axes=1)]
    return np.tanh(np.sum(terms, axis=0, dtype="float64") + bias)
""",
    ),
    right(
        "rnn_step",
        "decay of the magnitude",
        """
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    z = pre_activation(x, h, kernel, recurrent_kernel, bias)
    return -np.sign(z) * np.expm1(-2 * abs(z)) / (1 + np.exp(-2 * abs(z)))
""",
    ),
    right(
        "rnn_sequence",
        "filled in",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    batch, time, _ = x.shape
    states = np.empty((batch, time, len(bias)), dtype=x.dtype)
    for t in range(time):
        states[:, t] = h = rnn_step(x[:, t], h, kernel, recurrent_kernel, bias)
    return states
""",
    ),
    right(
        "rnn_sequence",
        "accumulate",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    from itertools import accumulate

    step = lambda h, x_t: rnn_step(x_t, h, kernel, recurrent_kernel, bias)
    states = list(accumulate(x.transpose(1, 0, 2), step, initial=h))
    return np.transpose(states[1:], (1, 0, 2))
""",
    ),
    right(
        "rnn_sequence",
        "inputs first, float64, recursion",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    driven = x.astype("float64") @ kernel + bias

    def after(t):
        before = h if t == 0 else after(t - 1)
        return np.tanh(driven[:, t] + before @ recurrent_kernel)

    return np.stack([after(t) for t in range(x.shape[1])], axis=1)
""",
    ),
    right(
        "rnn_sequence",
        "sample by sample",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    rows = []
    for sequence, state in zip(x, h):
        row = []
        for step in sequence:
            state = np.tanh(step @ kernel + state @ recurrent_kernel + bias)
            row.append(state)
        rows.append(row)
    return np.array(rows)
""",
    ),
    right(
        "rnn_layer",
        "a list",
        """
def rnn_layer(x, kernel, recurrent_kernel, bias, initial_state=None,
              return_sequences=False, return_state=False):
    h = np.zeros((len(x), len(recurrent_kernel))) if initial_state is None else initial_state
    states = rnn_sequence(x, h, kernel, recurrent_kernel, bias)
    result = [states] if return_sequences else [states[:, -1]]
    if return_state:
        return [*result, states[:, -1].copy()]
    return result[0]
""",
    ),
    right(
        "rnn_layer",
        "a loop of its own",
        """
def rnn_layer(x, kernel, recurrent_kernel, bias, initial_state=None,
              return_sequences=False, return_state=False):
    h = 0 * x[:, 0] @ kernel if initial_state is None else initial_state
    states = [h := np.tanh(step @ kernel + h @ recurrent_kernel + bias)
              for step in x.swapaxes(0, 1)]
    output = np.stack(states, 1) if return_sequences else h
    return (output, h) if return_state else output
""",
    ),
    right(
        "parameter_count",
        "factored",
        """
def parameter_count(features, units):
    return (features + units + 1) * units
""",
    ),
    right(
        "parameter_count",
        "sizes of arrays",
        """
def parameter_count(features, units):
    shapes = (features, units), (units, units), (units,)
    return sum(np.empty(shape).size for shape in shapes)
""",
    ),
    right(
        "parameter_count",
        "products of shapes",
        """
def parameter_count(features, units):
    return np.prod((features, units)) + np.square(units) + np.int64(units)
""",
    ),
]
