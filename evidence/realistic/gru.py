"""Wrong answers as learners write them, for gru."""

from evidence.realistic import both, in_numpy, one, two

SLIPS = [
    one(
        "update_gate",
        "blocks in PyTorch's order r, z, n",
        r"reset gate|order",
        """
def update_gate(x, h, kernel, recurrent_kernel, bias):
    W_r, W_z, W_n = np.split(kernel, 3, axis=1)
    U_r, U_z, U_n = np.split(recurrent_kernel, 3, axis=1)
    b_r, b_z, b_n = np.split(bias, 3)
    return sigmoid(x @ W_z + h @ U_z + b_z)
""",
    ),
    one(
        "update_gate",
        "forget bias of one",
        r"forget bias|\b1 is added|plus 1",
        """
def update_gate(x, h, kernel, recurrent_kernel, bias):
    n = h.shape[1]
    z = x @ kernel[:, :n] + h @ recurrent_kernel[:, :n] + bias[:n]
    return sigmoid(z + 1.0)
""",
    ),
    one(
        "update_gate",
        "the paper's gate, which is the complement",
        r"1 minus|complement|wrong way",
        """
def update_gate(x, h, kernel, recurrent_kernel, bias):
    n = h.shape[1]
    a = x @ kernel[:, :n] + h @ recurrent_kernel[:, :n] + bias[:n]
    return sigmoid(-a)
""",
    ),
    in_numpy(
        "update_gate",
        "columns picked with a stride",
        r"every third|side by side|block|stride",
        """
def update_gate(x, h, kernel, recurrent_kernel, bias):
    return sigmoid(np.dot(x, kernel[:, ::3]) + np.dot(h, recurrent_kernel[:, ::3]) + bias[::3])
""",
    ),
    in_numpy(
        "update_gate",
        "units read off the batch",
        r"length of|another axis|rows? of|batch",
        """
def update_gate(x, h, kernel, recurrent_kernel, bias):
    units = len(h)
    return sigmoid(
        x @ kernel[:, :units] + h @ recurrent_kernel[:, :units] + bias[:units]
    )
""",
    ),
    two(
        "update_gate",
        "tanh, and the bias left out",
        both(r"tanh|activation", r"bias"),
        """
def update_gate(x, h, kernel, recurrent_kernel, bias):
    Wz = np.split(kernel, 3, axis=1)[0]
    Uz = np.split(recurrent_kernel, 3, axis=1)[0]
    return np.tanh(x @ Wz + h @ Uz)
""",
    ),
    one(
        "reset_gate",
        "first block",
        r"update gate",
        """
def reset_gate(x, h, kernel, recurrent_kernel, bias):
    units = h.shape[1]
    return sigmoid(
        x @ kernel[:, :units] + h @ recurrent_kernel[:, :units] + bias[:units]
    )
""",
    ),
    one(
        "reset_gate",
        "already multiplied by h",
        r"times the previous h|multiplied by|times h",
        """
def reset_gate(x, h, kernel, recurrent_kernel, bias):
    _, W, _ = np.split(kernel, 3, axis=1)
    _, U, _ = np.split(recurrent_kernel, 3, axis=1)
    _, b, _ = np.split(bias, 3)
    r = sigmoid(x @ W + h @ U + b)
    return r * h
""",
    ),
    in_numpy(
        "reset_gate",
        "reshaped into three blocks",
        r"reshape",
        """
def reset_gate(x, h, kernel, recurrent_kernel, bias):
    W = kernel.reshape(3, x.shape[1], -1)[1]
    U = recurrent_kernel.reshape(3, h.shape[1], -1)[1]
    b = bias.reshape(3, -1)[1]
    return sigmoid(x @ W + h @ U + b)
""",
    ),
    in_numpy(
        "reset_gate",
        "bias by an index in place of a slice",
        r"one number of|first number|bias",
        """
def reset_gate(x, h, kernel, recurrent_kernel, bias):
    n = h.shape[1]
    z = x @ kernel[:, n:2*n] + h @ recurrent_kernel[:, n:2*n] + bias[n]
    return sigmoid(z)
""",
    ),
    two(
        "reset_gate",
        "bias of the update gate, recurrent kernel transposed",
        both(r"bias", r"transpos"),
        """
def reset_gate(x, h, kernel, recurrent_kernel, bias):
    n = h.shape[1]
    W, U, b = kernel[:, n:2*n], recurrent_kernel[:, n:2*n], bias[:n]
    return sigmoid(x @ W + (U @ h.T).T + b)
""",
    ),
    one(
        "candidate_reset_before",
        "the default of Keras in its place",
        r"out of\*? the product|comes \*out of|after the product",
        """
def candidate_reset_before(x, h, reset, kernel, recurrent_kernel, bias):
    n = h.shape[1]
    return np.tanh(x @ kernel[:, 2*n:] + reset * (h @ recurrent_kernel[:, 2*n:]) + bias[2*n:])
""",
    ),
    one(
        "candidate_reset_before",
        "reset gate around all that is in tanh",
        r"all that goes into|whole sum|what comes from x enters",
        """
def candidate_reset_before(x, h, reset, kernel, recurrent_kernel, bias):
    n = h.shape[1]
    z = x @ kernel[:, 2*n:] + h @ recurrent_kernel[:, 2*n:] + bias[2*n:]
    return np.tanh(reset * z)
""",
    ),
    one(
        "candidate_reset_before",
        "sigmoid as in the gates",
        r"sigmoid",
        """
def candidate_reset_before(x, h, reset, kernel, recurrent_kernel, bias):
    n = h.shape[1]
    rh = reset * h
    return sigmoid(x @ kernel[:, 2*n:] + rh @ recurrent_kernel[:, 2*n:] + bias[2*n:])
""",
    ),
    in_numpy(
        "candidate_reset_before",
        "matrix product of reset and h",
        r"matrix",
        """
def candidate_reset_before(x, h, reset, kernel, recurrent_kernel, bias):
    n = h.shape[1]
    return np.tanh(x @ kernel[:, 2*n:] + (reset @ h) @ recurrent_kernel[:, 2*n:] + bias[2*n:])
""",
    ),
    two(
        "candidate_reset_before",
        "1 - reset, bias forgotten",
        both(r"1 minus|invert", r"bias"),
        """
def candidate_reset_before(x, h, reset, kernel, recurrent_kernel, bias):
    n = h.shape[1]
    return np.tanh(x @ kernel[:, 2*n:] + ((1 - reset) * h) @ recurrent_kernel[:, 2*n:])
""",
    ),
    one(
        "candidate_reset_after",
        "second bias outside of the reset",
        r"second row|recurrent bias|row of the bias",
        """
def candidate_reset_after(x, h, reset, kernel, recurrent_kernel, bias):
    n = h.shape[1]
    b = bias[:, 2*n:]
    recurrent = h @ recurrent_kernel[:, 2*n:]
    return np.tanh(x @ kernel[:, 2*n:] + b[0] + b[1] + reset * recurrent)
""",
    ),
    one(
        "candidate_reset_after",
        "rows of the bias the other way round",
        r"rows.*(chang|swap)|first belongs",
        """
def candidate_reset_after(x, h, reset, kernel, recurrent_kernel, bias):
    n = h.shape[1]
    b_rec, b_in = bias[:, 2*n:]
    return np.tanh(x @ kernel[:, 2*n:] + b_in + reset * (h @ recurrent_kernel[:, 2*n:] + b_rec))
""",
    ),
    one(
        "candidate_reset_after",
        "reset first, as in the original paper",
        r"\*before\*|before\*? the product|goes in",
        """
def candidate_reset_after(x, h, reset, kernel, recurrent_kernel, bias):
    n = h.shape[1]
    b = bias.sum(axis=0)[2*n:]
    return np.tanh(x @ kernel[:, 2*n:] + (reset * h) @ recurrent_kernel[:, 2*n:] + b)
""",
    ),
    in_numpy(
        "candidate_reset_after",
        "bias split along its rows",
        r"bias|row",
        """
def candidate_reset_after(x, h, reset, kernel, recurrent_kernel, bias):
    n = h.shape[1]
    b = bias[1, 2*n:]
    return np.tanh(x @ kernel[:, 2*n:] + b + reset * (h @ recurrent_kernel[:, 2*n:] + b))
""",
    ),
    two(
        "candidate_reset_after",
        "reset ignored, tanh forgotten",
        both(r"reset gate.*no effect|ignored", r"activation"),
        """
def candidate_reset_after(x, h, reset, kernel, recurrent_kernel, bias):
    n = h.shape[1]
    return x @ kernel[:, 2*n:] + bias[0, 2*n:] + h @ recurrent_kernel[:, 2*n:] + bias[1, 2*n:]
""",
    ),
    one(
        "new_state",
        "shares as in other papers",
        r"wrong way|papers|other way",
        """
def new_state(update, candidate, h):
    return (1 - update) * h + update * candidate
""",
    ),
    one(
        "new_state",
        "candidate without its share",
        r"no gate|taken whole|multiplied by no",
        """
def new_state(update, candidate, h):
    kept = update * h
    return kept + candidate
""",
    ),
    one(
        "new_state",
        "tanh on the way out, as in an LSTM",
        r"tanh",
        """
def new_state(update, candidate, h):
    c = update * h + (1 - update) * candidate
    return np.tanh(c)
""",
    ),
    in_numpy(
        "new_state",
        "parentheses lost",
        r"parenthes|bracket|before it subtracts",
        """
def new_state(update, candidate, h):
    return update * h + 1 - update * candidate
""",
    ),
    in_numpy(
        "new_state",
        "h overwritten in place",
        r"in place|changes its arguments",
        """
def new_state(update, candidate, h):
    h *= update
    h += (1 - update) * candidate
    return h
""",
    ),
    two(
        "new_state",
        "sigmoid once more, shares swapped",
        both(r"sigmoid", r"wrong way|papers|other way|share"),
        """
def new_state(update, candidate, h):
    z = sigmoid(update)
    return z * candidate + (1 - z) * h
""",
    ),
    one(
        "gru_step",
        "gates with the first bias alone",
        r"first row",
        """
def gru_step(x, h, kernel, recurrent_kernel, bias, reset_after=True):
    b = bias[0] if reset_after else bias
    z = update_gate(x, h, kernel, recurrent_kernel, b)
    r = reset_gate(x, h, kernel, recurrent_kernel, b)
    if reset_after:
        c = candidate_reset_after(x, h, r, kernel, recurrent_kernel, bias)
    else:
        c = candidate_reset_before(x, h, r, kernel, recurrent_kernel, bias)
    return new_state(z, c, h)
""",
    ),
    one(
        "gru_step",
        "arguments of the mixture in another order",
        r"candidate|share|wrong way",
        """
def gru_step(x, h, kernel, recurrent_kernel, bias, reset_after=True):
    b = bias.sum(0) if reset_after else bias
    z = update_gate(x, h, kernel, recurrent_kernel, b)
    r = reset_gate(x, h, kernel, recurrent_kernel, b)
    f = candidate_reset_after if reset_after else candidate_reset_before
    return new_state(z, h, f(x, h, r, kernel, recurrent_kernel, bias))
""",
    ),
    one(
        "gru_step",
        "update gate handed to the candidate",
        r"update gate stands|update gate.*reset gate|reset gate.*update gate",
        """
def gru_step(x, h, kernel, recurrent_kernel, bias, reset_after=True):
    b = bias.sum(0) if reset_after else bias
    z = update_gate(x, h, kernel, recurrent_kernel, b)
    f = candidate_reset_after if reset_after else candidate_reset_before
    return new_state(z, f(x, h, z, kernel, recurrent_kernel, bias), h)
""",
    ),
    in_numpy(
        "gru_step",
        "mean of the two rows of the bias",
        r"rows of the bias|row.*bias",
        """
def gru_step(x, h, kernel, recurrent_kernel, bias, reset_after=True):
    b = bias.mean(axis=0) if reset_after else bias
    z = update_gate(x, h, kernel, recurrent_kernel, b)
    r = reset_gate(x, h, kernel, recurrent_kernel, b)
    f = candidate_reset_after if reset_after else candidate_reset_before
    return new_state(z, f(x, h, r, kernel, recurrent_kernel, bias), h)
""",
    ),
    two(
        "gru_step",
        "ported from PyTorch: order r, z, n and shares swapped",
        both(r"order|reset gate", r"wrong way|papers|share"),
        """
def gru_step(x, h, kernel, recurrent_kernel, bias, reset_after=True):
    n = h.shape[1]
    b_i, b_h = bias if reset_after else (bias, 0 * bias)
    gi, gh = x @ kernel + b_i, h @ recurrent_kernel + b_h
    r = sigmoid(gi[:, :n] + gh[:, :n])
    z = sigmoid(gi[:, n:2*n] + gh[:, n:2*n])
    if reset_after:
        inner = r * gh[:, 2*n:]
    else:
        inner = (r * h) @ recurrent_kernel[:, 2*n:]
    c = np.tanh(gi[:, 2*n:] + inner)
    return (1 - z) * h + z * c
""",
    ),
    one(
        "gru_layer",
        "every step from the start",
        r"starts from the initial|not carried|before has left",
        """
def gru_layer(x, kernel, recurrent_kernel, bias, state=None, reset_after=True,
              return_sequences=False):
    if state is None:
        state = np.zeros((x.shape[0], recurrent_kernel.shape[0]))
    out = [gru_step(x[:, t], state, kernel, recurrent_kernel, bias, reset_after)
           for t in range(x.shape[1])]
    out = np.stack(out, axis=1)
    return out if return_sequences else out[:, -1]
""",
    ),
    in_numpy(
        "gru_layer",
        "time first",
        r"axes|in the order",
        """
def gru_layer(x, kernel, recurrent_kernel, bias, state=None, reset_after=True,
              return_sequences=False):
    h = np.zeros((x.shape[0], recurrent_kernel.shape[0])) if state is None else state
    out = []
    for t in range(x.shape[1]):
        h = gru_step(x[:, t], h, kernel, recurrent_kernel, bias, reset_after)
        out.append(h)
    return np.array(out) if return_sequences else h
""",
    ),
    in_numpy(
        "gru_layer",
        "last sample in place of the last step",
        r"sample",
        """
def gru_layer(x, kernel, recurrent_kernel, bias, state=None, reset_after=True,
              return_sequences=False):
    h = np.zeros((x.shape[0], recurrent_kernel.shape[0])) if state is None else state
    out = []
    for t in range(x.shape[1]):
        h = gru_step(x[:, t], h, kernel, recurrent_kernel, bias, reset_after)
        out.append(h)
    out = np.stack(out, 1)
    return out if return_sequences else out[-1]
""",
    ),
    two(
        "gru_layer",
        "given state ignored, option turned over",
        both(r"state was given|begins at zeros|ignored", r"return_sequences"),
        """
def gru_layer(x, kernel, recurrent_kernel, bias, state=None, reset_after=True,
              return_sequences=False):
    h = np.zeros((x.shape[0], recurrent_kernel.shape[0]))
    out = []
    for t in range(x.shape[1]):
        h = gru_step(x[:, t], h, kernel, recurrent_kernel, bias, reset_after)
        out.append(h)
    return h if return_sequences else np.stack(out, axis=1)
""",
    ),
    one(
        "gru_parameter_count",
        "four blocks",
        r"LSTM|four",
        """
def gru_parameter_count(features, units, reset_after=True):
    n = features * units + units ** 2
    n += 2 * units if reset_after else units
    return 4 * n
""",
    ),
    one(
        "gru_parameter_count",
        "second row of the bias forgotten",
        r"row",
        """
def gru_parameter_count(features, units, reset_after=True):
    return 3 * units * (features + units + 1)
""",
    ),
    two(
        "gru_parameter_count",
        "two blocks, no biases",
        both(r"two blocks|gate", r"bias"),
        """
def gru_parameter_count(features, units, reset_after=True):
    return 2 * (features + units) * units
""",
    ),
    in_numpy(
        "gru_parameter_count",
        "bias of one block outside of the parentheses",
        r"bias",
        """
def gru_parameter_count(features, units, reset_after=True):
    return 3 * (features * units + units * units) + units * (2 if reset_after else 1)
""",
    ),
]
