"""Wrong answers as learners write them, for lstm-layer."""

from evidence.realistic import both, in_numpy, one, two

SLIPS = [
    one(
        "lstm_step",
        "order i, c, f, o of older TensorFlow cells",
        r"order|blocks?.*(swap|exchang)|(swap|exchang|mixed).*block|forget gate.*candidate",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    i, j, f, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=1)
    new_c = c * sigmoid(f) + sigmoid(i) * np.tanh(j)
    new_h = np.tanh(new_c) * sigmoid(o)
    return new_h, new_c
""",
    ),
    one(
        "lstm_step",
        "order f, g, i, o",
        r"order|blocks?.*(swap|exchang)|(swap|exchang|mixed).*block",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    N, H = h.shape
    A = np.dot(x, kernel) + np.dot(h, recurrent_kernel) + bias
    f = sigmoid(A[:, :H])
    g = np.tanh(A[:, H:2*H])
    i = sigmoid(A[:, 2*H:3*H])
    o = sigmoid(A[:, 3*H:])
    c_next = f * c + g * i
    h_next = o * np.tanh(c_next)
    return h_next, c_next
""",
    ),
    one(
        "lstm_step",
        "forget bias of one added",
        r"forget.*(bias|\b1\b|one)|bias.*forget",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel + bias
    z_i, z_f, z_c, z_o = np.split(z, 4, axis=1)
    forget_bias = 1.0
    c_new = c * sigmoid(z_f + forget_bias) + sigmoid(z_i) * np.tanh(z_c)
    h_new = np.tanh(c_new) * sigmoid(z_o)
    return h_new, c_new
""",
    ),
    one(
        "lstm_step",
        "peepholes",
        r"peephole|(gate|activation).*(see|look|cell)|cell state.*(gate|pre-activation)",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel + bias
    z_i, z_f, z_c, z_o = np.split(z, 4, axis=1)
    i = sigmoid(z_i + c)
    f = sigmoid(z_f + c)
    c_new = f * c + i * np.tanh(z_c)
    o = sigmoid(z_o + c_new)
    return o * np.tanh(c_new), c_new
""",
    ),
    one(
        "lstm_step",
        "output gate sees the new cell state",
        r"peephole|output gate.*(cell|new|c\b|see|look)|(cell|new).*output gate",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel + bias
    units = h.shape[1]
    i = sigmoid(z[:, :units])
    f = sigmoid(z[:, units:2*units])
    g = np.tanh(z[:, 2*units:3*units])
    c = f * c + i * g
    o = sigmoid(z[:, 3*units:] + c)
    h = o * np.tanh(c)
    return h, c
""",
    ),
    one(
        "lstm_step",
        "output gate from the new hidden state",
        r"output gate.*(new|after|later)|(new|after).*output gate|twice",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    Wi, Wf, Wc, Wo = np.split(kernel, 4, axis=1)
    Ui, Uf, Uc, Uo = np.split(recurrent_kernel, 4, axis=1)
    bi, bf, bc, bo = np.split(bias, 4)
    i = sigmoid(x @ Wi + h @ Ui + bi)
    f = sigmoid(x @ Wf + h @ Uf + bf)
    g = np.tanh(x @ Wc + h @ Uc + bc)
    c = f * c + i * g
    h = np.tanh(c)
    o = sigmoid(x @ Wo + h @ Uo + bo)
    return o * h, c
""",
    ),
    one(
        "lstm_step",
        "sigmoid of the cell state shown",
        r"sigmoid.*(cell|shown|new c|tanh)|(cell|new c|hidden).*sigmoid",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel + bias
    z_i, z_f, z_c, z_o = np.split(z, 4, axis=1)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    h = sigmoid(z_o) * sigmoid(c)
    return h, c
""",
    ),
    one(
        "lstm_step",
        "tanh of the gated cell state",
        r"tanh.*(outside|product|after|whole|last|gated)|(outside|after|product).*tanh",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel + bias
    i, f, g, o = np.split(z, 4, axis=-1)
    c_next = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return np.tanh(sigmoid(o) * c_next), c_next
""",
    ),
    one(
        "lstm_step",
        "candidate shown in place of the cell",
        r"candidate.*(shown|hidden|output|place|instead)|(hidden|output|cell).*candidate",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel + bias
    i, f, g, o = np.split(z, 4, axis=-1)
    g = np.tanh(g)
    c_t = sigmoid(f) * c + sigmoid(i) * g
    h_t = sigmoid(o) * np.tanh(g)
    return h_t, c_t
""",
    ),
    one(
        "lstm_step",
        "old cell state overwritten by the candidate's block",
        r"overwrit|old cell|candidate.*(place|for|instead|lost)|two meanings|name",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel + bias
    i, f, c, o = np.split(z, 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(c)
    h = sigmoid(o) * np.tanh(c)
    return h, c
""",
    ),
    one(
        "lstm_step",
        "candidate subtracted",
        r"subtract|minus|\bsigns?\b",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel + bias
    z_i, z_f, z_c, z_o = np.split(z, 4, axis=1)
    c = sigmoid(z_f) * c - sigmoid(z_i) * np.tanh(z_c)
    h = sigmoid(z_o) * np.tanh(c)
    return h, c
""",
    ),
    one(
        "lstm_step",
        "forget gate inverted",
        r"1 - |invert|complement|one minus",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel + bias
    z_i, z_f, z_c, z_o = np.split(z, 4, axis=1)
    forget = sigmoid(z_f)
    c = (1 - forget) * c + sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c), c
""",
    ),
    one(
        "lstm_step",
        "forget gate before the whole sum",
        r"bracket|forget.*(both|candidate|sum|new)|(both|candidate|sum).*forget",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel + bias
    z_i, z_f, z_c, z_o = np.split(z, 4, axis=1)
    c = sigmoid(z_f) * (c + sigmoid(z_i) * np.tanh(z_c))
    return sigmoid(z_o) * np.tanh(c), c
""",
    ),
    one(
        "lstm_step",
        "recurrent kernel read in the order i, f, o, c",
        r"recurrent.*(order|block|swap|exchang|column)|(order|block|swap|exchang).*recurrent",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    Wi, Wf, Wc, Wo = np.hsplit(kernel, 4)
    Ui, Uf, Uo, Uc = np.hsplit(recurrent_kernel, 4)
    bi, bf, bc, bo = np.hsplit(bias, 4)
    i = sigmoid(x @ Wi + h @ Ui + bi)
    f = sigmoid(x @ Wf + h @ Uf + bf)
    o = sigmoid(x @ Wo + h @ Uo + bo)
    g = np.tanh(x @ Wc + h @ Uc + bc)
    c = f * c + i * g
    return o * np.tanh(c), c
""",
    ),
    one(
        "lstm_step",
        "bias read with the forget gate first",
        r"bias.*(order|block|swap|exchang)|(order|block|swap|exchang).*bias",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    W_i, W_f, W_c, W_o = np.split(kernel, 4, axis=1)
    U_i, U_f, U_c, U_o = np.split(recurrent_kernel, 4, axis=1)
    b_f, b_i, b_c, b_o = np.split(bias, 4)
    f = sigmoid(x @ W_f + h @ U_f + b_f)
    i = sigmoid(x @ W_i + h @ U_i + b_i)
    o = sigmoid(x @ W_o + h @ U_o + b_o)
    c = f * c + i * np.tanh(x @ W_c + h @ U_c + b_c)
    return o * np.tanh(c), c
""",
    ),
    one(
        "lstm_step",
        "bias subtracted",
        r"bias.*(subtract|minus|sign)|subtract.*bias",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    i, f, g, o = np.split(x @ kernel + h @ recurrent_kernel - bias, 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c
""",
    ),
    one(
        "lstm_step",
        "output, h and c, as a Keras layer returns them",
        r"three|twice|two (arrays|states|results)|\(h, c\)",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel + bias
    z_i, z_f, z_c, z_o = np.split(z, 4, axis=1)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    h = sigmoid(z_o) * np.tanh(c)
    return h, h, c
""",
    ),
    in_numpy(
        "lstm_step",
        "reshaped in place of divided",
        r"reshape|mixed|rows?\b|interleav",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel + bias
    i, f, g, o = z.reshape(4, h.shape[0], h.shape[1])
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c
""",
    ),
    in_numpy(
        "lstm_step",
        "units not divided by four",
        r"4 \*|// ?4|quarter|four|units.*(divid|wrong|width)",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    n = kernel.shape[1]
    z = x @ kernel + h @ recurrent_kernel + bias
    i, f = sigmoid(z[:, :n]), sigmoid(z[:, n:2*n])
    g, o = np.tanh(z[:, 2*n:3*n]), sigmoid(z[:, 3*n:])
    c = f * c + i * g
    return o * np.tanh(c), c
""",
    ),
    in_numpy(
        "lstm_step",
        "loop over samples one short",
        r"last (sample|row).*(zero|missing|left|not)|loop.*(short|too early)",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    new_h, new_c = np.zeros_like(h), np.zeros_like(c)
    for n in range(x.shape[0] - 1):
        i, f, g, o = np.split(x[n] @ kernel + h[n] @ recurrent_kernel + bias, 4)
        new_c[n] = sigmoid(f) * c[n] + sigmoid(i) * np.tanh(g)
        new_h[n] = sigmoid(o) * np.tanh(new_c[n])
    return new_h, new_c
""",
    ),
    in_numpy(
        "lstm_step",
        "state of the first sample for all",
        r"first (sample|row)|same state|\[0\]|leak|other samples?",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    hs, cs = [], []
    for n in range(len(x)):
        i, f, g, o = np.split(x[n] @ kernel + h[0] @ recurrent_kernel + bias, 4)
        c_n = sigmoid(f) * c[0] + sigmoid(i) * np.tanh(g)
        cs.append(c_n)
        hs.append(sigmoid(o) * np.tanh(c_n))
    return np.array(hs), np.array(cs)
""",
    ),
    in_numpy(
        "lstm_step",
        "states in arrays of whole numbers",
        r"whole number|integer|\bint|truncat|cut off|decimal|fraction",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel + bias
    i, f, g, o = np.split(z, 4, axis=1)
    states = np.full((2, *h.shape), 0)
    states[1] = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    states[0] = sigmoid(o) * np.tanh(states[1])
    return states[0], states[1]
""",
    ),
    two(
        "lstm_step",
        "order i, f, o, c, bias missing",
        both(r"order|block|swap|exchang", r"bias"),
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    a = x.dot(kernel) + h.dot(recurrent_kernel)
    H = h.shape[1]
    i, f, o = sigmoid(a[:, :H]), sigmoid(a[:, H:2*H]), sigmoid(a[:, 2*H:3*H])
    g = np.tanh(a[:, 3*H:])
    next_c = f * c + i * g
    next_h = o * np.tanh(next_c)
    return next_h, next_c
""",
    ),
    two(
        "lstm_step",
        "states swapped, tanh missing",
        both(r"swap|exchang|order", r"tanh"),
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel + bias
    i, f, g, o = np.split(z, 4, axis=1)
    c_t = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h_t = sigmoid(o) * c_t
    return c_t, h_t
""",
    ),
    two(
        "lstm_step",
        "order i, f, o, c, old cell state shown",
        both(r"order|block|swap|exchang", r"old cell|cell.*(old|before|new)"),
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel + bias
    i, f, o, g = np.split(z, 4, axis=1)
    h_new = sigmoid(o) * np.tanh(c)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return h_new, c_new
""",
    ),
    two(
        "lstm_step",
        "hard sigmoid, bias missing",
        both(r"hard", r"bias"),
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    def gate(z):
        return np.clip(z / 6 + 0.5, 0, 1)

    z_i, z_f, z_c, z_o = np.split(x @ kernel + h @ recurrent_kernel, 4, axis=1)
    c = gate(z_f) * c + gate(z_i) * np.tanh(z_c)
    return gate(z_o) * np.tanh(c), c
""",
    ),
    two(
        "lstm_step",
        "input gate ignored, tanh missing",
        both(r"input gate", r"tanh|squash"),
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel + bias
    _, f, g, o = np.split(z, 4, axis=1)
    c = sigmoid(f) * c + np.tanh(g)
    return sigmoid(o) * c, c
""",
    ),
    two(
        "lstm_step",
        "gates coupled, candidate through the sigmoid",
        both(r"1 - |coupled|one minus", r"sigmoid|activation"),
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    gates = sigmoid(x @ kernel + h @ recurrent_kernel + bias)
    _, f, g, o = np.split(gates, 4, axis=1)
    c = f * c + (1 - f) * g
    return o * np.tanh(c), c
""",
    ),
    in_numpy(
        "initial_state",
        "shape without brackets",
        r"tuple|bracket|parenthes|np\.zeros|shape.*(one argument|pair)",
        """
def initial_state(x, units, state=None):
    if state is None:
        h = np.zeros(x.shape[0], units)
        c = np.zeros(x.shape[0], units)
        return h, c
    return state[0], state[1]
""",
    ),
    one(
        "initial_state",
        "random numbers",
        r"random|zeros",
        """
def initial_state(x, units, state=None):
    if state is None:
        h = np.random.normal(size=(len(x), units))
        c = np.random.normal(size=(len(x), units))
    else:
        h, c = state
    return h, c
""",
    ),
    one(
        "initial_state",
        "four times the units",
        r"4 (\*|times)|four",
        """
def initial_state(x, units, state=None):
    if state is None:
        return np.zeros((x.shape[0], 4 * units)), np.zeros((x.shape[0], 4 * units))
    return state
""",
    ),
    one(
        "initial_state",
        "nothing without a state",
        r"is None|without (a|the) state|not given|no state|state is (left out|missing)",
        """
def initial_state(x, units, state=None):
    if state is not None:
        h, c = state
    return h, c
""",
    ),
    one(
        "initial_state",
        "cell state of ones",
        r"\bones\b",
        """
def initial_state(x, units, state=None):
    batch = x.shape[0]
    if state is None:
        state = [np.zeros((batch, units)), np.ones((batch, units))]
    h, c = state
    return h, c
""",
    ),
    in_numpy(
        "initial_state",
        "zeros like the input",
        r"features|time axis|like x|shape of (the )?(input|x)|one axis too many",
        """
def initial_state(x, units, state=None):
    if state is None:
        h = np.zeros_like(x)
        c = np.zeros_like(x)
    else:
        h, c = state
    return h, c
""",
    ),
    in_numpy(
        "initial_state",
        "an axis of length one for the time",
        r"time|axis.*(too many|extra|length 1|size 1)|one axis too many",
        """
def initial_state(x, units, state=None):
    if state is None:
        return np.zeros((len(x), 1, units)), np.zeros((len(x), 1, units))
    h, c = state
    return h, c
""",
    ),
    two(
        "initial_state",
        "state ignored, ones for zeros",
        both(r"ignored|given|state.*not used", r"\bones\b"),
        """
def initial_state(x, units, state=None):
    h = np.ones((x.shape[0], units))
    c = np.ones((x.shape[0], units))
    return h, c
""",
    ),
    two(
        "initial_state",
        "time for the batch, states swapped",
        both(r"time|steps", r"swap|exchang|order"),
        """
def initial_state(x, units, state=None):
    if state is None:
        zeros = np.zeros((x.shape[1], units))
        return zeros, zeros.copy()
    return state[1], state[0]
""",
    ),
    in_numpy(
        "lstm_sequence",
        "return inside the loop",
        r"return\b.*(loop|too early)|(only|stops?).*first (step|state)|first step (alone|only)",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    outputs = []
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, kernel, recurrent_kernel, bias)
        outputs.append(h)
        return np.stack(outputs, axis=1), h, c
""",
    ),
    in_numpy(
        "lstm_sequence",
        "list emptied at every step",
        r"list.*(loop|empt|anew)|(only|alone).*last (step|state)|last (step|state) (only|alone)",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    for t in range(x.shape[1]):
        all_h = []
        h, c = lstm_step(x[:, t, :], h, c, kernel, recurrent_kernel, bias)
        all_h.append(h)
    return np.stack(all_h, axis=1), h, c
""",
    ),
    in_numpy(
        "lstm_sequence",
        "array of zeros, loop one short",
        r"last (step|state).*(zero|missing|left|not)|loop.*(short|too early)",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    batch, time = x.shape[0], x.shape[1]
    all_h = np.zeros((batch, time, h.shape[1]))
    for t in range(time - 1):
        h, c = lstm_step(x[:, t], h, c, kernel, recurrent_kernel, bias)
        all_h[:, t] = h
    return all_h, h, c
""",
    ),
    in_numpy(
        "lstm_sequence",
        "loop over x itself",
        r"x\[:, ?t|first axis|batch.*(time|step)|(time|step).*(batch|sample)|sample.*(step|time)",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    hs = []
    for x_t in x:
        h, c = lstm_step(x_t, h, c, kernel, recurrent_kernel, bias)
        hs.append(h)
    return np.stack(hs, axis=1), h, c
""",
    ),
    in_numpy(
        "lstm_sequence",
        "np.append without an axis",
        r"np\.append|flat|one long|without (an )?axis|axes.*lost",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    every_h = np.array([])
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, kernel, recurrent_kernel, bias)
        every_h = np.append(every_h, h)
    return every_h, h, c
""",
    ),
    in_numpy(
        "lstm_sequence",
        "states joined along the units",
        r"np\.concatenate|joined|side by side|no (time )?axis|time axis.*(missing|lost)|np\.stack",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    every_h = []
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, kernel, recurrent_kernel, bias)
        every_h.append(h)
    return np.concatenate(every_h, axis=-1), h, c
""",
    ),
    in_numpy(
        "lstm_sequence",
        "reshaped in place of transposed",
        r"reshape|mixed|(samples|steps).*(mixed|order)|axes.*mixed|transpos",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    every_h = []
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, kernel, recurrent_kernel, bias)
        every_h.append(h)
    seq = np.array(every_h).reshape(x.shape[0], x.shape[1], h.shape[1])
    return seq, h, c
""",
    ),
    in_numpy(
        "lstm_sequence",
        "array of whole numbers",
        r"whole number|integer|\bint|truncat|cut off|decimal|fraction",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    seq = np.full((x.shape[0], x.shape[1], h.shape[1]), 0)
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, kernel, recurrent_kernel, bias)
        seq[:, t] = h
    return seq, h, c
""",
    ),
    in_numpy(
        "lstm_sequence",
        "last sample for the last step",
        r"last (sample|h\b)|batch|\[-1\]",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    seq = np.zeros((*x.shape[:2], h.shape[1]))
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, kernel, recurrent_kernel, bias)
        seq[:, t] = h
    return seq, seq[-1], c
""",
    ),
    one(
        "lstm_sequence",
        "h and c in each other's place",
        r"(h and c|c and h|states|hidden|cell).*(swap|exchang|place|order)|(swap|exchang).*state",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    every_h = []
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], c, h, kernel, recurrent_kernel, bias)
        every_h.append(h)
    return np.stack(every_h, axis=1), h, c
""",
    ),
    one(
        "lstm_sequence",
        "input of the step before",
        r"input.*(before|previous|late|shift|one step|off by one)|x\[:, t ?- ?1|one step late",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    T = x.shape[1]
    outs = []
    for t in range(T):
        h, c = lstm_step(x[:, t - 1], h, c, kernel, recurrent_kernel, bias)
        outs.append(h)
    return np.stack(outs, axis=1), h, c
""",
    ),
    one(
        "lstm_sequence",
        "last states as a tuple of their own",
        r"tuple|three (arrays|results)|nested|pair",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    output = []
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, kernel, recurrent_kernel, bias)
        output.append(h)
    return np.stack(output, axis=1), (h, c)
""",
    ),
    one(
        "lstm_sequence",
        "all cell states for the last one",
        r"(all|every).*(cell|\bc\b)|last c\b|cell states.*steps",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    hs, cs = [], []
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, kernel, recurrent_kernel, bias)
        hs.append(h)
        cs.append(c)
    return np.stack(hs, axis=1), h, np.stack(cs, axis=1)
""",
    ),
    one(
        "lstm_sequence",
        "h of the first step as the last h",
        r"first (step|h\b|hidden|state)|every_h\[0\]",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    hs = []
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, kernel, recurrent_kernel, bias)
        hs.append(h)
    return np.stack(hs, axis=1), hs[0], c
""",
    ),
    one(
        "lstm_sequence",
        "state reset at every step",
        r"reset|not (carried|handed|passed)|nothing.*(carried|handed|passed)|zeros?.*(each|every)",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    every_h = []
    for t in range(x.shape[1]):
        h = np.zeros_like(h)
        c = np.zeros_like(c)
        h, c = lstm_step(x[:, t], h, c, kernel, recurrent_kernel, bias)
        every_h.append(h)
    return np.stack(every_h, axis=1), h, c
""",
    ),
    one(
        "lstm_sequence",
        "backward half of a bidirectional layer",
        r"revers|backward|from the (end|last)|last.*first|bidirectional",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    every_h = [None] * x.shape[1]
    for t in reversed(range(x.shape[1])):
        h, c = lstm_step(x[:, t], h, c, kernel, recurrent_kernel, bias)
        every_h[t] = h
    return np.stack(every_h, axis=1), h, c
""",
    ),
    one(
        "lstm_sequence",
        "cell state of the first step handed on for ever",
        r"cell state.*(not|first|old|never|same)|\bc\b.*(not|never).*(carried|handed|passed)",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    hs, cs = [], [c]
    for t in range(x.shape[1]):
        h, c_t = lstm_step(x[:, t], h, cs[min(t, 1)], kernel, recurrent_kernel, bias)
        hs.append(h)
        cs.append(c_t)
    return np.stack(hs, axis=1), h, cs[-1]
""",
    ),
    two(
        "lstm_sequence",
        "initial state ignored, time axis first",
        both(r"initial|zeros", r"time.*first|first.*time|axis|axes"),
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    h = np.zeros_like(h)
    c = np.zeros_like(c)
    hs = []
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, kernel, recurrent_kernel, bias)
        hs.append(h)
    return np.array(hs), h, c
""",
    ),
    two(
        "lstm_sequence",
        "cell state not carried, last states swapped",
        both(r"cell|\bc\b", r"swap|exchang|order"),
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    seq = []
    for t in range(x.shape[1]):
        h, c_new = lstm_step(x[:, t], h, c, kernel, recurrent_kernel, bias)
        seq.append(h)
    return np.stack(seq, axis=1), c_new, h
""",
    ),
    two(
        "lstm_sequence",
        "initial state among the results, time axis first",
        both(r"initial", r"time.*first|first.*time|axis|axes"),
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    hs = [h]
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], hs[-1], c, kernel, recurrent_kernel, bias)
        hs.append(h)
    return np.asarray(hs), h, c
""",
    ),
    two(
        "lstm_sequence",
        "initial cell state ignored, first input repeated",
        both(r"cell|initial|\bc\b", r"(first|same) (input|step)|repeat"),
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    c = np.zeros(h.shape)
    hs = []
    for _ in range(x.shape[1]):
        h, c = lstm_step(x[:, 0], h, c, kernel, recurrent_kernel, bias)
        hs.append(h)
    return np.stack(hs, axis=1), h, c
""",
    ),
    one(
        "lstm_layer",
        "states as a list of their own",
        r"tuple|three (arrays|results)|nested|list|pair",
        """
def lstm_layer(x, kernel, recurrent_kernel, bias,
               state=None, return_sequences=False, return_state=False):
    units = recurrent_kernel.shape[0]
    h, c = initial_state(x, units, state)
    seq, h, c = lstm_sequence(x, h, c, kernel, recurrent_kernel, bias)
    out = seq if return_sequences else h
    if return_state:
        return out, [h, c]
    return out
""",
    ),
    in_numpy(
        "lstm_layer",
        "features for units",
        r"features.*units|units.*features|number of units",
        """
def lstm_layer(x, kernel, recurrent_kernel, bias,
               state=None, return_sequences=False, return_state=False):
    h, c = initial_state(x, x.shape[-1], state)
    every_h, h, c = lstm_sequence(x, h, c, kernel, recurrent_kernel, bias)
    output = every_h if return_sequences else h
    return (output, h, c) if return_state else output
""",
    ),
    in_numpy(
        "lstm_layer",
        "last sample for the last step",
        r"last sample|batch|\[:, -1\]",
        """
def lstm_layer(x, kernel, recurrent_kernel, bias,
               state=None, return_sequences=False, return_state=False):
    h, c = initial_state(x, len(recurrent_kernel), state)
    every_h, h, c = lstm_sequence(x, h, c, kernel, recurrent_kernel, bias)
    output = every_h if return_sequences else every_h[-1]
    return (output, h, c) if return_state else output
""",
    ),
    in_numpy(
        "lstm_layer",
        "last unit for the last step",
        r"last (unit|axis)|\[:, -1\]|unit.*step",
        """
def lstm_layer(x, kernel, recurrent_kernel, bias,
               state=None, return_sequences=False, return_state=False):
    h, c = initial_state(x, recurrent_kernel.shape[0], state)
    hs, h, c = lstm_sequence(x, h, c, kernel, recurrent_kernel, bias)
    if not return_sequences:
        hs = hs[..., -1]
    return (hs, h, c) if return_state else hs
""",
    ),
    in_numpy(
        "lstm_layer",
        "steps joined into one row",
        r"flat|reshape|joined|one (long )?row|side by side",
        """
def lstm_layer(x, kernel, recurrent_kernel, bias,
               state=None, return_sequences=False, return_state=False):
    h, c = initial_state(x, recurrent_kernel.shape[0], state)
    hs, h, c = lstm_sequence(x, h, c, kernel, recurrent_kernel, bias)
    output = hs if return_sequences else hs.reshape(len(x), -1)
    return (output, h, c) if return_state else output
""",
    ),
    one(
        "lstm_layer",
        "mean over time",
        r"mean|averag",
        """
def lstm_layer(x, kernel, recurrent_kernel, bias,
               state=None, return_sequences=False, return_state=False):
    h, c = initial_state(x, len(recurrent_kernel), state)
    every_h, h, c = lstm_sequence(x, h, c, kernel, recurrent_kernel, bias)
    output = every_h if return_sequences else every_h.mean(axis=1)
    return (output, h, c) if return_state else output
""",
    ),
    one(
        "lstm_layer",
        "results of lstm_sequence in another order",
        r"order|unpack|lstm_sequence.*(return|result)",
        """
def lstm_layer(x, kernel, recurrent_kernel, bias,
               state=None, return_sequences=False, return_state=False):
    h, c = initial_state(x, len(recurrent_kernel), state)
    h, c, every_h = lstm_sequence(x, h, c, kernel, recurrent_kernel, bias)
    output = every_h if return_sequences else h
    return (output, h, c) if return_state else output
""",
    ),
    one(
        "lstm_layer",
        "time reversed",
        r"revers|backward|from the (end|last)|last.*first",
        """
def lstm_layer(x, kernel, recurrent_kernel, bias,
               state=None, return_sequences=False, return_state=False):
    h, c = initial_state(x, len(recurrent_kernel), state)
    every_h, h, c = lstm_sequence(x[:, ::-1], h, c, kernel, recurrent_kernel, bias)
    output = every_h if return_sequences else h
    return (output, h, c) if return_state else output
""",
    ),
    one(
        "lstm_layer",
        "cell state missing from the result",
        r"three|cell state|last c\b|two (arrays|results)",
        """
def lstm_layer(x, kernel, recurrent_kernel, bias,
               state=None, return_sequences=False, return_state=False):
    h, c = initial_state(x, len(recurrent_kernel), state)
    every_h, h, c = lstm_sequence(x, h, c, kernel, recurrent_kernel, bias)
    output = every_h if return_sequences else h
    if return_state:
        return output, h
    return output
""",
    ),
    one(
        "lstm_layer",
        "all h also where only the state is wanted",
        r"return_state|return_sequences|all (h|steps|hidden)",
        """
def lstm_layer(x, kernel, recurrent_kernel, bias,
               state=None, return_sequences=False, return_state=False):
    h, c = initial_state(x, len(recurrent_kernel), state)
    every_h, h, c = lstm_sequence(x, h, c, kernel, recurrent_kernel, bias)
    if return_state:
        return every_h, h, c
    elif return_sequences:
        return every_h
    else:
        return h
""",
    ),
    two(
        "lstm_layer",
        "return_sequences ignored, states swapped",
        both(r"return_sequences|all (h|steps|hidden)", r"swap|exchang|order"),
        """
def lstm_layer(x, kernel, recurrent_kernel, bias,
               state=None, return_sequences=False, return_state=False):
    h, c = initial_state(x, len(recurrent_kernel), state)
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, kernel, recurrent_kernel, bias)
    if return_state:
        return h, c, h
    return h
""",
    ),
    two(
        "lstm_layer",
        "given state ignored, states always returned",
        both(r"ignored|initial|given|state.*not used", r"always|return_state|tuple|three"),
        """
def lstm_layer(x, kernel, recurrent_kernel, bias,
               state=None, return_sequences=False, return_state=False):
    units = recurrent_kernel.shape[0]
    h, c = np.zeros((len(x), units)), np.zeros((len(x), units))
    seq, h, c = lstm_sequence(x, h, c, kernel, recurrent_kernel, bias)
    return (seq if return_sequences else h), h, c
""",
    ),
    two(
        "lstm_layer",
        "given states swapped, cell state as output",
        both(r"swap|exchang|order", r"cell|\bc\b"),
        """
def lstm_layer(x, kernel, recurrent_kernel, bias,
               state=None, return_sequences=False, return_state=False):
    c, h = initial_state(x, len(recurrent_kernel), state)
    seq, h, c = lstm_sequence(x, h, c, kernel, recurrent_kernel, bias)
    output = seq if return_sequences else c
    return (output, h, c) if return_state else output
""",
    ),
    two(
        "lstm_layer",
        "given state ignored, time reversed",
        both(r"ignored|initial|given|state.*not used", r"revers|backward|from the (end|last)"),
        """
def lstm_layer(x, kernel, recurrent_kernel, bias,
               state=None, return_sequences=False, return_state=False):
    h, c = initial_state(x, len(recurrent_kernel))
    backwards = np.flip(x, axis=1)
    seq, h, c = lstm_sequence(backwards, h, c, kernel, recurrent_kernel, bias)
    output = seq if return_sequences else h
    return (output, h, c) if return_state else output
""",
    ),
    one(
        "masked_step",
        "mask of the first sample for all",
        r"first (sample|mask)|mask\[0\]|one (sample|mask) for all|same mask",
        """
def masked_step(x, h, c, mask, kernel, recurrent_kernel, bias):
    if mask[0]:
        return lstm_step(x, h, c, kernel, recurrent_kernel, bias)
    return h, c
""",
    ),
    one(
        "masked_step",
        "state cleared before the step",
        r"(clear|zero|reset|mask).*(before|old|state)|before the step",
        """
def masked_step(x, h, c, mask, kernel, recurrent_kernel, bias):
    m = mask[:, None]
    h = h * m
    c = c * m
    return lstm_step(x, h, c, kernel, recurrent_kernel, bias)
""",
    ),
    one(
        "masked_step",
        "old h kept as c",
        r"\b(h|hidden)\b.*(for|as|in place|instead).*\b(c|cell)\b|\b(c|cell)\b.*\b(h|hidden)\b",
        """
def masked_step(x, h, c, mask, kernel, recurrent_kernel, bias):
    h_new, c_new = lstm_step(x, h, c, kernel, recurrent_kernel, bias)
    keep = mask.reshape(-1, 1)
    h_out = np.where(keep, h_new, h)
    c_out = np.where(keep, c_new, h)
    return h_out, c_out
""",
    ),
    one(
        "masked_step",
        "h shown anew from the kept cell state",
        r"hidden state.*(not|new|still|unchanged)|\bh\b.*(not (kept|masked)|new|still)|output gate",
        """
def masked_step(x, h, c, mask, kernel, recurrent_kernel, bias):
    i, f, g, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    c_new = np.where(mask[:, None], c_new, c)
    h_new = sigmoid(o) * np.tanh(c_new)
    return h_new, c_new
""",
    ),
    in_numpy(
        "masked_step",
        "mask compared by is True",
        r"is True|never|no step|np\.bool|all samples.*(kept|masked)|nobody",
        """
def masked_step(x, h, c, mask, kernel, recurrent_kernel, bias):
    h_new, c_new = lstm_step(x, h, c, kernel, recurrent_kernel, bias)
    hs, cs = [], []
    for b in range(len(mask)):
        if mask[b] is True:
            hs.append(h_new[b])
            cs.append(c_new[b])
        else:
            hs.append(h[b])
            cs.append(c[b])
    return np.array(hs), np.array(cs)
""",
    ),
    in_numpy(
        "masked_step",
        "~ of whole numbers",
        r"~|whole number|\bint|no step|all samples.*(kept|masked)|never",
        """
def masked_step(x, h, c, mask, kernel, recurrent_kernel, bias):
    h_new, c_new = lstm_step(x, h, c, kernel, recurrent_kernel, bias)
    m = mask.astype("int32")[:, None]
    return np.where(~m, h, h_new), np.where(~m, c, c_new)
""",
    ),
    in_numpy(
        "masked_step",
        "minus of booleans",
        r"bool|~|logical_not|np\.where",
        """
def masked_step(x, h, c, mask, kernel, recurrent_kernel, bias):
    h_new, c_new = lstm_step(x, h, c, kernel, recurrent_kernel, bias)
    m = mask[:, None]
    return m * h_new + (True - m) * h, m * c_new + (True - m) * c
""",
    ),
    in_numpy(
        "masked_step",
        "return inside the loop over samples",
        r"return\b.*(loop|too early)|(only|alone).*first (sample|row)|first (sample|row)",
        """
def masked_step(x, h, c, mask, kernel, recurrent_kernel, bias):
    h_out, c_out = h.copy(), c.copy()
    h_new, c_new = lstm_step(x, h, c, kernel, recurrent_kernel, bias)
    for b in range(len(mask)):
        if mask[b]:
            h_out[b] = h_new[b]
            c_out[b] = c_new[b]
        return h_out, c_out
""",
    ),
    two(
        "masked_step",
        "mask inverted, cell state not masked",
        both(r"invert|True.*False|False.*True|other way", r"cell|\bc\b"),
        """
def masked_step(x, h, c, mask, kernel, recurrent_kernel, bias):
    h_new, c_new = lstm_step(x, h, c, kernel, recurrent_kernel, bias)
    padded = mask[:, None]
    return np.where(padded, h, h_new), c_new
""",
    ),
    two(
        "masked_step",
        "mask inverted, state cleared",
        both(r"invert|True.*False|False.*True|other way", r"clear|zero"),
        """
def masked_step(x, h, c, mask, kernel, recurrent_kernel, bias):
    h_new, c_new = lstm_step(x, h, c, kernel, recurrent_kernel, bias)
    h_new[mask] = 0
    c_new[mask] = 0
    return h_new, c_new
""",
    ),
    two(
        "masked_step",
        "mask ignored, states swapped",
        both(r"mask", r"swap|exchang|order"),
        """
def masked_step(x, h, c, mask, kernel, recurrent_kernel, bias):
    h, c = lstm_step(x, h, c, kernel, recurrent_kernel, bias)
    return c, h
""",
    ),
    one(
        "pack_weights",
        "recurrent kernels in the dict's order",
        r"recurrent.*order|order.*(recurrent|dict)",
        """
def pack_weights(gates):
    names = ["input", "forget", "candidate", "output"]
    kernel = np.concatenate([gates[n][0] for n in names], axis=1)
    recurrent = np.concatenate([g[1] for g in gates.values()], axis=1)
    bias = np.concatenate([gates[n][2] for n in names])
    return [kernel, recurrent, bias]
""",
    ),
    one(
        "pack_weights",
        "order i, c, f, o of older TensorFlow cells",
        r"order|block|swap|exchang",
        """
def pack_weights(gates):
    order = ("input", "candidate", "forget", "output")
    return [np.concatenate([gates[g][k] for g in order], axis=-1) for k in range(3)]
""",
    ),
    one(
        "pack_weights",
        "three arrays for each gate",
        r"(12|twelve|three) arrays|stack|side by side|each gate",
        """
def pack_weights(gates):
    weights = []
    for name in ("input", "forget", "candidate", "output"):
        weights.extend(gates[name])
    return weights
""",
    ),
    one(
        "pack_weights",
        "forget bias set to one",
        r"forget.*(bias|\b1\b|one)|bias.*(\b1\b|one|forget)",
        """
def pack_weights(gates):
    i, f, c, o = (gates[k] for k in ("input", "forget", "candidate", "output"))
    W = np.hstack([i[0], f[0], c[0], o[0]])
    U = np.hstack([i[1], f[1], c[1], o[1]])
    b = np.hstack([i[2], np.ones_like(f[2]), c[2], o[2]])
    return [W, U, b]
""",
    ),
    one(
        "pack_weights",
        "kernel and recurrent kernel in one matrix",
        r"(two|three) arrays|one (matrix|array)|joined|below",
        """
def pack_weights(gates):
    names = ("input", "forget", "candidate", "output")
    both = [np.vstack([gates[n][0], gates[n][1]]) for n in names]
    return [np.hstack(both), np.hstack([gates[n][2] for n in names])]
""",
    ),
    in_numpy(
        "pack_weights",
        "biases below each other",
        r"bias.*(row|axis|axes|below|stack|shape|one (array|row)|side by side)",
        """
def pack_weights(gates):
    names = ("input", "forget", "candidate", "output")
    kernel = np.hstack([gates[n][0] for n in names])
    recurrent = np.hstack([gates[n][1] for n in names])
    bias = np.vstack([gates[n][2] for n in names])
    return [kernel, recurrent, bias]
""",
    ),
    in_numpy(
        "pack_weights",
        "np.append without an axis",
        r"np\.append|flat|one long|without (an )?axis|axes.*lost",
        """
def pack_weights(gates):
    kernel, recurrent, bias = gates["input"]
    for name in ("forget", "candidate", "output"):
        k, r, b = gates[name]
        kernel = np.append(kernel, k)
        recurrent = np.append(recurrent, r)
        bias = np.append(bias, b)
    return [kernel, recurrent, bias]
""",
    ),
    in_numpy(
        "pack_weights",
        "stacked, then reshaped",
        r"reshape|mixed|rows?\b|side by side",
        """
def pack_weights(gates):
    packed = []
    for k in range(3):
        parts = np.array([gates[n][k] for n in ("input", "forget", "candidate", "output")])
        units = parts.shape[-1]
        packed.append(parts.reshape(parts.shape[1:-1] + (4 * units,)))
    return packed
""",
    ),
    in_numpy(
        "pack_weights",
        "matrices as PyTorch keeps them",
        r"transpos|PyTorch|row",
        """
def pack_weights(gates):
    names = ("input", "forget", "candidate", "output")
    weight_ih = np.concatenate([gates[n][0].T for n in names], axis=0)
    weight_hh = np.concatenate([gates[n][1].T for n in names], axis=0)
    return [weight_ih, weight_hh, np.concatenate([gates[n][2] for n in names])]
""",
    ),
    two(
        "pack_weights",
        "dict's order, arrays swapped",
        both(r"dict|order", r"swap|exchang|recurrent"),
        """
def pack_weights(gates):
    kernels, recurrents, biases = zip(*gates.values())
    return [np.hstack(recurrents), np.hstack(kernels), np.hstack(biases)]
""",
    ),
    two(
        "pack_weights",
        "order i, f, o, c, biases of zeros",
        both(r"order|block|swap|exchang", r"bias"),
        """
def pack_weights(gates):
    names = ("input", "forget", "output", "candidate")
    W = np.concatenate([gates[n][0] for n in names], axis=1)
    U = np.concatenate([gates[n][1] for n in names], axis=1)
    return [W, U, np.zeros(W.shape[1])]
""",
    ),
]
