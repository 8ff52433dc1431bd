"""Wrong answers as learners write them, for lstm-gates."""

from evidence.realistic import both, in_numpy, one, two

SLIPS = [
    one(
        "sigmoid",
        "derivative of the sigmoid",
        r"derivative",
        """
def sigmoid(x):
    s = 0.5 * (1 + np.tanh(x / 2))
    return s * (1 - s)
""",
    ),
    one(
        "sigmoid",
        "brackets missing",
        r"bracket|parenthes|1 / 1|denominator|precedence|whole sum",
        """
def sigmoid(x):
    return 1 / 1 + np.exp(-np.clip(x, -80, None))
""",
    ),
    one(
        "sigmoid",
        "argument of tanh not halved",
        r"half|halv|x / 2|2 ?\*? ?x|twice|steep",
        """
def sigmoid(x):
    return (1 + np.tanh(x)) / 2
""",
    ),
    in_numpy(
        "sigmoid",
        "np.where computes both formulas",
        r"np\.where|overflow|warn|both (formulas|branches)",
        """
def sigmoid(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))
""",
    ),
    in_numpy(
        "sigmoid",
        "if for the whole array",
        r"truth value|np\.where|(each|every|single) number|\bif\b",
        """
def sigmoid(x):
    if x >= 0:
        return 1 / (1 + np.exp(-x))
    else:
        return np.exp(x) / (1 + np.exp(x))
""",
    ),
    in_numpy(
        "sigmoid",
        "zero left out of both cases",
        r"\bx ?(=|==|is) ?(0|zero)\b|(at|for) (0|zero)\b|both cases|neither",
        """
def sigmoid(x):
    y = np.zeros_like(x)
    pos = x > 0
    neg = x < 0
    y[pos] = 1 / (1 + np.exp(-x[pos]))
    y[neg] = np.exp(x[neg]) / (1 + np.exp(x[neg]))
    return y
""",
    ),
    in_numpy(
        "sigmoid",
        "clipped too far out for float32",
        r"overflow|warn|clip",
        """
def sigmoid(x):
    x = np.clip(x, -500, 500)
    return 1 / (1 + np.exp(-x))
""",
    ),
    in_numpy(
        "sigmoid",
        "math.exp of an array",
        r"math\.|np\.exp|scalar|single number|each number",
        """
import math


def sigmoid(x):
    return 1 / (1 + math.exp(-x))
""",
    ),
    in_numpy(
        "sigmoid",
        "loops over two axes",
        r"any shape|(two|number of) axes|number of dimensions|each number",
        """
def sigmoid(x):
    rows, cols = x.shape
    out = np.empty((rows, cols))
    for i in range(rows):
        for j in range(cols):
            e = np.exp(-abs(x[i, j]))
            out[i, j] = 1 / (1 + e) if x[i, j] >= 0 else e / (1 + e)
    return out
""",
    ),
    two(
        "sigmoid",
        "tanh neither halved nor its argument",
        both(r"tanh", r"half|halv|/ 2|twice|two times"),
        """
def sigmoid(x):
    return 1 + np.tanh(x)
""",
    ),
    one(
        "split_gates",
        "order i, c, f, o of older TensorFlow cells",
        r"order|block|swap|exchang",
        """
def split_gates(stacked):
    n = stacked.shape[-1] // 4
    i = stacked[..., :n]
    c = stacked[..., n : 2 * n]
    f = stacked[..., 2 * n : 3 * n]
    o = stacked[..., 3 * n :]
    return i, f, c, o
""",
    ),
    in_numpy(
        "split_gates",
        "divided into units in place of four",
        r"number of (blocks|parts|pieces)|units (blocks|parts|pieces|arrays)|four|into 4",
        """
def split_gates(stacked):
    units = stacked.shape[-1] // 4
    return tuple(np.split(stacked, units, axis=-1))
""",
    ),
    in_numpy(
        "split_gates",
        "last column of each block missing",
        r"(last|one) column|too narrow|one short|column.*missing|width",
        """
def split_gates(stacked):
    u = stacked.shape[-1] // 4
    return tuple(stacked[..., k * u : (k + 1) * u - 1] for k in range(4))
""",
    ),
    in_numpy(
        "split_gates",
        "reshaped in place of divided",
        r"reshape|rows?|mixed|order of the (axes|numbers)",
        """
def split_gates(stacked):
    units = stacked.shape[-1] // 4
    blocks = stacked.reshape((4,) + stacked.shape[:-1] + (units,))
    return blocks[0], blocks[1], blocks[2], blocks[3]
""",
    ),
    in_numpy(
        "split_gates",
        "axes of length one squeezed away",
        r"squeeze|axis.*(lost|dropped|missing|removed|length 1|size 1)|(lost|drop|missing).*axis",
        """
def split_gates(stacked):
    return tuple(block.squeeze() for block in np.split(stacked, 4, axis=-1))
""",
    ),
    in_numpy(
        "split_gates",
        "units from the first axis",
        r"first axis|last axis|shape\[(0|-1)\]|features",
        """
def split_gates(stacked):
    units = stacked.shape[0] // 4
    i = stacked[..., :units]
    f = stacked[..., units : 2 * units]
    c = stacked[..., 2 * units : 3 * units]
    o = stacked[..., 3 * units : 4 * units]
    return i, f, c, o
""",
    ),
    in_numpy(
        "split_gates",
        "three blocks",
        r"three|only 3|output (gate|block).*(missing|not)|four|last block",
        """
def split_gates(stacked):
    units = stacked.shape[-1] // 4
    blocks = []
    for k in range(3):
        blocks.append(stacked[..., k * units : (k + 1) * units])
    return tuple(blocks)
""",
    ),
    two(
        "split_gates",
        "rows divided, forget gate first",
        both(r"row|axis", r"order|swap|exchang|forget.*first"),
        """
def split_gates(stacked):
    f, i, c, o = np.array_split(stacked, 4)
    return f, i, c, o
""",
    ),
    one(
        "forget_gate",
        "kernel of the input gate",
        r"input.{0,40}kernel|kernel.{0,40}input|kernel.{0,40}(block|columns)",
        """
def forget_gate(x, h, kernel, recurrent_kernel, bias):
    W_f = split_gates(kernel)[0]
    U_f = split_gates(recurrent_kernel)[1]
    b_f = split_gates(bias)[1]
    return sigmoid(x @ W_f + h @ U_f + b_f)
""",
    ),
    one(
        "forget_gate",
        "recurrent kernel of the candidate",
        r"candidate.{0,40}recurrent|recurrent.{0,40}(candidate|block|columns)",
        """
def forget_gate(x, h, kernel, recurrent_kernel, bias):
    u = h.shape[1]
    W, U, b = kernel[:, u:2*u], recurrent_kernel[:, 2*u:3*u], bias[u:2*u]
    return sigmoid(np.dot(x, W) + np.dot(h, U) + b)
""",
    ),
    one(
        "forget_gate",
        "bias subtracted",
        r"bias.*(subtract|minus|sign)|subtract.*bias",
        """
def forget_gate(x, h, kernel, recurrent_kernel, bias):
    _, W, _, _ = split_gates(kernel)
    _, U, _, _ = split_gates(recurrent_kernel)
    _, b, _, _ = split_gates(bias)
    z = x @ W + h @ U - b
    return sigmoid(z)
""",
    ),
    one(
        "forget_gate",
        "bias after the sigmoid",
        r"bias.*(after|outside)|(after|outside).*bias",
        """
def forget_gate(x, h, kernel, recurrent_kernel, bias):
    _, W, _, _ = split_gates(kernel)
    _, U, _, _ = split_gates(recurrent_kernel)
    _, b, _, _ = split_gates(bias)
    return sigmoid(x @ W + h @ U) + b
""",
    ),
    one(
        "forget_gate",
        "a sigmoid for each term",
        r"two sigmoids|each term|separate|sum of|(outside|after).*sigmoid|sigmoid.*(each|both)",
        """
def forget_gate(x, h, kernel, recurrent_kernel, bias):
    W = split_gates(kernel)[1]
    U = split_gates(recurrent_kernel)[1]
    b = split_gates(bias)[1]
    return sigmoid(x @ W) + sigmoid(h @ U + b)
""",
    ),
    in_numpy(
        "forget_gate",
        "rows for columns",
        r"\brows?\b|first axis|column|last axis",
        """
def forget_gate(x, h, kernel, recurrent_kernel, bias):
    units = h.shape[1]
    W_f = kernel[units : 2 * units]
    U_f = recurrent_kernel[units : 2 * units]
    b_f = bias[units : 2 * units]
    return sigmoid(x @ W_f + h @ U_f + b_f)
""",
    ),
    in_numpy(
        "forget_gate",
        "units not divided by four",
        r"4 \*|// ?4|quarter|four|units.*(divid|wrong|width)",
        """
def forget_gate(x, h, kernel, recurrent_kernel, bias):
    units = kernel.shape[1]
    W_f = kernel[:, units:2 * units]
    U_f = recurrent_kernel[:, units:2 * units]
    b_f = bias[units:2 * units]
    return sigmoid(x.dot(W_f) + h.dot(U_f) + b_f)
""",
    ),
    in_numpy(
        "forget_gate",
        "features for units",
        r"features.*units|units.*features|number of features",
        """
def forget_gate(x, h, kernel, recurrent_kernel, bias):
    n = x.shape[1]
    cols = slice(n, 2 * n)
    return sigmoid(x @ kernel[:, cols] + h @ recurrent_kernel[:, cols] + bias[cols])
""",
    ),
    two(
        "forget_gate",
        "kernel of the input gate, bias missing",
        both(r"input|kernel", r"bias"),
        """
def forget_gate(x, h, kernel, recurrent_kernel, bias):
    W, _, _, _ = split_gates(kernel)
    _, U, _, _ = split_gates(recurrent_kernel)
    return sigmoid(x @ W + h @ U)
""",
    ),
    two(
        "forget_gate",
        "recurrent term and bias missing",
        both(r"recurrent|\bh\b", r"bias"),
        """
def forget_gate(x, h, kernel, recurrent_kernel, bias):
    W_f = split_gates(kernel)[1]
    return sigmoid(np.matmul(x, W_f))
""",
    ),
    two(
        "forget_gate",
        "complement, recurrent kernel transposed",
        both(r"complement|1 - |invert|one minus", r"transpos"),
        """
def forget_gate(x, h, kernel, recurrent_kernel, bias):
    W_f = split_gates(kernel)[1]
    U_f = split_gates(recurrent_kernel)[1]
    b_f = split_gates(bias)[1]
    keep = sigmoid(x @ W_f + h @ U_f.T + b_f)
    return 1 - keep
""",
    ),
    two(
        "forget_gate",
        "hard sigmoid, bias doubled",
        both(r"hard", r"bias"),
        """
def forget_gate(x, h, kernel, recurrent_kernel, bias):
    W_f = split_gates(kernel)[1]
    U_f = split_gates(recurrent_kernel)[1]
    b_f = split_gates(bias)[1]
    z = (x @ W_f + b_f) + (h @ U_f + b_f)
    return np.clip(z / 6 + 0.5, 0, 1)
""",
    ),
    one(
        "input_gate",
        "kernel of the forget gate",
        r"forget.{0,40}kernel|kernel.{0,40}(forget|block|columns)",
        """
def input_gate(x, h, kernel, recurrent_kernel, bias):
    W_i = split_gates(kernel)[1]
    U_i = split_gates(recurrent_kernel)[0]
    b_i = split_gates(bias)[0]
    return sigmoid(x @ W_i + h @ U_i + b_i)
""",
    ),
    one(
        "input_gate",
        "recurrent kernel of the output gate",
        r"output.{0,40}recurrent|recurrent.{0,40}(output|block|columns)",
        """
def input_gate(x, h, kernel, recurrent_kernel, bias):
    units = bias.size // 4
    z = x @ kernel[:, :units] + h @ recurrent_kernel[:, -units:] + bias[:units]
    return sigmoid(z)
""",
    ),
    one(
        "input_gate",
        "multiplied by the candidate",
        r"candidate|tanh",
        """
def input_gate(x, h, kernel, recurrent_kernel, bias):
    W_i, _, W_c, _ = split_gates(kernel)
    U_i, _, U_c, _ = split_gates(recurrent_kernel)
    b_i, _, b_c, _ = split_gates(bias)
    i = sigmoid(x @ W_i + h @ U_i + b_i)
    c_tilde = np.tanh(x @ W_c + h @ U_c + b_c)
    return i * c_tilde
""",
    ),
    one(
        "input_gate",
        "one minus the forget gate",
        r"1 - |one minus|coupled|forget",
        """
def input_gate(x, h, kernel, recurrent_kernel, bias):
    return 1 - forget_gate(x, h, kernel, recurrent_kernel, bias)
""",
    ),
    one(
        "input_gate",
        "bias subtracted",
        r"bias.*(subtract|minus|sign)|subtract.*bias",
        """
def input_gate(x, h, kernel, recurrent_kernel, bias):
    W, U, b = (split_gates(p)[0] for p in (kernel, recurrent_kernel, bias))
    return sigmoid(x @ W + h @ U - b)
""",
    ),
    one(
        "input_gate",
        "recurrent term subtracted",
        r"(recurrent|\bh\b).*(subtract|minus|sign)|subtract.*(recurrent|\bh\b)",
        """
def input_gate(x, h, kernel, recurrent_kernel, bias):
    W, U, b = (split_gates(p)[0] for p in (kernel, recurrent_kernel, bias))
    return sigmoid(x @ W - h @ U + b)
""",
    ),
    in_numpy(
        "input_gate",
        "first sample only",
        r"first (sample|row)|\[0\]|batch axis|only one sample",
        """
def input_gate(x, h, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel + bias
    return sigmoid(split_gates(z)[0][0])
""",
    ),
    in_numpy(
        "input_gate",
        "bias as a column",
        r"bias.*(column|new axis|wrong axis|\(units, 1\)|along the batch|None)",
        """
def input_gate(x, h, kernel, recurrent_kernel, bias):
    W_i = split_gates(kernel)[0]
    U_i = split_gates(recurrent_kernel)[0]
    b_i = split_gates(bias)[0][:, None]
    return sigmoid(x @ W_i + h @ U_i + b_i)
""",
    ),
    in_numpy(
        "input_gate",
        "written into an array of whole numbers",
        r"whole number|integer|\bint|truncat|cut off|decimal|fraction",
        """
def input_gate(x, h, kernel, recurrent_kernel, bias):
    W, U, b = split_gates(kernel)[0], split_gates(recurrent_kernel)[0], split_gates(bias)[0]
    gate = np.full(h.shape, 0)
    for n in range(len(x)):
        gate[n] = sigmoid(x[n] @ W + h[n] @ U + b)
    return gate
""",
    ),
    two(
        "input_gate",
        "kernel and bias of the forget gate",
        both(r"kernel|columns", r"bias"),
        """
def input_gate(x, h, kernel, recurrent_kernel, bias):
    u = h.shape[-1]
    z = x @ kernel[:, u:2 * u] + h @ recurrent_kernel[:, :u] + bias[u:2 * u]
    return sigmoid(z)
""",
    ),
    two(
        "input_gate",
        "tanh for the sigmoid, recurrent term missing",
        both(r"tanh|activation", r"recurrent|\bh\b"),
        """
def input_gate(x, h, kernel, recurrent_kernel, bias):
    W_i = split_gates(kernel)[0]
    b_i = split_gates(bias)[0]
    return np.tanh(x @ W_i + b_i)
""",
    ),
    two(
        "input_gate",
        "columns of the candidate, bias doubled",
        both(r"candidate", r"bias"),
        """
def input_gate(x, h, kernel, recurrent_kernel, bias):
    W, U, b = (split_gates(p)[2] for p in (kernel, recurrent_kernel, bias))
    return sigmoid(x @ W + b + h @ U + b)
""",
    ),
    one(
        "candidate",
        "old state gated before the product",
        r"reset|GRU|gated?.*(\bh\b|state)|(\bh\b|state).*(gated|multipl|gate)",
        """
def candidate(x, h, kernel, recurrent_kernel, bias):
    r = input_gate(x, h, kernel, recurrent_kernel, bias)
    W_c = split_gates(kernel)[2]
    U_c = split_gates(recurrent_kernel)[2]
    b_c = split_gates(bias)[2]
    return np.tanh(x @ W_c + (r * h) @ U_c + b_c)
""",
    ),
    one(
        "candidate",
        "kernel of the input gate",
        r"input.{0,40}kernel|kernel.{0,40}(input|block|columns)",
        """
def candidate(x, h, kernel, recurrent_kernel, bias):
    W = split_gates(kernel)[0]
    U = split_gates(recurrent_kernel)[2]
    b = split_gates(bias)[2]
    return np.tanh(x @ W + h @ U + b)
""",
    ),
    one(
        "candidate",
        "recurrent kernel of the forget gate",
        r"forget.{0,40}recurrent|recurrent.{0,40}(forget|block|columns)",
        """
def candidate(x, h, kernel, recurrent_kernel, bias):
    u = h.shape[1]
    c_cols = slice(2 * u, 3 * u)
    return np.tanh(x @ kernel[:, c_cols] + h @ recurrent_kernel[:, u:2 * u] + bias[c_cols])
""",
    ),
    one(
        "candidate",
        "bias after tanh",
        r"bias.*(after|outside)|(after|outside).*bias",
        """
def candidate(x, h, kernel, recurrent_kernel, bias):
    _, _, W, _ = split_gates(kernel)
    _, _, U, _ = split_gates(recurrent_kernel)
    _, _, b, _ = split_gates(bias)
    return np.tanh(x @ W + h @ U) + b
""",
    ),
    one(
        "candidate",
        "multiplied by the input gate",
        r"input gate|multipl|gated",
        """
def candidate(x, h, kernel, recurrent_kernel, bias):
    _, _, W, _ = split_gates(kernel)
    _, _, U, _ = split_gates(recurrent_kernel)
    _, _, b, _ = split_gates(bias)
    g = np.tanh(x @ W + h @ U + b)
    return input_gate(x, h, kernel, recurrent_kernel, bias) * g
""",
    ),
    one(
        "candidate",
        "tangent",
        r"np\.tan\b|tangent|\btan\b",
        """
def candidate(x, h, kernel, recurrent_kernel, bias):
    z = split_gates(x @ kernel + h @ recurrent_kernel + bias)[2]
    return np.tan(z)
""",
    ),
    in_numpy(
        "candidate",
        "return inside the loop over samples",
        r"return\b.*(loop|too early)|(only|alone).*first (sample|row)|first (sample|row)",
        """
def candidate(x, h, kernel, recurrent_kernel, bias):
    W, U, b = (split_gates(w)[2] for w in (kernel, recurrent_kernel, bias))
    rows = []
    for n in range(len(x)):
        rows.append(np.tanh(x[n] @ W + h[n] @ U + b))
        return np.stack(rows)
""",
    ),
    in_numpy(
        "candidate",
        "loop over samples one short",
        r"last (sample|row).*(zero|missing|left|not)|loop.*(short|too early)",
        """
def candidate(x, h, kernel, recurrent_kernel, bias):
    W, U, b = (split_gates(w)[2] for w in (kernel, recurrent_kernel, bias))
    out = np.zeros_like(h)
    for n in range(len(x) - 1):
        out[n] = np.tanh(x[n] @ W + h[n] @ U + b)
    return out
""",
    ),
    two(
        "candidate",
        "copied from the forget gate: its columns and its sigmoid",
        both(r"forget", r"sigmoid|activation"),
        """
def candidate(x, h, kernel, recurrent_kernel, bias):
    _, kernel_f, _, _ = split_gates(kernel)
    _, recurrent_f, _, _ = split_gates(recurrent_kernel)
    _, bias_f, _, _ = split_gates(bias)
    return sigmoid(x @ kernel_f + h @ recurrent_f + bias_f)
""",
    ),
    two(
        "candidate",
        "sigmoid, bias of the output gate",
        both(r"sigmoid|activation", r"bias"),
        """
def candidate(x, h, kernel, recurrent_kernel, bias):
    W = split_gates(kernel)[2]
    U = split_gates(recurrent_kernel)[2]
    b = split_gates(bias)[3]
    return sigmoid(x @ W + h @ U + b)
""",
    ),
    one(
        "cell_state",
        "gates squashed again",
        r"sigmoid|squash|activation.*(twice|again)|twice|again",
        """
def cell_state(forget, input, candidate, c):
    return sigmoid(forget) * c + sigmoid(input) * candidate
""",
    ),
    one(
        "cell_state",
        "input gate inverted",
        r"1 - |complement|invert|one minus",
        """
def cell_state(forget, input, candidate, c):
    return forget * c + (1 - input) * candidate
""",
    ),
    one(
        "cell_state",
        "update as in a GRU",
        r"1 - |coupled|GRU|forget gate.*(ignored|not used)|one minus|complement",
        """
def cell_state(forget, input, candidate, c):
    return (1 - input) * c + input * candidate
""",
    ),
    one(
        "cell_state",
        "forget gate before the whole sum",
        r"bracket|forget.*(both|candidate|sum|new)|(both|candidate|sum).*forget",
        """
def cell_state(forget, input, candidate, c):
    return forget * (c + input * candidate)
""",
    ),
    one(
        "cell_state",
        "all four multiplied",
        r"multipl|product",
        """
def cell_state(forget, input, candidate, c):
    return forget * c * input * candidate
""",
    ),
    in_numpy(
        "cell_state",
        "matrix products for products",
        r"@|matrix|number by number|element",
        """
def cell_state(forget, input, candidate, c):
    return np.dot(forget, c) + np.dot(input, candidate)
""",
    ),
    in_numpy(
        "cell_state",
        "added up over the batch",
        r"(sum|add).*(batch|samples|axis)|(batch|samples).*(sum|added|lost)|batch axis",
        """
def cell_state(forget, input, candidate, c):
    return np.sum(forget * c + input * candidate, axis=0)
""",
    ),
    in_numpy(
        "cell_state",
        "only the first unit of the forget gate",
        r"first (unit|column)|(one|single) (unit|column)|column",
        """
def cell_state(forget, input, candidate, c):
    return forget[:, :1] * c + input[:, :1] * candidate
""",
    ),
    two(
        "cell_state",
        "gates swapped, result squashed",
        both(r"swap|exchang|each other", r"tanh|squash"),
        """
def cell_state(forget, input, candidate, c):
    new_c = input * c + forget * candidate
    return np.tanh(new_c)
""",
    ),
    two(
        "cell_state",
        "both gates inverted",
        both(r"1 - |invert|complement|one minus", r"both|each|forget.*input|input.*forget"),
        """
def cell_state(forget, input, candidate, c):
    return (1 - forget) * c + (1 - input) * candidate
""",
    ),
    two(
        "cell_state",
        "input gate ignored, result squashed",
        both(r"input", r"tanh|squash"),
        """
def cell_state(forget, input, candidate, c):
    kept = forget * c
    return np.tanh(kept + candidate)
""",
    ),
    one(
        "output_gate",
        "kernel of the candidate",
        r"candidate.{0,40}kernel|kernel.{0,40}(candidate|block|columns)",
        """
def output_gate(x, h, kernel, recurrent_kernel, bias):
    W = split_gates(kernel)[2]
    U = split_gates(recurrent_kernel)[3]
    b = split_gates(bias)[3]
    return sigmoid(x @ W + h @ U + b)
""",
    ),
    one(
        "output_gate",
        "recurrent kernel of the forget gate",
        r"forget.{0,40}recurrent|recurrent.{0,40}(forget|block|columns)",
        """
def output_gate(x, h, kernel, recurrent_kernel, bias):
    W = split_gates(kernel)[-1]
    U = split_gates(recurrent_kernel)[1]
    b = split_gates(bias)[-1]
    return sigmoid(x @ W + h @ U + b)
""",
    ),
    one(
        "output_gate",
        "multiplied by tanh of the old state",
        r"tanh|hidden state|multipl",
        """
def output_gate(x, h, kernel, recurrent_kernel, bias):
    _, _, _, W = split_gates(kernel)
    _, _, _, U = split_gates(recurrent_kernel)
    _, _, _, b = split_gates(bias)
    o = sigmoid(x @ W + h @ U + b)
    return o * np.tanh(h)
""",
    ),
    one(
        "output_gate",
        "softmax",
        r"softmax",
        """
def output_gate(x, h, kernel, recurrent_kernel, bias):
    z = split_gates(x @ kernel + h @ recurrent_kernel + bias)[3]
    e = np.exp(z)
    return e / np.sum(e, axis=1, keepdims=True)
""",
    ),
    one(
        "output_gate",
        "bias after the sigmoid",
        r"bias.*(after|outside)|(after|outside).*bias",
        """
def output_gate(x, h, kernel, recurrent_kernel, bias):
    u = h.shape[1]
    return sigmoid(x @ kernel[:, 3*u:] + h @ recurrent_kernel[:, 3*u:]) + bias[3*u:]
""",
    ),
    in_numpy(
        "output_gate",
        "last column of the block missing",
        r"(last|one) column|too narrow|one short|column.*missing|width",
        """
def output_gate(x, h, kernel, recurrent_kernel, bias):
    u = h.shape[1]
    W = kernel[:, 3 * u : -1]
    U = recurrent_kernel[:, 3 * u : -1]
    b = bias[3 * u : -1]
    return sigmoid(x @ W + h @ U + b)
""",
    ),
    in_numpy(
        "output_gate",
        "last column for the last block",
        r"(last|one|single) column|whole block|one unit",
        """
def output_gate(x, h, kernel, recurrent_kernel, bias):
    return sigmoid(x @ kernel[:, -1] + h @ recurrent_kernel[:, -1] + bias[-1])
""",
    ),
    in_numpy(
        "output_gate",
        "batch for units",
        r"batch.*units|units.*batch|len\(h\)|shape\[0\]",
        """
def output_gate(x, h, kernel, recurrent_kernel, bias):
    units = len(h)
    o = slice(3 * units, 4 * units)
    return sigmoid(x @ kernel[:, o] + h @ recurrent_kernel[:, o] + bias[o])
""",
    ),
    two(
        "output_gate",
        "columns of the candidate, bias missing",
        both(r"candidate", r"bias"),
        """
def output_gate(x, h, kernel, recurrent_kernel, bias):
    i, f, W_o, g = split_gates(kernel)
    i, f, U_o, g = split_gates(recurrent_kernel)
    return sigmoid(x @ W_o + h @ U_o)
""",
    ),
    two(
        "output_gate",
        "kernel of the forget gate, tanh for the sigmoid",
        both(r"kernel|forget", r"tanh|activation"),
        """
def output_gate(x, h, kernel, recurrent_kernel, bias):
    W = split_gates(kernel)[1]
    U = split_gates(recurrent_kernel)[3]
    b = split_gates(bias)[3]
    return np.tanh(np.dot(x, W) + np.dot(h, U) + b)
""",
    ),
    one(
        "hidden_state",
        "added to the gate",
        r"(add|sum|plus|\+).*(gate|tanh)|(gate|tanh).*(add|sum|plus)",
        """
def hidden_state(output, c):
    return output + np.tanh(c)
""",
    ),
    one(
        "hidden_state",
        "tanh taken twice",
        r"tanh.*(twice|again|two times)|(twice|again).*tanh",
        """
def hidden_state(output, c):
    c_squashed = np.tanh(c)
    return output * np.tanh(c_squashed)
""",
    ),
    one(
        "hidden_state",
        "derivative of tanh",
        r"derivative|1 - tanh",
        """
def hidden_state(output, c):
    return output * (1 - np.tanh(c) ** 2)
""",
    ),
    one(
        "hidden_state",
        "gate through the sigmoid again",
        r"sigmoid",
        """
def hidden_state(output, c):
    return sigmoid(output) * np.tanh(c)
""",
    ),
    one(
        "hidden_state",
        "tangent",
        r"np\.tan\b|tangent|\btan\b",
        """
def hidden_state(output, c):
    return output * np.tan(c)
""",
    ),
    in_numpy(
        "hidden_state",
        "matrix product with the transpose",
        r"@|matrix|number by number|element",
        """
def hidden_state(output, c):
    return np.dot(output, np.tanh(c).T)
""",
    ),
    in_numpy(
        "hidden_state",
        "return inside the loop over samples",
        r"return\b.*(loop|too early)|(only|alone).*first (sample|row)|first (sample|row)",
        """
def hidden_state(output, c):
    h = np.zeros_like(c)
    for n in range(len(c)):
        h[n] = output[n] * np.tanh(c[n])
        return h
""",
    ),
    two(
        "hidden_state",
        "gate inverted, tanh missing",
        both(r"1 - |complement|invert|one minus", r"tanh"),
        """
def hidden_state(output, c):
    return (1 - output) * c
""",
    ),
    two(
        "hidden_state",
        "gate through the sigmoid again, tanh missing",
        both(r"sigmoid|again|twice", r"tanh"),
        """
def hidden_state(output, c):
    return sigmoid(output) * c
""",
    ),
]
