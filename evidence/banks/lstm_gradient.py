"""Wrong and right implementations for lstm-gradient."""

from evidence.banks import right, wrong

# The lines of the solutions in which mistakes are made.
HIDDEN = "return dh * tanh_c, dh * output * (1 - tanh_c**2)"
CELL = "return dc * c_previous, dc * candidate, dc * input, dc * forget"
Z_I = "d_z_i = d_input * input * (1 - input)"
Z_C = "d_z_c = d_candidate * (1 - candidate**2)"
Z = "return np.concatenate([d_z_i, d_z_f, d_z_c, d_z_o], axis=1)"
THROUGH_H = 'd_output, d_c = hidden_state_backward(dh, output, cache["c"])'
D_Z = "d_z = gates_backward(d_input, d_forget, d_candidate, d_output, *values)"
STEP = "return dx, dh_previous, dc_previous, d_kernel, d_recurrent_kernel, d_bias"
BEGIN = "dh, dc = np.zeros_like(dc_last), dc_last"
LOOP = "for t in reversed(range(len(caches))):"
CALL = "dh_all[:, t] + dh, dc, caches[t], kernel, recurrent_kernel"
RESULTS = "dx_t, dh, dc, *shares = step_backward("
APPEND = "dx.append(dx_t)"
ADD = "d_weights = [total + share for total, share in zip(d_weights, shares)]"
TIME = "return np.stack(dx[::-1], axis=1), dh, dc, *d_weights"
ONE = "products = [np.ones_like(forget[0])]"
PRODUCT = "return np.stack(products)"

WRONG = [
    # hidden_state_backward
    wrong(
        "hidden_state_backward",
        "results swapped",
        (HIDDEN, "return dh * output * (1 - tanh_c**2), dh * tanh_c"),
    ),
    wrong("hidden_state_backward", "derivative of tanh missing", (" * (1 - tanh_c**2)", "")),
    wrong("hidden_state_backward", "tanh missing", ("return dh * tanh_c", "return dh * c")),
    wrong("hidden_state_backward", "own factor", ("return dh * tanh_c", "return dh * output")),
    wrong("hidden_state_backward", "tanh ignored", (HIDDEN, "return dh * c, dh * output")),
    wrong("hidden_state_backward", "cell state for its tanh", ("(1 - tanh_c**2)", "(1 - c**2)")),
    wrong("hidden_state_backward", "square missing", ("tanh_c**2", "tanh_c")),
    wrong(
        "hidden_state_backward",
        "derivative of the sigmoid",
        ("(1 - tanh_c**2)", "np.exp(-c) / (1 + np.exp(-c)) ** 2"),
    ),
    wrong("hidden_state_backward", "output gate missing", ("dh * output", "dh")),
    wrong("hidden_state_backward", "arriving gradient missing", ("dh * ", "")),
    wrong("hidden_state_backward", "arriving gradient missing in one", ("dh * output", "output")),
    wrong("hidden_state_backward", "sign", ("(1 - tanh_c**2)", "(tanh_c**2 - 1)")),
    wrong(
        "hidden_state_backward",
        "through the activation",
        ("return dh * tanh_c", "return dh * tanh_c * output * (1 - output)"),
    ),
    wrong(
        "hidden_state_backward",
        "plus in the derivative",
        ("1 - tanh_c**2", "1 + tanh_c**2"),
        diagnosis="value",
    ),
    wrong("hidden_state_backward", "no return", ("return ", "")),
    wrong(
        "hidden_state_backward", "d_output only", (HIDDEN, "return dh * tanh_c"), diagnosis="type"
    ),
    wrong(
        "hidden_state_backward",
        "arguments changed",
        (
            HIDDEN,
            "d_output = dh * tanh_c\n    dh *= output\n    return d_output, dh * (1 - tanh_c**2)",
        ),
    ),
    # cell_state_backward
    wrong(
        "cell_state_backward",
        "Keras' order",
        (CELL, "return dc * candidate, dc * c_previous, dc * input, dc * forget"),
    ),
    wrong(
        "cell_state_backward",
        "input and candidate swapped",
        (CELL, "return dc * c_previous, dc * input, dc * candidate, dc * forget"),
    ),
    wrong(
        "cell_state_backward",
        "forget gate and cell state swapped",
        (CELL, "return dc * forget, dc * candidate, dc * input, dc * c_previous"),
    ),
    wrong(
        "cell_state_backward",
        "both products swapped",
        (CELL, "return dc * forget, dc * input, dc * candidate, dc * c_previous"),
    ),
    wrong(
        "cell_state_backward",
        "partners crossed",
        (CELL, "return dc * candidate, dc * c_previous, dc * forget, dc * input"),
    ),
    wrong("cell_state_backward", "forget gate missing", ("dc * forget", "dc")),
    wrong("cell_state_backward", "input gate for forget gate", ("dc * forget", "dc * input")),
    wrong(
        "cell_state_backward", "complement of the forget gate", ("dc * forget", "dc * (1 - forget)")
    ),
    wrong("cell_state_backward", "arriving gradient missing", ("dc * ", "")),
    wrong("cell_state_backward", "input gate missing", ("dc * input", "dc")),
    wrong(
        "cell_state_backward",
        "new cell state for the old one",
        ("dc * c_previous", "dc * (forget * c_previous + input * candidate)"),
    ),
    wrong(
        "cell_state_backward",
        "candidate squashed again",
        ("dc * candidate", "dc * np.tanh(candidate)"),
    ),
    wrong(
        "cell_state_backward",
        "d_forget through the activation",
        ("dc * c_previous", "dc * c_previous * forget * (1 - forget)"),
    ),
    wrong(
        "cell_state_backward",
        "d_input through the activation",
        ("dc * candidate", "dc * candidate * input * (1 - input)"),
    ),
    wrong(
        "cell_state_backward",
        "float16 inside",
        (CELL, f"dc = dc.astype('float16').astype('float32')\n    {CELL}"),
        diagnosis="value",
    ),
    wrong(
        "cell_state_backward",
        "samples averaged",
        ("dc * forget", "(dc * forget).mean(axis=0)"),
        diagnosis="shape",
    ),
    # gates_backward
    wrong(
        "gates_backward",
        "candidate as a gate",
        (Z_C, "d_z_c = d_candidate * candidate * (1 - candidate)"),
    ),
    wrong(
        "gates_backward",
        "gates as candidates",
        ("input * (1 - input)", "(1 - input**2)"),
        ("forget * (1 - forget)", "(1 - forget**2)"),
        ("output * (1 - output)", "(1 - output**2)"),
    ),
    wrong(
        "gates_backward",
        "activations exchanged",
        ("input * (1 - input)", "(1 - input**2)"),
        ("forget * (1 - forget)", "(1 - forget**2)"),
        ("output * (1 - output)", "(1 - output**2)"),
        ("(1 - candidate**2)", "candidate * (1 - candidate)"),
    ),
    wrong(
        "gates_backward",
        "derivatives missing",
        (Z, "return np.concatenate([d_input, d_forget, d_candidate, d_output], axis=1)"),
    ),
    wrong("gates_backward", "candidate's derivative missing", (" * (1 - candidate**2)", "")),
    wrong(
        "gates_backward",
        "factor missing",
        (" * (1 - input)", ""),
        (" * (1 - forget)", ""),
        (" * (1 - output)", ""),
    ),
    wrong(
        "gates_backward",
        "value missing",
        (" * input *", " *"),
        (" * forget *", " *"),
        (" * output *", " *"),
    ),
    wrong("gates_backward", "square missing", ("candidate**2", "candidate")),
    wrong(
        "gates_backward",
        "activation twice",
        (
            Z_I,
            "once_more = [1 / (1 + np.exp(-v)) for v in (input, forget, output)]\n"
            f"    input, forget, output = once_more\n    {Z_I}",
        ),
    ),
    wrong(
        "gates_backward",
        "candidate's activation twice",
        ("candidate**2", "np.tanh(candidate) ** 2"),
    ),
    wrong(
        "gates_backward",
        "arriving gradients missing",
        ("d_input *", "1 *"),
        ("d_forget *", "1 *"),
        ("d_candidate *", "1 *"),
        ("d_output *", "1 *"),
    ),
    wrong("gates_backward", "stacked below each other", ("axis=1", "axis=0")),
    wrong(
        "gates_backward",
        "new axis",
        (
            "np.concatenate([d_z_i, d_z_f, d_z_c, d_z_o], axis=1)",
            "np.stack([d_z_i, d_z_f, d_z_c, d_z_o])",
        ),
    ),
    wrong(
        "gates_backward",
        "interleaved",
        (
            "np.concatenate([d_z_i, d_z_f, d_z_c, d_z_o], axis=1)",
            "np.stack([d_z_i, d_z_f, d_z_c, d_z_o], axis=-1).reshape(len(input), -1)",
        ),
    ),
    wrong("gates_backward", "block order", ("d_z_i, d_z_f", "d_z_f, d_z_i")),
    wrong(
        "gates_backward",
        "block order i, f, o, c",
        ("d_z_c, d_z_o]", "d_z_o, d_z_c]"),
        diagnosis="block order",
    ),
    wrong("gates_backward", "output gate forgotten", (", d_z_o]", "]"), diagnosis="shape"),
    wrong(
        "gates_backward",
        "tuple of blocks",
        (Z, "return d_z_i, d_z_f, d_z_c, d_z_o"),
        diagnosis="type",
    ),
    # step_backward
    wrong("step_backward", "path through c missing", ("dc + d_c", "d_c")),
    wrong("step_backward", "path through h missing", ("dc + d_c", "dc")),
    wrong("step_backward", "path through h doubled", ("dc + d_c", "dc + 2 * d_c")),
    wrong("step_backward", "path through c doubled", ("dc + d_c", "2 * dc + d_c")),
    wrong("step_backward", "output gate left out", (D_Z, f"d_output = 0 * d_output\n    {D_Z}")),
    wrong("step_backward", "dh ignored", (THROUGH_H, THROUGH_H.replace("(dh,", "(0 * dh,"))),
    wrong(
        "step_backward", "old cell shown", (THROUGH_H, THROUGH_H.replace('["c"]', '["c_previous"]'))
    ),
    wrong("step_backward", "forget gate missing", (STEP, f"dc_previous = dc + d_c\n    {STEP}")),
    wrong(
        "step_backward", "dc_previous without h", (STEP, f"dc_previous = dc * forget\n    {STEP}")
    ),
    wrong(
        "step_backward",
        "state gradients swapped",
        (STEP, STEP.replace("dh_previous, dc_previous", "dc_previous, dh_previous")),
    ),
    wrong(
        "step_backward",
        "input and hidden state swapped",
        (STEP, STEP.replace("dx, dh_previous", "dh_previous, dx")),
    ),
    wrong(
        "step_backward",
        "weights swapped",
        (STEP, STEP.replace("d_kernel, d_recurrent_kernel", "d_recurrent_kernel, d_kernel")),
    ),
    wrong(
        "step_backward",
        "mean over the batch",
        ("@ d_z\n", "@ d_z / len(d_z)\n"),
        ("d_z.sum(", "d_z.mean("),
    ),
    wrong("step_backward", "mean for the bias", ("d_z.sum(", "d_z.mean(")),
    wrong("step_backward", "bias not summed", ("d_z.sum(axis=0)", "d_z")),
    wrong("step_backward", "bias summed over the units", ("d_z.sum(axis=0)", "d_z.sum(axis=1)")),
    wrong(
        "step_backward",
        "recurrent kernel not transposed",
        (
            "dh_previous = d_z @ recurrent_kernel.T",
            "blocks = zip(np.split(d_z, 4, axis=1), np.split(recurrent_kernel, 4, axis=1))\n"
            "    dh_previous = sum(a @ b for a, b in blocks)",
        ),
    ),
    wrong(
        "step_backward",
        "new hidden state",
        ('cache["h_previous"].T', '(output * np.tanh(cache["c"])).T'),
    ),
    wrong(
        "step_backward",
        "cell state for hidden state",
        ('cache["h_previous"].T', 'cache["c_previous"].T'),
    ),
    wrong(
        "step_backward",
        "kernel's gradient transposed",
        ('cache["x"].T @ d_z', 'd_z.T @ cache["x"]'),
    ),
    wrong(
        "step_backward",
        "new cell state in the forget gate",
        ('cache["c_previous"]', 'cache["c"]'),
    ),
    wrong(
        "step_backward",
        "d_forget and d_input exchanged",
        (D_Z, D_Z.replace("d_input, d_forget", "d_forget, d_input")),
    ),
    wrong(
        "step_backward",
        "gates in another order",
        ('"input", "forget",', '"forget", "input",'),
        diagnosis="value",
    ),
    wrong("step_backward", "kernel not transposed", ("kernel.T", "kernel"), diagnosis="raised"),
    wrong(
        "step_backward",
        "arguments changed",
        ("dc + d_c", "dc"),
        (THROUGH_H, f"{THROUGH_H}\n    dc += d_c"),
    ),
    wrong(
        "step_backward",
        "cache emptied",
        ('cache["x"]', 'cache.pop("x")'),
        diagnosis="arguments changed",
    ),
    # backward_through_time
    wrong(
        "backward_through_time",
        "hidden state's gradient not carried",
        (CALL, CALL.replace(" + dh", "")),
    ),
    wrong(
        "backward_through_time",
        "cell state's gradient not carried",
        (CALL, CALL.replace("dc,", "dc_last if t == len(caches) - 1 else 0 * dc,")),
    ),
    wrong(
        "backward_through_time",
        "nothing carried",
        (
            CALL,
            CALL.replace("dc,", "dc_last if t == len(caches) - 1 else 0 * dc,").replace(
                " + dh", ""
            ),
        ),
    ),
    wrong(
        "backward_through_time",
        "dc_last ignored",
        (BEGIN, "dh, dc = np.zeros_like(dc_last), np.zeros_like(dc_last)"),
    ),
    wrong(
        "backward_through_time",
        "only the last dh",
        (BEGIN, "dh, dc = dh_all[:, -1], dc_last"),
        (CALL, CALL.replace("dh_all[:, t] + dh", "dh")),
    ),
    wrong(
        "backward_through_time",
        "dh_all one step late",
        (CALL, CALL.replace("[:, t]", "[:, t - 1]")),
    ),
    wrong(
        "backward_through_time",
        "dh_all one step early",
        (CALL, CALL.replace("[:, t]", "[:, (t + 1) % len(caches)]")),
    ),
    wrong(
        "backward_through_time", "dh_all backwards", (CALL, CALL.replace("[:, t]", "[:, -1 - t]"))
    ),
    wrong(
        "backward_through_time",
        "sum of dh_all",
        (CALL, CALL.replace("dh_all[:, t]", "dh_all.sum(axis=1)")),
    ),
    wrong("backward_through_time", "weights of the first step", (ADD, "d_weights = shares")),
    wrong(
        "backward_through_time",
        "weights of the last step",
        (ADD, "d_weights = shares if len(dx) == 1 else d_weights"),
    ),
    wrong(
        "backward_through_time", "mean over time", ("total + share", "total + share / len(caches)")
    ),
    wrong(
        "backward_through_time", "mean over the batch", ("total + share", "total + share / len(dc)")
    ),
    wrong(
        "backward_through_time",
        "weights not summed",
        (ADD, "d_weights = [[share, *total] for total, share in zip(d_weights, shares)]"),
        ("[0, 0, 0]", "[[], [], []]"),
        ("*d_weights\n", "*map(np.array, d_weights)\n"),
    ),
    wrong(
        "backward_through_time",
        "bias of the first step",
        (ADD, f"{ADD}\n        d_weights[2] = shares[2]"),
    ),
    wrong("backward_through_time", "dx backwards", ("dx[::-1]", "dx")),
    wrong("backward_through_time", "time axis first", ("axis=1", "axis=0")),
    wrong(
        "backward_through_time", "time axis first, backwards", ("dx[::-1], axis=1", "dx, axis=0")
    ),
    wrong(
        "backward_through_time", "dx of the first step", (TIME, "return dx_t, dh, dc, *d_weights")
    ),
    wrong(
        "backward_through_time", "state gradients swapped", (TIME, TIME.replace("dh, dc", "dc, dh"))
    ),
    wrong(
        "backward_through_time",
        "weights swapped",
        (TIME, TIME.replace("*d_weights", "d_weights[1], d_weights[0], d_weights[2]")),
    ),
    wrong(
        "backward_through_time",
        "first step left out",
        ("range(len(caches))", "range(1, len(caches))"),
        (TIME, f"dx.append(0 * dx_t)\n    {TIME}"),
    ),
    wrong(
        "backward_through_time",
        "forwards",
        (LOOP, "for t in range(len(caches)):"),
        ("dx[::-1]", "dx"),
    ),
    wrong(
        "backward_through_time",
        "forwards, and dx reversed",
        (LOOP, "for t in range(len(caches)):"),
        diagnosis="forwards",
    ),
    wrong(
        "backward_through_time",
        "dc_last at every step",
        (CALL, CALL.replace("dc,", "dc_last,")),
    ),
    wrong(
        "backward_through_time",
        "last dh twice",
        (BEGIN, "dh, dc = dh_all[:, -1], dc_last"),
    ),
    wrong(
        "backward_through_time",
        "first step missing from dx",
        ("range(len(caches))", "range(1, len(caches))"),
        diagnosis="shape",
    ),
    wrong(
        "backward_through_time",
        "time from the batch",
        ("range(len(caches))", "range(len(dh_all))"),
        diagnosis="shape",
    ),
    wrong(
        "backward_through_time",
        "arguments changed",
        (CALL, CALL.replace("dh_all[:, t] + dh", "dh_all[:, t]")),
        (RESULTS, f"dh_all[:, t] += dh\n        {RESULTS}"),
    ),
    wrong(
        "backward_through_time",
        "caches used up",
        (CALL, CALL.replace("caches[t]", "caches.pop()")),
        diagnosis="arguments changed",
    ),
    # forget_product
    wrong("forget_product", "from the first step", ("forget[::-1]", "forget")),
    wrong("forget_product", "reversed", ("np.stack(products)", "np.stack(products[::-1])")),
    wrong(
        "forget_product",
        "from the first step, reversed",
        ("forget[::-1]", "forget"),
        ("np.stack(products)", "np.stack(products[::-1])"),
    ),
    wrong("forget_product", "one missing", ("np.stack(products)", "np.stack(products[1:])")),
    wrong(
        "forget_product",
        "one missing, reversed",
        ("np.stack(products)", "np.stack(products[:0:-1])"),
    ),
    wrong(
        "forget_product",
        "one missing, from the first step",
        ("forget[::-1]", "forget"),
        ("np.stack(products)", "np.stack(products[1:])"),
    ),
    wrong(
        "forget_product", "last entry missing", ("np.stack(products)", "np.stack(products[:-1])")
    ),
    wrong("forget_product", "no product", ("products[-1] * gate", "gate")),
    wrong(
        "forget_product",
        "sum",
        ("products[-1] * gate", "products[-1] + gate if len(products) > 1 else gate"),
    ),
    wrong("forget_product", "whole product only", ("np.stack(products)", "products[-1]")),
    wrong("forget_product", "last gate only", ("* gate", "* forget[-1]")),
    wrong(
        "forget_product",
        "zero at the start",
        ("np.stack(products)", "np.stack([0 * products[0], *products[1:]])"),
    ),
    wrong(
        "forget_product",
        "whole product at the start",
        (ONE, "return np.stack([forget[-k:].prod(axis=0) for k in range(len(forget) + 1)])"),
    ),
    wrong(
        "forget_product",
        "mean over the batch",
        ("np.stack(products)", "np.stack(products).mean(axis=1)"),
    ),
    wrong(
        "forget_product",
        "product over the batch",
        (ONE, "return np.cumprod(forget, axis=1)"),
        diagnosis="shape",
    ),
    wrong(
        "forget_product",
        "whole numbers",
        (ONE, f"{ONE}\n    forget = forget.astype(int)"),
        diagnosis="value",
    ),
    wrong("forget_product", "list", ("np.stack(products)", "products"), diagnosis="type"),
    wrong(
        "forget_product",
        "arguments changed",
        (
            ONE,
            "for t in range(len(forget) - 2, -1, -1):\n"
            "        forget[t] *= forget[t + 1]\n"
            "    return np.concatenate([np.ones_like(forget[:1]), forget[::-1]])",
        ),
    ),
]

RIGHT = [
    right(
        "hidden_state_backward",
        "cosh",
        """
def hidden_state_backward(dh, output, c):
    return [np.multiply(np.tanh(c), dh), output * dh / np.cosh(c) ** 2]
""",
    ),
    right(
        "hidden_state_backward",
        "number by number in float64",
        """
def hidden_state_backward(dh, output, c):
    d_output, d_c = np.zeros(dh.shape), np.zeros(dh.shape)
    for at in np.ndindex(dh.shape):
        t = np.tanh(float(c[at]))
        d_output[at] = dh[at] * t
        d_c[at] = (1 - t) * (1 + t) * output[at] * dh[at]
    return d_output, d_c
""",
    ),
    right(
        "cell_state_backward",
        "one product of stacked arrays",
        """
def cell_state_backward(dc, forget, input, candidate, c_previous):
    return tuple(dc * np.stack([c_previous, candidate, input, forget]))
""",
    ),
    right(
        "cell_state_backward",
        "einsum",
        """
def cell_state_backward(dc, forget, input, candidate, c_previous):
    factors = (c_previous, candidate, input, forget)
    return [np.einsum("bu,bu->bu", dc, factor.astype("float64")) for factor in factors]
""",
    ),
    right(
        "gates_backward",
        "written into the blocks",
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    batch, units = input.shape
    d_z = np.empty((batch, 4, units))
    for k, (d, v) in enumerate(((d_input, input), (d_forget, forget), (d_output, output))):
        d_z[:, k if k < 2 else 3] = d * (v - v * v)
    d_z[:, 2] = d_candidate - d_candidate * candidate * candidate
    return d_z.reshape(batch, 4 * units)
""",
    ),
    right(
        "gates_backward",
        "all four at once",
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    arriving = np.hstack([d_input, d_forget, d_candidate, d_output])
    value = np.hstack([input, forget, candidate, output])
    is_candidate = np.repeat([False, False, True, False], input.shape[1])
    return arriving * np.where(is_candidate, 1 + value, value) * (1 - value)
""",
    ),
    right(
        "step_backward",
        "without the functions above",
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    i, f, g, o = (cache[k] for k in ("input", "forget", "candidate", "output"))
    t = np.tanh(cache["c"])
    dc = dc + dh * o * (1 - t * t)
    d_z = np.hstack(
        [
            dc * g * i * (1 - i),
            dc * cache["c_previous"] * f * (1 - f),
            dc * i * (1 - g * g),
            dh * t * o * (1 - o),
        ]
    )
    both = np.vstack([kernel, recurrent_kernel])
    rows = np.hstack([cache["x"], cache["h_previous"]])
    d_rows, d_both, features = d_z @ both.T, rows.T @ d_z, len(kernel)
    d_bias = np.ones(len(d_z)) @ d_z
    return (
        d_rows[:, :features], d_rows[:, features:], f * dc,
        d_both[:features], d_both[features:], d_bias,
    )
""",
    ),
    right(
        "step_backward",
        "einsum and sums over samples",
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    i, f, g, o = cache["input"], cache["forget"], cache["candidate"], cache["output"]
    d_o, through_h = hidden_state_backward(dh, o, cache["c"])
    d_f, d_i, d_g, dc_previous = cell_state_backward(through_h + dc, f, i, g, cache["c_previous"])
    d_z = gates_backward(d_i, d_f, d_g, d_o, i, f, g, o)
    return [
        np.einsum("bz,fz->bf", d_z, kernel),
        np.einsum("bz,uz->bu", d_z, recurrent_kernel),
        dc_previous,
        sum(np.outer(x, z) for x, z in zip(cache["x"], d_z)),
        sum(np.outer(h, z) for h, z in zip(cache["h_previous"], d_z)),
        sum(d_z),
    ]
""",
    ),
    right(
        "step_backward",
        "sample by sample, in float64",
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    c = {name: array.astype("float64") for name, array in cache.items()}
    states, weights = [], []
    for n in range(len(dh)):
        i, f, g, o = c["input"][n], c["forget"][n], c["candidate"][n], c["output"][n]
        d_o, d_c = hidden_state_backward(dh[n], o, c["c"][n])
        d_f, d_i, d_g, d_old = cell_state_backward(d_c + dc[n], f, i, g, c["c_previous"][n])
        blocks = (d_i * i * (1 - i), d_f * f * (1 - f), d_g * (1 - g**2), d_o * o * (1 - o))
        d_z = np.concatenate(blocks)
        states.append((kernel @ d_z, recurrent_kernel @ d_z, d_old))
        weights.append((np.outer(c["x"][n], d_z), np.outer(c["h_previous"][n], d_z), d_z))
    return *map(np.array, zip(*states)), *(np.sum(w, axis=0) for w in zip(*weights))
""",
    ),
    right(
        "backward_through_time",
        "gradients of all steps kept, then added",
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    dh, dc, steps = 0, dc_last, []
    for cache, dh_t in zip(caches[::-1], dh_all.swapaxes(0, 1)[::-1]):
        step = step_backward(dh + dh_t, dc, cache, kernel, recurrent_kernel)
        steps.insert(0, step)
        dh, dc = step[1], step[2]
    dx, _, _, *weights = zip(*steps)
    return [np.array(dx).swapaxes(0, 1), dh, dc, *(np.sum(w, axis=0) for w in weights)]
""",
    ),
    right(
        "backward_through_time",
        "written into arrays of zeros",
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    batch, time, units = dh_all.shape
    dx = np.zeros((batch, time, kernel.shape[0]), dtype="float32")
    d_kernel, d_recurrent = np.zeros_like(kernel), np.zeros_like(recurrent_kernel)
    d_bias = np.zeros(4 * units)
    dh, dc = dh_all[:, -1], dc_last
    for t in range(time - 1, -1, -1):
        dx[:, t], dh, dc, dk, dr, db = step_backward(dh, dc, caches[t], kernel, recurrent_kernel)
        d_kernel += dk
        d_recurrent += dr
        d_bias += db
        if t > 0:
            dh = dh + dh_all[:, t - 1]
    return dx, dh, dc, d_kernel, d_recurrent, d_bias
""",
    ),
    right(
        "backward_through_time",
        "recursion from the end",
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    weights = kernel, recurrent_kernel
    dx, dh, dc, *shares = step_backward(dh_all[:, -1], dc_last, caches[-1], *weights)
    if len(caches) == 1:
        return dx[:, None], dh, dc, *shares
    earlier = dh_all[:, :-1].copy()
    earlier[:, -1] += dh
    dx_before, dh, dc, *before = backward_through_time(earlier, dc, caches[:-1], *weights)
    return (
        np.concatenate([dx_before, dx[:, None]], axis=1), dh, dc,
        *(a + b for a, b in zip(shares, before)),
    )
""",
    ),
    right(
        "forget_product",
        "cumprod",
        """
def forget_product(forget):
    one = np.ones((1, *forget.shape[1:]))
    return np.cumprod(np.concatenate([one, forget[::-1]]), axis=0)
""",
    ),
    right(
        "forget_product",
        "sum of logarithms",
        """
def forget_product(forget):
    return np.exp([np.log(forget)[len(forget) - k :].sum(axis=0) for k in range(len(forget) + 1)])
""",
    ),
    right(
        "forget_product",
        "a product for each k",
        """
def forget_product(forget):
    time, batch, units = forget.shape
    products = np.ones((time + 1, batch, units), dtype="float32")
    for k in range(1, time + 1):
        products[k] = np.prod(forget[-k:], axis=0)
    return products
""",
    ),
]
