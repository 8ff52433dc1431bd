"""Clipping and the update rules of the lstm-training assignment, with learners' mistakes.

Weights, gradients, and Adam's m and v are lists of arrays: one array for each array of weights, in
the same order and shape.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from .inputs import Draw, normal, sizes
from .lists import Arrays, listed
from .reference import Choose, Other, Reference

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7
"""The defaults of Adam in Keras."""


def clip_gradients(
    choose: Choose,
    gradients: Arrays,
    clipnorm: float | None = None,
    global_clipnorm: float | None = None,
) -> Any:
    """Return the clipped arrays; at most one of the two limits is given."""
    clipnorm, global_clipnorm = choose(
        "limits",
        (clipnorm, global_clipnorm),
        (
            "limits swapped",
            lambda: (global_clipnorm, clipnorm),
            "The two limits have changed places: clipnorm is for each array on its own, "
            "global_clipnorm for all arrays together.",
        ),
        (
            "each array by its own norm",
            lambda: (clipnorm if global_clipnorm is None else global_clipnorm, None),
            "With global_clipnorm, each array is clipped by its own norm. All arrays have one norm "
            "together, and get one factor.",
        ),
        (
            "all arrays by one norm",
            lambda: (None, global_clipnorm if clipnorm is None else clipnorm),
            "With clipnorm, all arrays are clipped by one norm. Each array has a norm and a factor "
            "of its own.",
        ),
        (
            "clipnorm ignored",
            lambda: (None, global_clipnorm),
            "With clipnorm, the gradients come back as they were.",
        ),
        (
            "global_clipnorm ignored",
            lambda: (clipnorm, None),
            "With global_clipnorm, the gradients come back as they were.",
        ),
        *(_default_limits() if clipnorm is global_clipnorm is None else []),
    )
    own, together = _norms(choose)
    factor = choose("factor", _factor, *OTHER_FACTORS)
    factors = [np.float64(1)] * len(gradients)
    limit = 0.0
    if clipnorm is not None:
        limit, factors = clipnorm, [factor(own(each), clipnorm) for each in gradients]
    elif global_clipnorm is not None:
        limit, whole = float(global_clipnorm), together(gradients)
        factors = choose(
            "factors",
            [factor(whole, global_clipnorm)] * len(gradients),
            (
                "arrays tested one by one",
                lambda: [limit / whole if own(each) > limit else 1 for each in gradients],
                "With global_clipnorm, only those arrays are shortened whose own norm exceeds the "
                "limit. The global norm decides for all arrays together.",
            ),
        )
    clipped = [each * by for each, by in zip(gradients, factors)]
    if limit:
        clipped = choose(
            "clipped",
            clipped,
            (
                "clipped by value",
                lambda: [np.clip(each, -limit, limit) for each in gradients],
                "Each number is cut off at the limit. Clipping by norm multiplies all numbers of "
                "an array by one factor, so that its direction stays.",
            ),
        )
    return listed(choose, "list", clipped, "the clipped gradients")


def _norms(choose: Choose) -> tuple[Callable, Callable]:
    """Return the norm of one array, and that of all arrays of a list together."""
    norm = choose("norm", _norm, *OTHER_NORMS)
    own = choose("norm of an array", lambda array: norm([array]), *OTHER_OWN_NORMS)
    together = choose(
        "norm of all",
        norm,
        (
            "norms added up",
            lambda: lambda arrays: sum(map(own, arrays)),
            "For the global norm, the norms of the arrays are added up. It is the norm of all "
            "their numbers together.",
        ),
        (
            "largest norm of an array",
            lambda: lambda arrays: max(map(own, arrays)),
            "For the global norm, the largest norm of an array is taken. It is the norm of all "
            "their numbers together.",
        ),
        (
            "norm of the first array",
            lambda: lambda arrays: own(arrays[0]),
            "For the global norm, the norm of the first array is taken. It is the norm of all "
            "their numbers together.",
        ),
        (
            "norm of the last array",
            lambda: lambda arrays: own(arrays[-1]),
            "For the global norm, the norm of the last array is taken. Does each turn of a loop "
            "add to what is there?",
        ),
    )
    return own, together


def _default_limits() -> list[Other]:
    message = "Where neither limit is given, the gradients are clipped all the same."
    return [
        ("clipnorm of 1 by default", lambda: (1, None), message),
        ("global_clipnorm of 1 by default", lambda: (None, 1), message),
    ]


def _joined(arrays: Arrays) -> np.ndarray:
    return np.concatenate([array.ravel() for array in arrays])


def _norm(arrays: Arrays) -> np.floating:
    return np.linalg.norm(_joined(arrays))


def _spectral_norm(arrays: Arrays) -> np.floating:
    return np.linalg.norm([np.linalg.norm(array, 2) for array in arrays])


def _factor(norm: np.floating, limit: float) -> np.floating:
    """Return by what to multiply a gradient of this norm."""
    return np.float64(limit / np.maximum(norm, limit))


OTHER_NORMS: tuple[Other, ...] = (
    (
        "root missing",
        lambda: lambda arrays: np.sum(_joined(arrays) ** 2),
        "The sum of squares is used as the norm. Its root is missing.",
    ),
    (
        "mean of squares",
        lambda: lambda arrays: np.sqrt(np.mean(_joined(arrays) ** 2)),
        "The mean of the squares is taken where the norm has their sum.",
    ),
    (
        "sum of magnitudes",
        lambda: lambda arrays: np.abs(_joined(arrays)).sum(),
        "The magnitudes are added up. The norm is the root of the sum of squares.",
    ),
    (
        "largest magnitude",
        lambda: lambda arrays: np.abs(_joined(arrays)).max(),
        "The largest magnitude is used as the norm. The norm is the root of the sum of squares.",
    ),
    (
        "squared after adding",
        lambda: lambda arrays: np.abs(_joined(arrays).sum()),
        "The numbers are added up before they are squared. Square each number first.",
    ),
    (
        "spectral norm",
        lambda: _spectral_norm,
        "The largest singular value of a matrix is used as its norm: this is what `ord=2` means "
        "for an array with two axes. The norm is the root of the sum of squares.",
    ),
)

OTHER_OWN_NORMS: tuple[Other, ...] = (
    (
        "norm of each column",
        lambda: lambda array: np.linalg.norm(array, axis=0),
        "With clipnorm, each column of an array has its own norm. An array has one norm, over all "
        "its axes.",
    ),
    (
        "norm of each row",
        lambda: lambda array: np.linalg.norm(array, axis=-1, keepdims=True),
        "With clipnorm, each row of an array has its own norm. An array has one norm, over all its "
        "axes.",
    ),
)

OTHER_FACTORS: tuple[Other, ...] = (
    (
        "enlarged",
        lambda: lambda norm, limit: limit / norm,
        "A gradient whose norm is below the limit is scaled, too. Clipping only ever shortens.",
    ),
    (
        "not clipped",
        lambda: lambda norm, limit: 1,
        "The gradients come back as they were, also where the norm exceeds the limit.",
    ),
    (
        "condition inverted",
        lambda: lambda norm, limit: limit / min(norm, limit),
        "The gradients are scaled where the norm is *below* the limit, and stay as they are where "
        "it exceeds it.",
    ),
    (
        "not multiplied by the limit",
        lambda: lambda norm, limit: 1 / norm if norm > limit else 1,
        "The gradients are divided by their norm, so that the norm becomes 1, whatever the limit "
        "is.",
    ),
    (
        "multiplied by the limit alone",
        lambda: lambda norm, limit: limit if norm > limit else 1,
        "The gradients are multiplied by the limit, whatever their norm is.",
    ),
    (
        "factor inverted",
        lambda: lambda norm, limit: norm / limit if norm > limit else 1,
        "The factor is upside down: a gradient that is too long gets longer.",
    ),
    (
        "divided by a norm of 0",
        lambda: lambda norm, limit: np.minimum(norm, limit) / norm,
        "A gradient of zeros is divided by its norm, which is 0, and becomes NaN. It should stay "
        "as it is.",
    ),
)


def sgd_step(
    choose: Choose, weights: Arrays, gradients: Arrays, learning_rate: float | None = None
) -> Any:
    """Return the weights after an update. learning_rate: None where it is left out, for 0.01."""
    rate = _rate(choose, learning_rate, 0.01)
    used = choose("gradients", list(gradients), *_other_gradients(gradients))
    changes = [rate * gradient for gradient in used]
    changed = _subtracted(choose, weights, changes, "rate times gradient")
    return listed(choose, "list", changed, "the weights")


def _other_gradients(gradients: Arrays) -> list[Other]:
    return [
        (
            "gradients of length 1",
            lambda: [each / max(np.linalg.norm(each), 1e-12) for each in gradients],
            "Each gradient is divided by its norm, so that all steps have one length. A step is as "
            "long as its gradient says.",
        ),
        (
            "signs of the gradients",
            lambda: [np.sign(each) for each in gradients],
            "Each weight moves by the sign of its gradient alone. A large gradient makes a large "
            "step.",
        ),
        (
            "divided by the number of arrays",
            lambda: [each / len(gradients) for each in gradients],
            "The change is divided by the number of arrays. Each array takes its whole step.",
        ),
    ]


def _rate(choose: Choose, given: float | None, default: float) -> float:
    """Return the learning rate, or what stands in its place. given: None where it is left out."""
    missing = (
        "learning rate missing",
        lambda: 1,
        "The learning rate is missing: it scales how far each weight moves.",
    )
    if given is None:
        return choose("learning rate", default, missing, *_default_rates(default))
    return choose(
        "learning rate",
        given,
        missing,
        (
            "learning rate ignored",
            lambda: default,
            "The learning rate has its default, whatever is given.",
        ),
        (
            "divided by the learning rate",
            lambda: 1 / given,
            "The change is divided by the learning rate. It is multiplied by it.",
        ),
        (
            "learning rate squared",
            lambda: given**2,
            "The learning rate is applied twice.",
        ),
    )


def _default_rates(default: float) -> list[Other]:
    return [
        (
            f"learning rate of {other} by default",
            lambda other=other: other,
            f"Where no learning rate is given, yours is {other}. The text gives another default.",
        )
        for other in (0.001, 0.01, 0.1)
        if other != default
    ]


def _subtracted(choose: Choose, weights: Arrays, changes: Arrays, name: str) -> list[np.ndarray]:
    """Return the weights minus their changes. name: what the changes are, for a message."""
    return choose(
        "weights",
        [weight - change for weight, change in zip(weights, changes)],
        (
            "uphill",
            lambda: [weight + change for weight, change in zip(weights, changes)],
            "The weights move in the direction of the gradient, in which the loss *grows*.",
        ),
        (
            "change alone",
            lambda: list(changes),
            f"The result is the change alone, {name}. The new weights are asked for.",
        ),
        (
            "change with its sign alone",
            lambda: [-change for change in changes],
            f"The result is the change alone, {name} with a minus. The new weights are asked for.",
        ),
        (
            "weights unchanged",
            lambda: list(weights),
            "The weights come back as they were. A loop variable that is set anew does not change "
            "the list.",
        ),
        (
            "multiplied",
            lambda: [weight * (1 - change) for weight, change in zip(weights, changes)],
            "The change is multiplied by the weight. It is subtracted from it as it is.",
        ),
    )


def adam_step(
    choose: Choose,
    weights: Arrays,
    gradients: Arrays,
    m: Arrays,
    v: Arrays,
    step: int,
    learning_rate: float | None = None,
    beta_1: float = BETA_1,
    beta_2: float = BETA_2,
    epsilon: float = EPSILON,
) -> list:
    """Return weights, m and v after an update. learning_rate: None where left out, for 0.001."""
    rate = _rate(choose, learning_rate, 0.001)
    beta_1, beta_2 = _betas(choose, beta_1, beta_2)
    new_m = _moments(choose, "m", m, gradients, beta_1)
    new_v = _moments(choose, "v", v, _squares(choose, m, gradients), beta_2)
    new_v = choose("greatest v", new_v, *_greatest(v, new_v))
    used_m, used_v = choose(
        "moments in the update",
        (new_m, new_v),
        (
            "old m and v in the update",
            lambda: (m, v),
            "The weights move by the m and v from *before* this step. Update both first.",
        ),
        (
            "old m in the update",
            lambda: (m, new_v),
            "The weights move by the m from before this step. Update it first.",
        ),
        (
            "old v in the update",
            lambda: (new_m, v),
            "The weights move by the v from before this step. Update it first.",
        ),
        (
            "gradient for m in the update",
            lambda: (gradients, new_v),
            "The weights move by the gradient of this step. Adam moves them by m, the mean of the "
            "gradients so far.",
        ),
    )
    root_of_v, root = choose("roots", (np.sqrt, np.sqrt), *OTHER_ROOTS)
    shrunk_m, shrunk_v = _shrunk(choose, beta_1, beta_2, step)
    alpha = rate * root(shrunk_v) / shrunk_m
    epsilon = _epsilon(choose, epsilon)
    below = choose(
        "divisor",
        [root_of_v(each) + epsilon for each in used_v],
        (
            "epsilon inside the root",
            lambda: [root_of_v(each + epsilon) for each in used_v],
            "The epsilon is added to v before the root is taken. Keras adds it to the root.",
        ),
        (
            "epsilon beside the corrected root",
            lambda: [root_of_v(each) + epsilon * root(shrunk_v) for each in used_v],
            "The epsilon is added to the root of the *corrected* v, as in the article on Adam. "
            "Keras adds it to the root of v itself.",
        ),
        (
            "division missing",
            lambda: [1] * len(used_v),
            "The change is not divided by the root of v.",
        ),
        (
            "axes of length 1 lost in the divisor",
            lambda: [np.squeeze(root_of_v(each) + epsilon) for each in used_v],
            "The root of v has lost an axis of length 1. A row and a column of one length then "
            "give a whole matrix.",
        ),
    )
    changes = [alpha * each / by for each, by in zip(used_m, below)]
    weights = choose("weights before the change", weights, *_decayed(weights, rate))
    changed = _subtracted(choose, weights, changes, "the learning rate times m over the root of v")
    new_m = _returned(choose, "m", new_m, m, shrunk_m)
    new_v = _returned(choose, "v", new_v, v, shrunk_v)
    new_m, new_v = choose("lists of m and v", (new_m, new_v), *_one_list(new_m, new_v))
    results = [
        listed(choose, "list of weights", changed, "the weights"),
        listed(choose, "list of m", new_m, "m"),
        listed(choose, "list of v", new_v, "v"),
    ]
    return choose(
        "order",
        results,
        (
            "weights last",
            lambda: [*results[1:], results[0]],
            "The weights come last in what is returned. The order asked for is the weights, m, v.",
        ),
    )


def _greatest(old_v: Arrays, new_v: Arrays) -> list[Other]:
    return [
        (
            "v: never smaller",
            lambda: [np.maximum(old, new) for old, new in zip(old_v, new_v)],
            "Your v never becomes smaller, as in AMSGrad. In Adam it may.",
        )
    ]


def _decayed(weights: Arrays, rate: float) -> list[Other]:
    return [
        (
            f"weight decay of {decay}",
            lambda decay=decay: [(1 - decay * rate) * weight for weight in weights],
            f"The weights also shrink at each step, by a decay of {decay}, as in AdamW. Adam has "
            "none.",
        )
        for decay in (0.01, 0.004)
    ]


def _one_list(m: Arrays, v: Arrays) -> list[Other]:
    def taking_turns() -> tuple[list, list]:
        both = [each for pair in zip(m, v) for each in pair]
        return both, both

    return [
        (
            "one list for m and v",
            taking_turns,
            "The arrays of m and v stand in the same list, which is returned twice. Two names for "
            "one list are still one list.",
        )
    ]


def _betas(choose: Choose, beta_1: float, beta_2: float) -> tuple[float, float]:
    return choose(
        "betas",
        (beta_1, beta_2),
        (
            "betas swapped",
            lambda: (beta_2, beta_1),
            "The two betas have changed places: beta_1 belongs to m, beta_2 to v.",
        ),
        (
            "beta_1 for both",
            lambda: (beta_1, beta_1),
            "Your v uses beta_1. It has a beta of its own.",
        ),
        (
            "beta_2 for both",
            lambda: (beta_2, beta_2),
            "Your m uses beta_2. It has a beta of its own.",
        ),
        (
            "betas ignored",
            lambda: (BETA_1, BETA_2),
            "The betas have their defaults, whatever is given.",
        ),
    )


def _squares(choose: Choose, m: Arrays, gradients: Arrays) -> list[np.ndarray]:
    return choose(
        "squares",
        [gradient**2 for gradient in gradients],
        (
            "square missing",
            lambda: list(gradients),
            "Your v takes the gradient as it is. It is the mean of its *squares*.",
        ),
        (
            "magnitude for the square",
            lambda: [np.abs(gradient) for gradient in gradients],
            "Your v takes the magnitude of the gradient. It is the mean of its *squares*.",
        ),
        (
            "square of m",
            lambda: [each**2 for each in m],
            "Your v takes the square of m. It is the mean of the squares of the *gradients*.",
        ),
        (
            "squared norm",
            lambda: [np.full_like(gradient, np.sum(gradient**2)) for gradient in gradients],
            "The squares of an array are added up before v takes them. Each weight has a v of its "
            "own.",
        ),
    )


def _moments(choose: Choose, name: str, old: Arrays, new: Arrays, beta: float) -> list[np.ndarray]:
    """Return m or v after a step. old: before it. new: the gradients, or their squares."""

    def mixed(keep: float, take: float) -> list[np.ndarray]:
        return [keep * one + take * other for one, other in zip(old, new)]

    return choose(
        name,
        mixed(beta, 1 - beta),
        (
            f"{name}: shares swapped",
            lambda: mixed(1 - beta, beta),
            f"In {name} the two shares have changed places: with a beta near 1 the old value is "
            "kept almost whole.",
        ),
        (
            f"{name}: new share whole",
            lambda: mixed(beta, 1),
            f"In {name} the new share enters whole. The two shares add up to 1, so that a mean "
            "comes out.",
        ),
        (
            f"{name}: old share whole",
            lambda: mixed(1, 1 - beta),
            f"In {name} the old value is kept whole. The two shares add up to 1, so that a mean "
            "comes out.",
        ),
        (
            f"{name}: old value lost",
            lambda: mixed(0, 1 - beta),
            f"Your {name} does not depend on the one from before the step.",
        ),
        (
            f"{name}: new value alone",
            lambda: mixed(0, 1),
            f"Your {name} is made of the gradient of this step alone.",
        ),
    )


def _shrunk(choose: Choose, beta_1: float, beta_2: float, step: int) -> tuple[float, float]:
    """Return by what m and v are too small after so many steps from zeros."""
    count = choose(
        "count",
        step,
        (
            "count from 0",
            lambda: step - 1,
            "The correction counts the steps from 0. The first step has the number 1.",
        ),
        (
            "one step too many",
            lambda: step + 1,
            "The correction counts one step too many: step is the number of this one.",
        ),
        (
            "always the first step",
            lambda: 1,
            "The correction does not depend on the number of the step.",
        ),
    )
    return choose(
        "correction",
        (1 - beta_1**count, 1 - beta_2**count),
        (
            "correction missing",
            lambda: (1, 1),
            "The correction is missing: m and v begin at 0, and are too small at first.",
        ),
        (
            "correction of m missing",
            lambda: (1, 1 - beta_2**count),
            "Your v is corrected for its beginning at 0, but m is not.",
        ),
        (
            "correction of v missing",
            lambda: (1 - beta_1**count, 1),
            "Your m is corrected for its beginning at 0, but v is not.",
        ),
        (
            "correction upside down",
            lambda: (1 / (1 - beta_1**count), 1 / (1 - beta_2**count)),
            "The correction is upside down: m and v are too small at first, and yours get smaller "
            "still.",
        ),
        (
            "product for the power",
            lambda: (1 - beta_1 * count, 1 - beta_2 * count),
            "In the correction, a beta is multiplied by the number of the step. It is raised to "
            "that power.",
        ),
    )


OTHER_ROOTS: tuple[Other, ...] = (
    (
        "root of v missing",
        lambda: (np.positive, np.sqrt),
        "The change is divided by v itself. It is divided by its root.",
    ),
    (
        "root of the correction missing",
        lambda: (np.sqrt, np.positive),
        "Your v is corrected after the root was taken, by the whole factor. The root is taken of "
        "the corrected v.",
    ),
    (
        "root of the corrected v missing",
        lambda: (np.positive, np.positive),
        "The change is divided by the corrected v itself. It is divided by its root.",
    ),
)


def _epsilon(choose: Choose, epsilon: float) -> float:
    return choose(
        "epsilon",
        epsilon,
        (
            "epsilon missing",
            lambda: 0,
            "The epsilon is missing from the divisor.",
        ),
        (
            "epsilon ignored",
            lambda: EPSILON,
            "The epsilon has its default, whatever is given.",
        ),
    )


def _returned(
    choose: Choose, name: str, new: Arrays, old: Arrays, shrunk: float
) -> list[np.ndarray]:
    return choose(
        f"returned {name}",
        list(new),
        (
            f"{name}: corrected",
            lambda: [each / shrunk for each in new],
            f"The {name} that is returned is corrected already. The next step needs it as it is; "
            "the correction serves this update alone.",
        ),
        (
            f"{name}: from before the step",
            lambda: list(old),
            f"The {name} that is returned is the one from before the step.",
        ),
    )


def weight_shapes(rng: Draw) -> list[tuple[int, ...]]:
    """Draw the shapes of two matrices and a vector, in any order."""
    rows, columns = sizes(rng, 2)
    shapes: list[tuple[int, ...]] = [(rows, columns), (columns, columns), (columns,)]
    return [shapes[k] for k in rng.permutation(3)]


def limits(gradients: Arrays) -> list[float]:
    """List limits that tell mistaken norms apart: below, between and above the norms of arrays."""
    norms = sorted(float(np.linalg.norm(each)) for each in gradients)
    whole = float(np.linalg.norm(norms))
    marks = [*norms, whole, whole + whole**2]
    between = [(low + high) / 2 for low, high in pairwise(marks)]
    return [marks[0] / 2, *between, 2 * marks[-1]]


def _clip_draw(rng: Draw) -> tuple:
    """Draw gradients, with a limit for each array, for all arrays, or none."""
    scales = rng.permutation([0.4, 1, 3])
    gradients = [scale * each for scale, each in zip(scales, normal(rng, *weight_shapes(rng)))]
    chosen = limits(gradients)
    limit = chosen[(rng.number // 2) % len(chosen)]
    if rng.number == 10:  # nothing has arrived
        gradients = [0 * each for each in gradients]
    if rng.number == 11:  # both are left out, so that a default is seen, too
        return (gradients,)
    return (gradients, None, limit) if rng.number % 2 else (gradients, limit, None)


def _sgd_draw(rng: Draw) -> tuple:
    shapes = weight_shapes(rng)
    weights, gradients = normal(rng, *shapes), normal(rng, *shapes)
    return (weights, gradients, *([0.3] if rng.number % 3 else []))


def adam_inputs(rng: np.random.Generator, shapes: list[tuple[int, ...]]) -> tuple:
    """Draw weights, gradients, and an m and v as after some steps, for arrays of these shapes."""
    weights, gradients, m = (normal(rng, *shapes) for _ in range(3))
    return weights, gradients, m, [each**2 for each in normal(rng, *shapes)]


def _adam_draw(rng: Draw) -> tuple:
    inputs = adam_inputs(rng, weight_shapes(rng))
    if rng.number == 4:  # nothing has ever arrived at one of the arrays
        for arrays in inputs[1:]:
            arrays[0] *= 0
    if rng.number % 3 == 0:
        return *inputs, 2 + rng.number
    if rng.number == 7:  # here alone 1 - beta * step, a mistake, is no negative number
        return *inputs, 1, 0.3, 0.7, 0.95, 0.2
    return *inputs, 1 + rng.number, 0.3, 0.7, 0.95, (1e-7, 0.2)[rng.number % 2]


CLIP_GRADIENTS = Reference(
    clip_gradients,
    _clip_draw,
    {"the clipped gradients": ""},
    look="Work both worked numbers: which norm is compared with the limit, 5 and 12, or 13?",
)
SGD_STEP = Reference(
    sgd_step,
    _sgd_draw,
    {"the weights": ""},
    look="Look at the worked number: in which direction does the weight move, and how far?",
)
ADAM_STEP = Reference(
    adam_step,
    _adam_draw,
    {"the weights": "", "m": "", "v": ""},
    look="Look at m and v of the worked number first, 0.2 and 0.004, then at alpha.",
)
