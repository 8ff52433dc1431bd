"""Wrong and right implementations for lstm-gradient."""

from functools import partial

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

hidden_state_backward = partial(wrong, "hidden_state_backward")
cell_state_backward = partial(wrong, "cell_state_backward")
gates_backward = partial(wrong, "gates_backward")
step_backward = partial(wrong, "step_backward")
backward_through_time = partial(wrong, "backward_through_time")
forget_product = partial(wrong, "forget_product")

WRONG = [
    hidden_state_backward(
        "results swapped",
        (HIDDEN, "return dh * output * (1 - tanh_c**2), dh * tanh_c"),
        diagnosis="d_output and d_c swapped",
    ),
    hidden_state_backward(
        "derivative of tanh missing",
        (" * (1 - tanh_c**2)", ""),
        diagnosis="d_c: derivative of tanh missing",
    ),
    hidden_state_backward(
        "tanh missing", ("return dh * tanh_c", "return dh * c"), diagnosis="d_output: tanh missing"
    ),
    hidden_state_backward(
        "own factor", ("return dh * tanh_c", "return dh * output"), diagnosis="d_output: own factor"
    ),
    hidden_state_backward("tanh ignored", (HIDDEN, "return dh * c, dh * output")),
    hidden_state_backward(
        "cell state for its tanh",
        ("(1 - tanh_c**2)", "(1 - c**2)"),
        diagnosis="d_c: cell state for its tanh",
    ),
    hidden_state_backward(
        "square missing", ("tanh_c**2", "tanh_c"), diagnosis="d_c: square missing"
    ),
    hidden_state_backward(
        "derivative of the sigmoid",
        ("(1 - tanh_c**2)", "np.exp(-c) / (1 + np.exp(-c)) ** 2"),
        diagnosis="d_c: sigmoid for tanh",
    ),
    hidden_state_backward(
        "output gate missing", ("dh * output", "dh"), diagnosis="d_c: output gate missing"
    ),
    hidden_state_backward("arriving gradient missing", ("dh * ", "")),
    hidden_state_backward(
        "arriving gradient missing in one", ("dh * output", "output"), diagnosis="d_c: dh missing"
    ),
    hidden_state_backward("sign", ("(1 - tanh_c**2)", "(tanh_c**2 - 1)"), diagnosis="d_c: sign"),
    hidden_state_backward(
        "through the activation",
        ("return dh * tanh_c", "return dh * tanh_c * output * (1 - output)"),
        diagnosis="d_output through the activation",
    ),
    hidden_state_backward(
        "plus in the derivative", ("1 - tanh_c**2", "1 + tanh_c**2"), diagnosis="d_c: plus"
    ),
    hidden_state_backward("no return", ("return ", "")),
    hidden_state_backward(
        "d_output only", (HIDDEN, "return dh * tanh_c"), diagnosis="d_output alone"
    ),
    hidden_state_backward(
        "arguments changed",
        (
            HIDDEN,
            "d_output = dh * tanh_c\n    dh *= output\n    return d_output, dh * (1 - tanh_c**2)",
        ),
    ),
    hidden_state_backward("d_output: dh missing", ("dh * tanh_c", "tanh_c")),
    hidden_state_backward("divided by the batch", (HIDDEN, f"dh = dh / len(dh)\n    {HIDDEN}")),
    hidden_state_backward("d_output: hidden state", ("dh * tanh_c", "dh * output * tanh_c")),
    hidden_state_backward("d_output: factor missing", ("return dh * tanh_c", "return dh")),
    hidden_state_backward("d_output: derivative of tanh", ("dh * tanh_c", "dh * (1 - tanh_c**2)")),
    hidden_state_backward("c is its own tanh", ("np.tanh(c)", "c")),
    hidden_state_backward(
        "sigmoid for tanh",
        ("np.tanh(c)", "1 / (1 + np.exp(-c))"),
        ("(1 - tanh_c**2)", "tanh_c * (1 - tanh_c)"),
    ),
    hidden_state_backward("d_c: d_output for dh", ("dh * output", "dh * tanh_c * output")),
    hidden_state_backward("d_c: value for the derivative", ("(1 - tanh_c**2)", "tanh_c")),
    hidden_state_backward("d_c: difference squared", ("(1 - tanh_c**2)", "(1 - tanh_c) ** 2")),
    hidden_state_backward(
        "d_c: divided by the derivative", ("* (1 - tanh_c**2)", "/ (1 - tanh_c**2)")
    ),
    hidden_state_backward(
        "d_c: hidden state for tanh", ("1 - tanh_c**2", "1 - (output * tanh_c) ** 2")
    ),
    hidden_state_backward(
        "d_c: complement of the output gate", ("dh * output", "dh * (1 - output)")
    ),
    hidden_state_backward(
        "d_output: tanh missing + d_c: square missing",
        ("return dh * tanh_c", "return dh * c"),
        ("tanh_c**2", "tanh_c"),
    ),
    hidden_state_backward(
        "d_c: output gate missing + d_output and d_c swapped",
        (HIDDEN, "return dh * (1 - tanh_c**2), dh * tanh_c"),
    ),
    hidden_state_backward(
        "squeezed",
        (HIDDEN, "return np.squeeze(dh * tanh_c), np.squeeze(dh * output * (1 - tanh_c**2))"),
    ),
    cell_state_backward(
        "Keras' order",
        (CELL, "return dc * candidate, dc * c_previous, dc * input, dc * forget"),
        diagnosis="d_forget and d_input swapped",
    ),
    cell_state_backward(
        "input and candidate swapped",
        (CELL, "return dc * c_previous, dc * input, dc * candidate, dc * forget"),
        diagnosis="d_input and d_candidate swapped",
    ),
    cell_state_backward(
        "forget gate and cell state swapped",
        (CELL, "return dc * forget, dc * candidate, dc * input, dc * c_previous"),
        diagnosis="d_forget and d_c_previous swapped",
    ),
    cell_state_backward(
        "both products swapped",
        (CELL, "return dc * forget, dc * input, dc * candidate, dc * c_previous"),
        diagnosis="order reversed",
    ),
    cell_state_backward(
        "partners crossed",
        (CELL, "return dc * candidate, dc * c_previous, dc * forget, dc * input"),
    ),
    cell_state_backward(
        "forget gate missing",
        ("dc * forget", "dc"),
        diagnosis="d_c_previous: the forget gate missing",
    ),
    cell_state_backward(
        "input gate for forget gate",
        ("dc * forget", "dc * input"),
        diagnosis="d_c_previous: the input gate",
    ),
    cell_state_backward(
        "complement of the forget gate",
        ("dc * forget", "dc * (1 - forget)"),
        diagnosis="d_c_previous: complement of the forget gate",
    ),
    cell_state_backward("arriving gradient missing", ("dc * ", "")),
    cell_state_backward(
        "input gate missing", ("dc * input", "dc"), diagnosis="d_candidate: the input gate missing"
    ),
    cell_state_backward(
        "new cell state for the old one",
        ("dc * c_previous", "dc * (forget * c_previous + input * candidate)"),
        diagnosis="d_forget: new cell state",
    ),
    cell_state_backward(
        "candidate squashed again",
        ("dc * candidate", "dc * np.tanh(candidate)"),
        diagnosis="d_input: candidate squashed again",
    ),
    cell_state_backward(
        "d_forget through the activation",
        ("dc * c_previous", "dc * c_previous * forget * (1 - forget)"),
    ),
    cell_state_backward(
        "d_input through the activation",
        ("dc * candidate", "dc * candidate * input * (1 - input)"),
    ),
    cell_state_backward(
        "float16 inside",
        (CELL, f"dc = dc.astype('float16').astype('float32')\n    {CELL}"),
        diagnosis="value",
    ),
    cell_state_backward(
        "samples averaged",
        ("dc * forget", "(dc * forget).mean(axis=0)"),
        diagnosis="d_c_previous: mean over samples",
    ),
    cell_state_backward("d_forget: dc missing", ("dc * c_previous", "c_previous")),
    cell_state_backward("d_input: dc missing", ("dc * candidate", "candidate")),
    cell_state_backward("d_candidate: dc missing", ("dc * input", "input")),
    cell_state_backward("d_c_previous: dc missing", ("dc * forget", "forget")),
    cell_state_backward("divided by the batch", (CELL, f"dc = dc / len(dc)\n    {CELL}")),
    cell_state_backward(
        "derivative of tanh included",
        (
            CELL,
            f"dc = dc * (1 - np.tanh(forget * c_previous + input * candidate) ** 2)\n    {CELL}",
        ),
    ),
    cell_state_backward("d_candidate: gates coupled", ("dc * input", "dc * (1 - forget)")),
    cell_state_backward(
        "d_input: gates coupled", ("dc * candidate", "dc * (candidate - c_previous)")
    ),
    cell_state_backward("d_input: candidate gated", ("dc * candidate", "dc * input * candidate")),
    cell_state_backward("d_forget: the forget gate", ("dc * c_previous", "dc * forget")),
    cell_state_backward("d_c_previous: dc added", ("dc * forget", "dc + dc * forget")),
    cell_state_backward(
        "through the activations",
        (
            CELL,
            "d_f = dc * c_previous * forget * (1 - forget)\n"
            "    d_i = dc * candidate * input * (1 - input)\n"
            "    return d_f, d_i, dc * input * (1 - candidate**2), dc * forget",
        ),
    ),
    cell_state_backward(
        "results in the order d_input, d_candidate, d_forget, d_c_previous",
        (CELL, "return dc * candidate, dc * input, dc * c_previous, dc * forget"),
    ),
    cell_state_backward(
        "d_c_previous: the forget gate missing + d_forget and d_input swapped",
        (CELL, "return dc * candidate, dc * c_previous, dc * input, dc"),
    ),
    cell_state_backward(
        "d_forget: new cell state + d_c_previous: complement of the forget gate",
        ("dc * c_previous", "dc * (forget * c_previous + input * candidate)"),
        ("dc * forget", "dc * (1 - forget)"),
    ),
    gates_backward(
        "candidate as a gate",
        (Z_C, "d_z_c = d_candidate * candidate * (1 - candidate)"),
        diagnosis="candidate: derivative of the sigmoid",
    ),
    gates_backward(
        "gates as candidates",
        ("input * (1 - input)", "(1 - input**2)"),
        ("forget * (1 - forget)", "(1 - forget**2)"),
        ("output * (1 - output)", "(1 - output**2)"),
        diagnosis="gates: derivative of tanh",
    ),
    gates_backward(
        "activations exchanged",
        ("input * (1 - input)", "(1 - input**2)"),
        ("forget * (1 - forget)", "(1 - forget**2)"),
        ("output * (1 - output)", "(1 - output**2)"),
        ("(1 - candidate**2)", "candidate * (1 - candidate)"),
    ),
    gates_backward(
        "derivatives missing",
        (Z, "return np.concatenate([d_input, d_forget, d_candidate, d_output], axis=1)"),
    ),
    gates_backward(
        "candidate's derivative missing",
        (" * (1 - candidate**2)", ""),
        diagnosis="candidate: derivative of tanh missing",
    ),
    gates_backward(
        "factor missing",
        (" * (1 - input)", ""),
        (" * (1 - forget)", ""),
        (" * (1 - output)", ""),
        diagnosis="gates: complement missing",
    ),
    gates_backward(
        "value missing",
        (" * input *", " *"),
        (" * forget *", " *"),
        (" * output *", " *"),
        diagnosis="gates: value missing",
    ),
    gates_backward(
        "square missing", ("candidate**2", "candidate"), diagnosis="candidate: square missing"
    ),
    gates_backward(
        "activation twice",
        (
            Z_I,
            "once_more = [1 / (1 + np.exp(-v)) for v in (input, forget, output)]\n"
            f"    input, forget, output = once_more\n    {Z_I}",
        ),
        diagnosis="gates: sigmoid once more",
    ),
    gates_backward(
        "candidate's activation twice",
        ("candidate**2", "np.tanh(candidate) ** 2"),
        diagnosis="candidate: tanh once more",
    ),
    gates_backward(
        "arriving gradients missing",
        ("d_input *", "1 *"),
        ("d_forget *", "1 *"),
        ("d_candidate *", "1 *"),
        ("d_output *", "1 *"),
    ),
    gates_backward("stacked below each other", ("axis=1", "axis=0")),
    gates_backward(
        "new axis",
        (
            "np.concatenate([d_z_i, d_z_f, d_z_c, d_z_o], axis=1)",
            "np.stack([d_z_i, d_z_f, d_z_c, d_z_o])",
        ),
        diagnosis="new axis 0",
    ),
    gates_backward(
        "interleaved",
        (
            "np.concatenate([d_z_i, d_z_f, d_z_c, d_z_o], axis=1)",
            "np.stack([d_z_i, d_z_f, d_z_c, d_z_o], axis=-1).reshape(len(input), -1)",
        ),
    ),
    gates_backward(
        "block order", ("d_z_i, d_z_f", "d_z_f, d_z_i"), diagnosis="block order f, i, c, o"
    ),
    gates_backward(
        "every activation twice",
        (
            Z_I,
            "once_more = [1 / (1 + np.exp(-v)) for v in (input, forget, output)]\n"
            f"    (input, forget, output), candidate = once_more, np.tanh(candidate)\n    {Z_I}",
        ),
    ),
    gates_backward(
        "block order i, f, o, c",
        ("d_z_c, d_z_o]", "d_z_o, d_z_c]"),
    ),
    gates_backward(
        "output gate forgotten", (", d_z_o]", "]"), diagnosis="block of the output gate missing"
    ),
    gates_backward(
        "tuple of blocks", (Z, "return d_z_i, d_z_f, d_z_c, d_z_o"), diagnosis="blocks one by one"
    ),
    gates_backward("forget: d_input", ("d_forget *", "d_input *")),
    gates_backward("output: d_candidate", ("d_output *", "d_candidate *")),
    gates_backward("candidate: d_output", ("d_candidate *", "d_output *")),
    gates_backward("input: d_forget", ("d_input *", "d_forget *")),
    gates_backward(
        "forget: value of the input gate", ("forget * (1 - forget)", "input * (1 - input)")
    ),
    gates_backward("output: complement of the forget gate", ("1 - output", "1 - forget")),
    gates_backward("output: times the candidate", ("d_output * output", "d_output * candidate")),
    gates_backward("candidate: value of the output gate", ("candidate**2", "output**2")),
    gates_backward("output: derivative of tanh", ("output * (1 - output)", "(1 - output**2)")),
    gates_backward("input: derivative missing", (Z_I, "d_z_i = d_input")),
    gates_backward("forget: complement missing", (" * (1 - forget)", "")),
    gates_backward(
        "gates: plus",
        ("(1 - input)", "(1 + input)"),
        ("(1 - forget)", "(1 + forget)"),
        ("(1 - output)", "(1 + output)"),
    ),
    gates_backward("candidate: difference squared", ("(1 - candidate**2)", "(1 - candidate) ** 2")),
    gates_backward(
        "values for the derivatives",
        (" * (1 - input)", ""),
        (" * (1 - forget)", ""),
        (" * (1 - output)", ""),
        ("(1 - candidate**2)", "candidate"),
    ),
    gates_backward("output: block of the candidate", ("d_z_o]", "d_z_c]")),
    gates_backward(
        "block order o, i, f, c", ("[d_z_i, d_z_f, d_z_c, d_z_o]", "[d_z_o, d_z_i, d_z_f, d_z_c]")
    ),
    gates_backward(
        "blocks reshaped",
        (
            "np.concatenate([d_z_i, d_z_f, d_z_c, d_z_o], axis=1)",
            "np.array([d_z_i, d_z_f, d_z_c, d_z_o]).reshape(len(input), -1)",
        ),
    ),
    gates_backward(
        "blocks added",
        ("np.concatenate([d_z_i, d_z_f, d_z_c, d_z_o], axis=1)", "d_z_i + d_z_f + d_z_c + d_z_o"),
    ),
    gates_backward(
        "candidate: derivative of the sigmoid + block order i, f, o, c",
        ("(1 - candidate**2)", "candidate * (1 - candidate)"),
        ("d_z_c, d_z_o]", "d_z_o, d_z_c]"),
    ),
    gates_backward(
        "gates: complement missing + stacked below each other",
        (" * (1 - input)", ""),
        (" * (1 - forget)", ""),
        (" * (1 - output)", ""),
        ("axis=1", "axis=0"),
    ),
    gates_backward("squeezed", (Z, f"{Z}.squeeze()")),
    step_backward("path through c missing", ("dc + d_c", "d_c")),
    step_backward("path through h missing", ("dc + d_c", "dc")),
    step_backward("path through h doubled", ("dc + d_c", "dc + 2 * d_c")),
    step_backward("path through c doubled", ("dc + d_c", "2 * dc + d_c")),
    step_backward("output gate left out", (D_Z, f"d_output = 0 * d_output\n    {D_Z}")),
    step_backward("dh ignored", (THROUGH_H, THROUGH_H.replace("(dh,", "(0 * dh,"))),
    step_backward("old cell shown", (THROUGH_H, THROUGH_H.replace('["c"]', '["c_previous"]'))),
    step_backward("forget gate missing", (STEP, f"dc_previous = dc + d_c\n    {STEP}")),
    step_backward("dc_previous without h", (STEP, f"dc_previous = dc * forget\n    {STEP}")),
    step_backward(
        "state gradients swapped",
        (STEP, STEP.replace("dh_previous, dc_previous", "dc_previous, dh_previous")),
        diagnosis="dh_previous and dc_previous swapped",
    ),
    step_backward(
        "input and hidden state swapped",
        (STEP, STEP.replace("dx, dh_previous", "dh_previous, dx")),
        diagnosis="dx and dh_previous swapped",
    ),
    step_backward(
        "weights swapped",
        (STEP, STEP.replace("d_kernel, d_recurrent_kernel", "d_recurrent_kernel, d_kernel")),
        diagnosis="d_kernel and d_recurrent_kernel swapped",
    ),
    step_backward(
        "mean over the batch",
        ("@ d_z\n", "@ d_z / len(d_z)\n"),
        ("d_z.sum(", "d_z.mean("),
    ),
    step_backward("mean for the bias", ("d_z.sum(", "d_z.mean(")),
    step_backward("bias not summed", ("d_z.sum(axis=0)", "d_z")),
    step_backward("bias summed over the units", ("d_z.sum(axis=0)", "d_z.sum(axis=1)")),
    step_backward(
        "recurrent kernel not transposed",
        (
            "dh_previous = d_z @ recurrent_kernel.T",
            "blocks = zip(np.split(d_z, 4, axis=1), np.split(recurrent_kernel, 4, axis=1))\n"
            "    dh_previous = sum(a @ b for a, b in blocks)",
        ),
    ),
    step_backward(
        "new hidden state",
        ('cache["h_previous"].T', '(output * np.tanh(cache["c"])).T'),
    ),
    step_backward(
        "cell state for hidden state",
        ('cache["h_previous"].T', 'cache["c_previous"].T'),
    ),
    step_backward(
        "kernel's gradient transposed",
        ('cache["x"].T @ d_z', 'd_z.T @ cache["x"]'),
        diagnosis="d_kernel: axes (4 * units, features)",
    ),
    step_backward(
        "new cell state in the forget gate",
        ('cache["c_previous"]', 'cache["c"]'),
    ),
    step_backward(
        "d_forget and d_input exchanged",
        (D_Z, D_Z.replace("d_input, d_forget", "d_forget, d_input")),
    ),
    step_backward(
        "gates in another order",
        ('"input", "forget",', '"forget", "input",'),
        diagnosis="input gate and forget gate exchanged",
    ),
    step_backward("kernel not transposed", ("kernel.T", "kernel"), diagnosis="raised"),
    step_backward(
        "arguments changed",
        ("dc + d_c", "dc"),
        (THROUGH_H, f"{THROUGH_H}\n    dc += d_c"),
    ),
    step_backward(
        "cache emptied",
        ('cache["x"]', 'cache.pop("x")'),
        diagnosis="arguments changed",
    ),
    step_backward("paths subtracted", ("dc + d_c", "dc - d_c")),
    step_backward("mean of the paths", ("dc + d_c", "(dc + d_c) / 2")),
    step_backward("dh added to dc", ("dc + d_c", "dc + dh")),
    step_backward(
        "values of the gates exchanged",
        (D_Z, D_Z.replace("*values", "forget, input, candidate, output")),
    ),
    step_backward(
        "gates exchanged in the cell state",
        ("dc + d_c, forget, input,", "dc + d_c, input, forget,"),
    ),
    step_backward(
        "all orders exchanged",
        (
            D_Z,
            D_Z.replace("d_input, d_forget", "d_forget, d_input").replace(
                "*values", "forget, input, candidate, output"
            ),
        ),
        diagnosis="block order f, i, c, o",
    ),
    step_backward(
        "d_output through the activation",
        (THROUGH_H, f"{THROUGH_H}\n    d_output = d_output * output * (1 - output)"),
    ),
    step_backward(
        "cell state after tanh",
        (THROUGH_H, THROUGH_H.replace('cache["c"]', 'np.tanh(cache["c"])')),
        diagnosis="tanh twice",
    ),
    step_backward(
        "activations twice",
        (
            D_Z,
            "d_forget, d_input = d_forget * forget * (1 - forget), d_input * input * (1 - input)\n"
            f"    d_candidate = d_candidate * (1 - candidate**2)\n    {D_Z}",
        ),
        diagnosis="through the activations",
    ),
    step_backward(
        "derivatives missing",
        (D_Z, "d_z = np.hstack([d_input, d_forget, d_candidate, d_output])"),
    ),
    step_backward("h for the old cell state", ('cache["c_previous"]', 'cache["h_previous"]')),
    step_backward("dh added to dh_previous", (STEP, f"dh_previous = dh_previous + dh\n    {STEP}")),
    step_backward("dc handed back", (STEP, STEP.replace("dc_previous", "dc"))),
    step_backward(
        "path through h added again", (STEP, STEP.replace("dc_previous", "dc_previous + d_c"))
    ),
    step_backward("dc_previous without dc", (STEP, f"dc_previous = d_c * forget\n    {STEP}")),
    step_backward(
        "input gate for forget gate",
        (STEP, f"dc_previous = (dc + d_c) * input\n    {STEP}"),
    ),
    step_backward("dh for hidden state", ('cache["h_previous"].T', "dh.T")),
    step_backward("bias summed over everything", ("d_z.sum(axis=0)", "d_z.sum()")),
    step_backward(
        "weights not summed",
        ('cache["x"].T @ d_z', 'np.einsum("bf,bz->bfz", cache["x"], d_z)'),
        ('cache["h_previous"].T @ d_z', 'np.einsum("bu,bz->buz", cache["h_previous"], d_z)'),
        ("d_z.sum(axis=0)", "d_z"),
    ),
    step_backward(
        "keepdims", ("axis=0", "axis=0, keepdims=True"), diagnosis="d_bias: axis too many"
    ),
    step_backward(
        "clipped at 5",
        (
            STEP,
            "results = dx, dh_previous, dc_previous, d_kernel, d_recurrent_kernel, d_bias\n"
            "    return [np.clip(d, -5, 5) for d in results]",
        ),
    ),
    step_backward(
        "path through h missing + mean for the bias",
        ("dc + d_c", "dc"),
        ("d_z.sum(", "d_z.mean("),
    ),
    step_backward(
        "path through c missing + new hidden state",
        ("dc + d_c", "d_c"),
        ('cache["h_previous"].T', '(output * np.tanh(cache["c"])).T'),
    ),
    step_backward(
        "old cell shown + bias not summed",
        (THROUGH_H, THROUGH_H.replace('["c"]', '["c_previous"]')),
        ("d_z.sum(axis=0)", "d_z"),
    ),
    step_backward(
        "new cell state in the forget gate + dx and dh_previous swapped",
        ('cache["c_previous"]', 'cache["c"]'),
        (STEP, STEP.replace("dx, dh_previous", "dh_previous, dx")),
    ),
    backward_through_time(
        "hidden state's gradient not carried",
        (CALL, CALL.replace(" + dh", "")),
    ),
    backward_through_time(
        "cell state's gradient not carried",
        (CALL, CALL.replace("dc,", "dc_last if t == len(caches) - 1 else 0 * dc,")),
    ),
    backward_through_time(
        "nothing carried",
        (
            CALL,
            CALL.replace("dc,", "dc_last if t == len(caches) - 1 else 0 * dc,").replace(
                " + dh", ""
            ),
        ),
    ),
    backward_through_time(
        "dc_last ignored",
        (BEGIN, "dh, dc = np.zeros_like(dc_last), np.zeros_like(dc_last)"),
    ),
    backward_through_time(
        "only the last dh",
        (BEGIN, "dh, dc = dh_all[:, -1], dc_last"),
        (CALL, CALL.replace("dh_all[:, t] + dh", "dh")),
    ),
    backward_through_time(
        "dh_all one step late",
        (CALL, CALL.replace("[:, t]", "[:, t - 1]")),
    ),
    backward_through_time(
        "dh_all one step early",
        (CALL, CALL.replace("[:, t]", "[:, (t + 1) % len(caches)]")),
    ),
    backward_through_time("dh_all backwards", (CALL, CALL.replace("[:, t]", "[:, -1 - t]"))),
    backward_through_time(
        "sum of dh_all",
        (CALL, CALL.replace("dh_all[:, t]", "dh_all.sum(axis=1)")),
    ),
    backward_through_time(
        "weights of the first step", (ADD, "d_weights = shares"), diagnosis="weights overwritten"
    ),
    backward_through_time(
        "weights of the last step",
        (ADD, "d_weights = shares if len(dx) == 1 else d_weights"),
        diagnosis="weights of the first turn",
    ),
    backward_through_time("mean over time", ("total + share", "total + share / len(caches)")),
    backward_through_time("mean over the batch", ("total + share", "total + share / len(dc)")),
    backward_through_time(
        "weights not summed",
        (ADD, "d_weights = [[share, *total] for total, share in zip(d_weights, shares)]"),
        ("[0, 0, 0]", "[[], [], []]"),
        ("*d_weights\n", "*map(np.array, d_weights)\n"),
    ),
    backward_through_time(
        "bias of the first step",
        (ADD, f"{ADD}\n        d_weights[2] = shares[2]"),
        diagnosis="d_bias overwritten",
    ),
    backward_through_time("dx backwards", ("dx[::-1]", "dx"), diagnosis="dx: steps reversed"),
    backward_through_time(
        "time axis first", ("axis=1", "axis=0"), diagnosis="axes (time, batch, features)"
    ),
    backward_through_time(
        "time axis first, backwards",
        ("dx[::-1], axis=1", "dx, axis=0"),
        diagnosis="dx: steps reversed + axes (time, batch, features)",
    ),
    backward_through_time(
        "dx of the first step",
        (TIME, "return dx_t, dh, dc, *d_weights"),
        diagnosis="first step only",
    ),
    backward_through_time(
        "state gradients swapped",
        (TIME, TIME.replace("dh, dc", "dc, dh")),
        diagnosis="dh0 and dc0 swapped",
    ),
    backward_through_time(
        "weights swapped",
        (TIME, TIME.replace("*d_weights", "d_weights[1], d_weights[0], d_weights[2]")),
        diagnosis="d_kernel and d_recurrent_kernel swapped",
    ),
    backward_through_time(
        "first step left out",
        ("range(len(caches))", "range(1, len(caches))"),
        (TIME, f"dx.append(0 * caches[0]['x'])\n    {TIME}"),
        diagnosis="first step left out, dx zero",
    ),
    backward_through_time(
        "forwards",
        (LOOP, "for t in range(len(caches)):"),
        ("dx[::-1]", "dx"),
    ),
    backward_through_time(
        "forwards, and dx reversed",
        (LOOP, "for t in range(len(caches)):"),
        diagnosis="forwards, and dx reversed",
    ),
    backward_through_time(
        "dc_last at every step",
        (CALL, CALL.replace("dc,", "dc_last,")),
    ),
    backward_through_time(
        "last dh twice",
        (BEGIN, "dh, dc = dh_all[:, -1], dc_last"),
    ),
    backward_through_time(
        "first step missing from dx",
        ("range(len(caches))", "range(1, len(caches))"),
        diagnosis="first step left out",
    ),
    backward_through_time(
        "time from the batch",
        ("range(len(caches))", "range(len(dh_all))"),
        diagnosis="batch taken for time",
    ),
    backward_through_time(
        "arguments changed",
        (CALL, CALL.replace("dh_all[:, t] + dh", "dh_all[:, t]")),
        (RESULTS, f"dh_all[:, t] += dh\n        {RESULTS}"),
    ),
    backward_through_time(
        "caches used up",
        (CALL, CALL.replace("caches[t]", "caches.pop()")),
        diagnosis="arguments changed",
    ),
    backward_through_time("caches one step late", ("caches[t]", "caches[t - 1]")),
    backward_through_time("caches reversed", ("caches[t]", "caches[-1 - t]")),
    backward_through_time("first cache everywhere", ("caches[t]", "caches[0]")),
    backward_through_time("mean of dh_all", ("dh_all[:, t]", "dh_all.mean(axis=1)")),
    backward_through_time(
        "last step left out",
        (LOOP, "for t in reversed(range(len(caches) - 1)):"),
    ),
    backward_through_time(
        "time from the batch, into zeros",
        ("range(len(caches))", "range(len(dc_last))"),
        ("dx, d_weights = []", "dx, d_weights = [0 * caches[0]['x']] * len(caches)"),
        (APPEND, "dx[t] = dx_t"),
        ("dx[::-1]", "dx"),
        diagnosis="batch taken for time, dx zero",
    ),
    backward_through_time("dc_last at h", (BEGIN, "dh, dc = dc_last, dc_last")),
    backward_through_time(
        "dc_last added at every step",
        (CALL, CALL.replace(" dc,", " dc if t == len(caches) - 1 else dc + dc_last,")),
    ),
    backward_through_time(
        "mean of the two dh",
        (
            CALL,
            CALL.replace(
                "dh_all[:, t] + dh",
                "dh_all[:, t] if t == len(caches) - 1 else (dh_all[:, t] + dh) / 2",
            ),
        ),
    ),
    backward_through_time(
        "nothing carried, dc_last at every step",
        (CALL, CALL.replace(" + dh", "").replace(" dc,", " dc_last,")),
    ),
    backward_through_time(
        "states exchanged on the way", (RESULTS, RESULTS.replace("dh, dc", "dc, dh"))
    ),
    backward_through_time(
        "dh added up",
        (RESULTS, RESULTS.replace("dh, dc", "more, dc")),
        (APPEND, f"{APPEND}\n        dh = dh + more"),
    ),
    backward_through_time(
        "clipped at 1 in the loop",
        (APPEND, f"dh, dc = np.clip(dh, -1, 1), np.clip(dc, -1, 1)\n        {APPEND}"),
    ),
    backward_through_time(
        "clipped at 5 in the loop",
        (APPEND, f"dh, dc = np.clip(dh, -5, 5), np.clip(dc, -5, 5)\n        {APPEND}"),
    ),
    backward_through_time(
        "weights clipped at 5",
        (TIME, f"d_weights = [np.clip(d, -5, 5) for d in d_weights]\n    {TIME}"),
    ),
    backward_through_time(
        "dx joined along the features",
        ("np.stack(dx[::-1], axis=1)", "np.concatenate(dx[::-1], axis=1)"),
    ),
    backward_through_time(
        "dx joined along the features, backwards",
        ("np.stack(dx[::-1], axis=1)", "np.hstack(dx)"),
        diagnosis="dx joined along the features + dx: steps reversed",
    ),
    backward_through_time(
        "dh_all added after each step",
        (BEGIN, "dh, dc = dh_all[:, -1], dc_last"),
        (CALL, CALL.replace("dh_all[:, t] + dh", "dh")),
        (APPEND, f"dh = dh + dh_all[:, t - 1]\n        {APPEND}"),
        diagnosis="dh0: last dh added",
    ),
    backward_through_time(
        "dh0: first dh added", (TIME, TIME.replace(" dh,", " dh + dh_all[:, 0],"))
    ),
    backward_through_time("dc0: dc_last", (TIME, TIME.replace(" dc,", " dc_last,"))),
    backward_through_time(
        "dh0: one step too early",
        (RESULTS, f"arrived = dh\n        {RESULTS}"),
        (TIME, TIME.replace(" dh,", " arrived,")),
    ),
    backward_through_time(
        "d_kernel overwritten", (ADD, f"{ADD}\n        d_weights[0] = shares[0]")
    ),
    backward_through_time(
        "mean over time and batch",
        ("total + share", "total + share / len(caches) / len(dc)"),
    ),
    backward_through_time(
        "new cell state in the forget gate",
        ("caches[t]", '{**caches[t], "c_previous": caches[t]["c"]}'),
    ),
    backward_through_time(
        "cell state's gradient not carried + mean over time",
        (CALL, CALL.replace("dc,", "dc_last if t == len(caches) - 1 else 0 * dc,")),
        ("total + share", "total + share / len(caches)"),
    ),
    backward_through_time(
        "mean over time + dx: steps reversed",
        ("total + share", "total + share / len(caches)"),
        ("dx[::-1]", "dx"),
    ),
    backward_through_time(
        "hidden state's gradient not carried + dx: steps reversed",
        (CALL, CALL.replace(" + dh", "")),
        ("dx[::-1]", "dx"),
    ),
    backward_through_time(
        "dc_last ignored + weights overwritten",
        (BEGIN, "dh, dc = np.zeros_like(dc_last), np.zeros_like(dc_last)"),
        (ADD, "d_weights = shares"),
    ),
    backward_through_time(
        "returned in the first turn",
        (ADD, f"{ADD}\n        {TIME.replace('    ', '')}"),
        diagnosis="loop ends in its first turn",
    ),
    backward_through_time(
        "squeezed",
        ("np.stack(dx[::-1], axis=1)", "np.squeeze(np.stack(dx[::-1], axis=1))"),
        diagnosis="squeezed",
    ),
    backward_through_time(
        "two steps or more",
        (BEGIN, f"assert len(caches) > 1\n    {BEGIN}"),
        diagnosis="raised",
    ),
    forget_product("from the first step", ("forget[::-1]", "forget")),
    forget_product(
        "reversed", ("np.stack(products)", "np.stack(products[::-1])"), diagnosis="lags reversed"
    ),
    forget_product(
        "from the first step, reversed",
        ("forget[::-1]", "forget"),
        ("np.stack(products)", "np.stack(products[::-1])"),
        diagnosis="from the first step + lags reversed",
    ),
    forget_product(
        "one missing",
        ("np.stack(products)", "np.stack(products[1:])"),
        diagnosis="first lag missing",
    ),
    forget_product(
        "one missing, reversed",
        ("np.stack(products)", "np.stack(products[:0:-1])"),
        diagnosis="first lag missing + lags reversed",
    ),
    forget_product(
        "one missing, from the first step",
        ("forget[::-1]", "forget"),
        ("np.stack(products)", "np.stack(products[1:])"),
        diagnosis="from the first step + first lag missing",
    ),
    forget_product(
        "last entry missing",
        ("np.stack(products)", "np.stack(products[:-1])"),
        diagnosis="last lag missing",
    ),
    forget_product("no product", ("products[-1] * gate", "gate")),
    forget_product(
        "sum",
        ("products[-1] * gate", "products[-1] + gate if len(products) > 1 else gate"),
    ),
    forget_product(
        "whole product only", ("np.stack(products)", "products[-1]"), diagnosis="last lag only"
    ),
    forget_product("last gate only", ("* gate", "* forget[-1]")),
    forget_product(
        "zero at the start",
        ("np.stack(products)", "np.stack([0 * products[0], *products[1:]])"),
        diagnosis="first lag zero",
    ),
    forget_product(
        "whole product at the start",
        (ONE, "return np.stack([forget[-k:].prod(axis=0) for k in range(len(forget) + 1)])"),
    ),
    forget_product(
        "mean over the batch",
        ("np.stack(products)", "np.stack(products).mean(axis=1)"),
        diagnosis="mean over samples",
    ),
    forget_product(
        "product over the batch",
        (ONE, "return np.cumprod(forget, axis=1)"),
        diagnosis="shape",
    ),
    forget_product(
        "whole numbers",
        (ONE, f"{ONE}\n    forget = forget.astype(int)"),
        diagnosis="all but the first lag zero",
    ),
    forget_product("list", ("np.stack(products)", "products"), diagnosis="list of lags"),
    forget_product(
        "arguments changed",
        (
            ONE,
            "for t in range(len(forget) - 2, -1, -1):\n"
            "        forget[t] *= forget[t + 1]\n"
            "    return np.concatenate([np.ones_like(forget[:1]), forget[::-1]])",
        ),
    ),
    forget_product("first gate only", ("* gate", "* forget[0]")),
    forget_product("complements", ("* gate", "* (1 - gate)")),
    forget_product("last gate left out", ("forget[::-1]", "forget[-2::-1]")),
    forget_product("first gate twice", ("np.ones_like(forget[0])", "forget[-1]")),
    forget_product(
        "one at the end", ("np.stack(products)", "np.stack([*products[1:], products[0]])")
    ),
    forget_product("sum from one", ("* gate", "+ gate")),
    forget_product(
        "product of two",
        (
            ONE,
            f"{ONE}\n    forget = forget[::-1]\n"
            "    pairs = [forget[0], *(forget[1:] * forget[:-1])]\n"
            "    return np.stack(products + pairs)",
        ),
    ),
    forget_product(
        "product along the units",
        (
            ONE,
            f"{ONE}\n    return np.cumprod(np.stack(products + list(forget[::-1])), axis=2)",
        ),
    ),
    forget_product(
        "from the first step + sum",
        ("forget[::-1]", "forget"),
        ("products[-1] * gate", "products[-1] + gate if len(products) > 1 else gate"),
    ),
    forget_product("squeezed", ("np.stack(products)", "np.stack(products).squeeze()")),
]

right_hidden_state_backward = partial(right, "hidden_state_backward")
right_cell_state_backward = partial(right, "cell_state_backward")
right_gates_backward = partial(right, "gates_backward")
right_step_backward = partial(right, "step_backward")
right_backward_through_time = partial(right, "backward_through_time")
right_forget_product = partial(right, "forget_product")

RIGHT = [
    right_hidden_state_backward(
        "cosh",
        """
def hidden_state_backward(dh, output, c):
    return [np.multiply(np.tanh(c), dh), output * dh / np.cosh(c) ** 2]
""",
    ),
    right_hidden_state_backward(
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
    right_cell_state_backward(
        "one product of stacked arrays",
        """
def cell_state_backward(dc, forget, input, candidate, c_previous):
    return tuple(dc * np.stack([c_previous, candidate, input, forget]))
""",
    ),
    right_cell_state_backward(
        "einsum",
        """
def cell_state_backward(dc, forget, input, candidate, c_previous):
    factors = (c_previous, candidate, input, forget)
    return [np.einsum("bu,bu->bu", dc, factor.astype("float64")) for factor in factors]
""",
    ),
    right_gates_backward(
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
    right_gates_backward(
        "all four at once",
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    arriving = np.hstack([d_input, d_forget, d_candidate, d_output])
    value = np.hstack([input, forget, candidate, output])
    is_candidate = np.repeat([False, False, True, False], input.shape[1])
    return arriving * np.where(is_candidate, 1 + value, value) * (1 - value)
""",
    ),
    right_step_backward(
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
    right_step_backward(
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
    right_step_backward(
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
    right_backward_through_time(
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
    right_backward_through_time(
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
    right_backward_through_time(
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
    right_forget_product(
        "cumprod",
        """
def forget_product(forget):
    one = np.ones((1, *forget.shape[1:]))
    return np.cumprod(np.concatenate([one, forget[::-1]]), axis=0)
""",
    ),
    right_forget_product(
        "sum of logarithms",
        """
def forget_product(forget):
    return np.exp([np.log(forget)[len(forget) - k :].sum(axis=0) for k in range(len(forget) + 1)])
""",
    ),
    right_forget_product(
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
