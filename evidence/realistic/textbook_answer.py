"""Wrong answers as learners write them, for textbook-answer."""

from evidence.realistic import both, in_numpy, one, two

SLIPS = [
    one(
        "kernel_for_gates",
        "sigmoid of the gates",
        r"sigmoid.*(applied|inverse|out of)",
        """
def kernel_for_gates(input, forget):
    def sigmoid(z):
        return 1 / (1 + np.exp(-z))
    zeros = np.zeros(input.shape)
    return np.hstack([sigmoid(input), sigmoid(forget), zeros, zeros])
""",
    ),
    one(
        "kernel_for_gates",
        "coupled gates",
        r"1 minus|complement",
        """
def kernel_for_gates(input, forget):
    i = np.log(input / (1 - input))
    return np.concatenate([i, -i, 0 * i, 0 * i], axis=-1)
""",
    ),
    two(
        "kernel_for_gates",
        "forget gate first, no logarithm",
        both(r"order", r"logarithm"),
        """
def kernel_for_gates(input, forget):
    i = input / (1 - input)
    f = forget / (1 - forget)
    zeros = np.zeros_like(i)
    return np.concatenate([f, i, zeros, zeros], axis=1)
""",
    ),
    in_numpy(
        "kernel_for_gates",
        "columns of a unit side by side",
        r"interleav|side by side|columns",
        """
def kernel_for_gates(input, forget):
    kernel = np.zeros((input.shape[0], 4 * input.shape[1]))
    kernel[:, 0::4] = np.log(input / (1 - input))
    kernel[:, 1::4] = np.log(forget / (1 - forget))
    return kernel
""",
    ),
    one(
        "kernel_for_cell",
        "the value for the candidate's block",
        r"candidate itself|as it is|goes \*?into\*? tanh",
        """
def kernel_for_cell(c_new):
    o = np.ones_like(c_new)
    return np.concatenate([30 * o, -30 * o, c_new, 0 * o], axis=1)
""",
    ),
    two(
        "kernel_for_cell",
        "forget gate of 0, tanh of the candidate",
        both(r"shut|half open", r"tanh"),
        """
def kernel_for_cell(c_new):
    units = c_new.shape[1]
    kernel = np.zeros((len(c_new), 4 * units), c_new.dtype)
    kernel[:, :units] = 30
    kernel[:, 2 * units : 3 * units] = np.tanh(c_new)
    return kernel
""",
    ),
    in_numpy(
        "kernel_for_cell",
        "blocks stacked in rows",
        r"below each other|side by side|last axis",
        """
def kernel_for_cell(c_new):
    thirty = np.full(c_new.shape, 30.0)
    return np.vstack([thirty, -thirty, np.arctanh(c_new), np.zeros(c_new.shape)])
""",
    ),
    one(
        "kernel_for_output",
        "hidden state over the cell state",
        r"tanh.*(missing|not gone)|not gone through tanh",
        """
def kernel_for_output(c, h_new):
    o = h_new / c
    z = np.log(o / (1 - o))
    thirty = np.full(c.shape, 30.0)
    return np.concatenate([-thirty, thirty, 0 * z, z], axis=1)
""",
    ),
    two(
        "kernel_for_output",
        "input gate open, forget gate shut, gate not inverted",
        both(
            r"open.*shut|shut.*open|order|changed places",
            r"gate itself|as it is|into\*? the sigmoid",
        ),
        """
def kernel_for_output(c, h_new):
    o = h_new / np.tanh(c)
    thirty = np.full(c.shape, 30.0)
    return np.concatenate([thirty, -thirty, 0 * o, o], axis=1)
""",
    ),
    in_numpy(
        "kernel_for_output",
        "whole numbers",
        r"whole|decimal",
        """
def kernel_for_output(c, h_new):
    o = h_new / np.tanh(c)
    kernel = np.zeros((len(c), 4 * c.shape[1]), dtype=int)
    kernel[:, : c.shape[1]] = -30
    kernel[:, c.shape[1] : 2 * c.shape[1]] = 30
    kernel[:, 3 * c.shape[1] :] = np.log(o / (1 - o))
    return kernel
""",
    ),
    one(
        "bias_for_total",
        "inverse before the division",
        r"divid.*(into|after|before)",
        """
def bias_for_total(total, steps):
    with np.errstate(all="ignore"):
        return np.arctanh(total) / steps
""",
    ),
    two(
        "bias_for_total",
        "one step less, no inverse",
        both(r"step too few|one step", r"candidate itself|as it is|into\*? tanh"),
        """
def bias_for_total(total, steps):
    each = total / (steps - 1) if steps > 1 else total
    return each
""",
    ),
    in_numpy(
        "bias_for_total",
        "whole division",
        r"whole number|fraction|//",
        """
def bias_for_total(total, steps):
    return np.arctanh(total // steps)
""",
    ),
    one(
        "kernel_for_gradient",
        "gradient shared out among the steps",
        r"divided|as if the steps added",
        """
def kernel_for_gradient(gradient, steps):
    f = gradient / steps
    z = np.log(f / (1 - f))
    return np.concatenate([0 * z, z, 0 * z, 0 * z], axis=1)
""",
    ),
    two(
        "kernel_for_gradient",
        "input gate shut as well, gate upside down",
        both(r"input gate is shut", r"upside down|sign"),
        """
def kernel_for_gradient(gradient, steps):
    f = gradient ** (1.0 / steps)
    z = np.log((1 - f) / f)
    return np.concatenate([np.full(z.shape, -30.0), z, 0 * z, 0 * z], axis=1)
""",
    ),
    in_numpy(
        "kernel_for_gradient",
        "power without brackets",
        r"brackets",
        """
def kernel_for_gradient(gradient, steps):
    f = gradient ** 1 / steps
    kernel = np.zeros((f.shape[0], 4 * f.shape[1]))
    kernel[:, f.shape[1] : 2 * f.shape[1]] = np.log(f / (1 - f))
    return kernel
""",
    ),
    one(
        "points_off",
        "the half-right sentence on the gradient let pass",
        r"fails costs nothing|passed over",
        """
def points_off(written, deductions):
    why = {2: 6, 3: 2, 6: 8, 8: 3}
    return sum(written[:, s - 1] * deductions[r - 1] for s, r in why.items())
""",
    ),
    two(
        "points_off",
        "sentence 4 for a wrong one, and tanh for the reason of sentence 3",
        both(r"right costs points", r"another reason"),
        """
def points_off(written, deductions):
    why = {2: 6, 3: 4, 4: 7, 6: 8, 8: 3, 9: 5}
    return sum(written[:, s - 1] * deductions[r - 1] for s, r in why.items())
""",
    ),
    in_numpy(
        "points_off",
        "columns counted from 1",
        r"counts from 0",
        """
def points_off(written, deductions):
    points = np.zeros(len(written))
    for s, r in [(2, 6), (3, 2), (6, 8), (8, 3), (9, 5)]:
        points += written[:, s] * deductions[r - 1]
    return points
""",
    ),
]
