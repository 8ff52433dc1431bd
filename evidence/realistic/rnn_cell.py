"""Wrong answers as learners write them, for rnn-cell."""

from evidence.realistic import both, in_numpy, one, two

SLIPS = [
    one(
        "pre_activation",
        "kernels swapped",
        r"kernels?.*(swap|exchang|mixed up|confus)|(swap|exchang).*kernel",
        """
def pre_activation(x, h, kernel, recurrent_kernel, bias):
    return np.dot(x, recurrent_kernel) + np.dot(h, kernel) + bias
""",
    ),
    one(
        "pre_activation",
        "input term twice",
        r"(input|x @ kernel).*(twice|doubled|two times|2 \*)|(twice|doubl).*(input|x @ kernel)",
        """
def pre_activation(x, h, kernel, recurrent_kernel, bias):
    z = x @ kernel
    z = z + x @ kernel + h @ recurrent_kernel
    return z + bias
""",
    ),
    one(
        "pre_activation",
        "recurrent term twice",
        r"(recurrent|state|h @).*(twice|doubled|2 \*)|(twice|doubl).*(recurrent|state|h @)",
        """
def pre_activation(x, h, kernel, recurrent_kernel, bias):
    Wx = x @ kernel + h @ recurrent_kernel
    Uh = h @ recurrent_kernel
    return Wx + Uh + bias
""",
    ),
    one(
        "pre_activation",
        "matrix on the left, as for columns",
        r"(left|right|order|side|column|row).*(matri|kernel|sample|product)|x @ kernel|transpos",
        """
def pre_activation(x, h, kernel, recurrent_kernel, bias):
    return np.dot(kernel, x) + np.dot(recurrent_kernel, h) + bias
""",
    ),
    one(
        "pre_activation",
        "bias added to the state before the product",
        r"bias.*(before|inside|within|state|multipl|through the recurrent|bracket)",
        """
def pre_activation(x, h, kernel, recurrent_kernel, bias):
    return x @ kernel + (h + bias) @ recurrent_kernel
""",
    ),
    in_numpy(
        "pre_activation",
        "bias as a column",
        r"bias.*(column|reshape|new axis|\(units, 1\)|wrong axis|along the batch)",
        """
def pre_activation(x, h, kernel, recurrent_kernel, bias):
    b = bias.reshape(-1, 1)
    return x @ kernel + h @ recurrent_kernel + b
""",
    ),
    in_numpy(
        "pre_activation",
        "recurrent term added up over the batch",
        r"(sum|add|mix).*(batch|samples)|(batch|samples).*(sum|added|mix)",
        """
def pre_activation(x, h, kernel, recurrent_kernel, bias):
    recurrent = np.sum(h @ recurrent_kernel, axis=0)
    return x @ kernel + recurrent + bias
""",
    ),
    in_numpy(
        "pre_activation",
        "axes of length one squeezed away",
        r"squeeze|axis.*(lost|dropped|missing|removed|length 1|size 1)|(lost|drop|missing).*axis",
        """
def pre_activation(x, h, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel + bias
    return z.squeeze()
""",
    ),
    in_numpy(
        "pre_activation",
        "written into an array of whole numbers",
        r"whole number|integer|\bint|truncat|cut off|decimal|fraction",
        """
def pre_activation(x, h, kernel, recurrent_kernel, bias):
    batch, units = h.shape
    z = np.full((batch, units), 0)
    for n in range(batch):
        z[n] = x[n] @ kernel + h[n] @ recurrent_kernel + bias
    return z
""",
    ),
    in_numpy(
        "pre_activation",
        "last sample left at zero",
        r"(last|one) (sample|row).*(zero|missing|left|not|empty)|loop.*(short|too early)",
        """
def pre_activation(x, h, kernel, recurrent_kernel, bias):
    z = np.zeros_like(h)
    for n in range(len(h) - 1):
        z[n] = x[n] @ kernel + h[n] @ recurrent_kernel + bias
    return z
""",
    ),
    two(
        "pre_activation",
        "recurrent kernel transposed, bias missing",
        both(r"transpos", r"bias"),
        """
def pre_activation(x, h, kernel, recurrent_kernel, bias):
    return np.matmul(x, kernel) + np.matmul(h, recurrent_kernel.T)
""",
    ),
    two(
        "pre_activation",
        "tanh applied, bias missing",
        both(r"tanh|activation", r"bias"),
        """
def pre_activation(x, h, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel
    return np.tanh(z)
""",
    ),
    one(
        "rnn_step",
        "x and h in each other's place",
        r"(x and h|h and x|argument|input and).*(swap|exchang|order|place)|(swap|exchang).*x",
        """
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    z = pre_activation(h, x, kernel, recurrent_kernel, bias)
    return np.tanh(z)
""",
    ),
    one(
        "rnn_step",
        "softmax",
        r"softmax",
        """
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    z = pre_activation(x, h, kernel, recurrent_kernel, bias)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
""",
    ),
    one(
        "rnn_step",
        "hard tanh",
        r"hard.?tanh|clip|cut off|cut at",
        """
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    return np.clip(pre_activation(x, h, kernel, recurrent_kernel, bias), -1, 1)
""",
    ),
    one(
        "rnn_step",
        "derivative of tanh",
        r"derivative|1 - tanh",
        """
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    a = np.tanh(pre_activation(x, h, kernel, recurrent_kernel, bias))
    return 1 - a**2
""",
    ),
    one(
        "rnn_step",
        "tangent",
        r"np\.tan\b|tangent|\btan\b",
        """
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    return np.tan(pre_activation(x, h, kernel, recurrent_kernel, bias))
""",
    ),
    one(
        "rnn_step",
        "output and state, as in PyTorch",
        r"tuple|two (values|arrays|results)|pair|twice",
        """
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    h_next = np.tanh(x @ kernel + h @ recurrent_kernel + bias)
    return h_next, h_next
""",
    ),
    in_numpy(
        "rnn_step",
        "return inside the loop over samples",
        r"return\b.*(loop|too early)|only .*first (sample|row)|first sample",
        """
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    out = []
    for x_n, h_n in zip(x, h):
        out.append(np.tanh(x_n @ kernel + h_n @ recurrent_kernel + bias))
        return np.array(out)
""",
    ),
    in_numpy(
        "rnn_step",
        "loop over the units one short",
        r"(last|one) (unit|column).*(zero|missing|left|not|empty)|loop.*(short|too early)",
        """
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    h_new = np.zeros((x.shape[0], kernel.shape[1]))
    for u in range(kernel.shape[1] - 1):
        h_new[:, u] = np.tanh(x @ kernel[:, u] + h @ recurrent_kernel[:, u] + bias[u])
    return h_new
""",
    ),
    in_numpy(
        "rnn_step",
        "rows of the recurrent kernel for its columns",
        r"transpos|rows?.*(column|place|instead)",
        """
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    z = x @ kernel + bias
    for i in range(len(bias)):
        z[:, i] += (h * recurrent_kernel[i]).sum(axis=0)
    return np.tanh(z)
""",
    ),
    two(
        "rnn_step",
        "sigmoid for tanh, bias missing",
        both(r"sigmoid", r"bias"),
        """
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel
    return 1 / (1 + np.exp(-z))
""",
    ),
    two(
        "rnn_step",
        "bias after tanh, recurrent kernel transposed",
        both(r"bias.*(after|outside)|(after|outside).*bias", r"transpos"),
        """
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(x.dot(kernel) + h.dot(recurrent_kernel.T)) + bias
""",
    ),
    two(
        "rnn_step",
        "relu, old state missing",
        both(r"relu|np\.maximum|negative", r"recurrent|old state|\bh\b"),
        """
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    dense = x @ kernel + bias
    return np.where(dense > 0, dense, 0)
""",
    ),
    in_numpy(
        "rnn_sequence",
        "return inside the loop",
        r"return\b.*(loop|too early)|(only|stops?) .*first (step|state)|first step (alone|only)",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    states = []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, kernel, recurrent_kernel, bias)
        states.append(h)
        return np.stack(states, axis=1)
""",
    ),
    in_numpy(
        "rnn_sequence",
        "list emptied at every step",
        r"list.*(loop|empt|anew)|(only|alone).*last (step|state)|last (step|state) (only|alone)",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    for t in range(x.shape[1]):
        states = []
        h = rnn_step(x[:, t, :], h, kernel, recurrent_kernel, bias)
        states.append(h)
    return np.stack(states, axis=1)
""",
    ),
    in_numpy(
        "rnn_sequence",
        "array of zeros, loop one short",
        r"last (step|state).*(zero|missing|left|not|empty)|loop.*(short|too early)",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    batch, time, _ = x.shape
    hs = np.zeros((batch, time, h.shape[1]))
    for t in range(time - 1):
        h = rnn_step(x[:, t], h, kernel, recurrent_kernel, bias)
        hs[:, t] = h
    return hs
""",
    ),
    in_numpy(
        "rnn_sequence",
        "np.append without an axis",
        r"np\.append|flat|one long|without (an )?axis|axes.*lost",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    states = np.array([])
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, kernel, recurrent_kernel, bias)
        states = np.append(states, h)
    return states
""",
    ),
    in_numpy(
        "rnn_sequence",
        "states joined along the units",
        r"np\.concatenate|joined|side by side|no (time )?axis|time axis.*(missing|lost)|np\.stack",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    states = []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, kernel, recurrent_kernel, bias)
        states.append(h)
    return np.concatenate(states, axis=1)
""",
    ),
    in_numpy(
        "rnn_sequence",
        "states below each other",
        r"vstack|below|joined|np\.concatenate|no (time )?axis|time axis.*(missing|lost)|np\.stack",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    states = []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, kernel, recurrent_kernel, bias)
        states.append(h)
    return np.vstack(states)
""",
    ),
    in_numpy(
        "rnn_sequence",
        "x[t] for the input of a step",
        r"x\[:, ?t|first axis|batch.*(time|step)|(time|step).*batch|sample.*(step|time)",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    out = []
    for t in range(x.shape[1]):
        h = rnn_step(x[t], h, kernel, recurrent_kernel, bias)
        out.append(h)
    return np.stack(out, axis=1)
""",
    ),
    in_numpy(
        "rnn_sequence",
        "steps taken along the last axis",
        r"last axis|features.*(time|step)|(time|step).*features|x\[:, ?t",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    states = []
    for t in range(x.shape[-1]):
        h = rnn_step(x[:, :, t], h, kernel, recurrent_kernel, bias)
        states.append(h)
    return np.stack(states, axis=1)
""",
    ),
    in_numpy(
        "rnn_sequence",
        "transposed by .T",
        r"\.T\b|transpos|axes.*(order|revers|swap|mixed)|units.*first",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    states = []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, kernel, recurrent_kernel, bias)
        states.append(h)
    return np.array(states).T
""",
    ),
    in_numpy(
        "rnn_sequence",
        "time axis last",
        r"time.*last|last.*time|dstack|axes.*(order|swap|mixed)|axis=1",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    all_h = []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, kernel, recurrent_kernel, bias)
        all_h.append(h)
    return np.dstack(all_h)
""",
    ),
    in_numpy(
        "rnn_sequence",
        "array with the features' shape",
        r"features.*units|units.*features|shape of x|like x",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    states = np.zeros_like(x)
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, kernel, recurrent_kernel, bias)
        states[:, t] = h
    return states
""",
    ),
    in_numpy(
        "rnn_sequence",
        "array of whole numbers",
        r"whole number|integer|\bint|truncat|cut off|decimal|fraction",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    batch, time, features = x.shape
    states = np.full((batch, time, h.shape[1]), 0)
    for t in range(time):
        h = rnn_step(x[:, t], h, kernel, recurrent_kernel, bias)
        states[:, t] = h
    return states
""",
    ),
    in_numpy(
        "rnn_sequence",
        "axes of length one squeezed away",
        r"squeeze|axis.*(lost|dropped|missing|removed|length 1|size 1)|(lost|drop|missing).*axis",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    states = []
    for x_t in np.split(x, x.shape[1], axis=1):
        h = rnn_step(x_t[:, 0], h, kernel, recurrent_kernel, bias)
        states.append(h)
    return np.stack(states, axis=1).squeeze()
""",
    ),
    in_numpy(
        "rnn_sequence",
        "steps counted from one",
        r"count\w* from|starts? (at|with|from) (0|1|zero|one)|range\(|one step too far",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    T = x.shape[1]
    states = np.zeros((x.shape[0], T, h.shape[1]))
    for t in range(1, T + 1):
        h = rnn_step(x[:, t], h, kernel, recurrent_kernel, bias)
        states[:, t - 1] = h
    return states
""",
    ),
    one(
        "rnn_sequence",
        "input of the step before",
        r"input.*(before|previous|late|shift|one step|off by one)|x\[:, t ?- ?1|one step late",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    states = []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t - 1], h, kernel, recurrent_kernel, bias)
        states.append(h)
    return np.stack(states, axis=1)
""",
    ),
    one(
        "rnn_sequence",
        "state of two steps before",
        r"two steps|one step (too )?(late|old|behind)|older|state before the (last|previous)",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    hs = [h]
    for t in range(x.shape[1]):
        prev = hs[max(t - 1, 0)]
        hs.append(rnn_step(x[:, t], prev, kernel, recurrent_kernel, bias))
    return np.stack(hs[1:], axis=1)
""",
    ),
    one(
        "rnn_sequence",
        "first state handed on for ever",
        r"first state|states\[0\]|same state|not (carried|handed|passed|updated)|never updated",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    states = [rnn_step(x[:, 0], h, kernel, recurrent_kernel, bias)]
    for t in range(1, x.shape[1]):
        states.append(rnn_step(x[:, t], states[0], kernel, recurrent_kernel, bias))
    return np.stack(states, axis=1)
""",
    ),
    one(
        "rnn_sequence",
        "backward half of a bidirectional layer",
        r"revers|backward|from the (end|last)|last.*first|bidirectional",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    batch, time, _ = x.shape
    states = np.zeros((batch, time, h.shape[1]))
    for t in range(time - 1, -1, -1):
        h = rnn_step(x[:, t], h, kernel, recurrent_kernel, bias)
        states[:, t] = h
    return states
""",
    ),
    one(
        "rnn_sequence",
        "states added up",
        r"(sum|add|accumul|cumul).*(state|step)|(state|step).*(sum|added|accumul)",
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    states = []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, kernel, recurrent_kernel, bias)
        states.append(h)
    return np.cumsum(np.stack(states, axis=1), axis=1)
""",
    ),
    two(
        "rnn_sequence",
        "initial state ignored, time axis first",
        both(r"initial state|zeros", r"time.*first|first.*time|axis|axes"),
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    h = np.zeros((x.shape[0], recurrent_kernel.shape[0]))
    outputs = []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, kernel, recurrent_kernel, bias)
        outputs.append(h)
    return np.array(outputs)
""",
    ),
    two(
        "rnn_sequence",
        "initial state among the states, time axis first",
        both(r"initial state", r"time.*first|first.*time|axis|axes"),
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    states = [h]
    for t in range(x.shape[1]):
        states.append(rnn_step(x[:, t], states[-1], kernel, recurrent_kernel, bias))
    return np.stack(states)
""",
    ),
    two(
        "rnn_sequence",
        "activation and bias missing",
        both(r"tanh|activation", r"bias"),
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    states = []
    for t in range(x.shape[1]):
        h = x[:, t] @ kernel + h @ recurrent_kernel
        states.append(h)
    return np.stack(states, axis=1)
""",
    ),
    two(
        "rnn_sequence",
        "relu, initial state ignored",
        both(r"relu|np\.maximum|negative", r"initial state|zeros"),
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    h_t = np.zeros_like(h)
    states = []
    for t in range(x.shape[1]):
        h_t = np.maximum(0, x[:, t] @ kernel + h_t @ recurrent_kernel + bias)
        states.append(h_t)
    return np.stack(states, axis=1)
""",
    ),
    two(
        "rnn_sequence",
        "first input repeated, bias missing",
        both(r"(first|same) (input|step)|repeat|x\[:, 0", r"bias"),
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    x_t = x[:, 0]
    states = []
    for _ in range(x.shape[1]):
        h = np.tanh(x_t @ kernel + h @ recurrent_kernel)
        states.append(h)
    return np.stack(states, axis=1)
""",
    ),
    two(
        "rnn_sequence",
        "state not carried, last step missing",
        both(
            r"not (carried|handed|passed)|initial state|carr", r"last step|one step|step.*missing"
        ),
        """
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    states = []
    for t in range(0, x.shape[1] - 1):
        h_t = rnn_step(x[:, t], h, kernel, recurrent_kernel, bias)
        states.append(h_t)
    return np.stack(states, axis=1)
""",
    ),
    in_numpy(
        "rnn_layer",
        "truth value of the initial state",
        r"is None|truth value",
        """
def rnn_layer(x, kernel, recurrent_kernel, bias, initial_state=None,
              return_sequences=False, return_state=False):
    if not initial_state:
        initial_state = np.zeros((x.shape[0], recurrent_kernel.shape[0]))
    states = rnn_sequence(x, initial_state, kernel, recurrent_kernel, bias)
    output = states if return_sequences else states[:, -1]
    if return_state:
        return output, states[:, -1]
    return output
""",
    ),
    one(
        "rnn_layer",
        "two states, as an LSTM has",
        r"three|twice|LSTM|cell state|one state|two arrays",
        """
def rnn_layer(x, kernel, recurrent_kernel, bias, initial_state=None,
              return_sequences=False, return_state=False):
    h = initial_state
    if h is None:
        h = np.zeros((len(x), len(bias)))
    states = rnn_sequence(x, h, kernel, recurrent_kernel, bias)
    h = states[:, -1]
    output = states if return_sequences else h
    return (output, h, h) if return_state else output
""",
    ),
    in_numpy(
        "rnn_layer",
        "zeros with the features' shape",
        r"features.*units|units.*features|shape of (the )?(input|x)",
        """
def rnn_layer(x, kernel, recurrent_kernel, bias, initial_state=None,
              return_sequences=False, return_state=False):
    h = np.zeros_like(x[:, 0]) if initial_state is None else initial_state
    states = rnn_sequence(x, h, kernel, recurrent_kernel, bias)
    out = states if return_sequences else states[:, -1]
    return (out, states[:, -1]) if return_state else out
""",
    ),
    in_numpy(
        "rnn_layer",
        "zeros for every step in place of every sample",
        r"time.*batch|batch.*time|steps?.*samples?|samples?.*steps?",
        """
def rnn_layer(x, kernel, recurrent_kernel, bias, initial_state=None,
              return_sequences=False, return_state=False):
    if initial_state is None:
        initial_state = np.zeros((x.shape[1], kernel.shape[1]))
    hs = rnn_sequence(x, initial_state, kernel, recurrent_kernel, bias)
    output = hs if return_sequences else hs[:, -1]
    return (output, hs[:, -1]) if return_state else output
""",
    ),
    in_numpy(
        "rnn_layer",
        "time axis kept by a slice",
        r"time axis|slice|-1:|axis.*(kept|too many|extra)|one axis too many",
        """
def rnn_layer(x, kernel, recurrent_kernel, bias, initial_state=None,
              return_sequences=False, return_state=False):
    if initial_state is None:
        initial_state = np.zeros((x.shape[0], len(bias)))
    states = rnn_sequence(x, initial_state, kernel, recurrent_kernel, bias)
    last = states[:, -1:]
    output = states if return_sequences else last
    return (output, last) if return_state else output
""",
    ),
    in_numpy(
        "rnn_layer",
        "last step counted from one",
        r"count\w* from|last (step|index)|index.*one too|\[:, -1",
        """
def rnn_layer(x, kernel, recurrent_kernel, bias, initial_state=None,
              return_sequences=False, return_state=False):
    batch, time, _ = x.shape
    if initial_state is None:
        initial_state = np.zeros((batch, len(bias)))
    states = rnn_sequence(x, initial_state, kernel, recurrent_kernel, bias)
    last = states[:, time]
    output = states if return_sequences else last
    return (output, last) if return_state else output
""",
    ),
    one(
        "rnn_layer",
        "options exchanged",
        r"(options|flags|return_sequences and return_state|return_state and return_sequences)"
        r".*(swap|exchang|mixed|confus)|(swap|exchang).*(options|flags|return_)",
        """
def rnn_layer(x, kernel, recurrent_kernel, bias, initial_state=None,
              return_sequences=False, return_state=False):
    if initial_state is None:
        initial_state = np.zeros((x.shape[0], len(bias)))
    states = rnn_sequence(x, initial_state, kernel, recurrent_kernel, bias)
    last = states[:, -1]
    output = states if return_state else last
    if return_sequences:
        return output, last
    return output
""",
    ),
    one(
        "rnn_layer",
        "random initial state",
        r"random|zeros",
        """
def rnn_layer(x, kernel, recurrent_kernel, bias, initial_state=None,
              return_sequences=False, return_state=False):
    if initial_state is None:
        initial_state = np.random.randn(x.shape[0], len(bias)) * 0.1
    states = rnn_sequence(x, initial_state, kernel, recurrent_kernel, bias)
    output = states if return_sequences else states[:, -1]
    return (output, states[:, -1]) if return_state else output
""",
    ),
    one(
        "rnn_layer",
        "arguments of rnn_sequence in another order",
        r"argument.*order|order.*argument|second argument|rnn_sequence\(",
        """
def rnn_layer(x, kernel, recurrent_kernel, bias, initial_state=None,
              return_sequences=False, return_state=False):
    h0 = initial_state if initial_state is not None else np.zeros((x.shape[0], len(bias)))
    states = rnn_sequence(x, kernel, recurrent_kernel, bias, h0)
    output = states if return_sequences else states[:, -1]
    return (output, states[:, -1]) if return_state else output
""",
    ),
    two(
        "rnn_layer",
        "initial state ignored, state before output",
        both(r"initial", r"order|before|swap|exchang|output.*state|state.*output"),
        """
def rnn_layer(x, kernel, recurrent_kernel, bias, initial_state=None,
              return_sequences=False, return_state=False):
    h = np.zeros((x.shape[0], recurrent_kernel.shape[1]))
    seq = rnn_sequence(x, h, kernel, recurrent_kernel, bias)
    h = seq[:, -1]
    out = seq if return_sequences else h
    if return_state:
        return h, out
    return out
""",
    ),
    two(
        "rnn_layer",
        "initial state ignored, return_sequences ignored",
        both(r"initial", r"return_sequences|all steps|last (one|state|step) only"),
        """
def rnn_layer(x, kernel, recurrent_kernel, bias, initial_state=None,
              return_sequences=False, return_state=False):
    h = np.zeros((x.shape[0], len(recurrent_kernel)))
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, kernel, recurrent_kernel, bias)
    return (h, h) if return_state else h
""",
    ),
    two(
        "rnn_layer",
        "state always returned, first step for the last",
        both(r"return_state|always|tuple|two", r"first (step|state)|last"),
        """
def rnn_layer(x, kernel, recurrent_kernel, bias, initial_state=None,
              return_sequences=False, return_state=False):
    if initial_state is None:
        initial_state = np.zeros((len(x), len(bias)))
    states = rnn_sequence(x, initial_state, kernel, recurrent_kernel, bias)
    final = states[:, 0]
    return (states, final) if return_sequences else (final, final)
""",
    ),
    one(
        "parameter_count",
        "three kernels, as in a GRU",
        r"GRU|three|3 (times|\*)|3 gates",
        """
def parameter_count(features, units):
    return 3 * units * (features + units + 1)
""",
    ),
    one(
        "parameter_count",
        "recurrent kernel twice",
        r"recurrent.*(twice|doubled|two times)|(twice|doubl|2 \*).*recurrent",
        """
def parameter_count(features, units):
    W = features * units
    U = 2 * units * units
    b = units
    return W + U + b
""",
    ),
    one(
        "parameter_count",
        "an output layer counted in",
        r"output (layer|weights|kernel)|dense|another layer|more than",
        """
def parameter_count(features, units):
    hidden = features * units + units * units + units
    output = units * features + features
    return hidden + output
""",
    ),
    one(
        "parameter_count",
        "sizes of the kernel added",
        r"(sum|add|plus).*(features|kernel)|(features|kernel).*(sum|added|plus)",
        """
def parameter_count(features, units):
    return (features + units) + units * units + units
""",
    ),
    two(
        "parameter_count",
        "recurrent kernel missing, one bias for all",
        both(r"recurrent", r"bias"),
        """
def parameter_count(features, units):
    return features * units + 1
""",
    ),
    two(
        "parameter_count",
        "four gates, biases missing",
        both(r"four|4|LSTM", r"bias"),
        """
def parameter_count(features, units):
    return 4 * (features * units + units**2)
""",
    ),
]
