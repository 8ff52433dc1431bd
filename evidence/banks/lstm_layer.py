"""Wrong and right implementations for lstm-layer."""

from functools import partial

from evidence.banks import right, wrong

# The lines of the solutions in which mistakes are made.
Z = "z = x @ kernel + h @ recurrent_kernel + bias"
BLOCKS = "z_i, z_f, z_c, z_o = np.split(z, 4, axis=1)"
NEW_C = "c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)"
NEW_H = "h = sigmoid(z_o) * np.tanh(c)"
RETURN = "return h, c"
ZEROS = "return np.zeros((len(x), units), x.dtype), np.zeros((len(x), units), x.dtype)"
EMPTY = "every_h = []"
LOOP = "for t in range(x.shape[1]):"
STEP = "h, c = lstm_step(x[:, t], h, c, kernel, recurrent_kernel, bias)"
APPEND = "every_h.append(h)"
STACK = "return np.stack(every_h, axis=1), h, c"
BEGIN = "h, c = initial_state(x, len(recurrent_kernel), state)"
OUTPUT = "output = every_h if return_sequences else h"
LAYER = "return (output, h, c) if return_state else output"
KEEP = "keep = mask[:, np.newaxis]"
MASKED = "return np.where(keep, h_new, h), np.where(keep, c_new, c)"
STEP_OF_MASKED = "h_new, c_new = lstm_step(x, h, c, kernel, recurrent_kernel, bias)"
NAMES = '("input", "forget", "candidate", "output")'
PACK = "return [np.concatenate(four, axis=-1) for four in zip(*blocks)]"
PACKED = PACK.replace("return", "packed =")

lstm_step = partial(wrong, "lstm_step")
initial_state = partial(wrong, "initial_state")
lstm_sequence = partial(wrong, "lstm_sequence")
lstm_layer = partial(wrong, "lstm_layer")
masked_step = partial(wrong, "masked_step")
pack_weights = partial(wrong, "pack_weights")

WRONG = [
    lstm_step("gates swapped", (BLOCKS, BLOCKS.replace("z_i, z_f", "z_f, z_i"))),
    lstm_step(
        "gates act on each other's part",
        (NEW_C, "c = sigmoid(z_i) * c + sigmoid(z_f) * np.tanh(z_c)"),
        diagnosis="gates swapped",
    ),
    lstm_step("block order i, f, o, c", (BLOCKS, BLOCKS.replace("z_c, z_o", "z_o, z_c"))),
    lstm_step("block order f, i, o, c", (BLOCKS, "z_f, z_i, z_o, z_c = np.split(z, 4, axis=1)")),
    lstm_step("block order i, c, f, o", (BLOCKS, "z_i, z_c, z_f, z_o = np.split(z, 4, axis=1)")),
    lstm_step(
        "interleaved columns",
        (BLOCKS, "z_i, z_f, z_c, z_o = (z[:, k::4] for k in range(4))"),
    ),
    lstm_step("bias missing", (Z, "z = x @ kernel + h @ recurrent_kernel")),
    lstm_step("bias doubled", (Z, "z = (x @ kernel + bias) + (h @ recurrent_kernel + bias)")),
    lstm_step("input term missing", (Z, "z = h @ recurrent_kernel + bias")),
    lstm_step("recurrent term missing", (Z, "z = x @ kernel + bias")),
    lstm_step(
        "cell state for hidden state",
        (Z, "z = x @ kernel + c @ recurrent_kernel + bias"),
    ),
    lstm_step(
        "concatenation order",
        (Z, "z = np.hstack([h, x]) @ np.vstack([kernel, recurrent_kernel]) + bias"),
    ),
    lstm_step(
        "recurrent kernel transposed",
        (
            Z,
            "turned = np.hstack([u.T for u in np.split(recurrent_kernel, 4, axis=1)])\n"
            "    z = x @ kernel + h @ turned + bias",
        ),
    ),
    lstm_step("gate activation", ("sigmoid(", "np.tanh(")),
    lstm_step("candidate activation", ("np.tanh(z_c)", "sigmoid(z_c)")),
    lstm_step("candidate activation missing", ("np.tanh(z_c)", "z_c")),
    lstm_step("tanh missing", (NEW_H, "h = sigmoid(z_o) * c")),
    lstm_step("old cell shown", (f"{NEW_C}\n    {NEW_H}", f"{NEW_H}\n    {NEW_C}")),
    lstm_step("cell squashed", (f"{NEW_H}\n", "c = np.tanh(c)\n    h = sigmoid(z_o) * c\n")),
    lstm_step("output gate ignored", (NEW_H, "h = np.tanh(c)")),
    lstm_step(
        "old cell returned",
        (NEW_C, NEW_C.replace("c = ", "c_new = ", 1)),
        (NEW_H, "h = sigmoid(z_o) * np.tanh(c_new)"),
    ),
    lstm_step("forget gate ignored", (NEW_C, "c = c + sigmoid(z_i) * np.tanh(z_c)")),
    lstm_step("old cell missing", (NEW_C, "c = sigmoid(z_i) * np.tanh(z_c)")),
    lstm_step("input gate ignored", (NEW_C, "c = sigmoid(z_f) * c + np.tanh(z_c)")),
    lstm_step("coupled gates", ("sigmoid(z_i)", "(1 - sigmoid(z_f))")),
    lstm_step(
        "states swapped", (RETURN, "return c, h"), diagnosis="the new h and the new c swapped"
    ),
    lstm_step("hard sigmoid", ("sigmoid(", "(lambda v: np.clip(v / 6 + 0.5, 0, 1))(")),
    lstm_step("old hidden state returned", (NEW_H, NEW_H.replace("h =", "h_new ="))),
    lstm_step(
        "arguments changed",
        (NEW_C, "c *= sigmoid(z_f)\n    c += sigmoid(z_i) * np.tanh(z_c)"),
    ),
    lstm_step("no return", (RETURN, "pass")),
    lstm_step("hidden state only", (RETURN, "return h"), diagnosis="the new h alone"),
    lstm_step(
        "float16 inside",
        (Z, f"x, h = x.astype('float16'), h.astype('float16')\n    {Z}"),
        diagnosis="value",
    ),
    lstm_step(
        "float16 result",
        (RETURN, "return h.astype('float16'), c.astype('float16')"),
        diagnosis="dtype",
    ),
    lstm_step("wrong axis", ("axis=1", "axis=0"), diagnosis="unequal split"),
    lstm_step("batch of the draws", (RETURN, "return h[:3], c[:3]"), diagnosis="shape"),
    lstm_step("input: forget block", (NEW_C, NEW_C.replace("sigmoid(z_i)", "sigmoid(z_f)"))),
    lstm_step("output: input block", (NEW_H, NEW_H.replace("z_o", "z_i"))),
    lstm_step("candidate: output block", ("np.tanh(z_c)", "np.tanh(z_o)")),
    lstm_step(
        "output: bias of candidate",
        (BLOCKS, f"{BLOCKS}\n    z_o = z_o - bias[3 * h.shape[1] :] + np.split(bias, 4)[2]"),
    ),
    lstm_step(
        "forget: recurrent kernel of input",
        (
            BLOCKS,
            f"{BLOCKS}\n    recurrent = np.split(h @ recurrent_kernel, 4, axis=1)\n"
            "    z_f = z_f - recurrent[1] + recurrent[0]",
        ),
    ),
    lstm_step(
        "bias in the order f, i, c, o",
        (
            BLOCKS,
            f"{BLOCKS}\n    b_i, b_f, _, _ = np.split(bias, 4)\n"
            "    z_i, z_f = z_i - b_i + b_f, z_f - b_f + b_i",
        ),
        diagnosis="input: bias of forget + forget: bias of input",
    ),
    lstm_step("rows reshaped into blocks", (BLOCKS, "z_i, z_f, z_c, z_o = z.reshape(4, *h.shape)")),
    lstm_step("bias subtracted", (Z, "z = x @ kernel + h @ recurrent_kernel - bias")),
    lstm_step(
        "input term doubled", (Z, "z = x @ kernel + x @ kernel + h @ recurrent_kernel + bias")
    ),
    lstm_step("recurrent term subtracted", (Z, "z = x @ kernel - h @ recurrent_kernel + bias")),
    lstm_step("state of the first sample", (Z, "z = x @ kernel + h[0] @ recurrent_kernel + bias")),
    lstm_step(
        "bias outside",
        (Z, "z = x @ kernel + h @ recurrent_kernel\n    b_i, b_f, b_c, b_o = np.split(bias, 4)"),
        (NEW_C, "c = (sigmoid(z_f) + b_f) * c + (sigmoid(z_i) + b_i) * (np.tanh(z_c) + b_c)"),
        (NEW_H, "h = (sigmoid(z_o) + b_o) * np.tanh(c)"),
    ),
    lstm_step("forget bias added", ("sigmoid(z_f)", "sigmoid(z_f + 1)")),
    lstm_step("sigmoid's derivative", ("sigmoid(", "(lambda v: sigmoid(v) * (1 - sigmoid(v)))(")),
    lstm_step("sigmoid mirrored", ("sigmoid(", "(lambda v: 1 / (1 + np.exp(v)))(")),
    lstm_step("sigmoid too steep", ("sigmoid(", "(lambda v: 0.5 * (1 + np.tanh(v)))(")),
    lstm_step("sigmoid without brackets", ("sigmoid(", "(lambda v: 1 / 1 + np.exp(-v))(")),
    lstm_step("older hard sigmoid", ("sigmoid(", "(lambda v: np.clip(0.2 * v + 0.5, 0, 1))(")),
    lstm_step("gate activations missing", ("sigmoid(", "(")),
    lstm_step("input gate activation missing", ("sigmoid(z_i)", "z_i")),
    lstm_step("output gate activation", ("sigmoid(z_o)", "np.tanh(z_o)")),
    lstm_step("forget gate inverted", ("sigmoid(z_f)", "(1 - sigmoid(z_f))")),
    lstm_step("candidate through both activations", ("np.tanh(z_c)", "np.tanh(sigmoid(z_c))")),
    lstm_step("candidate's derivative", ("np.tanh(z_c)", "(1 - np.tanh(z_c) ** 2)")),
    lstm_step("candidate missing", (" * np.tanh(z_c)", "")),
    lstm_step("input gate added", ("sigmoid(z_i) *", "sigmoid(z_i) +")),
    lstm_step("forget gate coupled", ("sigmoid(z_f)", "(1 - sigmoid(z_i))")),
    lstm_step("candidate subtracted", ("c + sigmoid(z_i)", "c - sigmoid(z_i)")),
    lstm_step("hidden state for cell state", ("sigmoid(z_f) * c", "sigmoid(z_f) * h")),
    lstm_step("candidate gated twice", ("sigmoid(z_i)", "sigmoid(z_i) ** 2")),
    lstm_step("new cell squashed", (NEW_H, f"c = np.tanh(c)\n    {NEW_H}")),
    lstm_step("old cell squashed", ("sigmoid(z_f) * c", "sigmoid(z_f) * np.tanh(c)")),
    lstm_step("output gate inside tanh", (NEW_H, "h = np.tanh(sigmoid(z_o) * c)")),
    lstm_step("sigmoid of the cell", ("np.tanh(c)", "sigmoid(c)")),
    lstm_step("candidate shown", ("np.tanh(c)", "np.tanh(z_c)")),
    lstm_step(
        "output gate of the new cell",
        (
            NEW_H,
            "z = x @ kernel + c @ recurrent_kernel + bias\n"
            "    h = sigmoid(np.split(z, 4, axis=1)[3]) * np.tanh(c)",
        ),
    ),
    lstm_step("hidden state twice", (RETURN, "return h, h")),
    lstm_step("output as well", (RETURN, "return h, h, c")),
    lstm_step("one stacked array", (RETURN, "return np.stack([h, c])")),
    lstm_step(
        "new h without its batch axis", (RETURN, "return h[0], c"), diagnosis="first sample only"
    ),
    lstm_step("squeezed", (RETURN, "return np.squeeze(h), c"), diagnosis="squeezed"),
    lstm_step(
        "gates swapped, and the bias missing",
        (BLOCKS, BLOCKS.replace("z_i, z_f", "z_f, z_i")),
        (Z, "z = x @ kernel + h @ recurrent_kernel"),
        diagnosis="bias missing + gates swapped",
    ),
    lstm_step(
        "no tanh anywhere",
        ("np.tanh(z_c)", "z_c"),
        ("np.tanh(c)", "c"),
        diagnosis="candidate activation missing + tanh missing",
    ),
    lstm_step(
        "hard sigmoid, and the old cell shown",
        ("sigmoid(", "(lambda v: np.clip(v / 6 + 0.5, 0, 1))("),
        (
            "c = (lambda v: np.clip(v / 6 + 0.5, 0, 1))(z_f)",
            "old, c = c, (lambda v: np.clip(v / 6 + 0.5, 0, 1))(z_f)",
        ),
        ("np.tanh(c)", "np.tanh(old)"),
        diagnosis="hard sigmoid + old cell shown",
    ),
    initial_state("time instead of batch", ("(len(x), units)", "(x.shape[1], units)")),
    initial_state("features instead of units", ("(len(x), units)", "(len(x), x.shape[2])")),
    initial_state("batch axis missing", ("(len(x), units)", "units")),
    initial_state("axes swapped", ("(len(x), units)", "(units, len(x))")),
    initial_state("time axis", ("(len(x), units)", "(*x.shape[:2], units)")),
    initial_state("ones", ("np.zeros", "np.ones")),
    initial_state("state ignored", ("if state is None:", "if True:")),
    initial_state("states swapped", ("h, c = state", "c, h = state"), diagnosis="h and c swapped"),
    initial_state("cell state ignored", (RETURN, "return h, np.zeros_like(h)")),
    initial_state("same state twice", (RETURN, "return h, h")),
    initial_state("one sample", ("(len(x), units)", "(1, units)")),
    initial_state("hidden state ignored", (RETURN, "return np.zeros_like(c), c")),
    initial_state("whole numbers", ("x.dtype", "int")),
    initial_state(
        "one array for both",
        (ZEROS, "return np.zeros((len(x), units), x.dtype)"),
    ),
    initial_state(
        "given state demanded",
        ("if state is None:", "if state[0] is None:"),
        diagnosis="raised",
    ),
    initial_state("features instead of batch", ("(len(x), units)", "(x.shape[2], units)")),
    initial_state("four blocks", ("(len(x), units)", "(len(x), 4 * units)")),
    initial_state("square", ("(len(x), units)", "(units, units)")),
    initial_state(
        "c: features instead of units",
        (ZEROS, "return np.zeros((len(x), units)), np.zeros(x[:, 0].shape)"),
    ),
    initial_state("one stacked array", (ZEROS, "return np.zeros((2, len(x), units), x.dtype)")),
    initial_state("nothing for None", (ZEROS, "pass"), diagnosis="parts of a tuple"),
    initial_state("None twice", (ZEROS, "return state, state")),
    initial_state("list in a list", ("h, c = state", "h = c = state")),
    initial_state("given cell state twice", (RETURN, "return c, c")),
    initial_state(
        "squeezed",
        (ZEROS, ZEROS.replace("return ", "return (").replace("dtype)", "dtype).squeeze()") + ")"),
    ),
    lstm_sequence("time axis first", ("axis=1", "axis=0"), diagnosis="axes (time, batch, units)"),
    lstm_sequence("time axis last", ("axis=1", "axis=2"), diagnosis="axes (batch, units, time)"),
    lstm_sequence(
        "initial state ignored",
        (EMPTY, f"{EMPTY}\n    h, c = np.zeros_like(h), np.zeros_like(c)"),
    ),
    lstm_sequence("initial cell state ignored", (EMPTY, f"{EMPTY}\n    c = np.zeros_like(c)")),
    lstm_sequence(
        "state not carried",
        (STEP, STEP.replace("h, c =", "h_t, c_t =")),
        (APPEND, "every_h.append(h_t)"),
        (STACK, STACK.replace("h, c", "h_t, c_t")),
    ),
    lstm_sequence(
        "cell state not carried",
        (STEP, STEP.replace("h, c =", "h, c_t =")),
        (STACK, STACK.replace("h, c", "h, c_t")),
    ),
    lstm_sequence(
        "hidden state not carried",
        (STEP, STEP.replace("h, c =", "h_t, c =")),
        (APPEND, "every_h.append(h_t)"),
        (STACK, STACK.replace("h, c", "h_t, c")),
    ),
    lstm_sequence(
        "states swapped on the way",
        (STEP, STEP.replace("h, c =", "c, h =")),
        (APPEND, "every_h.append(c)"),
        (STACK, STACK.replace("h, c", "c, h")),
    ),
    lstm_sequence("time reversed", (LOOP, "for t in reversed(range(x.shape[1])):")),
    lstm_sequence(
        "outputs backwards", (APPEND, "every_h.insert(0, h)"), diagnosis="steps reversed"
    ),
    lstm_sequence("first input repeated", ("x[:, t]", "x[:, 0]")),
    lstm_sequence(
        "state before the step",
        (f"{STEP}\n        {APPEND}", f"{APPEND}\n        {STEP}"),
    ),
    lstm_sequence("initial state among the results", (EMPTY, "every_h = [h]")),
    lstm_sequence("last step missing", (LOOP, "for t in range(x.shape[1] - 1):")),
    lstm_sequence("first step missing", (LOOP, "for t in range(1, x.shape[1]):")),
    lstm_sequence("cell states collected", (APPEND, "every_h.append(c)")),
    lstm_sequence(
        "last states swapped",
        (STACK, STACK.replace("h, c", "c, h")),
        diagnosis="the last h and the last c swapped",
    ),
    lstm_sequence(
        "first state returned",
        (EMPTY, f"{EMPTY}\n    first = h, c"),
        (STACK, STACK.replace("h, c", "*first")),
    ),
    lstm_sequence(
        "sample after sample",
        (EMPTY, "rows, ends = [], []\n    h, c = h[:1], c[:1]"),
        (
            LOOP,
            "for n in range(len(x)):\n        every_h = []\n        for t in range(x.shape[1]):",
        ),
        (
            f"        {STEP}\n        {APPEND}",
            f"            {STEP.replace('x[:, t]', 'x[n : n + 1, t]')}\n"
            f"            {APPEND}\n"
            "        rows.append(np.stack(every_h, axis=1))\n"
            "        ends.append((h, c))",
        ),
        (STACK, "return (np.concatenate(rows), *(np.concatenate(part) for part in zip(*ends)))"),
    ),
    lstm_sequence(
        "first sample's state",
        (EMPTY, f"{EMPTY}\n    h, c = (np.tile(part[:1], (len(x), 1)) for part in (h, c))"),
    ),
    lstm_sequence("initial hidden state ignored", (EMPTY, f"{EMPTY}\n    h = np.zeros_like(h)")),
    lstm_sequence("initial states swapped", (EMPTY, f"{EMPTY}\n    h, c = c, h")),
    lstm_sequence(
        "one array for all steps",
        (STEP, STEP.replace("h, c =", "h[...], c =")),
        diagnosis="last step everywhere",
    ),
    lstm_sequence(
        "loop over the samples",
        (LOOP, "for t in range(len(x)):"),
        diagnosis="batch taken for time",
    ),
    lstm_sequence("four steps", (LOOP, "for t in range(4):"), diagnosis="shape"),
    lstm_sequence(
        "return inside the loop",
        (f"    {STACK}", f"        {STACK}"),
        diagnosis="one turn of the loop",
    ),
    lstm_sequence("last input repeated", ("x[:, t]", "x[:, -1]")),
    lstm_sequence("inputs one step late", ("x[:, t]", "x[:, t - 1]")),
    lstm_sequence(
        "states swapped in the call", (STEP, STEP.replace("h, c, kernel", "c, h, kernel"))
    ),
    lstm_sequence("hidden state for both", (STEP, STEP.replace("h, c, kernel", "h, h, kernel"))),
    lstm_sequence("states unpacked in the wrong order", (STEP, STEP.replace("h, c =", "c, h ="))),
    lstm_sequence("cell begins at h", (EMPTY, f"{EMPTY}\n    c = h")),
    lstm_sequence("both states collected", (APPEND, "every_h.append(np.stack([h, c], axis=1))")),
    lstm_sequence(
        "cell state emptied",
        (APPEND, f"{APPEND}\n        last, c = c, np.zeros_like(c)"),
        (STACK, STACK.replace("h, c", "h, last")),
    ),
    lstm_sequence(
        "hidden state handed on as cell state",
        (APPEND, f"{APPEND}\n        last, c = c, h"),
        (STACK, STACK.replace("h, c", "h, last")),
    ),
    lstm_sequence(
        "old cell added",
        (STEP, STEP.replace("h, c =", "h, new =") + "\n        c = c + new"),
        (APPEND, f"{APPEND}\n        last = new"),
        (STACK, STACK.replace("h, c", "h, last")),
    ),
    lstm_sequence(
        "last step left at zero",
        (EMPTY, "every_h = np.zeros((*x.shape[:2], h.shape[1]))"),
        (LOOP, "for t in range(x.shape[1] - 1):"),
        (APPEND, "every_h[:, t] = h"),
        (STACK, "return every_h, h, c"),
    ),
    lstm_sequence(
        "first step left at zero",
        (EMPTY, "every_h = np.zeros((*x.shape[:2], h.shape[1]))"),
        (LOOP, "for t in range(1, x.shape[1]):"),
        (APPEND, "every_h[:, t] = h"),
        (STACK, "return every_h, h, c"),
    ),
    lstm_sequence(
        "state before the step, in the last h too",
        (f"{STEP}\n        {APPEND}", f"{APPEND}\n        {STEP}"),
        (STACK, STACK.replace("h, c", "every_h[-1], c")),
    ),
    lstm_sequence("last h twice", (STACK, STACK.replace("h, c", "h, h"))),
    lstm_sequence(
        "h of the last sample",
        (STACK, "every_h = np.stack(every_h, axis=1)\n    return every_h, every_h[-1], c"),
    ),
    lstm_sequence(
        "all cell states",
        (EMPTY, "every_h, every_c = [], []"),
        (APPEND, f"{APPEND}\n        every_c.append(c)"),
        (STACK, STACK.replace("h, c", "h, np.stack(every_c, axis=1)")),
    ),
    lstm_sequence("a list of steps", (STACK, "return every_h, h, c"), diagnosis="list of steps"),
    lstm_sequence(
        "list emptied in the loop",
        (EMPTY, ""),
        (STEP, f"every_h = []\n        {STEP}"),
        diagnosis="last step alone",
    ),
    lstm_sequence(
        "steps side by side",
        (STACK, STACK.replace("np.stack(every_h, axis=1)", "np.concatenate(every_h, axis=1)")),
        diagnosis="steps joined",
    ),
    lstm_sequence(
        "reshaped",
        (STACK, "return np.array(every_h).reshape(len(x), -1, h.shape[1]), h, c"),
        diagnosis="reshaped",
    ),
    lstm_sequence(
        "loop over the batch",
        (LOOP, "for x_t in x:"),
        ("x[:, t]", "x_t"),
        diagnosis="samples taken for steps",
    ),
    lstm_sequence(
        "the sequence alone", (STACK, "return np.stack(every_h, axis=1)"), diagnosis="all h alone"
    ),
    lstm_sequence(
        "tanh missing",
        (
            STEP,
            f"{STEP}\n        z = x[:, t] @ kernel + h_old @ recurrent_kernel + bias\n"
            "        h = h_old = sigmoid(np.split(z, 4, axis=1)[3]) * c",
        ),
        (EMPTY, f"{EMPTY}\n    h_old = h"),
    ),
    lstm_sequence(
        "forget bias added",
        (STEP, STEP.replace("bias)", "bias + np.repeat([0, 1, 0, 0], h.shape[1]))")),
    ),
    lstm_sequence(
        "begins at zero, last states swapped",
        (EMPTY, f"{EMPTY}\n    h, c = np.zeros_like(h), np.zeros_like(c)"),
        (STACK, STACK.replace("h, c", "c, h")),
        diagnosis="initial state ignored + the last h and the last c swapped",
    ),
    lstm_sequence(
        "reversed, and the initial state among the results",
        (LOOP, "for t in reversed(range(x.shape[1])):"),
        (EMPTY, "every_h = [h]"),
        diagnosis="time reversed + initial state among the results",
    ),
    lstm_sequence(
        "cell not carried, time axis first",
        (STEP, STEP.replace("h, c =", "h, c_t =")),
        (STACK, STACK.replace("h, c", "h, c_t").replace("axis=1", "axis=0")),
        diagnosis="cell state not carried + axes (time, batch, units)",
    ),
    lstm_layer("return_sequences always false", (OUTPUT, "output = h")),
    lstm_layer("return_sequences always true", (OUTPUT, "output = every_h")),
    lstm_layer(
        "return_sequences true by default", ("return_sequences=False", "return_sequences=True")
    ),
    lstm_layer("return_state true by default", ("return_state=False", "return_state=True")),
    lstm_layer("return_state always false", (LAYER, "return output")),
    lstm_layer("return_state always true", (LAYER, "return output, h, c")),
    lstm_layer(
        "options swapped",
        (OUTPUT, "output = every_h if return_state else h"),
        (LAYER, "return (output, h, c) if return_sequences else output"),
    ),
    lstm_layer("output missing", (LAYER, "return (h, c) if return_state else output")),
    lstm_layer("cell state as output", (OUTPUT, OUTPUT.replace("else h", "else c"))),
    lstm_layer(
        "first step returned",
        (OUTPUT, OUTPUT.replace("else h", "else every_h[:, 0]")),
    ),
    lstm_layer("last states swapped", (LAYER, LAYER.replace("h, c", "c, h"))),
    lstm_layer("state ignored", (BEGIN, "h, c = initial_state(x, len(recurrent_kernel))")),
    lstm_layer("initial states swapped", (BEGIN, BEGIN.replace("h, c =", "c, h ="))),
    lstm_layer("cell state ignored", (BEGIN, f"{BEGIN}\n    c = np.zeros_like(c)")),
    lstm_layer("hidden state ignored", (BEGIN, f"{BEGIN}\n    h = np.zeros_like(h)")),
    lstm_layer(
        "units from the kernel",
        ("len(recurrent_kernel)", "kernel.shape[1]"),
        diagnosis="raised",
    ),
    lstm_layer("five units", ("len(recurrent_kernel)", "5"), diagnosis="raised"),
    lstm_layer(
        "time axis kept",
        (OUTPUT, "output = every_h if return_sequences else every_h[:, -1:]"),
    ),
    lstm_layer(
        "return_sequences inverted", (OUTPUT, "output = h if return_sequences else every_h")
    ),
    lstm_layer(
        "return_state inverted", (LAYER, "return output if return_state else (output, h, c)")
    ),
    lstm_layer(
        "sequences only without states",
        (OUTPUT, "output = every_h if return_sequences and not return_state else h"),
    ),
    lstm_layer(
        "states only without sequences",
        (LAYER, "return every_h if return_sequences else (h, h, c) if return_state else h"),
    ),
    lstm_layer(
        "states only with sequences",
        (LAYER, "return (every_h, h, c) if return_sequences and return_state else output"),
    ),
    lstm_layer(
        "sequences only with states",
        (OUTPUT, "output = every_h if return_sequences and return_state else h"),
    ),
    lstm_layer(
        "states in a pair of their own", (LAYER, LAYER.replace("output, h, c", "output, (h, c)"))
    ),
    lstm_layer("states first", (LAYER, LAYER.replace("output, h, c", "h, c, output"))),
    lstm_layer("tuple of one", (LAYER, LAYER.replace("else output", "else (output,)"))),
    lstm_layer(
        "initial states returned",
        (BEGIN, f"{BEGIN}\n    start = h, c"),
        (LAYER, LAYER.replace("h, c", "*start")),
    ),
    lstm_layer("last sample returned", (OUTPUT, OUTPUT.replace("else h", "else every_h[-1]"))),
    lstm_layer("last unit returned", (OUTPUT, OUTPUT.replace("else h", "else every_h[:, :, -1]"))),
    lstm_layer("mean over time", (OUTPUT, OUTPUT.replace("else h", "else every_h.mean(axis=1)"))),
    lstm_layer(
        "initial states of ones",
        (BEGIN, f"{BEGIN}\n    if state is None:\n        h, c = h + 1, c + 1"),
    ),
    lstm_layer("same state twice", (BEGIN, f"{BEGIN}\n    c = h")),
    lstm_layer("time reversed", ("lstm_sequence(x,", "lstm_sequence(x[:, ::-1],")),
    lstm_layer("last h twice", (LAYER, LAYER.replace("h, c", "h, h"))),
    lstm_layer(
        "cell state missing",
        (LAYER, LAYER.replace("h, c", "h")),
        diagnosis="the last c not returned",
    ),
    lstm_layer("squeezed", (OUTPUT, f"{OUTPUT}\n    output = np.squeeze(output)")),
    lstm_layer(
        "everything always",
        (OUTPUT, "output = every_h"),
        (LAYER, "return output, h, c"),
        diagnosis="return_sequences always true + return_state always true or "
        "return_state always true + all h with the states",
    ),
    masked_step("mask ignored", (MASKED, "return h_new, c_new")),
    masked_step(
        "mask inverted",
        (MASKED, "return np.where(keep, h, h_new), np.where(keep, c, c_new)"),
    ),
    masked_step("any sample for all", (KEEP, "keep = mask.any()")),
    masked_step("only where all samples step", (KEEP, "keep = mask.all()")),
    masked_step("state cleared", (MASKED, "return keep * h_new, keep * c_new")),
    masked_step(
        "input masked",
        (STEP_OF_MASKED, STEP_OF_MASKED.replace("(x,", "(x * mask[:, np.newaxis],")),
        (MASKED, "return h_new, c_new"),
    ),
    masked_step("cell state not masked", (MASKED, "return np.where(keep, h_new, h), c_new")),
    masked_step("hidden state not masked", (MASKED, "return h_new, np.where(keep, c_new, c)")),
    masked_step(
        "hidden state cleared",
        (MASKED, "return keep * h_new, np.where(keep, c_new, c)"),
    ),
    masked_step(
        "states swapped",
        (MASKED, "return np.where(keep, c_new, c), np.where(keep, h_new, h)"),
        diagnosis="the new h and the new c swapped",
    ),
    masked_step("cell state cleared", (MASKED, "return np.where(keep, h_new, h), keep * c_new")),
    masked_step(
        "NaN for masked",
        (MASKED, "return np.where(keep, h_new, np.nan), np.where(keep, c_new, np.nan)"),
        diagnosis="nan",
    ),
    masked_step("mask along the units", ("mask[:, np.newaxis]", "mask")),
    masked_step(
        "arguments changed",
        (MASKED, "h[mask], c[mask] = h_new[mask], c_new[mask]\n    return h, c"),
    ),
    masked_step(
        "masked samples dropped",
        (MASKED, "return h_new[mask], c_new[mask]"),
    ),
    masked_step("mask of the first sample", (KEEP, "keep = mask[0]")),
    masked_step("no step", (MASKED, RETURN)),
    masked_step("mask inverted for c", (MASKED, MASKED.replace("c_new, c", "c, c_new"))),
    masked_step(
        "kept states swapped", (MASKED, "return np.where(keep, h_new, c), np.where(keep, c_new, h)")
    ),
    masked_step("old h kept for both", (MASKED, MASKED.replace("c_new, c)", "c_new, h)"))),
    masked_step("cell state without a step", (MASKED, "return np.where(keep, h_new, h), c")),
    masked_step("old state added", (MASKED, "return keep * h_new + h, keep * c_new + c")),
    masked_step(
        "state masked before the step",
        (
            STEP_OF_MASKED,
            STEP_OF_MASKED.replace("h, c, ", "h * mask[:, None], c * mask[:, None], "),
        ),
        (MASKED, "return h_new, c_new"),
    ),
    masked_step(
        "input and state masked",
        (
            STEP_OF_MASKED,
            "m = mask[:, np.newaxis]\n    "
            + STEP_OF_MASKED.replace("x, h, c, ", "x * m, h * m, c * m, "),
        ),
        (MASKED, "return h_new, c_new"),
    ),
    masked_step(
        "forget bias added",
        (
            STEP_OF_MASKED,
            STEP_OF_MASKED.replace("bias)", "bias + np.repeat([0, 1, 0, 0], h.shape[1]))"),
        ),
    ),
    masked_step(
        "inverted, states swapped",
        (MASKED, "return np.where(keep, c, c_new), np.where(keep, h, h_new)"),
        diagnosis="mask inverted + the new h and the new c swapped",
    ),
    pack_weights("dict order", (f"[gates[name] for name in {NAMES}]", "list(gates.values())")),
    pack_weights("block order i, f, o, c", (NAMES, '("input", "forget", "output", "candidate")')),
    pack_weights(
        "alphabetical order", (NAMES, "sorted(gates)"), diagnosis="block order c, f, i, o"
    ),
    pack_weights(
        "arrays swapped",
        (
            PACK,
            f"{PACKED}\n    return [packed[1], packed[0], packed[2]]",
        ),
        diagnosis="the kernel and the recurrent kernel swapped",
    ),
    pack_weights("rows", ("axis=-1", "axis=0")),
    pack_weights("new axis", ("np.concatenate(four, axis=-1)", "np.stack(four)")),
    pack_weights(
        "interleaved",
        (
            "np.concatenate(four, axis=-1)",
            "np.stack(four, axis=-1).reshape(*four[0].shape[:-1], -1)",
        ),
    ),
    pack_weights(
        "blocks transposed",
        ("gates[name] for name", "(gates[name][0], gates[name][1].T, gates[name][2]) for name"),
    ),
    pack_weights(
        "bias missing",
        (
            PACK,
            f"{PACKED}\n    return [*packed[:2], np.zeros_like(packed[2])]",
        ),
        diagnosis="the bias: zeros",
    ),
    pack_weights(
        "bias: dict order",
        (
            PACK,
            f"{PACKED}\n    bias = np.concatenate([four[2] for four in gates.values()])\n"
            "    return [*packed[:2], bias]",
        ),
    ),
    pack_weights(
        "forget bias added",
        (
            PACK,
            f"{PACKED}\n    ones = np.repeat([0, 1, 0, 0], len(packed[1]))\n"
            "    return [*packed[:2], packed[2] + ones]",
        ),
    ),
    pack_weights(
        "bias left out",
        ("zip(*blocks)]", "zip(*blocks)][:2]"),
        diagnosis="the bias not returned",
    ),
    pack_weights("candidate: weights of output", (NAMES, NAMES.replace("candidate", "output"))),
    pack_weights(
        "bias: forget: weights of input",
        (
            PACK,
            f"{PACKED}\n    i, _, c, o = (block[2] for block in blocks)\n"
            "    return [*packed[:2], np.concatenate([i, i, c, o])]",
        ),
    ),
    pack_weights(
        "recurrent kernel: block order i, f, o, c",
        (
            PACK,
            f"{PACKED}\n    i, f, c, o = (block[1] for block in blocks)\n"
            "    return [packed[0], np.hstack([i, f, o, c]), packed[2]]",
        ),
    ),
    pack_weights(
        "vstack",
        ("np.concatenate(four, axis=-1)", "np.vstack(four)"),
        diagnosis="rows + bias: new axis",
    ),
    pack_weights("added up", ("np.concatenate(four, axis=-1)", "sum(four)")),
    pack_weights(
        "bias: new axis", (PACK, f"{PACKED}\n    return [*packed[:2], packed[2].reshape(4, -1)]")
    ),
    pack_weights(
        "kernels in one array", (PACK, f"{PACKED}\n    return [np.vstack(packed[:2]), packed[2]]")
    ),
    pack_weights("a list for each gate", (PACK, "return blocks")),
    pack_weights(
        "bias as a row",
        (PACK, f"{PACKED}\n    return [*packed[:2], packed[2][None]]"),
        diagnosis="the bias: axis too many",
    ),
    pack_weights(
        "dict order in the bias, blocks transposed",
        (
            PACK,
            "blocks = [(w, u.T, gates[name][2]) for (w, u, _), name in zip(blocks, gates)]\n"
            f"    {PACK}",
        ),
        diagnosis="bias: dict order + blocks transposed",
    ),
    pack_weights(
        "cell for candidate", ('"candidate"', '"cell"'), diagnosis="a key that the dict has not"
    ),
]

right_lstm_step = partial(right, "lstm_step")
right_initial_state = partial(right, "initial_state")
right_lstm_sequence = partial(right, "lstm_sequence")
right_lstm_layer = partial(right, "lstm_layer")
right_masked_step = partial(right, "masked_step")
right_pack_weights = partial(right, "pack_weights")

RIGHT = [
    right_lstm_step(
        "each gate by itself",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    units = h.shape[1]

    def block(k):
        columns = slice(k * units, (k + 1) * units)
        return h @ recurrent_kernel[:, columns] + x @ kernel[:, columns] + bias[columns]

    new_c = sigmoid(block(0)) * np.tanh(block(2)) + sigmoid(block(1)) * c
    return sigmoid(block(3)) * np.tanh(new_c), new_c
""",
    ),
    right_lstm_step(
        "einsum in float64",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    x, h, c = (array.astype("float64") for array in (x, h, c))
    z = np.einsum("bf,fu->bu", x, kernel) + np.einsum("bh,hu->bu", h, recurrent_kernel) + bias
    i, f, g, o = z.reshape(len(x), 4, -1).transpose(1, 0, 2)
    c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
    return [np.tanh(c) / (1 + np.exp(-o)), c]
""",
    ),
    right_lstm_step(
        "concatenated weights, a sigmoid made of tanh",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    rows = np.concatenate([x, h, np.ones((len(x), 1), x.dtype)], axis=1)
    z = rows @ np.concatenate([kernel, recurrent_kernel, bias[None]])
    i, f, o = (0.5 + 0.5 * np.tanh(np.array_split(z, 4, axis=-1)[k] / 2) for k in (0, 1, 3))
    c = np.add(f * c, i * np.tanh(np.split(z, 4, axis=-1)[2]))
    return o * np.tanh(c), c
""",
    ),
    right_lstm_step(
        "a loop over samples and units",
        """
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    new_h, new_c = np.empty_like(h), np.empty_like(c)
    units = h.shape[1]
    for n in range(len(x)):
        for u in range(units):
            i, f, g, o = (
                sum(x[n] * kernel[:, k]) + sum(h[n] * recurrent_kernel[:, k]) + bias[k]
                for k in range(u, 4 * units, units)
            )
            new_c[n, u] = sigmoid(f) * c[n, u] + sigmoid(i) * np.tanh(g)
            new_h[n, u] = sigmoid(o) * np.tanh(new_c[n, u])
    return new_h, new_c
""",
    ),
    right_initial_state(
        "NumPy's own dtype",
        """
def initial_state(x, units, state=None):
    batch, _, _ = x.shape
    return state or [np.zeros((batch, units)), np.zeros((batch, units))]
""",
    ),
    right_initial_state(
        "one array of both, copied",
        """
def initial_state(x, units, state=None):
    both = np.zeros((2, x.shape[0], units), dtype="float32")
    if state is not None:
        both[0], both[1] = state[0].copy(), state[1].copy()
    return tuple(both)
""",
    ),
    right_lstm_sequence(
        "results written into an array",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    batch, time, _ = x.shape
    every_h = np.zeros((batch, time, h.shape[-1]), dtype="float32")
    for t, x_t in enumerate(np.moveaxis(x, 1, 0)):
        h, c = lstm_step(x_t, h, c, kernel, recurrent_kernel, bias)
        every_h[:, t, :] = h
    return every_h, every_h[:, -1], c
""",
    ),
    right_lstm_sequence(
        "all input terms at once",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    from_x = np.tensordot(x, kernel, axes=1) + bias
    every_h = [h]
    for t in range(x.shape[1]):
        i, f, g, o = np.split(from_x[:, t] + every_h[-1] @ recurrent_kernel, 4, axis=-1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        every_h.append(sigmoid(o) * np.tanh(c))
    return np.array(every_h[1:]).swapaxes(0, 1), every_h[-1], c
""",
    ),
    right_lstm_sequence(
        "recursion from the end",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    weights = kernel, recurrent_kernel, bias
    before = np.empty((len(x), 0, h.shape[1]))
    if x.shape[1] > 1:
        before, h, c = lstm_sequence(x[:, :-1], h, c, *weights)
    h, c = lstm_step(x[:, -1], h, c, *weights)
    return np.concatenate([before, h[:, None]], axis=1), h, c
""",
    ),
    right_lstm_sequence(
        "each sample by itself",
        """
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    results = []
    for sequence, h_n, c_n in zip(x, h, c):
        every_h, h_n, c_n = [], h_n[None], c_n[None]
        for x_t in sequence:
            h_n, c_n = lstm_step(x_t[None], h_n, c_n, kernel, recurrent_kernel, bias)
            every_h.append(h_n[0])
        results.append((np.array(every_h), h_n[0], c_n[0]))
    return [np.array(part) for part in zip(*results)]
""",
    ),
    right_lstm_layer(
        "four returns",
        """
def lstm_layer(
    x, kernel, recurrent_kernel, bias, state=None, return_sequences=False, return_state=False
):
    units = bias.size // 4
    if state is None:
        state = [np.zeros((x.shape[0], units)), np.zeros((x.shape[0], units))]
    every_h, h, c = lstm_sequence(x, *state, kernel, recurrent_kernel, bias)
    if return_sequences and return_state:
        return every_h, h, c
    if return_sequences:
        return every_h
    if return_state:
        return h, h, c
    return h
""",
    ),
    right_lstm_layer(
        "a list, and the last of the sequence",
        """
def lstm_layer(
    x, kernel, recurrent_kernel, bias, state=None, return_sequences=False, return_state=False
):
    h, c = initial_state(x, recurrent_kernel.shape[0], state)
    result = list(lstm_sequence(x, h, c, kernel, recurrent_kernel, bias))
    if not return_sequences:
        result[0] = result[0][:, -1, :]
    return result if return_state else result[0]
""",
    ),
    right_masked_step(
        "arithmetic with the mask",
        """
def masked_step(x, h, c, mask, kernel, recurrent_kernel, bias):
    m = mask.astype("float32").reshape(-1, 1)
    new_h, new_c = lstm_step(x, h, c, kernel, recurrent_kernel, bias)
    return m * new_h + (1 - m) * h, m * new_c + (1 - m) * c
""",
    ),
    right_masked_step(
        "only the real samples are computed",
        """
def masked_step(x, h, c, mask, kernel, recurrent_kernel, bias):
    h, c = h.copy(), c.copy()
    if mask.any():
        h[mask], c[mask] = lstm_step(x[mask], h[mask], c[mask], kernel, recurrent_kernel, bias)
    return h, c
""",
    ),
    right_masked_step(
        "a loop over the samples",
        """
def masked_step(x, h, c, mask, kernel, recurrent_kernel, bias):
    states = list(zip(h, c))
    for n in range(len(mask)):
        if mask[n]:
            one = slice(n, n + 1)
            new = lstm_step(x[one], h[one], c[one], kernel, recurrent_kernel, bias)
            states[n] = new[0][0], new[1][0]
    return tuple(np.stack(part) for part in zip(*states))
""",
    ),
    right_pack_weights(
        "filled in",
        """
def pack_weights(gates):
    features, units = gates["forget"][0].shape
    packed = [np.empty(shape + (4 * units,)) for shape in ((features,), (units,), ())]
    for k, name in enumerate(["input", "forget", "candidate", "output"]):
        for array, part in zip(packed, gates[name]):
            array[..., k * units : (k + 1) * units] = part
    return packed
""",
    ),
    right_pack_weights(
        "hstack, as a tuple",
        """
def pack_weights(gates):
    i, f, c, o = (gates[k] for k in "input forget candidate output".split())
    return tuple(np.hstack([i[j], f[j], c[j], o[j]]) for j in (0, 1, 2))
""",
    ),
]
