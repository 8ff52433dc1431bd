"""Wrong and right implementations for rnn-cell."""

from functools import partial

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

pre_activation = partial(wrong, "pre_activation")
rnn_step = partial(wrong, "rnn_step")
rnn_sequence = partial(wrong, "rnn_sequence")
rnn_layer = partial(wrong, "rnn_layer")
parameter_count = partial(wrong, "parameter_count")

WRONG = [
    pre_activation("bias missing", (SUM, "x @ kernel + h @ recurrent_kernel")),
    pre_activation("bias doubled", (SUM, "(x @ kernel + bias) + (h @ recurrent_kernel + bias)")),
    pre_activation("bias subtracted", (SUM, "x @ kernel + h @ recurrent_kernel - bias")),
    pre_activation("input term missing", (SUM, "h @ recurrent_kernel + bias")),
    pre_activation("recurrent term missing", (SUM, "x @ kernel + bias")),
    pre_activation("recurrent term subtracted", (SUM, "x @ kernel - h @ recurrent_kernel + bias")),
    pre_activation(
        "recurrent kernel transposed", (SUM, "x @ kernel + h @ recurrent_kernel.T + bias")
    ),
    pre_activation(
        "concatenation order",
        (SUM, "np.hstack([h, x]) @ np.vstack([kernel, recurrent_kernel]) + bias"),
    ),
    pre_activation("activation applied", (SUM, f"np.tanh({SUM})")),
    pre_activation(
        "state of the first sample", (SUM, "x @ kernel + h[0] @ recurrent_kernel + bias")
    ),
    pre_activation(
        "state averaged over the batch",
        (SUM, "x @ kernel + h.mean(axis=0) @ recurrent_kernel + bias"),
    ),
    pre_activation(
        "terms multiplied", (SUM, "(x @ kernel) * (h @ recurrent_kernel) + bias"), diagnosis="value"
    ),
    pre_activation(
        "number by number", (SUM, "x @ kernel + h * recurrent_kernel[0] + bias"), diagnosis="value"
    ),
    pre_activation(
        "sizes written down",
        (SUM, "x[:, :4] @ kernel[:, :5] + (h @ recurrent_kernel + bias)[:3]"),
        diagnosis="raised",
    ),
    pre_activation("kernel transposed", (SUM, "x @ kernel.T + h @ recurrent_kernel + bias")),
    pre_activation("float16 result", (SUM, f"({SUM}).astype('float16')"), diagnosis="dtype"),
    pre_activation(
        "float16 inside",
        (
            SUM,
            "(x.astype('float16') @ kernel + h @ recurrent_kernel + bias)"
            ".astype('float16').astype('float32')",
        ),
        diagnosis="value",
    ),
    pre_activation(
        "h changed in place",
        (
            f"return {SUM}",
            f"h @= recurrent_kernel\n    return {SUM.replace('h @ recurrent_kernel', 'h')}",
        ),
        diagnosis="arguments changed",
    ),
    pre_activation(
        "return forgotten",
        (f"return {SUM}", f"z = {SUM}"),
        diagnosis="no return",
    ),
    rnn_step("activation missing", (STEP, "pre_activation(x, h, kernel, recurrent_kernel, bias)")),
    rnn_step(
        "sigmoid",
        (STEP, STEP.replace("np.tanh(", "1 / (1 + np.exp(-").replace("bias))", "bias)))")),
    ),
    rnn_step("relu", (STEP, STEP.replace("np.tanh(", "np.maximum(0, "))),
    rnn_step("activation twice", (STEP, f"np.tanh({STEP})")),
    rnn_step("bias outside", (STEP, "np.tanh(x @ kernel + h @ recurrent_kernel) + bias")),
    rnn_step("recurrent term outside", (STEP, "np.tanh(x @ kernel + bias) + h @ recurrent_kernel")),
    rnn_step("input term outside", (STEP, "x @ kernel + np.tanh(h @ recurrent_kernel + bias)")),
    rnn_step("old state added", (STEP, f"h + {STEP}")),
    rnn_step(
        "tanh of each term", (STEP, "np.tanh(x @ kernel) + np.tanh(h @ recurrent_kernel + bias)")
    ),
    rnn_step(
        "tanh of each term, bias with x",
        (STEP, "np.tanh(x @ kernel + bias) + np.tanh(h @ recurrent_kernel)"),
    ),
    rnn_step("old state returned", (STEP, "h")),
    rnn_step("bias doubled", (STEP, STEP.replace("bias))", "bias) + bias)"))),
    rnn_step("recurrent kernel transposed", (STEP, STEP.replace("kernel, bias", "kernel.T, bias"))),
    rnn_step("recurrent term missing", (STEP, STEP.replace("x, h", "x, 0 * h"))),
    rnn_step("bias missing", (STEP, "np.tanh(x @ kernel + h @ recurrent_kernel)")),
    rnn_step("bias subtracted", (STEP, STEP.replace("bias))", "-bias))"))),
    rnn_step("input term missing", (STEP, "np.tanh(h @ recurrent_kernel + bias)")),
    rnn_step("recurrent term subtracted", (STEP, STEP.replace("x, h", "x, -h"))),
    rnn_step("state of the first sample", (STEP, STEP.replace("x, h", "x, h[0]"))),
    rnn_step("state averaged over the batch", (STEP, STEP.replace("x, h", "x, h.mean(axis=0)"))),
    rnn_step(
        "concatenation order",
        (STEP, "np.tanh(np.hstack([h, x]) @ np.vstack([kernel, recurrent_kernel]) + bias)"),
    ),
    rnn_step("half old, half new", (STEP, f"(h + {STEP}) / 2"), diagnosis="value"),
    rnn_step(
        "tanh by its exponentials",
        (STEP, f"(lambda e: (e - 1 / e) / (e + 1 / e))(np.exp({SUM}))"),
        diagnosis="nan",
    ),
    rnn_step("float16 result", (STEP, f"{STEP}.astype('float16')"), diagnosis="dtype"),
    rnn_step(
        "h changed in place",
        (f"return {STEP}", f"h[:] = {STEP}\n    return h"),
        diagnosis="arguments changed",
    ),
    rnn_step("return forgotten", ("return ", "h = "), diagnosis="no return"),
    rnn_sequence(
        "state not carried",
        (CALL, CALL.replace("h =", "new =")),
        (".append(h)", ".append(new)"),
    ),
    rnn_sequence(
        "initial state ignored",
        ("states = []", "states = []\n    h = np.zeros_like(h)"),
    ),
    rnn_sequence("old state added", (CALL, CALL.replace("h =", "h = h +"))),
    rnn_sequence(
        "state of before the step",
        (CALL, "states.append(h)"),
        ("        states.append(h)\n    return", f"        {CALL}\n    return"),
    ),
    rnn_sequence("initial state included", ("states = []", "states = [h]")),
    rnn_sequence("last step missing", (LOOP, "for t in range(x.shape[1] - 1):")),
    rnn_sequence("first step missing", (LOOP, "for t in range(1, x.shape[1]):")),
    rnn_sequence("last step only", (STACK, "return h")),
    rnn_sequence(
        "last step everywhere",
        ("states = []", "states = []\n    h = h.copy()"),
        (CALL, CALL.replace("h =", "h[:] =")),
    ),
    rnn_sequence(
        "all but the last step zero",
        (STACK, "kept = np.zeros((*x.shape[:2], h.shape[1]))\n    kept[:, t] = h\n    return kept"),
    ),
    rnn_sequence(
        "time reversed",
        (LOOP, LOOP.replace("range(x.shape[1])", "reversed(range(x.shape[1]))")),
    ),
    rnn_sequence("steps reversed", ("states.append(h)", "states.insert(0, h)")),
    rnn_sequence("first input repeated", ("x[:, t]", "x[:, 0]")),
    rnn_sequence("last input repeated", ("x[:, t]", "x[:, -1]")),
    rnn_sequence("axes (time, batch, units)", (STACK, "return np.array(states)")),
    rnn_sequence(
        "reshaped",
        (STACK, "return np.array(states).reshape(*x.shape[:2], h.shape[1])"),
    ),
    rnn_sequence("batch taken for time", (LOOP, "for t in range(x.shape[0]):")),
    rnn_sequence(
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
    rnn_sequence(
        "initial state of the first sample", ("states = []", "states = []\n    h = h[:1]")
    ),
    rnn_sequence("activation missing", ("rnn_step(", "pre_activation(")),
    rnn_sequence(
        "activation twice",
        (CALL, CALL.replace("rnn_step(", "np.tanh(rnn_step(") + ")"),
    ),
    rnn_sequence(
        "recurrent kernel transposed",
        (CALL, CALL.replace("kernel, bias", "kernel.T, bias")),
    ),
    rnn_sequence("bias missing", (CALL, CALL.replace("kernel, bias", "kernel, 0 * bias"))),
    rnn_sequence(
        "sigmoid",
        (CALL, CALL.replace("rnn_step(", "1 / (1 + np.exp(-pre_activation(") + "))"),
    ),
    rnn_sequence("relu", (CALL, CALL.replace("rnn_step(", "np.maximum(0, pre_activation(") + ")")),
    rnn_sequence("bias doubled", (CALL, CALL.replace("kernel, bias", "kernel, 2 * bias"))),
    rnn_sequence("bias subtracted", (CALL, CALL.replace("kernel, bias", "kernel, -bias"))),
    rnn_sequence("input term missing", (CALL, "h = np.tanh(h @ recurrent_kernel + bias)")),
    rnn_sequence("recurrent term missing", (CALL, "h = np.tanh(x[:, t] @ kernel + bias)")),
    rnn_sequence("recurrent term subtracted", (CALL, CALL.replace("t], h", "t], -h"))),
    rnn_sequence(
        "initial state averaged over the batch",
        ("states = []", "states = []\n    h = h.mean(axis=0, keepdims=True)"),
    ),
    rnn_sequence(
        "loop over the batch",
        (LOOP, "for x_t in x:"),
        ("x[:, t]", "x_t"),
        diagnosis="samples taken for steps",
    ),
    rnn_sequence("list returned", (STACK, "return states"), diagnosis="list of steps"),
    rnn_sequence("six steps", (LOOP, "for t in range(6):"), diagnosis="shape"),
    rnn_sequence(
        "initial state changed in place",
        (CALL, CALL.replace("h =", "h[:] =")),
        (".append(h)", ".append(h.copy())"),
        diagnosis="arguments changed",
    ),
    rnn_layer("initial state ignored", ("if initial_state is None:", "if True:")),
    rnn_layer("initial state of ones", (ZEROS, ZEROS.replace("zeros", "ones"))),
    rnn_layer("return_sequences always false", ("states if return_sequences else last", "last")),
    rnn_layer("return_state always false", (RETURN, "return output")),
    rnn_layer(
        "state always returned",
        (RETURN, "return output, last"),
        diagnosis="return_state always true",
    ),
    rnn_layer(
        "both flags ignored",
        ("states if return_sequences else last", "last if return_sequences else states"),
        ("last) if return_state else output", "last) if not return_state else output"),
        diagnosis="return_sequences inverted + return_state inverted",
    ),
    rnn_layer("state before output", ("(output, last)", "(last, output)")),
    rnn_layer("sequence as state", ("(output, last)", "(output, states)")),
    rnn_layer("first step instead of the last", ("states[:, -1]", "states[:, 0]")),
    rnn_layer("last but one step", ("states[:, -1]", "states[:, -2]")),
    rnn_layer("last sample instead of the last step", ("states[:, -1]", "states[-1]")),
    rnn_layer("mean over time", ("states[:, -1]", "states.mean(axis=1)")),
    rnn_layer("state: initial state returned", ("(output, last)", "(output, initial_state)")),
    rnn_layer("time reversed", ("rnn_sequence(x,", "rnn_sequence(x[:, ::-1],")),
    rnn_layer("zeros for one sample", (ZEROS, "np.zeros(5)"), diagnosis="raised"),
    rnn_layer("last axis", ("states[:, -1]", "states[..., -1]"), diagnosis="shape"),
    rnn_layer(
        "joined with the state",
        ("(output, last)", "np.array([output, last])"),
        diagnosis="type",
    ),
    rnn_layer(
        "initial state changed in place",
        (RETURN, f"initial_state[:] = last\n    {RETURN}"),
        diagnosis="arguments changed",
    ),
    parameter_count("biases missing", (COUNT, "features * units + units * units")),
    parameter_count("biases doubled", (COUNT, "features * units + units * units + 2 * units")),
    parameter_count("one bias", (COUNT, "features * units + units * units + 1")),
    parameter_count(
        "a bias for each feature", (COUNT, "features * units + units * units + features")
    ),
    parameter_count("recurrent kernel missing", (COUNT, "features * units + units")),
    parameter_count("kernel missing", (COUNT, "units * units + units")),
    parameter_count(
        "recurrent kernel by features", (COUNT, "features * units + features * units + units")
    ),
    parameter_count("recurrent kernel is a vector", (COUNT, "features * units + units + units")),
    parameter_count(
        "features and units swapped", (COUNT, "features * units + features * features + features")
    ),
    parameter_count("LSTM", (COUNT, f"4 * ({COUNT})")),
    parameter_count(
        "kernel of features squared", (COUNT, "features * features + units * units + units")
    ),
    parameter_count("text returned", (COUNT, f"str({COUNT})"), diagnosis="type"),
]

right_pre_activation = partial(right, "pre_activation")
right_rnn_step = partial(right, "rnn_step")
right_rnn_sequence = partial(right, "rnn_sequence")
right_rnn_layer = partial(right, "rnn_layer")
right_parameter_count = partial(right, "parameter_count")

RIGHT = [
    right_pre_activation(
        "kernels joined",
        """
def pre_activation(x, h, kernel, recurrent_kernel, bias):
    return np.hstack([x, h]) @ np.vstack([kernel, recurrent_kernel]) + bias
""",
    ),
    right_pre_activation(
        "einsum in float64",
        """
def pre_activation(x, h, kernel, recurrent_kernel, bias):
    x, h = x.astype("float64"), h.astype("float64")
    return np.einsum("bf,fu->bu", x, kernel) + np.einsum("bj,ji->bi", h, recurrent_kernel) + bias
""",
    ),
    right_pre_activation(
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
    right_pre_activation(
        "columns in place of rows",
        """
def pre_activation(x, h, kernel, recurrent_kernel, bias):
    return (bias[:, None] + recurrent_kernel.T @ h.T + kernel.T @ x.T).T
""",
    ),
    right_rnn_step(
        "sigmoid of twice",
        """
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    return 2 / (1 + np.exp(-2 * pre_activation(x, h, kernel, recurrent_kernel, bias))) - 1
""",
    ),
    right_rnn_step(
        "everything anew in float64",
        """
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    terms = [np.tensordot(x, kernel, axes=1), np.tensordot(h, recurrent_kernel, axes=1)]
    return np.tanh(np.sum(terms, axis=0, dtype="float64") + bias)
""",
    ),
    right_rnn_step(
        "decay of the magnitude",
        """
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    z = pre_activation(x, h, kernel, recurrent_kernel, bias)
    return -np.sign(z) * np.expm1(-2 * abs(z)) / (1 + np.exp(-2 * abs(z)))
""",
    ),
    right_rnn_sequence(
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
    right_rnn_sequence(
        "accumulate",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    from itertools import accumulate

    step = lambda h, x_t: rnn_step(x_t, h, kernel, recurrent_kernel, bias)
    states = list(accumulate(x.transpose(1, 0, 2), step, initial=h))
    return np.transpose(states[1:], (1, 0, 2))
""",
    ),
    right_rnn_sequence(
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
    right_rnn_sequence(
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
    right_rnn_layer(
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
    right_rnn_layer(
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
    right_parameter_count(
        "factored",
        """
def parameter_count(features, units):
    return (features + units + 1) * units
""",
    ),
    right_parameter_count(
        "sizes of arrays",
        """
def parameter_count(features, units):
    shapes = (features, units), (units, units), (units,)
    return sum(np.empty(shape).size for shape in shapes)
""",
    ),
    right_parameter_count(
        "products of shapes",
        """
def parameter_count(features, units):
    return np.prod((features, units)) + np.square(units) + np.int64(units)
""",
    ),
]
