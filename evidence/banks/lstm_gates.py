"""Wrong and right implementations for lstm-gates."""

from functools import partial
from itertools import permutations

from course.checks.blocks import letters
from evidence.banks import right, wrong

SIGMOID = "np.where(x >= 0, 1, decay) / (1 + decay)"
SPLIT = "tuple(stacked[..., k * units : (k + 1) * units] for k in range(4))"
FORGET = "sigmoid(x @ kernel_f + h @ recurrent_f + bias_f)"
INPUT = "sigmoid(x @ kernel_i + h @ recurrent_i + bias_i)"
CANDIDATE = "np.tanh(x @ kernel_c + h @ recurrent_c + bias_c)"
OUTPUT = "sigmoid(x @ kernel_o + h @ recurrent_o + bias_o)"
CELL = "forget * c + input * candidate"
HIDDEN = "output * np.tanh(c)"

SWAPS = {
    "f, i, c, o": "the input gate and the forget gate swapped",
    "c, f, i, o": "the input gate and the candidate swapped",
    "o, f, c, i": "the input gate and the output gate swapped",
    "i, c, f, o": "the forget gate and the candidate swapped",
    "i, o, c, f": "the forget gate and the output gate swapped",
    "i, f, o, c": "the candidate and the output gate swapped",
    "o, c, f, i": "order reversed",
}
"""Diagnoses of the orders in which two blocks have changed places, or all."""

sigmoid = partial(wrong, "sigmoid")
split_gates = partial(wrong, "split_gates")
forget_gate = partial(wrong, "forget_gate")
input_gate = partial(wrong, "input_gate")
candidate = partial(wrong, "candidate")
cell_state = partial(wrong, "cell_state")
output_gate = partial(wrong, "output_gate")
hidden_state = partial(wrong, "hidden_state")

WRONG = [
    sigmoid("sign of the exponent", ("np.where(x >= 0, 1, decay)", "np.where(x >= 0, decay, 1)")),
    sigmoid("tanh", (SIGMOID, "np.tanh(x)")),
    sigmoid("hard sigmoid", (SIGMOID, "np.clip(x / 6 + 0.5, 0, 1)")),
    sigmoid("exponential", (SIGMOID, "np.exp(np.minimum(x, 80))")),
    sigmoid(
        "softmax",
        (SIGMOID, "(e := np.exp(x - x.max(-1, keepdims=True))) / e.sum(-1, keepdims=True)"),
    ),
    sigmoid(
        "textbook formula overflows",
        (SIGMOID, "1 / (1 + np.exp(-x))"),
        diagnosis="warning",
    ),
    sigmoid(
        "inverse formula overflows",
        (SIGMOID, "np.exp(x) / (1 + np.exp(x))"),
        diagnosis="infinity divided by infinity",
    ),
    sigmoid(
        "clipped too early",
        (SIGMOID, "1 / (1 + np.exp(-np.clip(x, -4, 4)))"),
        diagnosis="value",
    ),
    sigmoid(
        "float16 inside",
        ("np.abs(x)", "np.abs(x).astype('float16')"),
        diagnosis="dtype",
    ),
    sigmoid(
        "both formulas in np.where",
        (SIGMOID, "np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))"),
        diagnosis="warning",
    ),
    sigmoid(
        "cut off at 500",
        (SIGMOID, "1 / (1 + np.exp(-np.clip(x, -500, 500)))"),
        diagnosis="warning",
    ),
    sigmoid("absolute value", (SIGMOID, "1 / (1 + decay)")),
    sigmoid("negative absolute value", (SIGMOID, "decay / (1 + decay)")),
    sigmoid("negative x taken as 0", (SIGMOID, "1 / (1 + np.exp(-np.maximum(x, 0)))")),
    sigmoid("positive x taken as 0", (SIGMOID, "1 / (1 + np.exp(-np.minimum(x, 0)))")),
    sigmoid("twice x", (SIGMOID, "0.5 * (1 + np.tanh(x))")),
    sigmoid("half of x", (SIGMOID, "0.5 * (1 + np.tanh(x / 4))")),
    sigmoid("not divided", (SIGMOID, "1 / 1 + np.exp(-x)")),
    sigmoid("exponential divided by 1", (SIGMOID, "np.exp(x) / 1 + np.exp(x)")),
    sigmoid("exponential of minus x", (SIGMOID, "np.exp(-x)")),
    sigmoid("exponential for negative x", (SIGMOID, "np.where(x >= 0, 1 / (1 + decay), decay)")),
    sigmoid("minus in the denominator", (SIGMOID, "1 / (1 - np.exp(-x))")),
    sigmoid("tanh of half of x", (SIGMOID, "np.tanh(x / 2)")),
    sigmoid("between -0.5 and 0.5", (SIGMOID, "0.5 * np.tanh(x / 2)")),
    sigmoid("between 0 and 2", (SIGMOID, "1 + np.tanh(x / 2)")),
    sigmoid("older hard sigmoid", (SIGMOID, "np.clip(0.2 * x + 0.5, 0, 1)")),
    sigmoid("derivative", (SIGMOID, "decay / (1 + decay) ** 2")),
    sigmoid("sigmoid twice", (SIGMOID, f"1 / (1 + np.exp(-{SIGMOID}))")),
    sigmoid("softmax over all numbers", (SIGMOID, "np.exp(x) / np.exp(x).sum()")),
    sigmoid("relu", (SIGMOID, "np.maximum(x, 0)")),
    sigmoid("softplus", (SIGMOID, "np.log(1 + np.exp(x))")),
    sigmoid("times x", ("return ", "return x * ")),
    sigmoid("step", (SIGMOID, "np.where(x > 0, 1.0, 0.0)")),
    sigmoid(
        "zero left out",
        (
            f"return {SIGMOID}",
            "s = np.zeros_like(x)\n"
            "    s[x > 0] = 1 / (1 + decay[x > 0])\n"
            "    s[x < 0] = decay[x < 0] / (1 + decay[x < 0])\n"
            "    return s",
        ),
    ),
    sigmoid("flat", (SIGMOID, f"({SIGMOID}).ravel()")),
    sigmoid("squeezed", (SIGMOID, f"np.squeeze({SIGMOID})")),
    sigmoid(
        "1 - tanh",
        (SIGMOID, "1 - np.tanh(x / 2)"),
        diagnosis="sign of the exponent + between 0 and 2",
    ),
    sigmoid("no return", ("return ", "result = ")),
    sigmoid(
        "arguments changed",
        ("decay = np.exp(-np.abs(x))", "x *= -1\n    decay = np.exp(-np.abs(x))"),
        ("x >= 0", "x <= 0"),
    ),
    sigmoid("tanh plus 1", (SIGMOID, "np.tanh(x) + 1")),
    sigmoid("cut to whole numbers", (SIGMOID, SIGMOID.replace(" / ", " // "))),
    *(
        split_gates(
            f"order {letters(order)}",
            ("for k in range(4)", f"for k in {order}"),
            diagnosis=SWAPS.get(letters(order), ""),
        )
        for order in list(permutations(range(4)))[1:]
    ),
    split_gates(
        "interleaved in another order",
        (SPLIT, "tuple(stacked[..., k::4] for k in (1, 0, 3, 2))"),
        diagnosis="interleaved + order f, i, o, c",
    ),
    split_gates("rows sliced", ("shape[-1]", "shape[0]"), ("stacked[..., k", "stacked[k")),
    split_gates("interleaved", (SPLIT, "tuple(stacked[..., k::4] for k in range(4))")),
    split_gates("rows", (SPLIT, "tuple(np.split(stacked, 4, axis=0))")),
    split_gates("first axis sliced", ("stacked[..., k", "stacked[k")),
    split_gates("hard-coded units", ("stacked.shape[-1] // 4", "5"), diagnosis="shape"),
    split_gates(
        "one column each",
        (SPLIT, "tuple(stacked[..., k] for k in range(4))"),
    ),
    split_gates("stacked array", (SPLIT, "stacked")),
    split_gates("rows unevenly", (SPLIT, "tuple(np.array_split(stacked, 4))")),
    split_gates("width from the first axis", ("stacked.shape[-1] // 4", "stacked.shape[0]")),
    split_gates("width from a quarter of the first axis", ("shape[-1]", "shape[0]")),
    split_gates("width not divided", ("stacked.shape[-1] // 4", "stacked.shape[-1]")),
    split_gates("counted from 1", ("range(4)", "range(1, 5)")),
    split_gates("overlapping", (SPLIT, "tuple(stacked[..., k : k + units] for k in range(4))")),
    split_gates("end of the slices fixed", (": (k + 1) * units]", ": units]")),
    split_gates("slices to the end", (": (k + 1) * units]", ":]")),
    split_gates("slices from the start", ("k * units : ", ": ")),
    split_gates("reshaped", (SPLIT, "tuple(stacked.reshape(4, *stacked.shape[:-1], units))")),
    split_gates("the candidate for the output gate", ("range(4)", "(0, 1, 2, 2)")),
    split_gates("the input gate for all", (SPLIT, "(stacked[..., :units],) * 4")),
    split_gates("the output gate not returned", ("range(4)", "range(3)")),
    split_gates("one array", (SPLIT, f"np.array({SPLIT})")),
    split_gates(
        "one array, blocks next to last",
        (SPLIT, "stacked.reshape(*stacked.shape[:-1], 4, units)"),
    ),
    split_gates("blocks transposed", ("units] for", "units].T for")),
    split_gates(
        "blocks squeezed", ("(stacked[", "(np.squeeze(stacked["), ("units] for", "units]) for")
    ),
    split_gates("dict returned", (SPLIT, f"dict(zip('ifco', {SPLIT}))"), diagnosis="type"),
    split_gates("as many blocks as units", (SPLIT, "np.split(stacked, units, axis=-1)")),
    forget_gate(
        "input columns",
        ("_, kernel_f, _, _", "kernel_f, _, _, _"),
        ("_, recurrent_f, _, _", "recurrent_f, _, _, _"),
        ("_, bias_f, _, _", "bias_f, _, _, _"),
    ),
    forget_gate(
        "candidate columns",
        ("_, kernel_f, _, _", "_, _, kernel_f, _"),
        ("_, recurrent_f, _, _", "_, _, recurrent_f, _"),
        ("_, bias_f, _, _", "_, _, bias_f, _"),
    ),
    forget_gate("bias missing", (" + bias_f", "")),
    forget_gate("bias doubled", ("+ bias_f", "+ 2 * bias_f")),
    forget_gate(
        "input bias",
        ("_, bias_f, _, _", "bias_f, _, _, _"),
        diagnosis="input bias",
    ),
    forget_gate("recurrent term missing", (" + h @ recurrent_f", "")),
    forget_gate("recurrent kernel transposed", ("h @ recurrent_f", "h @ recurrent_f.T")),
    forget_gate("activation missing", (FORGET, "x @ kernel_f + h @ recurrent_f + bias_f")),
    forget_gate("tanh", ("sigmoid(", "np.tanh(")),
    forget_gate("activation twice", (FORGET, f"sigmoid({FORGET})")),
    forget_gate("complement", ("return ", "return 1 - ")),
    forget_gate(
        "concatenation order",
        (
            FORGET,
            "sigmoid(np.concatenate([h, x], 1) @ np.concatenate([kernel_f, recurrent_f]) + bias_f)",
        ),
    ),
    forget_gate(
        "interleaved columns",
        (FORGET, "sigmoid(x @ kernel[:, 1::4] + h @ recurrent_kernel[:, 1::4] + bias[1::4])"),
    ),
    forget_gate("kernel transposed", ("x @ kernel_f", "x @ kernel_f.T")),
    forget_gate(
        "hard-coded units",
        (FORGET, "sigmoid(x @ kernel[:, 5:10] + h @ recurrent_kernel[:, 5:10] + bias[5:10])"),
        diagnosis="empty",
    ),
    forget_gate(
        "batch leaked",
        ("h @ recurrent_f", "h[:1] @ recurrent_f"),
        diagnosis="state of the first sample",
    ),
    forget_gate(
        "float16 inside",
        ("x @ kernel_f", "x.astype('float16') @ kernel_f.astype('float16')"),
        diagnosis="value",
    ),
    forget_gate("dtype", ("return ", "return np.float16("), ("+ bias_f)", "+ bias_f))")),
    forget_gate(
        "output columns",
        ("_, kernel_f, _, _", "_, _, _, kernel_f"),
        ("_, recurrent_f, _, _", "_, _, _, recurrent_f"),
        ("_, bias_f, _, _", "_, _, _, bias_f"),
    ),
    forget_gate(
        "candidate bias",
        ("_, bias_f, _, _", "_, _, bias_f, _"),
        diagnosis="candidate bias",
    ),
    forget_gate(
        "output bias",
        ("_, bias_f, _, _", "_, _, _, bias_f"),
        diagnosis="output bias",
    ),
    forget_gate("input term missing", ("x @ kernel_f + ", "")),
    forget_gate(
        "hard sigmoid",
        (FORGET, "np.clip((x @ kernel_f + h @ recurrent_f + bias_f) / 6 + 0.5, 0, 1)"),
    ),
    forget_gate(
        "order f, i, c, o in the kernels alone",
        ("_, kernel_f, _, _", "kernel_f, _, _, _"),
        ("_, recurrent_f, _, _", "recurrent_f, _, _, _"),
        diagnosis="input kernel, input recurrent kernel",
    ),
    forget_gate(
        "another block in each array",
        ("_, kernel_f, _, _", "kernel_f, _, _, _"),
        ("_, recurrent_f, _, _", "_, _, recurrent_f, _"),
        ("_, bias_f, _, _", "_, _, _, bias_f"),
        diagnosis="input kernel, candidate recurrent kernel, output bias",
    ),
    forget_gate("input of the first sample", ("x @ kernel_f", "x[0] @ kernel_f")),
    forget_gate("state averaged over the batch", ("h @ recurrent_f", "h.mean(0) @ recurrent_f")),
    forget_gate(
        "blocks reshaped",
        (
            FORGET,
            "sigmoid(x @ kernel.reshape(4, x.shape[1], -1)[1]"
            " + h @ recurrent_kernel.reshape(4, h.shape[1], -1)[1] + bias_f)",
        ),
    ),
    forget_gate("1 added to the bias", ("+ bias_f", "+ bias_f + 1")),
    forget_gate(
        "1 in the place of the bias",
        ("+ bias_f", "+ 1"),
        diagnosis="bias missing + 1 added to the bias",
    ),
    forget_gate("first number of the bias", ("+ bias_f", "+ bias_f[0]")),
    forget_gate("one bias for each gate", ("+ bias_f", "+ bias[1]")),
    forget_gate("bias subtracted", ("+ bias_f", "- bias_f")),
    forget_gate("bias outside", (FORGET, "sigmoid(x @ kernel_f + h @ recurrent_f) + bias_f")),
    forget_gate(
        "recurrent term outside", (FORGET, "sigmoid(x @ kernel_f + bias_f) + h @ recurrent_f")
    ),
    forget_gate(
        "minus on the first term alone",
        (FORGET, "1 / (1 + np.exp(-x @ kernel_f + h @ recurrent_f + bias_f))"),
    ),
    forget_gate(
        "terms one by one",
        (FORGET, "sigmoid(x @ kernel_f) + sigmoid(h @ recurrent_f) + sigmoid(bias_f)"),
    ),
    forget_gate("times h", (FORGET, f"{FORGET} * h")),
    forget_gate(
        "twice the pre-activation",
        (FORGET, "0.5 * (1 + np.tanh(x @ kernel_f + h @ recurrent_f + bias_f))"),
    ),
    forget_gate("derivative", (FORGET, f"{FORGET} * (1 - {FORGET})")),
    forget_gate("relu", (FORGET, "np.maximum(x @ kernel_f + h @ recurrent_f + bias_f, 0)")),
    forget_gate(
        "older hard sigmoid",
        (FORGET, "np.clip(0.2 * (x @ kernel_f + h @ recurrent_f + bias_f) + 0.5, 0, 1)"),
    ),
    forget_gate("squeezed", (FORGET, f"np.squeeze({FORGET})")),
    forget_gate(
        "return in a loop over the samples",
        (f"return {FORGET}", f"for x, h in zip(x[:, None], h[:, None]):\n        return {FORGET}"),
        diagnosis="first sample alone",
    ),
    forget_gate(
        "tanh without the bias",
        (FORGET, "np.tanh(x @ kernel_f + h @ recurrent_f)"),
        diagnosis="bias missing + tanh",
    ),
    forget_gate(
        "input columns, one of them transposed",
        ("_, kernel_f, _, _", "kernel_f, _, _, _"),
        ("_, recurrent_f, _, _", "recurrent_f, _, _, _"),
        ("_, bias_f, _, _", "bias_f, _, _, _"),
        ("h @ recurrent_f", "h @ recurrent_f.T"),
        diagnosis="input columns + recurrent kernel transposed",
    ),
    forget_gate(
        "candidate's recurrent kernel, no bias",
        ("_, recurrent_f, _, _", "_, _, recurrent_f, _"),
        (" + bias_f", ""),
        diagnosis="candidate recurrent kernel + bias missing",
    ),
    forget_gate(
        "no bias, units first",
        (FORGET, "sigmoid(x @ kernel_f + h @ recurrent_f).T"),
        diagnosis="bias missing + axes (units, batch)",
    ),
    forget_gate(
        "products one by one",
        (FORGET, "sigmoid(h @ recurrent_f + bias_f) + sigmoid(x @ kernel_f)"),
    ),
    forget_gate(
        "products one by one, bias with x",
        (FORGET, "sigmoid(x @ kernel_f + bias_f) + sigmoid(h @ recurrent_f)"),
    ),
    input_gate(
        "times the candidate",
        (
            INPUT,
            f"{INPUT} * np.tanh(x @ split_gates(kernel)[2]"
            " + h @ split_gates(recurrent_kernel)[2] + split_gates(bias)[2])",
        ),
    ),
    input_gate("first number of the bias", ("+ bias_i", "+ bias[0]")),
    input_gate(
        "forget columns, bias doubled",
        ("kernel_i, _, _, _", "_, kernel_i, _, _"),
        ("recurrent_i, _, _, _", "_, recurrent_i, _, _"),
        ("bias_i, _, _, _", "_, bias_i, _, _"),
        ("+ bias_i", "+ 2 * bias_i"),
        diagnosis="forget columns + bias doubled",
    ),
    input_gate(
        "forget columns",
        ("kernel_i, _, _, _", "_, kernel_i, _, _"),
        ("recurrent_i, _, _, _", "_, recurrent_i, _, _"),
        ("bias_i, _, _, _", "_, bias_i, _, _"),
    ),
    input_gate("bias missing", (" + bias_i", "")),
    input_gate(
        "forget bias",
        ("bias_i, _, _, _", "_, bias_i, _, _"),
        diagnosis="forget bias",
    ),
    input_gate("input term missing", ("x @ kernel_i + ", "")),
    input_gate(
        "hard sigmoid",
        (INPUT, "np.clip((x @ kernel_i + h @ recurrent_i + bias_i) / 6 + 0.5, 0, 1)"),
    ),
    input_gate(
        "gate times input",
        ("return ", "return x.mean(1, keepdims=True) * "),
        diagnosis="value",
    ),
    input_gate("activation missing", (INPUT, "x @ kernel_i + h @ recurrent_i + bias_i")),
    input_gate(
        "candidate columns",
        ("kernel_i, _, _, _", "_, _, kernel_i, _"),
        ("recurrent_i, _, _, _", "_, _, recurrent_i, _"),
        ("bias_i, _, _, _", "_, _, bias_i, _"),
    ),
    input_gate(
        "output columns",
        ("kernel_i, _, _, _", "_, _, _, kernel_i"),
        ("recurrent_i, _, _, _", "_, _, _, recurrent_i"),
        ("bias_i, _, _, _", "_, _, _, bias_i"),
    ),
    input_gate(
        "candidate bias",
        ("bias_i, _, _, _", "_, _, bias_i, _"),
        diagnosis="candidate bias",
    ),
    input_gate(
        "output bias",
        ("bias_i, _, _, _", "_, _, _, bias_i"),
        diagnosis="output bias",
    ),
    input_gate(
        "interleaved columns",
        (INPUT, "sigmoid(x @ kernel[:, ::4] + h @ recurrent_kernel[:, ::4] + bias[::4])"),
    ),
    input_gate("bias doubled", ("+ bias_i", "+ 2 * bias_i")),
    input_gate("recurrent term missing", (" + h @ recurrent_i", "")),
    input_gate("recurrent kernel transposed", ("h @ recurrent_i", "h @ recurrent_i.T")),
    input_gate(
        "concatenation order",
        (INPUT, "sigmoid(np.hstack([h, x]) @ np.vstack([kernel_i, recurrent_i]) + bias_i)"),
    ),
    input_gate("tanh", ("sigmoid(", "np.tanh(")),
    input_gate("activation twice", (INPUT, f"sigmoid({INPUT})")),
    input_gate("complement", ("return ", "return 1 - ")),
    input_gate(
        "all four blocks",
        (INPUT, "sigmoid(x @ kernel + h @ recurrent_kernel + bias)"),
    ),
    candidate("sigmoid", ("np.tanh", "sigmoid")),
    candidate(
        "output columns",
        ("_, _, kernel_c, _", "_, _, _, kernel_c"),
        ("_, _, recurrent_c, _", "_, _, _, recurrent_c"),
        ("_, _, bias_c, _", "_, _, _, bias_c"),
    ),
    candidate(
        "forget columns",
        ("_, _, kernel_c, _", "_, kernel_c, _, _"),
        ("_, _, recurrent_c, _", "_, recurrent_c, _, _"),
        ("_, _, bias_c, _", "_, bias_c, _, _"),
    ),
    candidate("activation missing", (CANDIDATE, "x @ kernel_c + h @ recurrent_c + bias_c")),
    candidate("recurrent term missing", (" + h @ recurrent_c", "")),
    candidate("bias doubled", ("+ bias_c", "+ bias_c + bias_c")),
    candidate("recurrent kernel transposed", ("h @ recurrent_c", "h @ recurrent_c.T")),
    candidate("activation twice", (CANDIDATE, f"np.tanh({CANDIDATE})")),
    candidate(
        "input columns",
        ("_, _, kernel_c, _", "kernel_c, _, _, _"),
        ("_, _, recurrent_c, _", "recurrent_c, _, _, _"),
        ("_, _, bias_c, _", "bias_c, _, _, _"),
    ),
    candidate(
        "input bias",
        ("_, _, bias_c, _", "bias_c, _, _, _"),
        diagnosis="input bias",
    ),
    candidate(
        "forget bias",
        ("_, _, bias_c, _", "_, bias_c, _, _"),
        diagnosis="forget bias",
    ),
    candidate(
        "output bias",
        ("_, _, bias_c, _", "_, _, _, bias_c"),
        diagnosis="output bias",
    ),
    candidate(
        "interleaved columns",
        (CANDIDATE, "np.tanh(x @ kernel[:, 2::4] + h @ recurrent_kernel[:, 2::4] + bias[2::4])"),
    ),
    candidate("bias missing", (" + bias_c", "")),
    candidate("input term missing", ("x @ kernel_c + ", "")),
    candidate(
        "concatenation order",
        (CANDIDATE, "np.tanh(np.hstack([h, x]) @ np.vstack([kernel_c, recurrent_c]) + bias_c)"),
    ),
    candidate(
        "hard sigmoid",
        (CANDIDATE, "np.clip((x @ kernel_c + h @ recurrent_c + bias_c) / 6 + 0.5, 0, 1)"),
    ),
    candidate("complement", ("return ", "return 1 - ")),
    candidate(
        "already gated",
        (
            CANDIDATE,
            f"{CANDIDATE} * sigmoid(x @ split_gates(kernel)[0]"
            " + h @ split_gates(recurrent_kernel)[0] + split_gates(bias)[0])",
        ),
    ),
    *(
        candidate(
            f"h times the {gate} gate",
            (
                "h @ recurrent_c",
                f"(sigmoid(x @ split_gates(kernel)[{k}] + h @ split_gates(recurrent_kernel)[{k}]"
                f" + split_gates(bias)[{k}]) * h) @ recurrent_c",
            ),
        )
        for k, gate in ((0, "input"), (1, "forget"), (3, "output"))
    ),
    candidate(
        "half of the pre-activation",
        (CANDIDATE, "2 * sigmoid(x @ kernel_c + h @ recurrent_c + bias_c) - 1"),
    ),
    candidate("derivative", (CANDIDATE, f"1 - {CANDIDATE} ** 2")),
    candidate("softmax", ("np.tanh(", "(lambda z: np.exp(z) / np.exp(z).sum(1, keepdims=True))(")),
    candidate("times h", (CANDIDATE, f"{CANDIDATE} * h")),
    candidate(
        "sigmoid of the output columns",
        ("_, _, kernel_c, _", "_, _, _, kernel_c"),
        ("_, _, recurrent_c, _", "_, _, _, recurrent_c"),
        ("_, _, bias_c, _", "_, _, _, bias_c"),
        ("np.tanh", "sigmoid"),
        diagnosis="output columns + sigmoid",
    ),
    cell_state(
        "activated again", (CELL, "sigmoid(forget) * c + sigmoid(input) * np.tanh(candidate)")
    ),
    cell_state("gates squashed again", (CELL, "sigmoid(forget) * c + sigmoid(input) * candidate")),
    cell_state("input gate inverted", (CELL, "forget * c + (1 - input) * candidate")),
    cell_state("both gates ignored", (CELL, "c + candidate")),
    cell_state("both gates inverted", (CELL, "(1 - forget) * c + (1 - input) * candidate")),
    cell_state("forget gate for both", (CELL, "forget * c + forget * candidate")),
    cell_state("input gate for both", (CELL, "input * c + input * candidate")),
    cell_state(
        "forget gate from the input gate",
        (CELL, "(1 - input) * c + input * candidate"),
        diagnosis="1 - input for the old cell, input for the candidate",
    ),
    cell_state(
        "update gate of a GRU",
        (CELL, "(1 - forget) * c + forget * candidate"),
        diagnosis="1 - forget for the old cell, forget for the candidate",
    ),
    cell_state("old state subtracted", (CELL, "input * candidate - forget * c")),
    cell_state("forget gate added", (CELL, "(forget + c) + input * candidate")),
    cell_state("forget gate twice", (CELL, "forget**2 * c + input * candidate")),
    cell_state("input gate added", (CELL, "forget * c + (input + candidate)")),
    cell_state("input gate twice", (CELL, "forget * c + input * (input * candidate)")),
    cell_state("old state in both terms", (CELL, "forget * c + input * c")),
    cell_state("candidate in both terms", (CELL, "forget * candidate + input * candidate")),
    cell_state("sigmoid", (CELL, f"sigmoid({CELL})")),
    cell_state("old state added", (CELL, f"c + {CELL}")),
    cell_state("parts multiplied", (CELL, "(forget * c) * (input * candidate)")),
    cell_state("mean of the parts", (CELL, f"({CELL}) / 2")),
    cell_state("forget gate on the sum", (CELL, "forget * (c + input * candidate)")),
    cell_state("input gate on the sum", (CELL, "input * (forget * c + candidate)")),
    cell_state("old state returned", (CELL, "c")),
    cell_state("squeezed", (CELL, f"np.squeeze({CELL})")),
    cell_state(
        "candidate alone",
        (CELL, "candidate"),
        diagnosis="input gate ignored + old state missing",
    ),
    cell_state(
        "gates swapped, tanh",
        (CELL, "np.tanh(input * c + forget * candidate)"),
        diagnosis="gates swapped + squashed",
    ),
    cell_state(
        "candidate subtracted, tanh on the old state",
        (CELL, "forget * np.tanh(c) - input * candidate"),
        diagnosis="old state squashed + candidate subtracted",
    ),
    cell_state("gates swapped", (CELL, "input * c + forget * candidate")),
    cell_state("old state missing", (CELL, "input * candidate")),
    cell_state("candidate missing", (CELL, "forget * c")),
    cell_state("forget gate ignored", (CELL, "c + input * candidate")),
    cell_state("input gate ignored", (CELL, "forget * c + candidate")),
    cell_state("coupled gates", (CELL, "forget * c + (1 - forget) * candidate")),
    cell_state("forget gate inverted", (CELL, "(1 - forget) * c + input * candidate")),
    cell_state("candidate subtracted", (CELL, "forget * c - input * candidate")),
    cell_state("squashed", (CELL, f"np.tanh({CELL})")),
    cell_state("old state squashed", (CELL, "forget * np.tanh(c) + input * candidate")),
    cell_state(
        "candidate squashed again",
        (CELL, "forget * c + input * np.tanh(candidate)"),
    ),
    cell_state("cut off", (CELL, f"np.clip({CELL}, -1, 1)")),
    cell_state(
        "arguments changed",
        (f"return {CELL}", "c *= forget\n    c += input * candidate\n    return c"),
    ),
    cell_state("matrix product", ("forget * c", "forget @ c.T @ c"), diagnosis="value"),
    cell_state("first unit of the forget gate", ("forget * c", "forget[:, 0:1] * c")),
    cell_state("first unit of the input gate", ("input * c", "input[:, 0:1] * c")),
    cell_state(
        "first unit of both gates",
        (CELL, "forget[:, 0, None] * c + input[:, 0, None] * candidate"),
    ),
    cell_state("matrix products", (CELL, "forget @ c + input @ candidate")),
    cell_state(
        "matrix products with transposes", (CELL, "forget @ c.T + np.inner(input, candidate)")
    ),
    cell_state("matrix product with the old state", ("forget * c", "forget @ c")),
    cell_state("matrix product with the candidate", ("input * c", "input @ c")),
    output_gate(
        "input columns",
        ("_, _, _, kernel_o", "kernel_o, _, _, _"),
        ("_, _, _, recurrent_o", "recurrent_o, _, _, _"),
        ("_, _, _, bias_o", "bias_o, _, _, _"),
    ),
    output_gate(
        "candidate columns",
        ("_, _, _, kernel_o", "_, _, kernel_o, _"),
        ("_, _, _, recurrent_o", "_, _, recurrent_o, _"),
        ("_, _, _, bias_o", "_, _, bias_o, _"),
    ),
    output_gate(
        "candidate bias",
        ("_, _, _, bias_o", "_, _, bias_o, _"),
        diagnosis="candidate bias",
    ),
    output_gate("bias missing", (" + bias_o", "")),
    output_gate("tanh", ("sigmoid(", "np.tanh(")),
    output_gate("input term missing", ("x @ kernel_o + ", "")),
    output_gate("complement", ("return ", "return 1 - ")),
    output_gate(
        "forget columns",
        ("_, _, _, kernel_o", "_, kernel_o, _, _"),
        ("_, _, _, recurrent_o", "_, recurrent_o, _, _"),
        ("_, _, _, bias_o", "_, bias_o, _, _"),
    ),
    output_gate(
        "input bias",
        ("_, _, _, bias_o", "bias_o, _, _, _"),
        diagnosis="input bias",
    ),
    output_gate(
        "forget bias",
        ("_, _, _, bias_o", "_, bias_o, _, _"),
        diagnosis="forget bias",
    ),
    output_gate(
        "interleaved columns",
        (OUTPUT, "sigmoid(x @ kernel[:, 3::4] + h @ recurrent_kernel[:, 3::4] + bias[3::4])"),
    ),
    output_gate("bias doubled", ("+ bias_o", "+ 2 * bias_o")),
    output_gate("recurrent term missing", (" + h @ recurrent_o", "")),
    output_gate("recurrent kernel transposed", ("h @ recurrent_o", "h @ recurrent_o.T")),
    output_gate(
        "concatenation order",
        (OUTPUT, "sigmoid(np.hstack([h, x]) @ np.vstack([kernel_o, recurrent_o]) + bias_o)"),
    ),
    output_gate("activation missing", (OUTPUT, "x @ kernel_o + h @ recurrent_o + bias_o")),
    output_gate("activation twice", (OUTPUT, f"sigmoid({OUTPUT})")),
    output_gate(
        "hard sigmoid",
        (OUTPUT, "np.clip((x @ kernel_o + h @ recurrent_o + bias_o) / 6 + 0.5, 0, 1)"),
    ),
    output_gate("no return", ("return ", "gate = ")),
    output_gate("times tanh of h", (OUTPUT, f"np.tanh(h) * {OUTPUT}")),
    hidden_state("gate squashed again", (HIDDEN, "sigmoid(output) * np.tanh(c)")),
    hidden_state("output gate twice", (HIDDEN, "output * output * np.tanh(c)")),
    hidden_state("tanh twice", (HIDDEN, "output * np.tanh(np.tanh(c))")),
    hidden_state("derivative", (HIDDEN, "output * (1 - np.tanh(c) ** 2)")),
    hidden_state("relu", (HIDDEN, "output * np.maximum(c, 0)")),
    hidden_state("cut off", (HIDDEN, "output * np.clip(c, -1, 1)")),
    hidden_state("tanh inside and outside", (HIDDEN, f"np.tanh({HIDDEN})")),
    hidden_state("gate added", (HIDDEN, "output + np.tanh(c)")),
    hidden_state("gate alone", (HIDDEN, "output")),
    hidden_state("cell state returned", (HIDDEN, "c")),
    hidden_state("cell state added", (HIDDEN, f"c + {HIDDEN}")),
    hidden_state("squeezed", (HIDDEN, f"np.squeeze({HIDDEN})")),
    hidden_state(
        "gate inverted, cell as it is",
        (HIDDEN, "(1 - output) * c"),
        diagnosis="output gate inverted + tanh missing",
    ),
    hidden_state(
        "activations changed places",
        (HIDDEN, "np.tanh(output) * sigmoid(c)"),
        diagnosis="gate squashed + sigmoid",
    ),
    hidden_state("tanh missing", (HIDDEN, "output * c")),
    hidden_state("output gate ignored", (HIDDEN, "np.tanh(c)")),
    hidden_state("output gate inverted", (HIDDEN, "(1 - output) * np.tanh(c)")),
    hidden_state("sigmoid", (HIDDEN, "output * sigmoid(c)")),
    hidden_state("tanh outside", (HIDDEN, "np.tanh(output * c)")),
    hidden_state("tanh on the gate", (HIDDEN, "np.tanh(output) * c")),
    hidden_state("gate squashed", (HIDDEN, "np.tanh(output) * np.tanh(c)")),
    hidden_state(
        "another bounded function",
        (HIDDEN, "output * np.sin(c)"),
        diagnosis="value",
    ),
    hidden_state("tangent", (HIDDEN, "np.tan(c) * output")),
    hidden_state("arctangent", (HIDDEN, "output * np.arctan(c)")),
    hidden_state("matrix product", (HIDDEN, "output @ np.tanh(c)")),
    hidden_state("matrix product with the transpose", (HIDDEN, "output @ np.tanh(c).T")),
]

right_sigmoid = partial(right, "sigmoid")
right_split_gates = partial(right, "split_gates")
right_forget_gate = partial(right, "forget_gate")
right_input_gate = partial(right, "input_gate")
right_candidate = partial(right, "candidate")
right_cell_state = partial(right, "cell_state")
right_output_gate = partial(right, "output_gate")
right_hidden_state = partial(right, "hidden_state")

RIGHT = [
    right_sigmoid(
        "by tanh",
        """
def sigmoid(x):
    return 0.5 * (1 + np.tanh(x / 2))
""",
    ),
    right_sigmoid(
        "clipped far out",
        """
def sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -80, 80)))
""",
    ),
    right_sigmoid(
        "loop over numbers",
        """
def sigmoid(x):
    import math
    def one(number):
        if number >= 0:
            return 1 / (1 + math.exp(-number))
        return math.exp(number) / (1 + math.exp(number))
    return np.array([one(float(number)) for number in x.ravel()]).reshape(x.shape)
""",
    ),
    right_sigmoid(
        "logaddexp",
        """
def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))
""",
    ),
    right_split_gates(
        "np.split",
        """
def split_gates(stacked):
    return tuple(np.split(stacked, 4, axis=-1))
""",
    ),
    right_split_gates(
        "reshape",
        """
def split_gates(stacked):
    blocks = stacked.reshape(*stacked.shape[:-1], 4, -1)
    return [blocks[..., k, :] for k in range(4)]
""",
    ),
    right_forget_gate(
        "concatenated weights",
        """
def forget_gate(x, h, kernel, recurrent_kernel, bias):
    joined = np.concatenate([x, h], axis=1)
    weights = np.concatenate([kernel, recurrent_kernel], axis=0)
    return split_gates(sigmoid(joined @ weights + bias))[1]
""",
    ),
    right_forget_gate(
        "einsum",
        """
def forget_gate(x, h, kernel, recurrent_kernel, bias):
    units = h.shape[1]
    block = slice(units, 2 * units)
    z = np.einsum("bf,fu->bu", x, kernel[:, block])
    z = z + np.einsum("bj,ju->bu", h, recurrent_kernel[:, block]) + bias[block]
    return sigmoid(z)
""",
    ),
    right_forget_gate(
        "float64",
        """
def forget_gate(x, h, kernel, recurrent_kernel, bias):
    x, h, kernel, recurrent_kernel, bias = (
        np.asarray(a, dtype="float64") for a in (x, h, kernel, recurrent_kernel, bias)
    )
    z = h @ recurrent_kernel + x @ kernel + bias
    return sigmoid(split_gates(z)[1])
""",
    ),
    right_input_gate(
        "loops",
        """
def input_gate(x, h, kernel, recurrent_kernel, bias):
    batch, units = h.shape
    gate = np.zeros((batch, units), dtype="float32")
    for b in range(batch):
        for u in range(units):
            z = bias[u]
            for f in range(x.shape[1]):
                z = z + x[b, f] * kernel[f, u]
            for j in range(units):
                z = z + h[b, j] * recurrent_kernel[j, u]
            gate[b, u] = 1 / (1 + np.exp(-z))
    return gate
""",
    ),
    right_candidate(
        "exponentials",
        """
def candidate(x, h, kernel, recurrent_kernel, bias):
    z = split_gates(x @ kernel + h @ recurrent_kernel + bias)[2].astype("float64")
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
""",
    ),
    right_candidate(
        "by sigmoid",
        """
def candidate(x, h, kernel, recurrent_kernel, bias):
    z = split_gates(x @ kernel + h @ recurrent_kernel + bias)[2]
    return 2 * sigmoid(2 * z) - 1
""",
    ),
    right_cell_state(
        "stacked sum",
        """
def cell_state(forget, input, candidate, c):
    return np.sum([np.multiply(input, candidate), np.multiply(forget, c)], axis=0)
""",
    ),
    right_cell_state(
        "as a correction",
        """
def cell_state(forget, input, candidate, c):
    new = c.copy()
    new -= (1 - forget) * c
    new += candidate * input
    return new
""",
    ),
    right_output_gate(
        "tensordot",
        """
def output_gate(x, h, kernel, recurrent_kernel, bias):
    z = np.tensordot(x, kernel, 1) + np.tensordot(h, recurrent_kernel, 1) + bias[None, :]
    return sigmoid(z[:, 3 * h.shape[1]:])
""",
    ),
    right_hidden_state(
        "by sigmoid",
        """
def hidden_state(output, c):
    return output * (2 * sigmoid(2 * c) - 1)
""",
    ),
    right_hidden_state(
        "loop over samples",
        """
def hidden_state(output, c):
    return np.array([gate * np.tanh(cell) for gate, cell in zip(output, c)])
""",
    ),
]
