"""Wrong answers as learners write them, for lstm-gradient."""

from evidence.realistic import both, in_numpy, one, two

SLIPS = [
    one(
        "hidden_state_backward",
        "difference squared",
        r"square.*(difference|whole|bracket|1 - )|bracket|\(1 - tanh",
        """
def hidden_state_backward(dh, output, c):
    d_output = dh * np.tanh(c)
    d_c = dh * output * np.square(1 - np.tanh(c))
    return d_output, d_c
""",
    ),
    one(
        "hidden_state_backward",
        "d_output passed on to the cell",
        r"d_output|tanh.*(twice|also|once more|too many)|arriv.*dh|dh.*arriv",
        """
def hidden_state_backward(dh, output, c):
    t = np.tanh(c)
    d_output = dh * t
    d_c = d_output * output * (1 - t**2)
    return d_output, d_c
""",
    ),
    one(
        "hidden_state_backward",
        "tanh taken twice in the derivative",
        r"tanh.*(twice|again|two times|already)|(twice|again).*tanh",
        """
def dtanh(x):
    return 1 - np.tanh(x) ** 2


def hidden_state_backward(dh, output, c):
    t = np.tanh(c)
    return dh * t, dh * output * dtanh(t)
""",
    ),
    one(
        "hidden_state_backward",
        "cosh not squared",
        r"square|cosh",
        """
def hidden_state_backward(dh, output, c):
    return dh * np.tanh(c), dh * output / np.cosh(c)
""",
    ),
    one(
        "hidden_state_backward",
        "value of tanh for its derivative",
        r"derivative|tanh.*(for|place|instead)",
        """
def hidden_state_backward(dh, output, c):
    tanh_c = np.tanh(c)
    d_output = dh * tanh_c
    d_c = dh * output * tanh_c
    return d_output, d_c
""",
    ),
    in_numpy(
        "hidden_state_backward",
        "added up over the batch",
        r"(sum|add).*(batch|samples)|(batch|samples).*(sum|added|lost)|batch axis",
        """
def hidden_state_backward(dh, output, c):
    t = np.tanh(c)
    d_output = (dh * t).sum(axis=0)
    d_c = (dh * output * (1 - t * t)).sum(axis=0)
    return d_output, d_c
""",
    ),
    in_numpy(
        "hidden_state_backward",
        "matrix products for products",
        r"@|np\.dot|matrix|number by number|element",
        """
def hidden_state_backward(dh, output, c):
    d_output = np.dot(dh, np.tanh(c).T)
    d_c = np.dot(dh, output.T) @ (1 - np.tanh(c) ** 2)
    return d_output, d_c
""",
    ),
    in_numpy(
        "hidden_state_backward",
        "loop over samples one short",
        r"last (sample|row).*(zero|missing|left|not)|loop.*(short|too early)",
        """
def hidden_state_backward(dh, output, c):
    d_output, d_c = np.zeros_like(dh), np.zeros_like(dh)
    for b in range(dh.shape[0] - 1):
        t = np.tanh(c[b])
        d_output[b] = dh[b] * t
        d_c[b] = dh[b] * output[b] * (1 - t**2)
    return d_output, d_c
""",
    ),
    two(
        "hidden_state_backward",
        "results swapped, derivative of tanh missing",
        both(r"swap|exchang|order", r"derivative|1 - tanh"),
        """
def hidden_state_backward(dh, output, c):
    d_tanh_c = dh * output
    return d_tanh_c, dh * np.tanh(c)
""",
    ),
    two(
        "hidden_state_backward",
        "d_output through the activation, square missing",
        both(r"activation|sigmoid|1 - o", r"square"),
        """
def hidden_state_backward(dh, output, c):
    tc = np.tanh(c)
    do = dh * tc * output * (1 - output)
    dc = dh * output * (1 - tc)
    return do, dc
""",
    ),
    one(
        "cell_state_backward",
        "d_candidate through tanh",
        r"candidate.*(activation|tanh|derivative)|(activation|tanh|derivative).*candidate",
        """
def cell_state_backward(dc, forget, input, candidate, c_previous):
    d_forget = dc * c_previous
    d_input = dc * candidate
    d_candidate = dc * input * (1 - candidate**2)
    return d_forget, d_input, d_candidate, dc * forget
""",
    ),
    one(
        "cell_state_backward",
        "everything through the activations",
        r"activation|derivative|pre-activation",
        """
def cell_state_backward(dc, forget, input, candidate, c_previous):
    df = dc * c_previous * forget * (1 - forget)
    di = dc * candidate * input * (1 - input)
    dg = dc * input * (1 - candidate**2)
    return df, di, dg, dc * forget
""",
    ),
    one(
        "cell_state_backward",
        "tanh on the way to the old cell state",
        r"tanh|squash",
        """
def cell_state_backward(dc, forget, input, candidate, c_previous):
    dc_prev = dc * forget * (1 - np.tanh(c_previous) ** 2)
    return dc * c_previous, dc * candidate, dc * input, dc_prev
""",
    ),
    one(
        "cell_state_backward",
        "tanh of the old cell state for the forget gate",
        r"tanh|squash",
        """
def cell_state_backward(dc, forget, input, candidate, c_previous):
    d_forget = dc * np.tanh(c_previous)
    d_input = dc * candidate
    d_candidate = dc * input
    d_c_previous = dc * forget
    return d_forget, d_input, d_candidate, d_c_previous
""",
    ),
    one(
        "cell_state_backward",
        "old cell state's gradient first",
        r"order|d_c_previous.*(first|last)|swap|exchang",
        """
def cell_state_backward(dc, forget, input, candidate, c_previous):
    d_c_previous = dc * forget
    d_forget = dc * c_previous
    d_input = dc * candidate
    d_candidate = dc * input
    return d_c_previous, d_forget, d_input, d_candidate
""",
    ),
    one(
        "cell_state_backward",
        "arriving gradient added again",
        r"added|twice|again|plus",
        """
def cell_state_backward(dc, forget, input, candidate, c_previous):
    d_c_previous = dc + dc * forget
    return dc * c_previous, dc * candidate, dc * input, d_c_previous
""",
    ),
    in_numpy(
        "cell_state_backward",
        "dc changed in place too early",
        r"in place|changed|\*=|overwrit",
        """
def cell_state_backward(dc, forget, input, candidate, c_previous):
    d_c_previous = dc
    d_c_previous *= forget
    d_forget = dc * c_previous
    d_input = dc * candidate
    d_candidate = dc * input
    return d_forget, d_input, d_candidate, d_c_previous
""",
    ),
    in_numpy(
        "cell_state_backward",
        "matrix products for products",
        r"@|np\.dot|matrix|number by number|element",
        """
def cell_state_backward(dc, forget, input, candidate, c_previous):
    return dc @ c_previous.T, dc @ candidate.T, dc @ input.T, dc @ forget.T
""",
    ),
    in_numpy(
        "cell_state_backward",
        "added up over the batch",
        r"(sum|add).*(batch|samples)|(batch|samples).*(sum|added|lost)|batch axis",
        """
def cell_state_backward(dc, forget, input, candidate, c_previous):
    factors = np.stack([c_previous, candidate, input, forget])
    grads = (dc * factors).sum(axis=1)
    return tuple(grads)
""",
    ),
    two(
        "cell_state_backward",
        "input gate first, forget gate missing",
        both(r"order|swap|exchang", r"forget.*(missing|ignored|not)|(missing|without).*forget"),
        """
def cell_state_backward(dc, forget, input, candidate, c_previous):
    di = dc * candidate
    df = dc * c_previous
    dg = dc * input
    return di, df, dg, dc
""",
    ),
    two(
        "cell_state_backward",
        "input and candidate swapped, complement of the forget gate",
        both(r"swap|exchang|other factor|own", r"1 - |complement|one minus"),
        """
def cell_state_backward(dc, forget, input, candidate, c_previous):
    d_input = dc * input
    d_candidate = dc * candidate
    return dc * c_previous, d_input, d_candidate, dc * (1 - forget)
""",
    ),
    one(
        "gates_backward",
        "difference squared for the candidate",
        r"square.*(difference|whole|bracket|1 - )|bracket|\(1 - candidate",
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    di = d_input * input * (1 - input)
    df = d_forget * forget * (1 - forget)
    dg = d_candidate * (1 - candidate) ** 2
    do = d_output * output * (1 - output)
    return np.hstack((di, df, dg, do))
""",
    ),
    one(
        "gates_backward",
        "output gate as tanh",
        r"output.*(tanh|candidate|1 - )|(tanh|candidate).*output",
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    di = d_input * input * (1 - input)
    df = d_forget * forget * (1 - forget)
    dg = d_candidate * (1 - candidate**2)
    do = d_output * (1 - output**2)
    return np.hstack((di, df, dg, do))
""",
    ),
    one(
        "gates_backward",
        "values of input and forget gate exchanged",
        r"(input|forget).*(swap|exchang|other|mixed|value)|(swap|exchang).*(input|forget)",
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    def dsigmoid(s):
        return s * (1 - s)

    return np.concatenate([
        d_input * dsigmoid(forget),
        d_forget * dsigmoid(input),
        d_candidate * (1 - candidate**2),
        d_output * dsigmoid(output),
    ], axis=1)
""",
    ),
    one(
        "gates_backward",
        "order i, c, f, o",
        r"order|block|swap|exchang",
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    d_z_i = d_input * input * (1 - input)
    d_z_f = d_forget * forget * (1 - forget)
    d_z_c = d_candidate * (1 - candidate**2)
    d_z_o = d_output * output * (1 - output)
    return np.concatenate((d_z_i, d_z_c, d_z_f, d_z_o), axis=1)
""",
    ),
    one(
        "gates_backward",
        "plus in the candidate's derivative",
        r"plus|1 \+|\bsigns?\b",
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    d_z_i = d_input * input * (1 - input)
    d_z_f = d_forget * forget * (1 - forget)
    d_z_c = d_candidate * (1 + candidate**2)
    d_z_o = d_output * output * (1 - output)
    return np.concatenate([d_z_i, d_z_f, d_z_c, d_z_o], axis=-1)
""",
    ),
    one(
        "gates_backward",
        "sign of the gates' derivative",
        r"\bsigns?\b|minus|negative|- 1",
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    d_z_i = d_input * input * (input - 1)
    d_z_f = d_forget * forget * (forget - 1)
    d_z_c = d_candidate * (1 - candidate**2)
    d_z_o = d_output * output * (output - 1)
    return np.concatenate([d_z_i, d_z_f, d_z_c, d_z_o], axis=-1)
""",
    ),
    one(
        "gates_backward",
        "derivative of the output gate missing",
        r"output.*(derivative|missing|activation|1 - )|derivative.*output",
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    d_z_i = d_input * input * (1 - input)
    d_z_f = d_forget * forget * (1 - forget)
    d_z_c = d_candidate * (1 - candidate**2)
    return np.concatenate([d_z_i, d_z_f, d_z_c, d_output], axis=-1)
""",
    ),
    one(
        "gates_backward",
        "blocks added up",
        r"\bsum|added|side by side",
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    d_z = d_input * input * (1 - input)
    d_z += d_forget * forget * (1 - forget)
    d_z += d_candidate * (1 - candidate**2)
    d_z += d_output * output * (1 - output)
    return d_z
""",
    ),
    in_numpy(
        "gates_backward",
        "reshaped in place of joined",
        r"reshape|mixed|side by side|concatenate|interleav|rows?\b",
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    batch, units = input.shape
    d_z = np.array([
        d_input * input * (1 - input),
        d_forget * forget * (1 - forget),
        d_candidate * (1 - candidate**2),
        d_output * output * (1 - output),
    ])
    return d_z.reshape(batch, 4 * units)
""",
    ),
    in_numpy(
        "gates_backward",
        "last block left at zero",
        r"(last|fourth|output).*(zero|missing|left|not)|loop.*(short|too early)",
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    batch, u = input.shape
    d_z = np.zeros((batch, 4 * u))
    arriving = [d_input, d_forget, d_candidate, d_output]
    slopes = [input * (1 - input), forget * (1 - forget), 1 - candidate**2, output * (1 - output)]
    for k in range(3):
        d_z[:, k * u : (k + 1) * u] = arriving[k] * slopes[k]
    return d_z
""",
    ),
    in_numpy(
        "gates_backward",
        "np.append without an axis",
        r"np\.append|flat|one long|without (an )?axis|axes.*lost",
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    d_z = d_input * input * (1 - input)
    d_z = np.append(d_z, d_forget * forget * (1 - forget))
    d_z = np.append(d_z, d_candidate * (1 - candidate**2))
    d_z = np.append(d_z, d_output * output * (1 - output))
    return d_z
""",
    ),
    in_numpy(
        "gates_backward",
        "gates changed in place",
        r"in place|changed|\*=|overwrit",
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    for gate in (input, forget, output):
        gate *= 1 - gate
    d_z_c = d_candidate * (1 - candidate**2)
    return np.hstack([d_input * input, d_forget * forget, d_z_c, d_output * output])
""",
    ),
    in_numpy(
        "gates_backward",
        "^ for **",
        r"\*\*|\^|exclusive|bitwise",
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    d_z_i = d_input * input * (1 - input)
    d_z_f = d_forget * forget * (1 - forget)
    d_z_c = d_candidate * (1 - candidate ^ 2)
    d_z_o = d_output * output * (1 - output)
    return np.concatenate([d_z_i, d_z_f, d_z_c, d_z_o], axis=1)
""",
    ),
    in_numpy(
        "gates_backward",
        "written into an array of whole numbers",
        r"whole number|integer|\bint|truncat|cut off|decimal|fraction",
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    n = input.shape[1]
    d_z = np.full((len(input), 4 * n), 0)
    d_z[:, :n] = d_input * input * (1 - input)
    d_z[:, n : 2 * n] = d_forget * forget * (1 - forget)
    d_z[:, 2 * n : 3 * n] = d_candidate * (1 - candidate**2)
    d_z[:, 3 * n :] = d_output * output * (1 - output)
    return d_z
""",
    ),
    two(
        "gates_backward",
        "candidate as a gate, order i, f, o, c",
        both(r"candidate.*(sigmoid|gate|tanh)|(sigmoid|tanh).*candidate", r"order|block|swap"),
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    arriving = [d_input, d_forget, d_output, d_candidate]
    values = [input, forget, output, candidate]
    return np.concatenate([d * v * (1 - v) for d, v in zip(arriving, values)], axis=1)
""",
    ),
    two(
        "gates_backward",
        "candidate's derivative missing, forget gate first",
        both(r"candidate", r"order|block|swap|exchang"),
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    dz_f = d_forget * forget * (1 - forget)
    dz_i = d_input * input * (1 - input)
    dz_o = d_output * output * (1 - output)
    return np.hstack([dz_f, dz_i, d_candidate, dz_o])
""",
    ),
    two(
        "gates_backward",
        "square missing, derivative of the output gate missing",
        both(r"square|candidate", r"output"),
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    return np.hstack([
        d_input * input * (1 - input),
        d_forget * forget * (1 - forget),
        d_candidate * (1 - candidate),
        d_output,
    ])
""",
    ),
    two(
        "gates_backward",
        "values missing, square missing",
        both(r"value|factor|missing|gate|1 - ", r"square"),
        """
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    arriving = np.hstack([d_input, d_forget, d_candidate, d_output])
    values = np.hstack([input, forget, candidate, output])
    return arriving * (1 - values)
""",
    ),
    one(
        "step_backward",
        "input and candidate unpacked in the other order",
        r"candidate.*input|input.*candidate|order",
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    i, f, g, o = cache["input"], cache["forget"], cache["candidate"], cache["output"]
    d_o, d_c = hidden_state_backward(dh, o, cache["c"])
    d_f, d_g, d_i, dc_prev = cell_state_backward(dc + d_c, f, i, g, cache["c_previous"])
    d_z = gates_backward(d_i, d_f, d_g, d_o, i, f, g, o)
    dx = d_z @ kernel.T
    dh_prev = d_z @ recurrent_kernel.T
    return dx, dh_prev, dc_prev, cache["x"].T @ d_z, cache["h_previous"].T @ d_z, d_z.sum(axis=0)
""",
    ),
    one(
        "step_backward",
        "dh added to dc without the output gate",
        r"dh.*(directly|without|added|output gate|tanh|unchanged)|output gate.*(missing|ignored)"
        r"|path through h",
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    i, f, g, o = cache["input"], cache["forget"], cache["candidate"], cache["output"]
    d_o, _ = hidden_state_backward(dh, o, cache["c"])
    dc = dc + dh
    d_f, d_i, d_g, dc_prev = cell_state_backward(dc, f, i, g, cache["c_previous"])
    d_z = gates_backward(d_i, d_f, d_g, d_o, i, f, g, o)
    return (d_z @ kernel.T, d_z @ recurrent_kernel.T, dc_prev,
            cache["x"].T @ d_z, cache["h_previous"].T @ d_z, d_z.sum(axis=0))
""",
    ),
    one(
        "step_backward",
        "path through h added after the forget gate",
        r"after.*forget|forget.*(after|missing|only|not)|path through h|d_c\b.*(after|added)",
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    i, f, g, o = cache["input"], cache["forget"], cache["candidate"], cache["output"]
    d_o, d_c = hidden_state_backward(dh, o, cache["c"])
    d_f, d_i, d_g, _ = cell_state_backward(dc + d_c, f, i, g, cache["c_previous"])
    d_z = gates_backward(d_i, d_f, d_g, d_o, i, f, g, o)
    dc_prev = dc * f + d_c
    return (d_z @ kernel.T, d_z @ recurrent_kernel.T, dc_prev,
            cache["x"].T @ d_z, cache["h_previous"].T @ d_z, d_z.sum(axis=0))
""",
    ),
    one(
        "step_backward",
        "output gate also from dc",
        r"output gate|d_output|dc\b.*(dh|output)|path through c",
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    i, f, g, o = cache["input"], cache["forget"], cache["candidate"], cache["output"]
    tanh_c = np.tanh(cache["c"])
    dc_total = dc + dh * o * (1 - tanh_c**2)
    d_o = (dh + dc) * tanh_c
    d_f, d_i, d_g, dc_prev = cell_state_backward(dc_total, f, i, g, cache["c_previous"])
    d_z = gates_backward(d_i, d_f, d_g, d_o, i, f, g, o)
    return (d_z @ kernel.T, d_z @ recurrent_kernel.T, dc_prev,
            cache["x"].T @ d_z, cache["h_previous"].T @ d_z, d_z.sum(axis=0))
""",
    ),
    one(
        "step_backward",
        "dh kept for the state before",
        r"dh\b.*(added|kept|again|also|twice)|(added|kept).*\bdh\b",
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    i, f, g, o = [cache[k] for k in ["input", "forget", "candidate", "output"]]
    d_o, d_c = hidden_state_backward(dh, o, cache["c"])
    d_f, d_i, d_g, dc_prev = cell_state_backward(dc + d_c, f, i, g, cache["c_previous"])
    d_z = gates_backward(d_i, d_f, d_g, d_o, i, f, g, o)
    dh_prev = dh + d_z @ recurrent_kernel.T
    return (d_z @ kernel.T, dh_prev, dc_prev,
            cache["x"].T @ d_z, cache["h_previous"].T @ d_z, d_z.sum(axis=0))
""",
    ),
    one(
        "step_backward",
        "pre-activation gradients in the order f, i, c, o",
        r"order|block|swap|exchang",
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    i, f, g, o = [cache[k] for k in ["input", "forget", "candidate", "output"]]
    t = np.tanh(cache["c"])
    dc = dc + dh * o * (1 - t * t)
    dz_f = dc * cache["c_previous"] * f * (1 - f)
    dz_i = dc * g * i * (1 - i)
    dz_g = dc * i * (1 - g * g)
    dz_o = dh * t * o * (1 - o)
    dz = np.hstack([dz_f, dz_i, dz_g, dz_o])
    return (dz @ kernel.T, dz @ recurrent_kernel.T, dc * f,
            cache["x"].T @ dz, cache["h_previous"].T @ dz, dz.sum(axis=0))
""",
    ),
    one(
        "step_backward",
        "candidate as a gate",
        r"candidate.*(sigmoid|gate|tanh|derivative)|(sigmoid|tanh|derivative).*candidate",
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    i, f, g, o = [cache[k] for k in ["input", "forget", "candidate", "output"]]
    t = np.tanh(cache["c"])
    dct = dc + dh * o * (1 - t**2)
    da_i = dct * g * i * (1 - i)
    da_f = dct * cache["c_previous"] * f * (1 - f)
    da_g = dct * i * g * (1 - g)
    da_o = dh * t * o * (1 - o)
    da = np.hstack([da_i, da_f, da_g, da_o])
    return (da @ kernel.T, da @ recurrent_kernel.T, dct * f,
            cache["x"].T @ da, cache["h_previous"].T @ da, da.sum(axis=0))
""",
    ),
    one(
        "step_backward",
        "activations' derivatives missing",
        r"activation|derivative|gates_backward",
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    i, f, g, o = [cache[k] for k in ["input", "forget", "candidate", "output"]]
    d_o, d_c = hidden_state_backward(dh, o, cache["c"])
    d_f, d_i, d_g, dc_prev = cell_state_backward(dc + d_c, f, i, g, cache["c_previous"])
    d_z = np.concatenate([d_i, d_f, d_g, d_o], axis=1)
    return (d_z @ kernel.T, d_z @ recurrent_kernel.T, dc_prev,
            cache["x"].T @ d_z, cache["h_previous"].T @ d_z, d_z.sum(axis=0))
""",
    ),
    in_numpy(
        "step_backward",
        "recurrent kernel reshaped in place of transposed",
        r"reshape|transpos",
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    i, f, g, o = [cache[k] for k in ["input", "forget", "candidate", "output"]]
    d_o, d_c = hidden_state_backward(dh, o, cache["c"])
    d_f, d_i, d_g, dc_prev = cell_state_backward(dc + d_c, f, i, g, cache["c_previous"])
    d_z = gates_backward(d_i, d_f, d_g, d_o, i, f, g, o)
    dx = d_z @ kernel.T
    dh_prev = d_z @ recurrent_kernel.reshape(-1, dh.shape[1])
    return dx, dh_prev, dc_prev, cache["x"].T @ d_z, cache["h_previous"].T @ d_z, d_z.sum(axis=0)
""",
    ),
    in_numpy(
        "step_backward",
        "kernel's gradient reshaped in place of transposed",
        r"reshape|transpos",
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    i, f, g, o = [cache[k] for k in ["input", "forget", "candidate", "output"]]
    d_o, d_c = hidden_state_backward(dh, o, cache["c"])
    d_f, d_i, d_g, dc_prev = cell_state_backward(dc + d_c, f, i, g, cache["c_previous"])
    d_z = gates_backward(d_i, d_f, d_g, d_o, i, f, g, o)
    d_kernel = (d_z.T @ cache["x"]).reshape(kernel.shape)
    d_recurrent = (d_z.T @ cache["h_previous"]).reshape(recurrent_kernel.shape)
    return (d_z @ kernel.T, d_z @ recurrent_kernel.T, dc_prev,
            d_kernel, d_recurrent, d_z.sum(axis=0))
""",
    ),
    in_numpy(
        "step_backward",
        "keepdims left in the bias",
        r"keepdims|bias.*(axis|shape|row)|one axis too many",
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    i, f, g, o = [cache[k] for k in ["input", "forget", "candidate", "output"]]
    d_o, d_c = hidden_state_backward(dh, o, cache["c"])
    d_f, d_i, d_g, dc_prev = cell_state_backward(dc + d_c, f, i, g, cache["c_previous"])
    d_z = gates_backward(d_i, d_f, d_g, d_o, i, f, g, o)
    db = np.sum(d_z, axis=0, keepdims=True)
    return (d_z @ kernel.T, d_z @ recurrent_kernel.T, dc_prev,
            cache["x"].T @ d_z, cache["h_previous"].T @ d_z, db)
""",
    ),
    in_numpy(
        "step_backward",
        "bias summed over everything",
        r"bias.*(sum|axis|one number|all)|(sum|axis).*bias",
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    i, f, g, o = [cache[k] for k in ["input", "forget", "candidate", "output"]]
    d_o, d_c = hidden_state_backward(dh, o, cache["c"])
    d_f, d_i, d_g, dc_prev = cell_state_backward(dc + d_c, f, i, g, cache["c_previous"])
    d_z = gates_backward(d_i, d_f, d_g, d_o, i, f, g, o)
    d_bias = np.zeros(d_z.shape[1])
    d_bias += d_z.sum()
    return (d_z @ kernel.T, d_z @ recurrent_kernel.T, dc_prev,
            cache["x"].T @ d_z, cache["h_previous"].T @ d_z, d_bias)
""",
    ),
    in_numpy(
        "step_backward",
        "weights' gradients for each sample, not added up",
        r"(batch|samples?).*(sum|added|not|axis)|(sum|added).*(batch|samples)|each sample",
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    i, f, g, o = [cache[k] for k in ["input", "forget", "candidate", "output"]]
    d_o, d_c = hidden_state_backward(dh, o, cache["c"])
    d_f, d_i, d_g, dc_prev = cell_state_backward(dc + d_c, f, i, g, cache["c_previous"])
    d_z = gates_backward(d_i, d_f, d_g, d_o, i, f, g, o)
    dW = np.einsum("bf,bz->bfz", cache["x"], d_z)
    dU = np.einsum("bh,bz->bhz", cache["h_previous"], d_z)
    return d_z @ kernel.T, d_z @ recurrent_kernel.T, dc_prev, dW, dU, d_z.sum(axis=0)
""",
    ),
    two(
        "step_backward",
        "path through h missing, mean over the batch",
        both(r"path|through h|dh|hidden", r"mean|averag|divided"),
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    i, f, g, o = [cache[k] for k in ["input", "forget", "candidate", "output"]]
    d_o = dh * np.tanh(cache["c"])
    d_f, d_i, d_g, dc_prev = cell_state_backward(dc, f, i, g, cache["c_previous"])
    d_z = gates_backward(d_i, d_f, d_g, d_o, i, f, g, o)
    m = len(d_z)
    return (d_z @ kernel.T, d_z @ recurrent_kernel.T, dc_prev,
            cache["x"].T @ d_z / m, cache["h_previous"].T @ d_z / m, d_z.mean(axis=0))
""",
    ),
    two(
        "step_backward",
        "state gradients swapped, mean for the bias",
        both(r"swap|exchang|order", r"bias|mean|averag"),
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    i, f, g, o = [cache[k] for k in ["input", "forget", "candidate", "output"]]
    d_o, d_c = hidden_state_backward(dh, o, cache["c"])
    d_f, d_i, d_g, dc_prev = cell_state_backward(dc + d_c, f, i, g, cache["c_previous"])
    d_z = gates_backward(d_i, d_f, d_g, d_o, i, f, g, o)
    dx, dh_prev = d_z @ kernel.T, d_z @ recurrent_kernel.T
    dW, dU = cache["x"].T @ d_z, cache["h_previous"].T @ d_z
    return dx, dc_prev, dh_prev, dW, dU, np.mean(d_z, axis=0)
""",
    ),
    two(
        "step_backward",
        "weights' gradients transposed, bias not summed",
        both(r"transpos", r"bias"),
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    i, f, g, o = [cache[k] for k in ["input", "forget", "candidate", "output"]]
    d_o, d_c = hidden_state_backward(dh, o, cache["c"])
    d_f, d_i, d_g, dc_prev = cell_state_backward(dc + d_c, f, i, g, cache["c_previous"])
    d_z = gates_backward(d_i, d_f, d_g, d_o, i, f, g, o)
    return (d_z @ kernel.T, d_z @ recurrent_kernel.T, dc_prev,
            d_z.T @ cache["x"], d_z.T @ cache["h_previous"], d_z)
""",
    ),
    two(
        "step_backward",
        "old cell state shown, path through c missing",
        both(r"old cell|c_previous|new cell|cell state", r"path|dc\b|through c|next step"),
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    i, f, g, o = [cache[k] for k in ["input", "forget", "candidate", "output"]]
    c_prev = cache["c_previous"]
    d_o, d_c = hidden_state_backward(dh, o, c_prev)
    d_f, d_i, d_g, dc_prev = cell_state_backward(d_c, f, i, g, c_prev)
    d_z = gates_backward(d_i, d_f, d_g, d_o, i, f, g, o)
    return (d_z @ kernel.T, d_z @ recurrent_kernel.T, dc_prev,
            cache["x"].T @ d_z, cache["h_previous"].T @ d_z, d_z.sum(axis=0))
""",
    ),
    two(
        "step_backward",
        "candidate as a gate, forget gate missing",
        both(r"candidate", r"forget.*(missing|ignored|not)|(missing|without).*forget"),
        """
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    i, f, g, o = [cache[k] for k in ["input", "forget", "candidate", "output"]]
    t = np.tanh(cache["c"])
    dc = dc + dh * o * (1 - t**2)
    d = np.hstack([dc * g, dc * cache["c_previous"], dc * i, dh * t])
    v = np.hstack([i, f, g, o])
    d_z = d * v * (1 - v)
    return (d_z @ kernel.T, d_z @ recurrent_kernel.T, dc,
            cache["x"].T @ d_z, cache["h_previous"].T @ d_z, d_z.sum(axis=0))
""",
    ),
    in_numpy(
        "backward_through_time",
        "return inside the loop",
        r"return\b.*(loop|too early)|(only|stops?).*(last|one) step|last step (alone|only)",
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    dh, dc = np.zeros_like(dc_last), dc_last
    dW, dU, db, dxs = 0, 0, 0, []
    for t in reversed(range(len(caches))):
        dx, dh, dc, dw, du, b = step_backward(
            dh_all[:, t] + dh, dc, caches[t], kernel, recurrent_kernel)
        dxs.insert(0, dx)
        dW, dU, db = dW + dw, dU + du, db + b
        return np.stack(dxs, axis=1), dh, dc, dW, dU, db
""",
    ),
    in_numpy(
        "backward_through_time",
        "range begins one step too early",
        r"last step.*(missing|left out|zero|not)|loop.*(short|too early)|one step too early",
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    B, T, H = dh_all.shape
    dx = np.zeros((B, T, kernel.shape[0]))
    dW, dU = np.zeros_like(kernel), np.zeros_like(recurrent_kernel)
    db = np.zeros(4 * H)
    dh, dc = np.zeros((B, H)), dc_last
    for t in range(T - 2, -1, -1):
        dx[:, t], dh, dc, dw, du, b = step_backward(
            dh_all[:, t] + dh, dc, caches[t], kernel, recurrent_kernel)
        dW += dw
        dU += du
        db += b
    return dx, dh, dc, dW, dU, db
""",
    ),
    in_numpy(
        "backward_through_time",
        "list emptied at every step",
        r"list.*(loop|empt|anew)|(only|alone).*first step|first step (only|alone)|dx of the first",
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    dh, dc = np.zeros_like(dc_last), dc_last
    grads = [0, 0, 0]
    for t in range(len(caches) - 1, -1, -1):
        dxs = []
        dx, dh, dc, *g = step_backward(dh_all[:, t] + dh, dc, caches[t], kernel, recurrent_kernel)
        dxs.append(dx)
        grads = [a + b for a, b in zip(grads, g)]
    return np.stack(dxs, axis=1), dh, dc, *grads
""",
    ),
    in_numpy(
        "backward_through_time",
        "dx reshaped in place of transposed",
        r"reshape|mixed|transpos",
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    dh, dc = np.zeros_like(dc_last), dc_last
    dxs, grads = [], [0, 0, 0]
    for t in range(len(caches) - 1, -1, -1):
        dx, dh, dc, *g = step_backward(dh_all[:, t] + dh, dc, caches[t], kernel, recurrent_kernel)
        dxs.append(dx)
        grads = [a + b for a, b in zip(grads, g)]
    dx = np.array(dxs[::-1]).reshape(len(dh), len(caches), -1)
    return dx, dh, dc, *grads
""",
    ),
    in_numpy(
        "backward_through_time",
        "dx joined along the features",
        r"np\.concatenate|joined|side by side|no (time )?axis|time axis.*(missing|lost)|np\.stack",
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    dh, dc = np.zeros_like(dc_last), dc_last
    dxs, grads = [], [0, 0, 0]
    for t in range(len(caches) - 1, -1, -1):
        dx, dh, dc, *g = step_backward(dh_all[:, t] + dh, dc, caches[t], kernel, recurrent_kernel)
        dxs = [dx] + dxs
        grads = [a + b for a, b in zip(grads, g)]
    return np.concatenate(dxs, axis=1), dh, dc, *grads
""",
    ),
    in_numpy(
        "backward_through_time",
        "dh_all[t] for dh_all[:, t]",
        r"dh_all\[:, ?t|first axis|batch.*(time|step)|(time|step).*(batch|sample)",
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    dh, dc = np.zeros_like(dc_last), dc_last
    dxs, grads = [], [0, 0, 0]
    for t in reversed(range(len(caches))):
        dx, dh, dc, *g = step_backward(dh_all[t] + dh, dc, caches[t], kernel, recurrent_kernel)
        dxs.insert(0, dx)
        grads = [a + b for a, b in zip(grads, g)]
    return np.stack(dxs, axis=1), dh, dc, *grads
""",
    ),
    in_numpy(
        "backward_through_time",
        "added into arrays of whole numbers",
        r"whole number|integer|\bint\d*\b|truncat|dtype=int|np\.zeros",
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    dW = np.full(kernel.shape, 0)
    dU = np.full(recurrent_kernel.shape, 0)
    db = np.full(kernel.shape[1], 0)
    dh, dc, dxs = 0, dc_last, []
    for t in reversed(range(len(caches))):
        dx, dh, dc, dw, du, b = step_backward(
            dh_all[:, t] + dh, dc, caches[t], kernel, recurrent_kernel)
        dxs.insert(0, dx)
        dW += dw
        dU += du
        db += b
    return np.stack(dxs, axis=1), dh, dc, dW, dU, db
""",
    ),
    one(
        "backward_through_time",
        "caches of the step before",
        r"cache.*(before|previous|shift|off by one|one step|t ?- ?1)|one step (late|early)",
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    dh, dc = np.zeros_like(dc_last), dc_last
    dxs, grads = [], [0, 0, 0]
    for t in reversed(range(len(caches))):
        dx, dh, dc, *g = step_backward(
            dh_all[:, t] + dh, dc, caches[t - 1], kernel, recurrent_kernel)
        dxs.insert(0, dx)
        grads = [a + b for a, b in zip(grads, g)]
    return np.stack(dxs, axis=1), dh, dc, *grads
""",
    ),
    one(
        "backward_through_time",
        "caches from the first step",
        r"cache.*(order|revers|first|forward|wrong)|(order|revers).*cache",
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    dh, dc = np.zeros_like(dc_last), dc_last
    dxs, grads = [], [0, 0, 0]
    T = dh_all.shape[1]
    for t, cache in zip(reversed(range(T)), caches):
        dx, dh, dc, *g = step_backward(dh_all[:, t] + dh, dc, cache, kernel, recurrent_kernel)
        dxs.insert(0, dx)
        grads = [a + b for a, b in zip(grads, g)]
    return np.stack(dxs, axis=1), dh, dc, *grads
""",
    ),
    one(
        "backward_through_time",
        "gradients clipped in the loop",
        r"clip|limit|cut off",
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    dh, dc = np.zeros_like(dc_last), dc_last
    dxs, grads = [], [0, 0, 0]
    for t in reversed(range(len(caches))):
        dx, dh, dc, *g = step_backward(dh_all[:, t] + dh, dc, caches[t], kernel, recurrent_kernel)
        dh = np.clip(dh, -0.5, 0.5)
        dc = np.clip(dc, -0.5, 0.5)
        dxs.insert(0, dx)
        grads = [a + b for a, b in zip(grads, g)]
    return np.stack(dxs, axis=1), dh, dc, *grads
""",
    ),
    one(
        "backward_through_time",
        "dh_all divided by the number of steps",
        r"divided|mean|averag|/ ?time",
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    T = len(caches)
    dh, dc = np.zeros_like(dc_last), dc_last
    dxs, grads = [], [0, 0, 0]
    for t in reversed(range(T)):
        dx, dh, dc, *g = step_backward(
            dh_all[:, t] / T + dh, dc, caches[t], kernel, recurrent_kernel)
        dxs.insert(0, dx)
        grads = [a + b for a, b in zip(grads, g)]
    return np.stack(dxs, axis=1), dh, dc, *grads
""",
    ),
    one(
        "backward_through_time",
        "dh of the first step added to dh0",
        r"(dh0|initial).*(added|again|twice|dh_all|first)|(added|again|twice).*(dh0|first|initial)",
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    dh, dc = dh_all[:, -1], dc_last
    dxs, grads = [], [0, 0, 0]
    for t in reversed(range(len(caches))):
        dx, dh, dc, *g = step_backward(dh, dc, caches[t], kernel, recurrent_kernel)
        dxs.insert(0, dx)
        grads = [a + b for a, b in zip(grads, g)]
        dh = dh + dh_all[:, max(t - 1, 0)]
    return np.stack(dxs, axis=1), dh, dc, *grads
""",
    ),
    one(
        "backward_through_time",
        "dh and dc swapped on the way",
        r"(dh|dc|state|gradients).*(swap|exchang|order|place)|(swap|exchang).*(dh|dc|state)",
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    dh, dc = np.zeros_like(dc_last), dc_last
    dxs, grads = [], [0, 0, 0]
    for t in reversed(range(len(caches))):
        dx, dc, dh, *g = step_backward(dh_all[:, t] + dh, dc, caches[t], kernel, recurrent_kernel)
        dxs.insert(0, dx)
        grads = [a + b for a, b in zip(grads, g)]
    return np.stack(dxs, axis=1), dh, dc, *grads
""",
    ),
    one(
        "backward_through_time",
        "recurrent kernel's gradient of one step",
        r"recurrent.*(first|last|one|not|sum|step|only)|(sum|added).*recurrent",
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    dh, dc = np.zeros_like(dc_last), dc_last
    dxs, dW, db = [], 0, 0
    for t in reversed(range(len(caches))):
        dx, dh, dc, dw, dU, b = step_backward(
            dh_all[:, t] + dh, dc, caches[t], kernel, recurrent_kernel)
        dxs.insert(0, dx)
        dW = dW + dw
        db = db + b
    return np.stack(dxs, axis=1), dh, dc, dW, dU, db
""",
    ),
    one(
        "backward_through_time",
        "last step's weights counted twice",
        r"last step.*(twice|two times|again)|(twice|again).*(last|weight|step)",
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    T = len(caches)
    first = step_backward(dh_all[:, -1], dc_last, caches[-1], kernel, recurrent_kernel)
    grads = list(first[3:])
    dh, dc, dxs = 0, dc_last, []
    for t in range(T - 1, -1, -1):
        dx, dh, dc, *g = step_backward(dh_all[:, t] + dh, dc, caches[t], kernel, recurrent_kernel)
        dxs.insert(0, dx)
        grads = [a + b for a, b in zip(grads, g)]
    return np.stack(dxs, axis=1), dh, dc, *grads
""",
    ),
    one(
        "backward_through_time",
        "state gradients of the last step returned",
        r"(dh0|dc0|state|dh|dc).*(last|first|initial)|(last|initial).*(dh0|dc0|state)",
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    dh, dc = np.zeros_like(dc_last), dc_last
    dxs, dhs, dcs, grads = [], [], [], [0, 0, 0]
    for t in reversed(range(len(caches))):
        dx, dh, dc, *g = step_backward(dh_all[:, t] + dh, dc, caches[t], kernel, recurrent_kernel)
        dxs.append(dx)
        dhs.append(dh)
        dcs.append(dc)
        grads = [a + b for a, b in zip(grads, g)]
    return np.stack(dxs[::-1], axis=1), dhs[0], dcs[0], *grads
""",
    ),
    two(
        "backward_through_time",
        "dx backwards, hidden state's gradient not carried",
        both(r"dx.*(backward|revers|order)|(backward|revers).*dx", r"carried|passed|handed|dh"),
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    dc = dc_last
    dxs, grads = [], [0, 0, 0]
    for t in reversed(range(len(caches))):
        dx, dh, dc, *g = step_backward(dh_all[:, t], dc, caches[t], kernel, recurrent_kernel)
        dxs.append(dx)
        grads = [a + b for a, b in zip(grads, g)]
    return np.stack(dxs, axis=1), dh, dc, *grads
""",
    ),
    two(
        "backward_through_time",
        "weights of one step, cell state's gradient not carried",
        both(r"weight|sum|kernel", r"cell|\bdc\b|carried"),
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    dh, dxs = np.zeros_like(dc_last), []
    for t in reversed(range(len(caches))):
        dx, dh, dc, dW, dU, db = step_backward(
            dh_all[:, t] + dh, dc_last, caches[t], kernel, recurrent_kernel)
        dxs.insert(0, dx)
    return np.stack(dxs, axis=1), dh, dc, dW, dU, db
""",
    ),
    two(
        "backward_through_time",
        "time axis first, dc_last ignored",
        both(r"time.*first|first.*time|axis|axes", r"dc_last|last c\b|cell"),
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    dh = np.zeros((dh_all.shape[0], dh_all.shape[2]))
    dc = np.zeros_like(dh)
    dxs, grads = [], [0, 0, 0]
    for t in reversed(range(len(caches))):
        dx, dh, dc, *g = step_backward(dh_all[:, t] + dh, dc, caches[t], kernel, recurrent_kernel)
        dxs.insert(0, dx)
        grads = [a + b for a, b in zip(grads, g)]
    return np.array(dxs), dh, dc, *grads
""",
    ),
    two(
        "backward_through_time",
        "forwards, weights of one step",
        both(r"forward|order|from the first", r"weight|sum|kernel"),
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    dh, dc, dxs = np.zeros_like(dc_last), dc_last, []
    for t, cache in enumerate(caches):
        dx, dh, dc, dW, dU, db = step_backward(
            dh_all[:, t] + dh, dc, cache, kernel, recurrent_kernel)
        dxs.append(dx)
    return np.stack(dxs, axis=1), dh, dc, dW, dU, db
""",
    ),
    two(
        "backward_through_time",
        "mean over time, dh0 and dc0 swapped",
        both(r"mean|averag|divided", r"swap|exchang|order"),
        """
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    T = dh_all.shape[1]
    dh, dc = np.zeros_like(dc_last), dc_last
    dxs, grads = [], [0, 0, 0]
    for t in reversed(range(T)):
        dx, dh, dc, *g = step_backward(dh_all[:, t] + dh, dc, caches[t], kernel, recurrent_kernel)
        dxs.insert(0, dx)
        grads = [a + b for a, b in zip(grads, g)]
    dW, dU, db = (g / T for g in grads)
    return np.stack(dxs, axis=1), dc, dh, dW, dU, db
""",
    ),
    in_numpy(
        "forget_product",
        "cumprod without an axis",
        r"flat|one long|without (an )?axis|axis=0|axes.*lost|cumprod",
        """
def forget_product(forget):
    ones = np.ones_like(forget[:1])
    return np.cumprod(np.concatenate([ones, forget[::-1]]))
""",
    ),
    in_numpy(
        "forget_product",
        "product over the units",
        r"units|last axis|wrong axis|axis=(0|-1)",
        """
def forget_product(forget):
    products = np.cumprod(forget[::-1], axis=-1)
    return np.concatenate([np.ones_like(forget[:1]), products])
""",
    ),
    in_numpy(
        "forget_product",
        "started from zeros",
        r"zeros?\b|starts?\b|begin|product of no gate",
        """
def forget_product(forget):
    T, batch, units = forget.shape
    products = np.zeros((T + 1, batch, units))
    for k in range(1, T + 1):
        products[k] = products[k - 1] * forget[T - k]
    return products
""",
    ),
    in_numpy(
        "forget_product",
        "return inside the loop",
        r"return\b.*(loop|too early)|(only|stops?).*(first|k = 1|one gate|two)|last gate only",
        """
def forget_product(forget):
    products = [np.ones_like(forget[0])]
    for gate in forget[::-1]:
        products.append(products[-1] * gate)
        return np.stack(products)
""",
    ),
    in_numpy(
        "forget_product",
        "np.flip of all axes",
        r"np\.flip|(all|every|other) ax(e|i)s|axis=0|(batch|units).*revers|revers.*(batch|units)",
        """
def forget_product(forget):
    backwards = np.flip(forget)
    first = np.ones((1,) + forget.shape[1:])
    return np.concatenate([first, np.cumprod(backwards, axis=0)])
""",
    ),
    in_numpy(
        "forget_product",
        "array of zeros, loop one short",
        r"last (entry|product|index|row|k).*(zero|missing|left|not)|loop.*(short|too early)",
        """
def forget_product(forget):
    T = forget.shape[0]
    out = np.zeros((T + 1, *forget.shape[1:]))
    out[0] = 1
    for k in range(1, T):
        out[k] = out[k - 1] * forget[-k]
    return out
""",
    ),
    in_numpy(
        "forget_product",
        "one array kept for all products",
        r"same array|one array|in place|copy|(everywhere|all).*(last|whole)|\*=",
        """
def forget_product(forget):
    product = np.ones_like(forget[0])
    products = [product]
    for gate in forget[::-1]:
        product *= gate
        products.append(product)
    return np.stack(products)
""",
    ),
    one(
        "forget_product",
        "complement of the forget gates",
        r"1 - |complement|one minus|invert",
        """
def forget_product(forget):
    products = [np.ones_like(forget[0])]
    for f in forget[::-1]:
        products.append(products[-1] * (1 - f))
    return np.stack(products)
""",
    ),
    one(
        "forget_product",
        "sum of logarithms left as it is",
        r"\blog|exp\b|exponential",
        """
def forget_product(forget):
    logs = np.cumsum(np.log(forget[::-1]), axis=0)
    return np.concatenate([np.zeros_like(forget[:1]), logs])
""",
    ),
    one(
        "forget_product",
        "powers of the mean gate",
        r"mean|averag|power",
        """
def forget_product(forget):
    mean = forget.mean(axis=0)
    return np.stack([mean**k for k in range(len(forget) + 1)])
""",
    ),
    one(
        "forget_product",
        "gates through the sigmoid again",
        r"sigmoid|activation|squash",
        """
def forget_product(forget):
    f = 1 / (1 + np.exp(-forget))
    products = [np.ones_like(f[0])]
    for t in range(len(f) - 1, -1, -1):
        products.append(products[-1] * f[t])
    return np.stack(products)
""",
    ),
    two(
        "forget_product",
        "from the first step, zeros for the ones",
        both(r"first|order|forward", r"zero|\b1\b|\bone\b"),
        """
def forget_product(forget):
    products = np.cumprod(forget, axis=0)
    return np.concatenate([np.zeros_like(forget[:1]), products])
""",
    ),
    two(
        "forget_product",
        "complement of the gates, from the first step",
        both(r"1 - |complement|one minus|invert", r"first|order|forward"),
        """
def forget_product(forget):
    products = [np.ones_like(forget[0])]
    for f in forget:
        products.append(products[-1] * (1 - f))
    return np.array(products)
""",
    ),
    two(
        "forget_product",
        "sums from the first step",
        both(r"sum|added|product", r"first|order|forward"),
        """
def forget_product(forget):
    out = np.ones((len(forget) + 1, *forget.shape[1:]))
    for t in range(len(forget)):
        out[t + 1] = out[t] + forget[t]
    return out
""",
    ),
]
