"""Mutants that no allowed input tells from the solution, each with the reason.

FACTS are about values, wherever a function uses them: a gate lies between 0 and 1, so a clipped gate
is the same gate. SINGLE lists every other mutant by its name. `python -m evidence mutants` prints
the survivors that are neither.
"""

import ast
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """What holds for a value, and the changes that it therefore makes harmless (see mutants.py)."""

    reason: str
    templates: tuple[str, ...]

    def same(self, value: str) -> set[str]:
        """List the expressions that equal a value for which the fact holds."""
        return {ast.unparse(ast.parse(each.format(f"({value})"))) for each in self.templates}


SCALED = ("2 * ({})", "({}) / 2", "({}) ** 2")

GATE = Fact("it lies between 0 and 1", ("abs({})", "np.clip({}, -1, 1)"))
BOUNDED = Fact("it lies between -1 and 1", ("np.clip({}, -1, 1)",))
POSITIVE = Fact("it is never negative", ("abs({})",))
COUNT = Fact("it is a whole number of 0 or more", ("abs({})", "np.squeeze({})"))
NUMBER = Fact("it is a single number, not negative", ("abs({})", "({}).T", "np.squeeze({})"))
FACTOR = Fact(
    "it is a single number between 0 and 1", ("abs({})", "np.clip({}, -1, 1)", "np.squeeze({})")
)
VECTOR = Fact("it has one axis, and is only added to rows", ("({}).T", "np.squeeze({})"))
TRUTHS = Fact(
    "only whether it is zero matters",
    (*SCALED, "abs({})", "np.clip({}, -1, 1)", "np.tanh({})", "np.float16({})"),
)
ZEROS = Fact(
    "it is all zeros",
    (*SCALED, "-({})", "0 * ({})", "abs({})", "np.clip({}, -1, 1)", "np.tanh({})", "({})[::-1]"),
)
ZERO_BLOCK = Fact("it is a block of zeros", (*ZEROS.templates, "np.float16({})"))
EVEN_BLOCK = Fact("it is one number everywhere", ("np.float16({})", "({})[::-1]"))
OPEN_BLOCK = Fact("it is 30 everywhere", (*EVEN_BLOCK.templates, "abs({})"))
MARKS = Fact("it is 0 or 1", ("({}) ** 2", "np.float16({})", "abs({})", "np.clip({}, -1, 1)"))
PRICES = Fact("it has one axis, and its numbers are positive", (*VECTOR.templates, "abs({})"))

PLACES = Fact(
    "it holds whole numbers of 0 or more, below 2048, along one axis at most",
    ("abs({})", "({}).T", "np.squeeze({})", "np.float16({})"),
)
SHIFT = Fact(
    "what is subtracted from all logits of a row cancels in the softmax",
    ("({}) + 1", "({}) - 1", "np.float16({})"),
)
EVEN = Fact("what is added to all logits of a row cancels in the softmax", ("({}) + 1", "({}) - 1"))
EVEN_VECTOR = Fact(
    "what is added to all logits of a row cancels in the softmax, and it has one axis",
    (*EVEN.templates, *VECTOR.templates),
)
ALONE = Fact("it is a single number", ("({}).T", "np.squeeze({})"))
BOUNDED_VECTOR = Fact(
    "it has one axis, and lies between -1 and 1", (*VECTOR.templates, *BOUNDED.templates)
)
SUMMED = Fact(
    "the sum of all its numbers counts",
    ("({}).T", "np.swapaxes({}, -2, -1)", "({})[::-1]", "np.squeeze({})"),
)
SQUARED = Fact(
    "it lies between -1 and 1, or is squared", ("-({})", "abs({})", "np.clip({}, -1, 1)")
)
HITS = Fact(
    "it is 0 or 1 along one axis, and averaged",
    (*MARKS.templates, "({}).T", "({})[::-1]", "np.squeeze({})", "np.mean({}, axis=0)"),
)
ORDER = Fact(
    "only which logit of a row is the largest counts",
    ("2 * ({})", "({}) / 2", "({}) + 1", "({}) - 1", "np.tanh({})", "np.float16({})", "({}).T"),
)
BOUNDED_ORDER = Fact(
    "it lies between -1 and 1, and only which logit of a row is the largest counts",
    ("np.clip({}, -1, 1)", "np.tanh({})", "np.float16({})"),
)

FACTS: dict[tuple[str, str], dict[str, Fact]] = {
    ("rnn-cell", "pre_activation"): {"bias": VECTOR},
    ("rnn-cell", "rnn_step"): {
        "bias": VECTOR,
        "np.tanh(pre_activation(x, h, kernel, recurrent_kernel, bias))": BOUNDED,
    },
    ("rnn-cell", "rnn_sequence"): {
        "x.shape[1]": COUNT,
        "t": COUNT,
        "bias": VECTOR,
        "rnn_step(x[:, t], h, kernel, recurrent_kernel, bias)": BOUNDED,
        "states": BOUNDED,
        "np.stack(states, axis=1)": BOUNDED,
    },
    ("rnn-cell", "rnn_layer"): {
        "np.zeros((x.shape[0], bias.size), dtype=x.dtype)": ZEROS,
        "x.shape[0]": COUNT,
        "bias.size": COUNT,
        "bias": VECTOR,
        "rnn_sequence(x, initial_state, kernel, recurrent_kernel, bias)": BOUNDED,
        "states": BOUNDED,
        "states[:, -1]": BOUNDED,
        "last": BOUNDED,
        "states if return_sequences else last": BOUNDED,
        "output": BOUNDED,
    },
    ("rnn-cell", "parameter_count"): {
        "features": COUNT,
        "units": COUNT,
        "features * units": COUNT,
        "units * units": COUNT,
        "features * units + units * units": COUNT,
        "features * units + units * units + units": COUNT,
    },
    ("vanishing-gradient", "tanh_derivative"): {
        "h": BOUNDED,
        "h ** 2": GATE,
        "1 - h ** 2": GATE,
    },
    ("vanishing-gradient", "step_jacobian"): {
        "h_new": BOUNDED,
        "tanh_derivative(h_new)": GATE,
        "tanh_derivative(h_new)[:, :, None]": GATE,
    },
    ("vanishing-gradient", "gradient_norms"): {
        "np.linalg.norm(gradients, axis=-1)": POSITIVE,
    },
    ("vanishing-gradient", "norm_bound"): {
        "np.linalg.svd(recurrent_kernel, compute_uv=False)": POSITIVE,
        "np.linalg.svd(recurrent_kernel, compute_uv=False).max()": NUMBER,
        "sigma": NUMBER,
        "sigma ** lags": POSITIVE,
        "lags": POSITIVE,
    },
    ("vanishing-gradient", "clip_by_global_norm"): {
        "np.sqrt(sum((np.sum(gradient ** 2) for gradient in gradients)))": NUMBER,
        "sum((np.sum(gradient ** 2) for gradient in gradients))": NUMBER,
        "np.sum(gradient ** 2)": NUMBER,
        "gradient ** 2": POSITIVE,
        "global_norm": NUMBER,
        "clip_norm": NUMBER,
        "max(global_norm, clip_norm)": NUMBER,
        "clip_norm / max(global_norm, clip_norm)": FACTOR,
        "factor": FACTOR,
    },
    ("lstm-gates", "sigmoid"): {
        "np.abs(x)": POSITIVE,
        "np.exp(-np.abs(x))": GATE,
        "decay": GATE,
        "1 + decay": POSITIVE,
        "x >= 0": TRUTHS,
        "np.where(x >= 0, 1, decay)": GATE,
        "np.where(x >= 0, 1, decay) / (1 + decay)": GATE,
    },
    ("lstm-gates", "split_gates"): {
        "stacked.shape[-1]": COUNT,
        "stacked.shape[-1] // 4": COUNT,
        "k": COUNT,
        "k + 1": COUNT,
        "units": COUNT,
        "k * units": COUNT,
        "(k + 1) * units": COUNT,
    },
    **{
        ("lstm-gates", function): {
            "bias": VECTOR,
            f"bias_{letter}": VECTOR,
            f"{activation}(x @ kernel_{letter} + h @ recurrent_{letter} + bias_{letter})": fact,
        }
        for function, letter, activation, fact in (
            ("forget_gate", "f", "sigmoid", GATE),
            ("input_gate", "i", "sigmoid", GATE),
            ("candidate", "c", "np.tanh", BOUNDED),
            ("output_gate", "o", "sigmoid", GATE),
        )
    },
    ("lstm-gates", "cell_state"): {
        "forget": GATE,
        "input": GATE,
        "candidate": BOUNDED,
        "input * candidate": BOUNDED,
    },
    ("lstm-gates", "hidden_state"): {
        "output": GATE,
        "np.tanh(c)": BOUNDED,
        "output * np.tanh(c)": BOUNDED,
    },
    ("lstm-layer", "lstm_step"): {
        "bias": VECTOR,
        "sigmoid(z_f)": GATE,
        "sigmoid(z_i)": GATE,
        "sigmoid(z_o)": GATE,
        "np.tanh(z_c)": BOUNDED,
        "np.tanh(c)": BOUNDED,
        "sigmoid(z_i) * np.tanh(z_c)": BOUNDED,
        "sigmoid(z_o) * np.tanh(c)": BOUNDED,
    },
    ("lstm-layer", "initial_state"): {
        "np.zeros((len(x), units), x.dtype)": ZEROS,
        "len(x)": COUNT,
        "units": COUNT,
    },
    ("lstm-layer", "lstm_sequence"): {
        "x.shape[1]": COUNT,
        "t": COUNT,
        "bias": VECTOR,
        "every_h": BOUNDED,
        "np.stack(every_h, axis=1)": BOUNDED,
    },
    ("lstm-layer", "lstm_layer"): {
        "len(recurrent_kernel)": COUNT,
        "bias": VECTOR,
        "every_h": BOUNDED,
        "every_h if return_sequences else h": BOUNDED,
        "output": BOUNDED,
    },
    ("lstm-layer", "masked_step"): {
        "bias": VECTOR,
        "mask": TRUTHS,
        "mask[:, np.newaxis]": TRUTHS,
        "keep": TRUTHS,
        "h_new": BOUNDED,
    },
    ("lstm-gradient", "hidden_state_backward"): {
        "output": GATE,
        "np.tanh(c)": BOUNDED,
        "tanh_c": BOUNDED,
        "tanh_c ** 2": GATE,
        "1 - tanh_c ** 2": GATE,
    },
    ("lstm-gradient", "cell_state_backward"): {
        "forget": GATE,
        "input": GATE,
        "candidate": BOUNDED,
    },
    ("lstm-gradient", "gates_backward"): {
        "input": GATE,
        "1 - input": GATE,
        "forget": GATE,
        "1 - forget": GATE,
        "output": GATE,
        "1 - output": GATE,
        "candidate": BOUNDED,
        "candidate ** 2": GATE,
        "1 - candidate ** 2": GATE,
    },
    ("lstm-gradient", "step_backward"): {
        "values": BOUNDED,
        "cache[name]": BOUNDED,
        "[cache[name] for name in ('input', 'forget', 'candidate', 'output')]": BOUNDED,
        "input": GATE,
        "forget": GATE,
        "output": GATE,
        "candidate": BOUNDED,
        "d_bias": VECTOR,
        "d_z.sum(axis=0)": VECTOR,
    },
    ("lstm-gradient", "backward_through_time"): {
        "np.zeros_like(dc_last)": ZEROS,
        "len(caches)": COUNT,
        "t": COUNT,
    },
    ("lstm-gradient", "forget_product"): {
        "forget": GATE,
        "forget[::-1]": GATE,
        "gate": GATE,
        "products": BOUNDED,
        "products[-1]": GATE,
        "products[-1] * gate": GATE,
        "np.stack(products)": GATE,
    },
    **{
        ("gru", f"{gate}_gate"): {
            "bias": VECTOR,
            f"bias_{letter}": VECTOR,
            f"sigmoid(x @ kernel_{letter} + h @ recurrent_{letter} + bias_{letter})": GATE,
        }
        for gate, letter in (("update", "z"), ("reset", "r"))
    },
    ("who-spoke-first", "split_utterances"): {
        "lengths": PLACES,
        "np.cumsum(lengths)": PLACES,
        "stops": PLACES,
        "stop": PLACES,
        "length": PLACES,
        "stop - length": PLACES,
    },
    ("who-spoke-first", "pad_rows"): {
        "max(map(len, rows))": PLACES,
        "time - len(row)": PLACES,
        "time": PLACES,
        "len(row)": PLACES,
        "none": PLACES,
        "missing": PLACES,
        "np.array(missing)": PLACES,
        "np.array(missing)[:, None]": PLACES,
        "np.arange(time)": PLACES,
        "np.arange(time) >= np.array(missing)[:, None]": MARKS,
    },
    ("who-spoke-first", "cross_entropy"): {
        "logits - logits.max(axis=1, keepdims=True)": SHIFT,
        "logits": SHIFT,
        "logits.max(axis=1, keepdims=True)": SHIFT,
        "np.exp(shifted)": GATE,
        "np.exp(logarithms)": GATE,
        "np.exp(shifted).sum(axis=1, keepdims=True)": POSITIVE,
        "np.log(np.exp(shifted).sum(axis=1, keepdims=True))": POSITIVE,
        "np.eye(logits.shape[1])[y]": MARKS,
        "np.eye(logits.shape[1])": MARKS,
        "logits.shape[1]": PLACES,
        "right": MARKS,
        "y": PLACES,
        "len(y)": PLACES,
        "-np.sum(right * logarithms) / len(y)": NUMBER,
        "-np.sum(right * logarithms)": NUMBER,
        "np.sum(right * logarithms)": ALONE,
        "right * logarithms": SUMMED,
        "loss": NUMBER,
        "(np.exp(logarithms) - right) / len(y)": BOUNDED,
        "np.exp(logarithms) - right": BOUNDED,
    },
    ("who-spoke-first", "masked_gradients"): {
        "np.zeros((len(x), len(recurrent_kernel)), x.dtype)": ZERO_BLOCK,
        "np.zeros_like(dh)": ZERO_BLOCK,
        "len(x)": COUNT,
        "len(recurrent_kernel)": COUNT,
        "mask": MARKS,
        "mask.T": MARKS,
        "mask.T[..., None]": MARKS,
        "real": TRUTHS,
        "bias": VECTOR,
        "dense_bias": EVEN_VECTOR,
        "dense_kernel": EVEN,
        "dense_kernel.T": EVEN,
        "h @ dense_kernel": EVEN,
        "h @ dense_kernel + dense_bias": EVEN,
        "k": COUNT,
        "y": PLACES,
        "loss": NUMBER,
        "h": BOUNDED,
        "h.T": BOUNDED,
        "d_logits": BOUNDED,
        "h.T @ d_logits": BOUNDED,
        "d_logits.sum(axis=0)": BOUNDED_VECTOR,
        "np.where(real, output * np.tanh(new), h)": BOUNDED,
        "gates": BOUNDED,
        "d_z.sum(axis=0)": VECTOR,
        "input": GATE,
        "forget": GATE,
        "output": GATE,
        "gate": GATE,
        "1 - gate": GATE,
        "gate * (1 - gate)": GATE,
        "slope": GATE,
        "slopes": BOUNDED,
        "shown": SQUARED,
        "shown ** 2": GATE,
        "1 - shown ** 2": GATE,
        "candidate": SQUARED,
        "candidate ** 2": GATE,
        "1 - candidate ** 2": GATE,
        "np.tanh(blocks[2])": BOUNDED,
        "np.tanh(blocks[k] / 2)": BOUNDED,
        "0.5 * np.tanh(blocks[k] / 2)": BOUNDED,
        "0.5 + 0.5 * np.tanh(blocks[k] / 2)": GATE,
        "input * gates[2]": BOUNDED,
        "gates[2]": BOUNDED,
        "np.tanh(new)": BOUNDED,
        "output * np.tanh(new)": BOUNDED,
    },
    ("who-spoke-first", "accuracy"): {
        "np.mean(np.argmax(h @ weights[3] + weights[4], axis=1) == y)": FACTOR,
        "np.argmax(h @ weights[3] + weights[4], axis=1) == y": HITS,
        "np.argmax(h @ weights[3] + weights[4], axis=1)": PLACES,
        "y": PLACES,
        "h @ weights[3] + weights[4]": ORDER,
        "h @ weights[3]": ORDER,
        "weights[3]": ORDER,
        "weights[4]": ORDER,
        "h": BOUNDED_ORDER,
    },
    ("gru", "candidate_reset_before"): {
        "bias": VECTOR,
        "bias_h": VECTOR,
        "reset": GATE,
        "np.tanh(x @ kernel_h + reset * h @ recurrent_h + bias_h)": BOUNDED,
    },
    ("gru", "candidate_reset_after"): {
        "of_x": VECTOR,
        "of_h": VECTOR,
        "reset": GATE,
        "np.tanh(x @ kernel_h + of_x + reset * (h @ recurrent_h + of_h))": BOUNDED,
    },
    ("gru", "new_state"): {
        "update": GATE,
        "1 - update": GATE,
        "candidate": BOUNDED,
        "(1 - update) * candidate": BOUNDED,
    },
    ("gru", "gru_step"): {
        "update": GATE,
        "update_gate(x, h, kernel, recurrent_kernel, gate_bias)": GATE,
        "reset": GATE,
        "reset_gate(x, h, kernel, recurrent_kernel, gate_bias)": GATE,
        "candidate": BOUNDED,
        "make(x, h, reset, kernel, recurrent_kernel, bias)": BOUNDED,
        "gate_bias": VECTOR,
        "bias.sum(axis=0)": VECTOR,
        "bias.sum(axis=0) if reset_after else bias": VECTOR,
    },
    ("gru", "gru_layer"): {
        "np.zeros((len(x), len(recurrent_kernel)), x.dtype)": ZEROS,
        "len(x)": COUNT,
        "len(recurrent_kernel)": COUNT,
        "x.shape[1]": COUNT,
        "t": COUNT,
        "reset_after": TRUTHS,
    },
    ("gru", "gru_parameter_count"): {
        "features": COUNT,
        "units": COUNT,
        "features * units": COUNT,
        "units * units": COUNT,
        "features * units + units * units": COUNT,
        "features * units + units * units + biases": COUNT,
        "2 * units": COUNT,
        "2 * units if reset_after else units": COUNT,
        "biases": COUNT,
        "3 * (features * units + units * units + biases)": COUNT,
    },
    ("lstm-training", "predict"): {"h": BOUNDED, "dense_bias": VECTOR},
    ("lstm-training", "mean_squared_error"): {"np.mean(error ** 2)": NUMBER, "error.size": COUNT},
    ("lstm-training", "loss_and_gradients"): {
        "bias": VECTOR,
        "dense_bias": VECTOR,
        "h": BOUNDED,
        "h.T": BOUNDED,
        "loss": NUMBER,
        "d_predicted.sum(axis=0)": VECTOR,
    },
    ("lstm-training", "clip_gradients"): {
        "np.sqrt(np.sum(gradient ** 2))": NUMBER,
        "np.sum(gradient ** 2)": NUMBER,
        "np.sqrt(sum((norm ** 2 for norm in norms)))": NUMBER,
        "sum((norm ** 2 for norm in norms))": NUMBER,
        "norm ** 2": NUMBER,
        "norm": NUMBER,
        "len(gradients)": COUNT,
        "global_clipnorm": NUMBER,
        "limit": NUMBER,
        "max(norm, limit)": NUMBER,
    },
    ("lstm-training", "sgd_step"): {"learning_rate": NUMBER},
    ("lstm-training", "adam_step"): {
        "beta_1": FACTOR,
        "1 - beta_1": FACTOR,
        "beta_1 ** step": FACTOR,
        "1 - beta_1 ** step": FACTOR,
        "beta_2": FACTOR,
        "1 - beta_2": FACTOR,
        "beta_2 ** step": FACTOR,
        "1 - beta_2 ** step": FACTOR,
        "np.sqrt(1 - beta_2 ** step)": FACTOR,
        "step": COUNT,
        "learning_rate": NUMBER,
        "learning_rate * np.sqrt(1 - beta_2 ** step)": NUMBER,
        "learning_rate * np.sqrt(1 - beta_2 ** step) / (1 - beta_1 ** step)": NUMBER,
        "alpha": NUMBER,
        "epsilon": NUMBER,
        "gradient ** 2": POSITIVE,
        "(1 - beta_2) * gradient ** 2": POSITIVE,
        "beta_2 * old": POSITIVE,
        "beta_2 * old + (1 - beta_2) * gradient ** 2": POSITIVE,
        "b": POSITIVE,
        "np.sqrt(b)": POSITIVE,
        "np.sqrt(b) + epsilon": POSITIVE,
    },
    ("lstm-training", "train"): {
        "np.zeros_like(weight)": ZEROS,
        "epochs": COUNT,
        "len(x)": COUNT,
        "batch_size": COUNT,
        "start": COUNT,
        "start + batch_size": COUNT,
        "loss": NUMBER,
        "global_clipnorm": NUMBER,
        "len(losses)": COUNT,
        "learning_rate": NUMBER,
    },
    ("textbook-answer", "kernel_for_gates"): {
        "input": GATE,
        "forget": GATE,
        "gate": GATE,
        "1 - gate": GATE,
        "np.zeros_like(input)": ZERO_BLOCK,
    },
    ("textbook-answer", "kernel_for_cell"): {
        "c_new": BOUNDED,
        "np.full_like(c_new, 30)": OPEN_BLOCK,
        "is_open": OPEN_BLOCK,
        "-is_open": EVEN_BLOCK,
        "np.zeros_like(c_new)": ZERO_BLOCK,
    },
    ("textbook-answer", "kernel_for_output"): {
        "h_new": BOUNDED,
        "np.tanh(c)": BOUNDED,
        "h_new / np.tanh(c)": GATE,
        "gate": GATE,
        "1 - gate": GATE,
        "np.full_like(c, 30)": OPEN_BLOCK,
        "is_open": OPEN_BLOCK,
        "-is_open": EVEN_BLOCK,
        "np.zeros_like(c)": ZERO_BLOCK,
    },
    ("textbook-answer", "bias_for_total"): {
        "total": VECTOR,
        "steps": COUNT,
        "total / steps": BOUNDED,
    },
    ("textbook-answer", "kernel_for_gradient"): {
        "gradient": GATE,
        "steps": COUNT,
        "1 / steps": FACTOR,
        "gradient ** (1 / steps)": GATE,
        "forget": GATE,
        "1 - forget": GATE,
        "np.zeros_like(gradient)": ZERO_BLOCK,
        "zero": ZERO_BLOCK,
    },
    ("textbook-answer", "points_off"): {
        "written": MARKS,
        "written[:, number - 1]": MARKS,
        "written[:, number - 1] * deductions[why - 1]": PRICES,
        "number": COUNT,
        "number - 1": COUNT,
        "deductions": PRICES,
        "deductions[why - 1]": NUMBER,
        "why": COUNT,
        "why - 1": COUNT,
        "sum(lost)": PRICES,
    },
}
"""For each function: its values, as `ast.unparse` writes them, and what holds for them."""

ONE_AXIS = "the bias has one axis, and is only added to rows"
BY_RESULT = {
    ("lstm-training", "learn"): "another size, rate or number of epochs learns as well",
    ("who-spoke-first", "train_network"): "other sizes, rates and rows learn as well",
}
"""Functions that a check judges by what they reach, so that a change of them may be no mistake."""

NEW_ARRAY = "the array changed in place is a new one"

SINGLE: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    ("rnn-cell", "pre_activation"): {
        NEW_ARRAY: (
            "line 2: `(x @ kernel + h @ recurrent_kernel).__iadd__(bias)` for `x @ kernel + h @ recurrent_kernel + bias`",
            "line 2: `(x @ kernel).__iadd__(h @ recurrent_kernel)` for `x @ kernel + h @ recurrent_kernel`",
        ),
    },
    ("rnn-cell", "rnn_sequence"): {
        "the index still names the length of the time axis": (
            "line 3: `2 * x.shape` for `x.shape`",
            "line 3: `x.shape[::-1]` for `x.shape`",
            "line 3: `x.shape[:-1]` for `x.shape`",
            "line 3: `np.squeeze(x.shape)` for `x.shape`",
            "line 3: `x.T` for `x`",
            "line 3: `x[::-1]` for `x`",
            "line 3: `x[1:]` for `x`",
            "line 3: `x[:-1]` for `x`",
        ),
        "h is an output here, between -1 and 1": ("line 5: `np.clip(h, -1, 1)` for `h`",),
    },
    ("rnn-cell", "rnn_layer"): {
        "None is as false as False": (
            "line 1: `None` for `False`",
            "line 1: `None` for `False` (2)",
        ),
        "zeros are exact in float16, and the states are float32": (
            "line 3: `np.float16(np.zeros((x.shape[0], bias.size), dtype=x.dtype))` for `np.zeros((x.shape[0], bias.size), dtype=x.dtype)`",
        ),
        "one row of zeros is broadcast over the batch": (
            "line 3: `np.mean(np.zeros((x.shape[0], bias.size), dtype=x.dtype), axis=0)` for `np.zeros((x.shape[0], bias.size), dtype=x.dtype)`",
            "line 3: `np.zeros((x.shape[0], bias.size), dtype=x.dtype)[0]` for `np.zeros((x.shape[0], bias.size), dtype=x.dtype)`",
            "line 3: `(bias.size,)` for `(x.shape[0], bias.size)`",
            "line 3: `np.clip(x.shape[0], -1, 1)` for `x.shape[0]`",
            "line 3: `np.clip(x.shape, -1, 1)` for `x.shape`",
        ),
        "results may be float64": (
            "line 3: `np.zeros((x.shape[0], bias.size))` for `np.zeros((x.shape[0], bias.size), dtype=x.dtype)`",
        ),
        "the index still names the length of the batch axis": (
            "line 3: `np.swapaxes(x, -2, -1)` for `x`",
            "line 3: `2 * x.shape` for `x.shape`",
            "line 3: `x.shape[:-1]` for `x.shape`",
            "line 3: `np.squeeze(x.shape)` for `x.shape`",
        ),
        "only the shape is read": (
            "line 3: `x[::-1]` for `x`",
            "line 3: `bias[::-1]` for `bias`",
        ),
        "all arrays are float32": (
            "line 3: `bias` for `x` (2)",
            "line 3: `kernel` for `x` (2)",
            "line 3: `recurrent_kernel` for `x` (2)",
        ),
    },
    ("vanishing-gradient", "tanh_derivative"): {
        "only its square matters": (
            "line 2: `-h` for `h`",
            "line 2: `abs(h)` for `h`",
        ),
    },
    ("vanishing-gradient", "step_jacobian"): {
        "only its square matters": (
            "line 2: `-h_new` for `h_new`",
            "line 2: `abs(h_new)` for `h_new`",
        ),
        "an index of True adds an axis, as None does": ("line 2: `True` for `None`",),
        "a recurrent kernel of one number is broadcast": (
            "line 2: `np.squeeze(recurrent_kernel.T)` for `recurrent_kernel.T`",
            "line 2: `np.squeeze(recurrent_kernel)` for `recurrent_kernel`",
        ),
    },
    ("vanishing-gradient", "gradient_norms"): {
        "a norm does not depend on signs": (
            "line 2: `-dh` for `dh`",
            "line 2: `abs(dh)` for `dh`",
            "line 3: `-jacobians[::-1]` for `jacobians[::-1]`",
            "line 3: `-jacobians` for `jacobians`",
            "line 4: `-np.einsum('bi,bij->bj', dh, jacobian)` for `np.einsum('bi,bij->bj', dh, jacobian)`",
            "line 4: `-dh` for `dh`",
            "line 4: `-jacobian` for `jacobian`",
            "line 5: `-dh` for `dh`",
            "line 5: `abs(dh)` for `dh`",
        ),
        "it is the last axis": (
            "line 6: `np.linalg.norm(gradients, axis=2)` for `np.linalg.norm(gradients, axis=-1)`",
        ),
    },
    ("vanishing-gradient", "norm_bound"): {
        "the largest of them is the same in any order and shape": (
            "line 2: `np.linalg.svd(recurrent_kernel, compute_uv=False).T` for `np.linalg.svd(recurrent_kernel, compute_uv=False)`",
            "line 2: `np.linalg.svd(recurrent_kernel, compute_uv=False)[::-1]` for `np.linalg.svd(recurrent_kernel, compute_uv=False)`",
        ),
        "singular values come in descending order": (
            "line 2: `np.linalg.svd(recurrent_kernel, compute_uv=False)[0]` for `np.linalg.svd(recurrent_kernel, compute_uv=False)`",
        ),
        "singular values are those of the transpose, of the negative, of rows in any order": (
            "line 2: `np.swapaxes(recurrent_kernel, -2, -1)` for `recurrent_kernel`",
            "line 2: `np.squeeze(np.linalg.svd(recurrent_kernel, compute_uv=False))` for `np.linalg.svd(recurrent_kernel, compute_uv=False)`",
            "line 2: `-recurrent_kernel` for `recurrent_kernel`",
            "line 2: `recurrent_kernel.T` for `recurrent_kernel`",
            "line 2: `recurrent_kernel[::-1]` for `recurrent_kernel`",
        ),
        "None is as false as False": ("line 2: `None` for `False`",),
        "it has one axis": (
            "line 3: `(sigma ** lags).T` for `sigma ** lags`",
            "line 3: `lags.T` for `lags`",
        ),
        "beyond lag 2048, where it rounds, the rounding of sigma itself exceeds the tolerance": (
            "line 3: `np.float16(lags)` for `lags`",
        ),
    },
    ("vanishing-gradient", "clip_by_global_norm"): {
        "a sum does not depend on the order": (
            "line 2: `(gradient ** 2).T` for `gradient ** 2`",
            "line 2: `np.squeeze(gradient ** 2)` for `gradient ** 2`",
            "line 2: `(gradient ** 2)[::-1]` for `gradient ** 2`",
            "line 2: `gradient.T` for `gradient`",
            "line 2: `gradient[::-1]` for `gradient`",
            "line 2: `np.squeeze(gradient)` for `gradient`",
            "line 2: `gradients[::-1]` for `gradients`",
            "line 2: `list(gradients)[::-1]` for `gradients`",
        ),
        "only its square matters": (
            "line 2: `-gradient` for `gradient`",
            "line 2: `abs(gradient)` for `gradient`",
        ),
        "the larger of two does not depend on their order": (
            "line 3: `max(clip_norm, global_norm)` for `max(global_norm, clip_norm)`",
        ),
    },
    ("lstm-gates", "sigmoid"): {
        "its absolute value is taken next": (
            "line 2: `-x` for `x`",
            "line 2: `abs(x)` for `x`",
        ),
        NEW_ARRAY: (
            "line 3: `np.where(x >= 0, 1, decay).__itruediv__(1 + decay)` for `np.where(x >= 0, 1, decay) / (1 + decay)`",
        ),
        "both formulas give 0.5 at 0": ("line 3: `x > 0` for `x >= 0`",),
        "the sign stays, or x is so small that both formulas give 0.5": (
            "line 3: `np.tanh(x)` for `x`",
            "line 3: `2 * x` for `x`",
            "line 3: `x / 2` for `x`",
            "line 3: `np.clip(x, -1, 1)` for `x`",
            "line 3: `np.float16(x)` for `x`",
        ),
    },
    ("lstm-gates", "split_gates"): {
        "4 * units + 1 has the same quotient": (
            "line 2: `stacked.shape[-1] + 1` for `stacked.shape[-1]`",
        ),
        "the last axis keeps its length, 4 or more": (
            "line 2: `2 * stacked.shape` for `stacked.shape`",
            "line 2: `stacked[::-1]` for `stacked`",
            "line 2: `np.squeeze(stacked)` for `stacked`",
        ),
    },
    ("lstm-gates", "forget_gate"): {
        "neither statement needs the other": (
            "line 2: `_, kernel_f, _, _ = split_gates(kernel)` after the next",
            "line 3: `_, recurrent_f, _, _ = split_gates(recurrent_kernel)` after the next",
        ),
        ONE_AXIS: ("line 4: `np.squeeze(split_gates(bias))` for `split_gates(bias)`",),
        NEW_ARRAY: (
            "line 5: `(x @ kernel_f + h @ recurrent_f).__iadd__(bias_f)` for `x @ kernel_f + h @ recurrent_f + bias_f`",
            "line 5: `(x @ kernel_f).__iadd__(h @ recurrent_f)` for `x @ kernel_f + h @ recurrent_f`",
        ),
    },
    ("lstm-gates", "input_gate"): {
        "neither statement needs the other": (
            "line 2: `kernel_i, _, _, _ = split_gates(kernel)` after the next",
            "line 3: `recurrent_i, _, _, _ = split_gates(recurrent_kernel)` after the next",
        ),
        ONE_AXIS: ("line 4: `np.squeeze(split_gates(bias))` for `split_gates(bias)`",),
        NEW_ARRAY: (
            "line 5: `(x @ kernel_i + h @ recurrent_i).__iadd__(bias_i)` for `x @ kernel_i + h @ recurrent_i + bias_i`",
            "line 5: `(x @ kernel_i).__iadd__(h @ recurrent_i)` for `x @ kernel_i + h @ recurrent_i`",
        ),
    },
    ("lstm-gates", "candidate"): {
        "neither statement needs the other": (
            "line 2: `_, _, kernel_c, _ = split_gates(kernel)` after the next",
            "line 3: `_, _, recurrent_c, _ = split_gates(recurrent_kernel)` after the next",
        ),
        ONE_AXIS: ("line 4: `np.squeeze(split_gates(bias))` for `split_gates(bias)`",),
        NEW_ARRAY: (
            "line 5: `(x @ kernel_c + h @ recurrent_c).__iadd__(bias_c)` for `x @ kernel_c + h @ recurrent_c + bias_c`",
            "line 5: `(x @ kernel_c).__iadd__(h @ recurrent_c)` for `x @ kernel_c + h @ recurrent_c`",
        ),
    },
    ("lstm-gates", "cell_state"): {
        "the input gate and the candidate are only multiplied": (
            "line 1: `forget, candidate, input, c` for `forget, input, candidate, c`",
        ),
        NEW_ARRAY: (
            "line 2: `(forget * c).__iadd__(input * candidate)` for `forget * c + input * candidate`",
        ),
    },
    ("lstm-gates", "output_gate"): {
        "neither statement needs the other": (
            "line 2: `_, _, _, kernel_o = split_gates(kernel)` after the next",
            "line 3: `_, _, _, recurrent_o = split_gates(recurrent_kernel)` after the next",
        ),
        ONE_AXIS: ("line 4: `np.squeeze(split_gates(bias))` for `split_gates(bias)`",),
        NEW_ARRAY: (
            "line 5: `(x @ kernel_o + h @ recurrent_o).__iadd__(bias_o)` for `x @ kernel_o + h @ recurrent_o + bias_o`",
            "line 5: `(x @ kernel_o).__iadd__(h @ recurrent_o)` for `x @ kernel_o + h @ recurrent_o`",
        ),
    },
    ("lstm-layer", "lstm_step"): {
        NEW_ARRAY: (
            "line 2: `(x @ kernel + h @ recurrent_kernel).__iadd__(bias)` for `x @ kernel + h @ recurrent_kernel + bias`",
            "line 2: `(x @ kernel).__iadd__(h @ recurrent_kernel)` for `x @ kernel + h @ recurrent_kernel`",
            "line 4: `(sigmoid(z_f) * c).__iadd__(sigmoid(z_i) * np.tanh(z_c))` for `sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)`",
            "line 4: `sigmoid(z_f).__imul__(c)` for `sigmoid(z_f) * c`",
            "line 4: `sigmoid(z_i).__imul__(np.tanh(z_c))` for `sigmoid(z_i) * np.tanh(z_c)`",
            "line 5: `sigmoid(z_o).__imul__(np.tanh(c))` for `sigmoid(z_o) * np.tanh(c)`",
        ),
        "the other term has both axes": (
            "line 2: `np.squeeze(x @ kernel)` for `x @ kernel`",
            "line 2: `np.squeeze(h @ recurrent_kernel)` for `h @ recurrent_kernel`",
        ),
        "it is the last axis": ("line 3: `np.split(z, 4, axis=-1)` for `np.split(z, 4, axis=1)`",),
        "h is an output here, between -1 and 1": ("line 6: `np.clip(h, -1, 1)` for `h`",),
    },
    ("lstm-layer", "initial_state"): {
        "results may be float64": (
            "line 3: `np.zeros((len(x), units))` for `np.zeros((len(x), units), x.dtype)`",
            "line 3: `np.zeros((len(x), units))` for `np.zeros((len(x), units), x.dtype)` (2)",
        ),
        "only the shape is read": (
            "line 3: `np.swapaxes(x, -2, -1)` for `x`",
            "line 3: `np.swapaxes(x, -2, -1)` for `x` (2)",
            "line 3: `x[::-1]` for `x`",
            "line 3: `x[::-1]` for `x` (2)",
        ),
    },
    ("lstm-layer", "lstm_sequence"): {
        "the index still names the length of the time axis": (
            "line 3: `2 * x.shape` for `x.shape`",
            "line 3: `x.shape[::-1]` for `x.shape`",
            "line 3: `x.shape[:-1]` for `x.shape`",
            "line 3: `np.squeeze(x.shape)` for `x.shape`",
            "line 3: `x.T` for `x`",
            "line 3: `x[::-1]` for `x`",
            "line 3: `x[1:]` for `x`",
            "line 3: `x[:-1]` for `x`",
        ),
        "h is an output here, between -1 and 1": (
            "line 5: `np.clip(h, -1, 1)` for `h`",
            "line 6: `np.clip(h, -1, 1)` for `h`",
        ),
    },
    ("lstm-layer", "lstm_layer"): {
        "None is as false as False": (
            "line 1: `None` for `False`",
            "line 1: `None` for `False` (2)",
        ),
        "only the shape is read": (
            "line 2: `1 - x` for `x`",
            "line 2: `np.tanh(x)` for `x`",
            "line 2: `np.swapaxes(x, -2, -1)` for `x`",
            "line 2: `-x` for `x`",
            "line 2: `0 * x` for `x`",
            "line 2: `2 * x` for `x`",
            "line 2: `x / 2` for `x`",
            "line 2: `x ** 2` for `x`",
            "line 2: `x + 1` for `x`",
            "line 2: `x - 1` for `x`",
            "line 2: `abs(x)` for `x`",
            "line 2: `np.clip(x, -1, 1)` for `x`",
            "line 2: `x[::-1]` for `x`",
            "line 2: `recurrent_kernel[::-1]` for `recurrent_kernel`",
        ),
        "zeros are exact in float16, and the states are float32": (
            "line 2: `np.float16(x)` for `x`",
        ),
        "h is an output here, between -1 and 1": (
            "line 4: `np.clip(h, -1, 1)` for `h`",
            "line 5: `np.clip(h, -1, 1)` for `h`",
        ),
    },
    ("lstm-layer", "masked_step"): {
        "neither statement needs the other": (
            "line 2: `h_new, c_new = lstm_step(x, h, c, kernel, recurrent_kernel, bias)` after the next",
        ),
        "it has one axis": ("line 3: `mask.T` for `mask`",),
    },
    ("lstm-gradient", "hidden_state_backward"): {
        NEW_ARRAY: (
            "line 3: `(dh * output).__imul__(1 - tanh_c ** 2)` for `dh * output * (1 - tanh_c ** 2)`",
        ),
        "only its square matters": (
            "line 3: `-tanh_c` for `tanh_c` (2)",
            "line 3: `abs(tanh_c)` for `tanh_c` (2)",
        ),
    },
    ("lstm-gradient", "gates_backward"): {
        "neither statement needs the other": (
            "line 2: `d_z_i = d_input * input * (1 - input)` after the next",
            "line 3: `d_z_f = d_forget * forget * (1 - forget)` after the next",
            "line 4: `d_z_c = d_candidate * (1 - candidate ** 2)` after the next",
        ),
        NEW_ARRAY: (
            "line 2: `(d_input * input).__imul__(1 - input)` for `d_input * input * (1 - input)`",
            "line 3: `(d_forget * forget).__imul__(1 - forget)` for `d_forget * forget * (1 - forget)`",
            "line 5: `(d_output * output).__imul__(1 - output)` for `d_output * output * (1 - output)`",
        ),
        "only its square matters": (
            "line 4: `-candidate` for `candidate`",
            "line 4: `abs(candidate)` for `candidate`",
        ),
        "it is the last axis": (
            "line 6: `np.concatenate([d_z_i, d_z_f, d_z_c, d_z_o], axis=-1)` for `np.concatenate([d_z_i, d_z_f, d_z_c, d_z_o], axis=1)`",
        ),
    },
    ("lstm-gradient", "step_backward"): {
        "neither statement needs the other": (
            "line 7: `dx = d_z @ kernel.T` after the next",
            "line 8: `dh_previous = d_z @ recurrent_kernel.T` after the next",
            "line 9: `d_kernel = cache['x'].T @ d_z` after the next",
            "line 10: `d_recurrent_kernel = cache['h_previous'].T @ d_z` after the next",
        ),
        "a sum does not depend on the order": ("line 11: `d_z[::-1]` for `d_z`",),
    },
    ("lstm-gradient", "backward_through_time"): {
        "neither statement needs the other": (
            "line 2: `dh, dc = (np.zeros_like(dc_last), dc_last)` after the next",
            "line 6: `dx.append(dx_t)` after the next",
        ),
        "zeros are exact in float16, and the sum is float32": (
            "line 2: `np.float16(np.zeros_like(dc_last))` for `np.zeros_like(dc_last)`",
        ),
        "one row of zeros is broadcast over the batch": (
            "line 2: `np.mean(np.zeros_like(dc_last), axis=0)` for `np.zeros_like(dc_last)`",
            "line 2: `np.zeros_like(dc_last)[0]` for `np.zeros_like(dc_last)`",
            "line 2: `dc_last[0]` for `dc_last`",
        ),
        "only the shape is read": (
            "line 2: `dc_last[::-1]` for `dc_last`",
            "line 4: `caches[::-1]` for `caches`",
        ),
        "a tuple serves as well as a list": ("line 3: `(0, 0, 0)` for `[0, 0, 0]`",),
        "zip ends with the shorter of the two": (
            "line 5: `2 * step_backward(dh_all[:, t] + dh, dc, caches[t], kernel, recurrent_kernel)` for `step_backward(dh_all[:, t] + dh, dc, caches[t], kernel, recurrent_kernel)`",
            "line 7: `2 * d_weights` for `d_weights`",
            "line 7: `2 * shares` for `shares`",
        ),
        "no index reaches the second half": ("line 5: `2 * caches` for `caches`",),
        "the share has both axes": ("line 7: `np.squeeze(total)` for `total`",),
        "addition commutes": (
            "line 7: `(share, total)` for `(total, share)`",
            "line 7: `zip(shares, d_weights)` for `zip(d_weights, shares)`",
        ),
    },
    ("lstm-gradient", "forget_product"): {
        "they are all ones": (
            "line 2: `np.ones_like(forget[0]) ** 2` for `np.ones_like(forget[0])`",
            "line 2: `abs(np.ones_like(forget[0]))` for `np.ones_like(forget[0])`",
            "line 2: `np.clip(np.ones_like(forget[0]), -1, 1)` for `np.ones_like(forget[0])`",
            "line 2: `np.ones_like(forget[0])[::-1]` for `np.ones_like(forget[0])`",
        ),
        "ones are exact in float16, and the products are float32": (
            "line 2: `np.float16(np.ones_like(forget[0]))` for `np.ones_like(forget[0])`",
            "line 2: `np.float16(forget)` for `forget`",
        ),
        "only the shape is read": (
            "line 2: `1 - forget` for `forget`",
            "line 2: `np.tanh(forget)` for `forget`",
            "line 2: `forget[0][::-1]` for `forget[0]`",
            "line 2: `forget[-1]` for `forget[0]`",
            "line 2: `-forget` for `forget`",
            "line 2: `0 * forget` for `forget`",
            "line 2: `2 * forget` for `forget`",
            "line 2: `forget / 2` for `forget`",
            "line 2: `forget ** 2` for `forget`",
            "line 2: `forget + 1` for `forget`",
            "line 2: `forget - 1` for `forget`",
            "line 2: `forget[::-1]` for `forget`",
        ),
        "the last one is the same": ("line 4: `2 * products` for `products` (2)",),
        "np.array stacks arrays of one shape along a new first axis": (
            "line 5: `np.array(products)` for `np.stack(products)`",
        ),
    },
    **{
        ("gru", function): {
            "neither statement needs the other": (
                f"line 2: `{kernel} = np.split(kernel, 3, axis=-1)` after the next",
                f"line 3: `{recurrent} = np.split(recurrent_kernel, 3, axis=-1)` after the next",
            ),
            "both kernels have two axes": (
                "line 2: `np.split(kernel, 3, axis=1)` for `np.split(kernel, 3, axis=-1)`",
                "line 2: `-1` for `1`",
                "line 3: `np.split(recurrent_kernel, 3, axis=1)` for `np.split(recurrent_kernel, 3, axis=-1)`",
                "line 3: `-1` for `1`",
            ),
            **further,
        }
        for function, kernel, recurrent, further in (
            (
                "update_gate",
                "kernel_z, _, _",
                "recurrent_z, _, _",
                {
                    ONE_AXIS: ("line 4: `np.squeeze(np.split(bias, 3))` for `np.split(bias, 3)`",),
                    NEW_ARRAY: (
                        "line 5: `(x @ kernel_z + h @ recurrent_z).__iadd__(bias_z)` for `x @ kernel_z + h @ recurrent_z + bias_z`",
                        "line 5: `(x @ kernel_z).__iadd__(h @ recurrent_z)` for `x @ kernel_z + h @ recurrent_z`",
                    ),
                },
            ),
            (
                "reset_gate",
                "_, kernel_r, _",
                "_, recurrent_r, _",
                {
                    "the second of three is the second from behind": (
                        "line 2: `np.split(kernel, 3, axis=-1)[::-1]` for `np.split(kernel, 3, axis=-1)`",
                        "line 3: `np.split(recurrent_kernel, 3, axis=-1)[::-1]` for `np.split(recurrent_kernel, 3, axis=-1)`",
                        "line 4: `np.split(bias, 3)[::-1]` for `np.split(bias, 3)`",
                    ),
                    ONE_AXIS: ("line 4: `np.squeeze(np.split(bias, 3))` for `np.split(bias, 3)`",),
                    NEW_ARRAY: (
                        "line 5: `(x @ kernel_r + h @ recurrent_r).__iadd__(bias_r)` for `x @ kernel_r + h @ recurrent_r + bias_r`",
                        "line 5: `(x @ kernel_r).__iadd__(h @ recurrent_r)` for `x @ kernel_r + h @ recurrent_r`",
                    ),
                },
            ),
            (
                "candidate_reset_before",
                "_, _, kernel_h",
                "_, _, recurrent_h",
                {
                    "a product does not depend on the order": (
                        "line 1: `x, reset, h, kernel, recurrent_kernel, bias` for `x, h, reset, kernel, recurrent_kernel, bias`",
                    ),
                    ONE_AXIS: ("line 4: `np.squeeze(np.split(bias, 3))` for `np.split(bias, 3)`",),
                    NEW_ARRAY: (
                        "line 5: `(x @ kernel_h + reset * h @ recurrent_h).__iadd__(bias_h)` for `x @ kernel_h + reset * h @ recurrent_h + bias_h`",
                        "line 5: `(x @ kernel_h).__iadd__(reset * h @ recurrent_h)` for `x @ kernel_h + reset * h @ recurrent_h`",
                    ),
                },
            ),
            (
                "candidate_reset_after",
                "_, _, kernel_h",
                "_, _, recurrent_h",
                {
                    "the bias has two axes, the first of length 2": (
                        "line 4: `np.split(bias, 3, axis=1)` for `np.split(bias, 3, axis=-1)`",
                        "line 4: `-1` for `1`",
                        "line 4: `np.squeeze(bias)` for `bias`",
                    ),
                    "what is left of the last axis is one number, which is broadcast": (
                        "line 4: `np.squeeze(np.split(bias, 3, axis=-1))` for `np.split(bias, 3, axis=-1)`",
                    ),
                    NEW_ARRAY: (
                        "line 5: `(x @ kernel_h + of_x).__iadd__(reset * (h @ recurrent_h + of_h))` for `x @ kernel_h + of_x + reset * (h @ recurrent_h + of_h)`",
                        "line 5: `(x @ kernel_h).__iadd__(of_x)` for `x @ kernel_h + of_x`",
                        "line 5: `(h @ recurrent_h).__iadd__(of_h)` for `h @ recurrent_h + of_h`",
                    ),
                },
            ),
        )
    },
    ("gru", "new_state"): {
        NEW_ARRAY: (
            "line 2: `(update * h).__iadd__((1 - update) * candidate)` for `update * h + (1 - update) * candidate`",
            "line 2: `(1 - update).__imul__(candidate)` for `(1 - update) * candidate`",
        ),
    },
    ("gru", "gru_step"): {
        "neither statement needs the other": (
            "line 3: `update = update_gate(x, h, kernel, recurrent_kernel, gate_bias)` after the next",
            "line 4: `reset = reset_gate(x, h, kernel, recurrent_kernel, gate_bias)` after the next",
        ),
        "a sum does not depend on the order": ("line 2: `bias[::-1]` for `bias`",),
        "no axis of the bias has the length 1": (
            "line 2: `np.squeeze(bias)` for `bias`",
            "line 2: `np.squeeze(bias)` for `bias` (2)",
            "line 6: `np.squeeze(bias)` for `bias`",
        ),
        "it has one axis there": ("line 2: `bias.T` for `bias` (2)",),
    },
    ("gru", "gru_layer"): {
        "None is as false as False": ("line 1: `None` for `False`",),
        "neither statement needs the other": (
            "line 2: `h = np.zeros((len(x), len(recurrent_kernel)), x.dtype) if state is None else state` after the next",
        ),
        "zeros are exact in float16, and the states are float32": (
            "line 2: `np.float16(np.zeros((len(x), len(recurrent_kernel)), x.dtype))` for `np.zeros((len(x), len(recurrent_kernel)), x.dtype)`",
        ),
        "one row of zeros is broadcast over the batch": (
            "line 2: `np.mean(np.zeros((len(x), len(recurrent_kernel)), x.dtype), axis=0)` for `np.zeros((len(x), len(recurrent_kernel)), x.dtype)`",
            "line 2: `(len(recurrent_kernel),)` for `(len(x), len(recurrent_kernel))`",
            "line 2: `np.clip(len(x), -1, 1)` for `len(x)`",
            "line 2: `np.zeros((len(x), len(recurrent_kernel)), x.dtype)[0]` for `np.zeros((len(x), len(recurrent_kernel)), x.dtype)`",
        ),
        "only the length is read": (
            "line 2: `np.swapaxes(x, -2, -1)` for `x`",
            "line 2: `recurrent_kernel[::-1]` for `recurrent_kernel`",
            "line 2: `x[::-1]` for `x`",
        ),
        "results may be float64": (
            "line 2: `np.zeros((len(x), len(recurrent_kernel)))` for `np.zeros((len(x), len(recurrent_kernel)), x.dtype)`",
        ),
        "all arrays are float32": (
            "line 2: `kernel` for `x` (2)",
            "line 2: `bias` for `x` (2)",
            "line 2: `recurrent_kernel` for `x` (2)",
        ),
        "the index still names the length of the time axis": (
            "line 4: `2 * x.shape` for `x.shape`",
            "line 4: `x.shape[::-1]` for `x.shape`",
            "line 4: `x.shape[:-1]` for `x.shape`",
            "line 4: `np.squeeze(x.shape)` for `x.shape`",
            "line 4: `x.T` for `x`",
            "line 4: `x[::-1]` for `x`",
            "line 4: `x[1:]` for `x`",
            "line 4: `x[:-1]` for `x`",
        ),
        "no axis of the bias has the length 1": ("line 5: `np.squeeze(bias)` for `bias`",),
        "only whether it is zero matters": (
            "line 5: `-reset_after` for `reset_after`",
            "line 5: `np.squeeze(reset_after)` for `reset_after`",
        ),
    },
    ("lstm-training", "predict"): {
        NEW_ARRAY: (
            "line 4: `(h @ dense_kernel).__iadd__(dense_bias)` for `h @ dense_kernel + dense_bias`",
        ),
    },
    ("lstm-training", "mean_squared_error"): {
        "squares are never negative": ("line 3: `abs(error ** 2)` for `error ** 2`",),
        "the mean is over all numbers, in any order": (
            "line 3: `np.mean(error ** 2, axis=0)` for `error ** 2`",
            "line 3: `(error ** 2).T` for `error ** 2`",
            "line 3: `np.swapaxes(error ** 2, -2, -1)` for `error ** 2`",
            "line 3: `(error ** 2)[::-1]` for `error ** 2`",
            "line 3: `np.squeeze(error ** 2)` for `error ** 2`",
            "line 3: `error.T` for `error`",
            "line 3: `np.swapaxes(error, -2, -1)` for `error`",
            "line 3: `error[::-1]` for `error`",
            "line 3: `np.squeeze(error)` for `error`",
        ),
        "it is squared": (
            "line 3: `-error` for `error`",
            "line 3: `abs(error)` for `error`",
        ),
        NEW_ARRAY: ("line 3: `(2 * error).__itruediv__(error.size)` for `2 * error / error.size`",),
        "it has as many numbers": (
            "line 3: `error.T` for `error` (3)",
            "line 3: `np.swapaxes(error, -2, -1)` for `error` (3)",
            "line 3: `error[::-1]` for `error` (3)",
            "line 3: `np.squeeze(error)` for `error` (3)",
            "line 3: `predicted` for `error` (3)",
            "line 3: `y` for `error` (3)",
        ),
    },
    ("lstm-training", "loss_and_gradients"): {
        NEW_ARRAY: (
            "line 4: `(h @ dense_kernel).__iadd__(dense_bias)` for `h @ dense_kernel + dense_bias`",
        ),
        "lstm_backward makes no use of the kernel: no gradient of an input is asked for": (
            "line 5: `-kernel` for `kernel`",
            "line 5: `0 * kernel` for `kernel`",
            "line 5: `2 * kernel` for `kernel`",
            "line 5: `kernel / 2` for `kernel`",
            "line 5: `kernel ** 2` for `kernel`",
            "line 5: `kernel + 1` for `kernel`",
            "line 5: `kernel - 1` for `kernel`",
            "line 5: `1 - kernel` for `kernel`",
            "line 5: `abs(kernel)` for `kernel`",
            "line 5: `np.clip(kernel, -1, 1)` for `kernel`",
            "line 5: `np.tanh(kernel)` for `kernel`",
            "line 5: `np.float16(kernel)` for `kernel`",
            "line 5: `np.mean(kernel, axis=0)` for `kernel`",
            "line 5: `kernel.T` for `kernel`",
            "line 5: `np.swapaxes(kernel, -2, -1)` for `kernel`",
            "line 5: `kernel[::-1]` for `kernel`",
            "line 5: `kernel[1:]` for `kernel`",
            "line 5: `kernel[:-1]` for `kernel`",
            "line 5: `kernel[0]` for `kernel`",
            "line 5: `np.squeeze(kernel)` for `kernel`",
            "line 5: `bias` for `kernel`",
            "line 5: `caches` for `kernel`",
            "line 5: `d_predicted` for `kernel`",
            "line 5: `dense_bias` for `kernel`",
            "line 5: `dense_kernel` for `kernel`",
            "line 5: `h` for `kernel`",
            "line 5: `loss` for `kernel`",
            "line 5: `recurrent_kernel` for `kernel`",
            "line 5: `weights` for `kernel`",
            "line 5: `x` for `kernel`",
            "line 5: `y` for `kernel`",
        ),
        "the sum over the batch is the same in any order": (
            "line 6: `d_predicted[::-1]` for `d_predicted` (2)",
        ),
    },
    ("lstm-training", "clip_gradients"): {
        "the next statement needs nothing of it": (
            "line 2: `norms = [np.sqrt(np.sum(gradient ** 2)) for gradient in gradients]` after the next",
            "line 5: `norms = [np.sqrt(sum((norm ** 2 for norm in norms)))] * len(gradients)` after the next",
        ),
        "squares are never negative": ("line 2: `abs(gradient ** 2)` for `gradient ** 2`",),
        "the sum is over all numbers, in any order": (
            "line 2: `(gradient ** 2).T` for `gradient ** 2`",
            "line 2: `(gradient ** 2)[::-1]` for `gradient ** 2`",
            "line 2: `np.squeeze(gradient ** 2)` for `gradient ** 2`",
            "line 2: `gradient.T` for `gradient`",
            "line 2: `gradient[::-1]` for `gradient`",
            "line 2: `np.squeeze(gradient)` for `gradient`",
            "line 5: `norms[::-1]` for `norms`",
            "line 5: `list(norms)[::-1]` for `norms`",
        ),
        "it is squared": (
            "line 2: `-gradient` for `gradient`",
            "line 2: `abs(gradient)` for `gradient`",
            "line 5: `-norm` for `norm`",
        ),
        "zip stops with the shorter list": (
            "line 5: `2 * ([np.sqrt(sum((norm ** 2 for norm in norms)))] * len(gradients))` for `[np.sqrt(sum((norm ** 2 for norm in norms)))] * len(gradients)`",
            "line 5: `2 * len(gradients)` for `len(gradients)`",
            "line 5: `len(gradients) ** 2` for `len(gradients)`",
            "line 5: `len(gradients) + 1` for `len(gradients)`",
            "line 9: `2 * gradients` for `gradients`",
            "line 9: `2 * norms` for `norms`",
        ),
        "all of its numbers are the same": (
            "line 5: `([np.sqrt(sum((norm ** 2 for norm in norms)))] * len(gradients))[::-1]` for `[np.sqrt(sum((norm ** 2 for norm in norms)))] * len(gradients)`",
        ),
        NEW_ARRAY: (
            "line 5: `[np.sqrt(sum((norm ** 2 for norm in norms)))].__imul__(len(gradients))` for `[np.sqrt(sum((norm ** 2 for norm in norms)))] * len(gradients)`",
            "line 9: `(gradient * limit).__itruediv__(max(norm, limit))` for `gradient * limit / max(norm, limit)`",
        ),
        "it has as many entries": (
            "line 5: `gradients[::-1]` for `gradients`",
            "line 5: `norms` for `gradients`",
        ),
        "the greater of two is the same in any order": (
            "line 9: `max(limit, norm)` for `max(norm, limit)`",
        ),
    },
    ("lstm-training", "sgd_step"): {
        "zip stops with the shorter list": (
            "line 2: `2 * weights` for `weights`",
            "line 2: `2 * gradients` for `gradients`",
        ),
    },
    ("lstm-training", "adam_step"): {
        "the next statement needs nothing of it": (
            "line 2: `m = [beta_1 * old + (1 - beta_1) * gradient for old, gradient in zip(m, gradients)]` after the next",
            "line 3: `v = [beta_2 * old + (1 - beta_2) * gradient ** 2 for old, gradient in zip(v, gradients)]` after the next",
        ),
        NEW_ARRAY: (
            "line 2: `(beta_1 * old).__iadd__((1 - beta_1) * gradient)` for `beta_1 * old + (1 - beta_1) * gradient`",
            "line 3: `(beta_2 * old).__iadd__((1 - beta_2) * gradient ** 2)` for `beta_2 * old + (1 - beta_2) * gradient ** 2`",
            "line 5: `(alpha * a).__itruediv__(np.sqrt(b) + epsilon)` for `alpha * a / (np.sqrt(b) + epsilon)`",
            "line 5: `np.sqrt(b).__iadd__(epsilon)` for `np.sqrt(b) + epsilon`",
        ),
        "zip stops with the shorter list": (
            "line 2: `2 * m` for `m`",
            "line 2: `2 * gradients` for `gradients`",
            "line 3: `2 * v` for `v`",
            "line 3: `2 * gradients` for `gradients`",
            "line 5: `2 * weights` for `weights`",
            "line 5: `2 * m` for `m`",
            "line 5: `2 * v` for `v`",
        ),
        "a mean of squares is never negative": ("line 3: `abs(old)` for `old`",),
        "it is squared": (
            "line 3: `-gradient` for `gradient`",
            "line 3: `abs(gradient)` for `gradient`",
        ),
        "it is a single number": (
            "line 4: `np.sqrt(1 - beta_2 ** step).T` for `np.sqrt(1 - beta_2 ** step)`",
        ),
    },
    ("lstm-training", "train"): {
        "learning rates that train are below 1": (
            "line 10: `np.clip(learning_rate, -1, 1)` for `learning_rate`",
        ),
        "the next statement needs nothing of it": (
            "line 2: `m = v = [np.zeros_like(weight) for weight in weights]` after the next",
            "line 8: `losses.append(loss)` after the next",
        ),
        "zip stops with the shorter list": (
            "line 2: `2 * [np.zeros_like(weight) for weight in weights]` for `[np.zeros_like(weight) for weight in weights]`",
            "line 2: `2 * weights` for `weights`",
            "line 9: `2 * clip_gradients(gradients, global_clipnorm=global_clipnorm)` for `clip_gradients(gradients, global_clipnorm=global_clipnorm)`",
            "line 10: `2 * weights` for `weights`",
            "line 10: `2 * gradients` for `gradients`",
            "line 10: `2 * m` for `m`",
            "line 10: `2 * v` for `v`",
        ),
        "zeros are exact in float16": (
            "line 2: `np.float16(np.zeros_like(weight))` for `np.zeros_like(weight)`",
        ),
        "zeros are broadcast to the shape of the weights": (
            "line 2: `np.mean(np.zeros_like(weight), axis=0)` for `np.zeros_like(weight)`",
            "line 2: `np.zeros_like(weight)[0]` for `np.zeros_like(weight)`",
            "line 2: `weight[::-1]` for `weight`",
            "line 2: `weight[0]` for `weight`",
            "line 2: `batch_size` for `weight`",
            "line 2: `epochs` for `weight`",
            "line 2: `global_clipnorm` for `weight`",
            "line 2: `learning_rate` for `weight`",
        ),
        "only the number of epochs matters": (
            "line 4: `np.clip(range(epochs), -1, 1)` for `range(epochs)`",
            "line 4: `np.tanh(range(epochs))` for `range(epochs)`",
            "line 4: `np.float16(range(epochs))` for `range(epochs)`",
            "line 4: `range(epochs)[::-1]` for `range(epochs)`",
            "line 4: `list(range(epochs))[::-1]` for `range(epochs)`",
            "line 4: `range(1, epochs + 1)` for `range(epochs)`",
            "line 4: `reversed(range(epochs))` for `range(epochs)`",
        ),
        "it is as long": (
            "line 5: `np.swapaxes(x, -2, -1)` for `x`",
            "line 5: `x[::-1]` for `x`",
            "line 5: `y` for `x`",
            "line 10: `losses[::-1]` for `losses`",
        ),
        "what has been shortened to a limit is not longer than it": (
            "line 9: `gradients = clip_gradients(gradients, global_clipnorm=global_clipnorm)` twice",
        ),
        "Adam moves by ratios of gradients: a limit that float16 rounds changes all of them alike": (
            "line 9: `np.float16(global_clipnorm)` for `global_clipnorm`",
        ),
        "a loss is never negative": ("line 11: `abs(np.array(losses))` for `np.array(losses)`",),
        "it has one axis, of numbers": (
            "line 11: `np.array(losses).T` for `np.array(losses)`",
            "line 11: `np.stack(losses)` for `np.array(losses)`",
            "line 11: `np.hstack(losses)` for `np.array(losses)`",
        ),
    },
    ("who-spoke-first", "pad_rows"): {
        "the longest of the rows, taken twice, is as long; zip stops with the shorter list": (
            "line 2: `2 * rows` for `rows`",
            "line 4: `2 * rows` for `rows`",
        ),
        "the longest of the rows is the same in any order": ("line 2: `rows[::-1]` for `rows`",),
        "it is as long": ("line 3: `row[::-1]` for `row`",),
        "zip stops with the shorter list": ("line 4: `2 * missing` for `missing`",),
        "they all join a list of numbers or arrays of one shape": (
            "line 5: `np.array(x)` for `np.stack(x)`",
            "line 5: `np.stack(missing)` for `np.array(missing)`",
            "line 5: `np.hstack(missing)` for `np.array(missing)`",
        ),
        "True, as an index, adds an axis, too": ("line 5: `True` for `None`",),
    },
    ("who-spoke-first", "cross_entropy"): {
        "neither statement needs the other": (
            "line 3: `logarithms = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))` after the next",
        ),
        "an axis of length 1 that is lost comes back where it meets the others": (
            "line 2: `np.squeeze(logits)` for `logits`",
            "line 3: `np.squeeze(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))` for `shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))`",
            "line 3: `np.squeeze(shifted)` for `shifted`",
            "line 4: `np.squeeze(np.eye(logits.shape[1])[y])` for `np.eye(logits.shape[1])[y]`",
            "line 4: `np.squeeze(np.eye(logits.shape[1]))` for `np.eye(logits.shape[1])`",
            "line 4: `np.squeeze(logits.shape)` for `logits.shape`",
            "line 5: `np.squeeze(right)` for `right`",
            "line 5: `np.squeeze(logarithms)` for `logarithms`",
            "line 6: `np.squeeze(np.exp(logarithms))` for `np.exp(logarithms)`",
            "line 6: `np.squeeze(logarithms)` for `logarithms`",
            "line 6: `np.squeeze(right)` for `right`",
        ),
        "arguments with names have no order": (
            "line 2: `logits.max(keepdims=True, axis=1)` for `logits.max(axis=1, keepdims=True)`",
            "line 3: `np.exp(shifted).sum(keepdims=True, axis=1)` for `np.exp(shifted).sum(axis=1, keepdims=True)`",
        ),
        "counted from the other end, it is the same one": (
            "line 2: `logits.max(keepdims=True, axis=-1)` for `logits.max(axis=1, keepdims=True)`",
            "line 2: `-1` for `1`",
            "line 3: `np.exp(shifted).sum(keepdims=True, axis=-1)` for `np.exp(shifted).sum(axis=1, keepdims=True)`",
            "line 3: `-1` for `1`",
            "line 4: `logits.shape[-1]` for `logits.shape[1]`",
        ),
        NEW_ARRAY: (
            "line 3: `shifted.__isub__(np.log(np.exp(shifted).sum(axis=1, keepdims=True)))` for `shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))`",
            "line 6: `(np.exp(logarithms) - right).__itruediv__(len(y))` for `(np.exp(logarithms) - right) / len(y)`",
            "line 6: `np.exp(logarithms).__isub__(right)` for `np.exp(logarithms) - right`",
        ),
        "an identity matrix is symmetric": (
            "line 4: `np.eye(logits.shape[1]).T` for `np.eye(logits.shape[1])`",
            "line 4: `np.swapaxes(np.eye(logits.shape[1]), -2, -1)` for `np.eye(logits.shape[1])`",
        ),
        "only the first entries of the list are used": (
            "line 4: `2 * logits.shape` for `logits.shape`",
        ),
        "only the number of classes is used": (
            "line 4: `logits[::-1]` for `logits`",
            "line 4: `logits[1:]` for `logits`",
            "line 4: `logits[:-1]` for `logits`",
            "line 4: `logarithms` for `logits`",
            "line 4: `shifted` for `logits`",
        ),
        "it is as long": (
            "line 5: `y[::-1]` for `y`",
            "line 5: `logarithms` for `y`",
            "line 5: `logits` for `y`",
            "line 5: `right` for `y`",
            "line 5: `shifted` for `y`",
            "line 6: `y[::-1]` for `y`",
            "line 6: `logarithms` for `y`",
            "line 6: `logits` for `y`",
            "line 6: `right` for `y`",
            "line 6: `shifted` for `y`",
        ),
    },
    ("who-spoke-first", "masked_gradients"): {
        "neither statement needs the other": (
            "line 2: `h = c = np.zeros((len(x), len(recurrent_kernel)), x.dtype)` after the next",
            "line 17: `dense = (h.T @ d_logits, d_logits.sum(axis=0))` after the next",
            "line 22: `arriving = (at_cell * candidate, at_cell * c, at_cell * input, dh * shown)` after the next",
            "line 26: `totals = [a + b for a, b in zip(totals, (now.T @ d_z, h.T @ d_z, d_z.sum(axis=0)))]` after the next",
            "line 27: `dh = np.where(real, d_z @ of_lstm[1].T, dh)` after the next",
        ),
        "the states take their dtype from what is added to them": (
            "line 2: `np.zeros((len(x), len(recurrent_kernel)))` for `np.zeros((len(x), len(recurrent_kernel)), x.dtype)`",
            "line 2: `bias` for `x` (2)",
            "line 2: `kernel` for `x` (2)",
            "line 2: `mask` for `x` (2)",
            "line 2: `recurrent_kernel` for `x` (2)",
        ),
        "it is as long": (
            "line 2: `np.swapaxes(x, -2, -1)` for `x`",
            "line 2: `x[::-1]` for `x`",
            "line 2: `mask` for `x`",
            "line 2: `recurrent_kernel[::-1]` for `recurrent_kernel`",
        ),
        "two axes change places, in whatever order they are named": (
            "line 4: `np.swapaxes(x, 1, 0)` for `np.swapaxes(x, 0, 1)`",
        ),
        "an axis of length 1 that is lost comes back where it meets the others": (
            "line 4: `np.squeeze(mask.T)` for `mask.T`",
            "line 4: `np.squeeze(mask)` for `mask`",
            "line 5: `np.squeeze(now @ kernel)` for `now @ kernel`",
            "line 5: `np.squeeze(h @ recurrent_kernel)` for `h @ recurrent_kernel`",
            "line 15: `np.squeeze(mask)` for `mask`",
            "line 18: `np.squeeze(d_logits)` for `d_logits`",
            "line 25: `np.squeeze(np.hstack([one * slope for one, slope in zip(arriving, slopes)]))` for `np.hstack([one * slope for one, slope in zip(arriving, slopes)])`",
            "line 26: `np.squeeze(a)` for `a`",
            "line 27: `np.squeeze(d_z)` for `d_z`",
        ),
        "True, as an index, adds an axis, too": ("line 4: `True` for `None`",),
        "done again, it gives the same": (
            "line 10: `h, c = (np.where(real, output * np.tanh(new), h), np.where(real, new, c))` twice",
            "line 27: `dh = np.where(real, d_z @ of_lstm[1].T, dh)` twice",
            "line 28: `dc = np.where(real, at_cell * forget, dc)` twice",
        ),
        "only the first entries of the list are used": (
            "line 5: `2 * np.split(now @ kernel + h @ recurrent_kernel + bias, 4, axis=1)` for `np.split(now @ kernel + h @ recurrent_kernel + bias, 4, axis=1)`",
            "line 6: `2 * blocks` for `blocks`",
            "line 7: `2 * blocks` for `blocks`",
            "line 7: `blocks[:-1]` for `blocks`",
            "line 8: `2 * gates` for `gates`",
            "line 8: `gates[:-1]` for `gates`",
            "line 27: `2 * of_lstm` for `of_lstm`",
            "line 27: `of_lstm[:-1]` for `of_lstm`",
            "line 27: `weights` for `of_lstm`",
        ),
        "counted from the other end, it is the same one": (
            "line 5: `np.split(now @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)` for `np.split(now @ kernel + h @ recurrent_kernel + bias, 4, axis=1)`",
            "line 7: `-2` for `2`",
            "line 8: `-2` for `2`",
        ),
        NEW_ARRAY: (
            "line 5: `(now @ kernel + h @ recurrent_kernel).__iadd__(bias)` for `now @ kernel + h @ recurrent_kernel + bias`",
            "line 5: `(now @ kernel).__iadd__(h @ recurrent_kernel)` for `now @ kernel + h @ recurrent_kernel`",
            "line 6: `blocks[k].__itruediv__(2)` for `blocks[k] / 2`",
            "line 8: `(forget * c).__iadd__(input * gates[2])` for `forget * c + input * gates[2]`",
            "line 16: `(h @ dense_kernel).__iadd__(dense_bias)` for `h @ dense_kernel + dense_bias`",
            "line 21: `(dh * output).__imul__(1 - shown ** 2)` for `dh * output * (1 - shown ** 2)`",
            "line 25: `one.__imul__(slope)` for `one * slope`",
            "line 28: `at_cell.__imul__(forget)` for `at_cell * forget`",
        ),
        "a sum does not depend on the order": (
            "line 17: `d_logits[::-1]` for `d_logits` (2)",
            "line 26: `d_z[::-1]` for `d_z` (3)",
        ),
        "zeros are broadcast to the shape of what is added to them": (
            "line 19: `np.mean(np.zeros_like(dh), axis=0)` for `np.zeros_like(dh)`",
            "line 19: `np.zeros_like(dh)[0]` for `np.zeros_like(dh)`",
            "line 19: `dh[::-1]` for `dh`",
            "line 19: `dh[0]` for `dh`",
            "line 19: `h` for `dh`",
            "line 19: `loss` for `dh`",
        ),
        "zip stops with the shorter list": (
            "line 23: `2 * [gate * (1 - gate) for gate in (input, forget, output)]` for `[gate * (1 - gate) for gate in (input, forget, output)]`",
            "line 25: `2 * arriving` for `arriving`",
            "line 25: `2 * slopes` for `slopes`",
            "line 26: `2 * totals` for `totals`",
        ),
        "g * (1 - g) is the same for 1 - g": (
            "line 23: `1 - input` for `input`",
            "line 23: `1 - forget` for `forget`",
            "line 23: `1 - output` for `output`",
        ),
        "a sum and a product do not depend on the order": (
            "line 25: `(slope, one)` for `(one, slope)`",
            "line 25: `zip(slopes, arriving)` for `zip(arriving, slopes)`",
            "line 26: `(b, a)` for `(a, b)`",
            "line 26: `zip((now.T @ d_z, h.T @ d_z, d_z.sum(axis=0)), totals)` for `zip(totals, (now.T @ d_z, h.T @ d_z, d_z.sum(axis=0)))`",
        ),
        "the second of three is the second from either end": (
            "line 27: `of_lstm[::-1]` for `of_lstm`",
        ),
    },
    ("who-spoke-first", "accuracy"): {
        "only the first entries of the list are used": (
            "line 2: `2 * weights` for `weights`",
            "line 2: `weights[:-1]` for `weights`",
            "line 3: `2 * weights` for `weights`",
            "line 3: `weights[:-1]` for `weights`",
            "line 3: `2 * weights` for `weights` (2)",
        ),
        "it is a single number": (
            "line 3: `np.mean(np.argmax(h @ weights[3] + weights[4], axis=1) == y).T` for `np.mean(np.argmax(h @ weights[3] + weights[4], axis=1) == y)`",
        ),
        "counted from the other end, it is the same one": (
            "line 3: `np.argmax(h @ weights[3] + weights[4], axis=-1)` for `np.argmax(h @ weights[3] + weights[4], axis=1)`",
            "line 3: `weights[-1]` for `weights[4]`",
        ),
        NEW_ARRAY: (
            "line 3: `(h @ weights[3]).__iadd__(weights[4])` for `h @ weights[3] + weights[4]`",
        ),
        "an axis of length 1 that is lost comes back where it meets the others": (
            "line 3: `np.squeeze(weights[4])` for `weights[4]`",
        ),
        "a list of one row is added to each row": ("line 3: `weights[4:]` for `weights[4]`",),
    },
    ("textbook-answer", "kernel_for_gates"): {
        "the last of two axes is axis 1": (
            "line 3: `np.concatenate([*gates, np.zeros_like(input), np.zeros_like(input)], axis=-1)` for `np.concatenate([*gates, np.zeros_like(input), np.zeros_like(input)], axis=1)`",
        ),
        "a tuple joins as a list does": (
            "line 3: `(*gates, np.zeros_like(input), np.zeros_like(input))` for `[*gates, np.zeros_like(input), np.zeros_like(input)]`",
        ),
        "the array changed in place is a new one": (
            "line 2: `np.log(gate).__isub__(np.log(1 - gate))` for `np.log(gate) - np.log(1 - gate)`",
        ),
        "only the shape is read": (
            "line 3: `input[::-1]` for `input`",
            "line 3: `forget` for `input`",
            "line 3: `input[::-1]` for `input` (2)",
            "line 3: `forget` for `input` (2)",
        ),
    },
    ("textbook-answer", "kernel_for_cell"): {
        "the last of two axes is axis 1": (
            "line 4: `np.concatenate(blocks, axis=-1)` for `np.concatenate(blocks, axis=1)`",
        ),
        "only the shape is read": (
            "line 2: `-c_new` for `c_new`",
            "line 2: `0 * c_new` for `c_new`",
            "line 2: `2 * c_new` for `c_new`",
            "line 2: `c_new / 2` for `c_new`",
            "line 2: `c_new ** 2` for `c_new`",
            "line 2: `c_new + 1` for `c_new`",
            "line 2: `c_new - 1` for `c_new`",
            "line 2: `1 - c_new` for `c_new`",
            "line 2: `abs(c_new)` for `c_new`",
            "line 2: `np.tanh(c_new)` for `c_new`",
            "line 2: `c_new[::-1]` for `c_new`",
            "line 3: `c_new[::-1]` for `c_new` (2)",
            "line 3: `is_open` for `c_new` (2)",
        ),
        "30 is exact in float16": ("line 2: `np.float16(c_new)` for `c_new`",),
    },
    ("textbook-answer", "kernel_for_output"): {
        "the last of two axes is axis 1": (
            "line 5: `np.concatenate(blocks, axis=-1)` for `np.concatenate(blocks, axis=1)`",
        ),
        "the array changed in place is a new one": (
            "line 4: `np.log(gate).__isub__(np.log(1 - gate))` for `np.log(gate) - np.log(1 - gate)`",
        ),
        "neither of the two statements needs the other": (
            "line 2: `is_open = np.full_like(c, 30)` after the next",
        ),
        "only the shape is read": (
            "line 2: `-c` for `c`",
            "line 2: `0 * c` for `c`",
            "line 2: `2 * c` for `c`",
            "line 2: `c / 2` for `c`",
            "line 2: `c ** 2` for `c`",
            "line 2: `c + 1` for `c`",
            "line 2: `c - 1` for `c`",
            "line 2: `1 - c` for `c`",
            "line 2: `abs(c)` for `c`",
            "line 2: `np.clip(c, -1, 1)` for `c`",
            "line 2: `np.tanh(c)` for `c`",
            "line 2: `c[::-1]` for `c`",
            "line 2: `h_new` for `c`",
            "line 4: `c[::-1]` for `c`",
            "line 4: `gate` for `c`",
            "line 4: `h_new` for `c`",
            "line 4: `is_open` for `c`",
        ),
        "30 is exact in float16": ("line 2: `np.float16(c)` for `c`",),
    },
    ("textbook-answer", "bias_for_total"): {
        "it has one axis": (
            "line 2: `np.arctanh(total / steps).T` for `np.arctanh(total / steps)`",
        ),
        "one axis has no other order": ("line 2: `(total / steps).T` for `total / steps`",),
        "a whole number so small is exact in float16": ("line 2: `np.float16(steps)` for `steps`",),
    },
    ("textbook-answer", "kernel_for_gradient"): {
        "the last of two axes is axis 1": (
            "line 4: `np.concatenate([zero, np.log(forget) - np.log(1 - forget), zero, zero], axis=-1)` for `np.concatenate([zero, np.log(forget) - np.log(1 - forget), zero, zero], axis=1)`",
        ),
        "a tuple joins as a list does": (
            "line 4: `(zero, np.log(forget) - np.log(1 - forget), zero, zero)` for `[zero, np.log(forget) - np.log(1 - forget), zero, zero]`",
        ),
        "the array changed in place is a new one": (
            "line 4: `np.log(forget).__isub__(np.log(1 - forget))` for `np.log(forget) - np.log(1 - forget)`",
        ),
        "neither of the two statements needs the other": (
            "line 2: `forget = gradient ** (1 / steps)` after the next",
        ),
        "only the shape is read": (
            "line 3: `gradient[::-1]` for `gradient`",
            "line 3: `forget` for `gradient`",
        ),
    },
    ("textbook-answer", "points_off"): {
        "the last of eight reasons is reason 8": ("line 2: `0` for `8` (2)",),
        "a sum does not depend on the order": (
            "line 3: `[written[:, number - 1] * deductions[why - 1] for number, why in reasons.items()][::-1]` for `[written[:, number - 1] * deductions[why - 1] for number, why in reasons.items()]`",
            "line 3: `list(reasons.items())[::-1]` for `reasons.items()`",
            "line 4: `lost[::-1]` for `lost`",
        ),
        "it has one axis": ("line 3: `written[:, number - 1].T` for `written[:, number - 1]`",),
        "a number that multiplies may have an axis of length 1": (
            "line 3: `deductions[why - 1, None]` for `deductions[why - 1]`",
        ),
    },
}
"""For each function: why no input tells mutants from it, and their names."""

REPLACED = re.compile(r"line \d+: `(?P<new>.*)` for `(?P<old>.*)`(?: \(\d+\))?")
"""The name of a mutant in which an expression stands for another one."""


def reason(assignment: str, function: str, name: str) -> str | None:
    """Say why a mutant of a function does the same as the function; None if it is not known to."""
    for why, names in SINGLE.get((assignment, function), {}).items():
        if name in names:
            return why
    replaced = REPLACED.fullmatch(name)
    fact = replaced and FACTS.get((assignment, function), {}).get(replaced["old"])
    if replaced and fact and replaced["new"] in fact.same(replaced["old"]):
        return fact.reason
    return None
