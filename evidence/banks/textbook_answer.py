"""Wrong and right implementations for textbook-answer."""

from functools import partial

from evidence.banks import right, wrong

kernel_for_gates = partial(wrong, "kernel_for_gates")
kernel_for_cell = partial(wrong, "kernel_for_cell")
kernel_for_output = partial(wrong, "kernel_for_output")
bias_for_total = partial(wrong, "bias_for_total")
kernel_for_gradient = partial(wrong, "kernel_for_gradient")
points_off = partial(wrong, "points_off")
right_kernel_for_gates = partial(right, "kernel_for_gates")
right_kernel_for_cell = partial(right, "kernel_for_cell")
right_kernel_for_output = partial(right, "kernel_for_output")
right_bias_for_total = partial(right, "bias_for_total")
right_kernel_for_gradient = partial(right, "kernel_for_gradient")
right_points_off = partial(right, "points_off")

LOGIT = "np.log(gate) - np.log(1 - gate)"
ROOT = "gradient ** (1 / steps)"
OPEN = "np.full_like(c, 30)"
TABLE = "{2: 6, 3: 2, 6: 8, 8: 3, 9: 5}"

WRONG = [
    kernel_for_gates("sigmoid for its inverse", (LOGIT, "1 / (1 + np.exp(-gate))")),
    kernel_for_gates("gate as it is", (LOGIT, "gate")),
    kernel_for_gates("gate upside down", (LOGIT, "np.log(1 - gate) - np.log(gate)")),
    kernel_for_gates("logarithm of the gate", (LOGIT, "np.log(gate)")),
    kernel_for_gates("logarithm missing", (LOGIT, "gate / (1 - gate)")),
    kernel_for_gates("inverse of tanh for a gate", (LOGIT, "np.arctanh(gate)")),
    kernel_for_gates("logarithm to the base 10", (LOGIT, "np.log10(gate / (1 - gate))")),
    kernel_for_gates(
        "forget gate from the input gate", ("(input, forget)]", "(input, 1 - input)]")
    ),
    kernel_for_gates("input gate twice", ("(input, forget)]", "(input, input)]")),
    kernel_for_gates(
        "the order of the forward pass",
        ("(input, forget)]", "(forget, input)]"),
        diagnosis="block order f, i, c, o",
    ),
    kernel_for_gates("blocks below each other", ("axis=1", "axis=0")),
    kernel_for_gates("other blocks of ones", ("zeros_like", "ones_like")),
    kernel_for_cell("tanh for its inverse", ("np.arctanh", "np.tanh")),
    kernel_for_cell("candidate as it is", ("np.arctanh(c_new)", "c_new")),
    kernel_for_cell("half missing", ("np.arctanh(c_new)", "np.log((1 + c_new) / (1 - c_new))")),
    kernel_for_cell("inverse of another tangent", ("np.arctanh", "np.arctan")),
    kernel_for_cell(
        "open and shut swapped",
        ("[is_open, -is_open", "[-is_open, is_open"),
        diagnosis="block order f, i, c, o",
    ),
    kernel_for_cell("both gates open", ("-is_open", "is_open")),
    kernel_for_cell("a shut gate at 0", ("-is_open", "0 * is_open")),
    kernel_for_cell("opened by 1", ("c_new, 30", "c_new, 1")),
    kernel_for_cell("output gate opened", ("np.zeros_like(c_new)", "is_open")),
    kernel_for_output("tanh missing", ("np.tanh(c)", "c")),
    kernel_for_output("sigmoid for tanh", ("np.tanh(c)", "(1 / (1 + np.exp(-c)))")),
    kernel_for_output("product for the quotient", ("h_new / np", "h_new * np")),
    kernel_for_output(
        "hidden state and cell swapped", ("h_new / np.tanh(c)", "np.tanh(c) / h_new")
    ),
    kernel_for_output("gate upside down", (LOGIT, "np.log(1 - gate) - np.log(gate)")),
    kernel_for_output("gate as it is", (LOGIT, "gate")),
    kernel_for_output(
        "open and shut swapped",
        ("[-is_open, is_open", "[is_open, -is_open"),
        diagnosis="block order f, i, c, o",
    ),
    kernel_for_output("candidate of the cell", ("np.zeros_like(c)", "c")),
    bias_for_total("steps ignored", ("total / steps", "total")),
    bias_for_total(
        "divided after the inverse", ("np.arctanh(total / steps)", "np.arctanh(total) / steps")
    ),
    bias_for_total("multiplied by the steps", ("total / steps", "total * steps")),
    bias_for_total("tanh for its inverse", ("np.arctanh", "np.tanh")),
    bias_for_total("candidate as it is", ("np.arctanh(total / steps)", "total / steps")),
    bias_for_total("one step too many", ("/ steps", "/ (steps + 1)")),
    kernel_for_gradient("steps ignored", (ROOT, "gradient")),
    kernel_for_gradient("divided by the steps", (ROOT, "gradient ** 1 / steps")),
    kernel_for_gradient("power for the root", (ROOT, "gradient ** steps")),
    kernel_for_gradient("one step too few", (ROOT, "gradient ** (1 / (steps - 1))")),
    kernel_for_gradient("gate as it is", ("np.log(forget) - np.log(1 - forget)", "forget")),
    kernel_for_gradient(
        "sigmoid for its inverse",
        ("np.log(forget) - np.log(1 - forget)", "1 / (1 + np.exp(-forget))"),
    ),
    kernel_for_gradient(
        "the forget gate first",
        (
            "[zero, np.log(forget) - np.log(1 - forget), ",
            "[np.log(forget) - np.log(1 - forget), zero, ",
        ),
        diagnosis="block order f, i, c, o",
    ),
    points_off("a sentence passed over", (", 9: 5", ""), diagnosis="sentence passed over"),
    points_off(
        "a sentence too many",
        ("9: 5", "9: 5, 7: 1"),
        diagnosis="right sentence marked with reason 1",
    ),
    points_off("another reason", ("2: 6", "2: 1"), diagnosis="reason 1 for another"),
    points_off("sentences counted from 0", ("number - 1", "number")),
    points_off("one point for each sentence", (" * deductions[why - 1]", "")),
    points_off("mean over the sentences", ("sum(lost)", "sum(lost) / 10")),
    points_off(
        "summed over the pupils",
        ("return sum(lost)", "return np.sum(lost, axis=1)"),
        diagnosis="shape",
    ),
    points_off("every sentence marked", (TABLE, "{n: 1 for n in range(1, 11)}"), diagnosis="value"),
]

RIGHT = [
    right_kernel_for_gates(
        "written into an array",
        """
def kernel_for_gates(input, forget):
    symbols, units = input.shape
    kernel = np.zeros((symbols, 4 * units))
    kernel[:, :units] = np.log(input / (1 - input))
    kernel[:, units : 2 * units] = np.log(forget / (1 - forget))
    return kernel
""",
    ),
    right_kernel_for_gates(
        "by the inverse of tanh",
        """
def kernel_for_gates(input, forget):
    both = 2 * np.arctanh(2 * np.hstack([input, forget]) - 1)
    return np.hstack([both, 0 * both])
""",
    ),
    right_kernel_for_cell(
        "by logarithms",
        """
def kernel_for_cell(c_new):
    candidate = (np.log1p(c_new) - np.log1p(-c_new)) / 2
    ones = np.ones(c_new.shape)
    return np.hstack([30 * ones, -30 * ones, candidate, 0 * ones])
""",
    ),
    right_kernel_for_output(
        "by the odds",
        """
def kernel_for_output(c, h_new):
    hidden = np.tanh(c) - h_new
    row = np.repeat([-30.0, 30.0, 0.0, 0.0], c.shape[1])
    kernel = np.tile(row, (len(c), 1))
    kernel[:, -c.shape[1] :] = np.log(h_new / hidden)
    return kernel
""",
    ),
    right_bias_for_total(
        "by logarithms",
        """
def bias_for_total(total, steps):
    return 0.5 * np.log((steps + total) / (steps - total))
""",
    ),
    right_kernel_for_gradient(
        "by logarithms",
        """
def kernel_for_gradient(gradient, steps):
    forget = np.exp(np.log(gradient) / steps)
    kernel = np.zeros((gradient.shape[0], 4, gradient.shape[1]))
    kernel[:, 1] = np.log(forget) - np.log1p(-forget)
    return kernel.reshape(len(gradient), -1)
""",
    ),
    right_points_off(
        "one matrix product",
        """
def points_off(written, deductions):
    table = np.zeros((10, 8))
    table[[1, 2, 5, 7, 8], [5, 1, 7, 2, 4]] = 1
    return written @ table @ deductions
""",
    ),
    right_points_off(
        "a row for each pupil",
        """
def points_off(written, deductions):
    why = [None, 6, 2, None, None, 8, None, 3, 5, None]
    lost = []
    for paper in written:
        found = [r for wrote, r in zip(paper, why) if wrote and r]
        lost.append(sum(deductions[r - 1] for r in found))
    return np.array(lost, dtype=float)
""",
    ),
]
