"""What the functions of the vanishing-gradient assignment return, with the mistakes of learners.

Shapes: h, h_new, dh (batch, units); recurrent_kernel (units, units); jacobians (time, batch, units,
units), with a row for each unit of the new state and a column for each unit of the old one.
"""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

import numpy as np

from .inputs import Draw, float32, normal, sizes
from .reference import Choose, Other, Reference

ARRAY_AXES = {1: "batch", 2: "batch, units", 3: "batch, time, units"}
"""What the axes of an array of any shape may stand for, by their number."""


def tanh_derivative(choose: Choose, h: np.ndarray) -> np.ndarray:
    """Return the derivatives of tanh at its outputs h, of any shape."""
    return choose(
        "derivative",
        _slope(choose, h, "h"),
        (
            "squares added up",
            lambda: 1 - np.sum(h**2),
            "The squares of all numbers in h are added up. Each number is treated on its own.",
        ),
        (
            "squares of a row added up",
            lambda: 1 - np.sum(h**2, axis=-1),
            "The squares in each row of h are added up. Each number is treated on its own.",
        ),
        (
            "matrix product",
            lambda: 1 - h @ h.T,
            "h is multiplied with itself as a *matrix*. A square is taken number by number.",
        ),
    )


def _slope(choose: Choose, h: np.ndarray, name: str) -> np.ndarray:
    """Return the derivatives of tanh at its outputs h, which a message calls `name`."""
    output = choose(
        "output",
        h,
        (
            "argument of tanh",
            lambda: np.tanh(h),
            f"{name} is taken for the argument of tanh, and tanh is applied once more. {name} is "
            "already the output.",
        ),
        (
            "tanh undone",
            lambda: np.arctanh(h),
            f"{name} is turned back into the argument of tanh, and that is used. The formula wants "
            "the output.",
        ),
    )
    square = choose(
        "square",
        output**2,
        (
            "square missing",
            lambda: output,
            f"The square is missing: your slope differs at {name} and at -{name}. tanh is equally "
            "steep at both.",
        ),
        (
            "magnitude",
            lambda: np.abs(output),
            f"The magnitude of {name} is taken where its square belongs.",
        ),
        (
            "times two",
            lambda: 2 * output,
            f"{name} is doubled where its square belongs. A square is a number times itself.",
        ),
    )
    slope = 1 - square
    return choose(
        "slope",
        slope,
        (
            "plus",
            lambda: 1 + square,
            "Something is added to 1 in your slope. tanh is steepest at 0, and its slope there is "
            "1.",
        ),
        (
            "1 missing",
            lambda: square,
            f"Your slope is 0 where {name} is 0. That is where tanh is steepest.",
        ),
        (
            "derivative squared",
            lambda: slope**2,
            "The derivative of tanh is squared once too often.",
        ),
        (
            "difference squared",
            lambda: (1 - output) ** 2,
            f"Your square is that of the whole difference between 1 and {name}. What does the "
            "square in the formula belong to?",
        ),
        ("root", lambda: np.sqrt(slope), "This has the square root of the derivative of tanh."),
        (
            "h itself",
            lambda: output,
            f"This has {name} itself in place of the derivative of tanh.",
        ),
        (
            "sigmoid",
            lambda: output * (1 - output),
            "This is how the derivative of a *sigmoid* follows from its output. The activation is "
            "tanh.",
        ),
        (
            "relu",
            lambda: (output > 0).astype(float),
            "This is the derivative of a ReLU: 1 or 0. The activation is tanh.",
        ),
        (
            "twice the output",
            lambda: 2 * output,
            f"Twice {name} is there, as if the square had been differentiated. The formula squares "
            f"{name}.",
        ),
        (
            "differentiated twice",
            lambda: -2 * output,
            "The formula is differentiated once more. It is the derivative already.",
        ),
        (
            "second derivative",
            lambda: -2 * output * slope,
            "This is the *second* derivative of tanh. The first one is asked for.",
        ),
        (
            "inverse",
            lambda: 1 / slope,
            "This is 1 over the derivative: how the argument of tanh changes with its output.",
        ),
    )


def step_jacobian(choose: Choose, h_new: np.ndarray, recurrent_kernel: np.ndarray) -> np.ndarray:
    """Return the Jacobian of one step (batch, units, units)."""
    state = choose(
        "state",
        h_new,
        (
            "state averaged over the batch",
            lambda: np.broadcast_to(h_new.mean(axis=0), h_new.shape),
            "Every sample has the Jacobian at the mean of the states. Each has a state of its own.",
        ),
        (
            "one step further",
            lambda: np.tanh(h_new @ recurrent_kernel),
            "h_new is sent through the step once more. It is already the state after the step.",
        ),
    )
    slope = choose(
        "derivative",
        _slope(choose, state, "h_new"),
        (
            "derivative missing",
            lambda: np.ones_like(h_new),
            "This is the recurrent kernel's share alone. The derivative of tanh is missing.",
        ),
    )
    kernel = _kernel(choose, recurrent_kernel)
    jacobian = slope[:, :, np.newaxis] * kernel
    return choose("jacobian", jacobian, partial(_other_jacobians, state, slope, kernel, jacobian))


def _kernel(choose: Choose, recurrent_kernel: np.ndarray) -> np.ndarray:
    """Return the recurrent kernel with a row for each unit of the new state."""
    units = len(recurrent_kernel)
    return choose(
        "recurrent kernel",
        recurrent_kernel.T,
        (
            "recurrent kernel not transposed",
            lambda: recurrent_kernel,
            "The derivative of tanh scales the right axis, but the recurrent kernel lies the other "
            "way. Its rows belong to the old state, the Jacobian's rows to the new one.",
        ),
        (
            "recurrent kernel missing",
            lambda: np.eye(units),
            "This is the derivative of tanh alone, on the diagonal. The recurrent kernel is "
            "missing.",
        ),
        (
            "ones for the recurrent kernel",
            lambda: np.ones((units, units)),
            "All numbers in a row of your Jacobian are equal: the derivative of tanh. The "
            "recurrent kernel is missing.",
        ),
        (
            "diagonal alone",
            lambda: np.diag(np.diag(recurrent_kernel)),
            "Only the diagonal is there. A matrix that scales rows acts by a matrix product, or by "
            "broadcasting; number by number it wipes out all the rest.",
        ),
    )


def _other_jacobians(
    state: np.ndarray, slope: np.ndarray, kernel: np.ndarray, jacobian: np.ndarray
) -> list[Other]:
    """List what else is made of the derivative of tanh and the recurrent kernel."""
    return [
        (
            "derivative on the wrong axis",
            lambda: slope[:, np.newaxis] * kernel,
            "The derivative of tanh scales the wrong axis. It belongs to the unit of the *new* "
            "state.",
        ),
        (
            "derivative without an axis",
            lambda: slope * kernel,
            "The derivative of tanh is (batch, units), and each sample has a matrix of its own. It "
            "needs a third axis before it can scale the rows.",
        ),
        (
            "derivative added",
            lambda: slope[:, :, np.newaxis] + kernel,
            "The derivative of tanh and the recurrent kernel are added. One follows the other, so "
            "they multiply.",
        ),
        (
            "parentheses missing",
            lambda: 1 - (state**2)[:, :, np.newaxis] * kernel,
            "The 1 of the derivative of tanh is not multiplied with the recurrent kernel. Are "
            "there parentheses around the whole derivative?",
        ),
        (
            "outputs added up",
            lambda: jacobian.sum(axis=1),
            "One axis is missing: this adds up how all units of the new state react, as a matrix "
            "product does. Keep a row for each of them.",
        ),
        (
            "inputs added up",
            lambda: jacobian.sum(axis=2),
            "One axis is missing: this adds up how a unit reacts to all units of the old state. "
            "Keep a column for each of them.",
        ),
        (
            "derivative of both units",
            lambda: jacobian * slope[:, np.newaxis],
            "The derivative of tanh enters twice, also for the unit of the *old* state. Only the "
            "new state comes out of this step's tanh.",
        ),
        (
            "np.diag of the whole batch",
            lambda: np.diag(slope) @ kernel,
            "Your `np.diag` makes a matrix of one vector; of an array of samples it takes the "
            "diagonal. Each sample needs a matrix of its own.",
        ),
        (
            "last row zero",
            lambda: np.append(jacobian[:, :-1], 0 * jacobian[:, -1:], axis=1),
            "The last row of each Jacobian is zero. Does the loop over the units of the new state "
            "reach the end?",
        ),
        (
            "last column zero",
            lambda: np.append(jacobian[..., :-1], 0 * jacobian[..., -1:], axis=2),
            "The last column of each Jacobian is zero. Does the loop over the units of the old "
            "state reach the end?",
        ),
    ]


def jacobian_product(choose: Choose, jacobians: np.ndarray) -> np.ndarray:
    """Return the derivative of the last state with respect to the first (batch, units, units)."""
    units = jacobians.shape[-1]
    factors = _factors(choose, jacobians)
    product = factors[0]
    products = [product]
    for factor in factors[1:]:
        product = _multiplied(choose, factor, product)
        products.append(product)
    return choose(
        "product",
        product,
        (
            "mean",
            lambda: factors.mean(axis=0),
            "This is the mean of the Jacobians. Steps that follow each other multiply.",
        ),
        (
            "all products",
            lambda: np.stack(products),
            "The products after every step are returned. Only the last of them is asked for.",
        ),
        (
            "all axes reversed",
            lambda: np.flip(product),
            "In your result the samples and the units are in the reverse order. `np.flip` without "
            "an axis reverses every axis.",
        ),
        (
            "started from ones",
            lambda: product @ np.ones((units, units)),
            "The product starts from a matrix full of ones, on the right. Which matrix leaves "
            "another one as it is?",
        ),
        (
            "ones on the left",
            lambda: np.ones((units, units)) @ product,
            "The product starts from a matrix full of ones, on the left. Which matrix leaves "
            "another one as it is?",
        ),
    )


def _factors(choose: Choose, jacobians: np.ndarray) -> np.ndarray:
    """Return the factors of the product, the first step first."""
    batch = jacobians.shape[1]
    taken = choose(
        "taken",
        jacobians,
        (
            "each transposed",
            lambda: jacobians.swapaxes(2, 3),
            "Each Jacobian is transposed before the product.",
        ),
        (
            "batch taken for time",
            lambda: jacobians.swapaxes(0, 1),
            "The product runs over the samples. Time is the first axis here, the batch the second.",
        ),
        (
            "steps counted by the batch",
            lambda: np.stack([jacobians[t] for t in range(batch)]),
            f"The product has {batch} factors, as many as there are samples. Time is the first "
            "axis here.",
        ),
        (
            "power of the first step",
            lambda: np.broadcast_to(jacobians[:1], jacobians.shape),
            "The first step's Jacobian enters at every step. Each step has one of its own.",
        ),
        (
            "power of the last step",
            lambda: np.broadcast_to(jacobians[-1:], jacobians.shape),
            "The last step's Jacobian enters at every step. Each step has one of its own.",
        ),
        (
            "power of the mean",
            lambda: np.broadcast_to(jacobians.mean(axis=0), jacobians.shape),
            "The mean of all steps' Jacobians enters at every step. Each step has one of its own.",
        ),
        (
            "samples averaged",
            lambda: jacobians.mean(axis=1),
            "The samples are averaged before the product, and their axis is lost. Each sample has "
            "a result of its own.",
        ),
        (
            "last step first",
            lambda: np.roll(jacobians, 1, axis=0),
            "The last step's Jacobian comes before the first one's. Python counts from 0, and "
            "index -1 is the end.",
        ),
        (
            "Jacobian averaged over the batch",
            lambda: np.broadcast_to(jacobians.mean(axis=1, keepdims=True), jacobians.shape),
            "Every sample uses the mean of the samples' Jacobians. Each has one of its own.",
        ),
    )
    begun = choose(
        "begun",
        taken,
        (
            "first step missing",
            lambda: taken[1:],
            "The first step's Jacobian is missing from the product.",
        ),
        (
            "first step twice",
            lambda: np.concatenate([taken[:1], taken]),
            "The first step's Jacobian enters twice. If the product starts with it, go on with the "
            "second.",
        ),
    )
    ended = choose(
        "ended",
        begun,
        (
            "last step missing",
            lambda: begun[: len(begun) - 1],
            "The last step's Jacobian is missing from the product.",
        ),
        (
            "last step twice",
            lambda: np.concatenate([begun, begun[-1:]]),
            "The last step's Jacobian enters twice. If the product starts with it, go on with the "
            "last but one.",
        ),
    )
    return choose(
        "kept",
        ended,
        (
            "first step only",
            lambda: ended[:1],
            "This is the Jacobian of the first step alone.",
        ),
        (
            "last step only",
            lambda: ended[-1:],
            "This is the Jacobian of the last step alone.",
        ),
        (
            "first step by itself",
            lambda: np.stack([ended[0]] * 2),
            "The first step's Jacobian is multiplied by itself, and no other step enters. Which "
            "steps does your loop run over?",
        ),
        (
            "last step by itself",
            lambda: np.stack([ended[-1]] * min(2, len(ended))),
            "The last step's Jacobian is multiplied by itself, and no other step enters. Does each "
            "turn of the loop go on from what the turn before has left?",
        ),
        (
            "first two steps only",
            lambda: ended[:2],
            "Only the first two steps are in the product. Does `return` stand inside the loop?",
        ),
        (
            "last two steps only",
            lambda: ended[-2:],
            "Only the last two steps are in the product. Does each turn of the loop go on from "
            "what the turn before has left?",
        ),
    )


def _multiplied(choose: Choose, factor: np.ndarray, product: np.ndarray) -> np.ndarray:
    """Return the product with one factor more, that of the next step."""

    def transposed(matrices: np.ndarray) -> np.ndarray:
        return matrices.swapaxes(-2, -1)

    return choose(
        "multiplied",
        factor @ product,
        (
            "order reversed",
            lambda: product @ factor,
            "The factors stand in the reverse order. The first step acts first: on which side of "
            "the product must it stand?",
        ),
        (
            "number by number",
            lambda: factor * product,
            "The matrices are multiplied number by number. Steps that follow each other need the "
            "matrix product.",
        ),
        (
            "sum",
            lambda: factor + product,
            "The Jacobians are added. Steps that follow each other multiply.",
        ),
        (
            "Jacobian added",
            lambda: factor @ product + factor,
            "At every step the Jacobian is added to the product. Steps that follow each other only "
            "multiply.",
        ),
        (
            "old product added",
            lambda: factor @ product + product,
            "At every step the product so far is added to the new one. The new one replaces it.",
        ),
        (
            "transposed in the loop",
            lambda: transposed(factor) @ product,
            "From the second step on, each Jacobian is transposed before it is multiplied.",
        ),
        (
            "product transposed in the loop",
            lambda: factor @ transposed(product),
            "At every step the product so far is transposed before it is multiplied: the sum runs "
            "over its columns. Which index of the product so far is the sum over?",
        ),
        (
            "result transposed in the loop",
            lambda: transposed(factor @ product),
            "At every step rows and columns of the product change places.",
        ),
    )


def gradient_norms(choose: Choose, dh: np.ndarray, jacobians: np.ndarray) -> np.ndarray:
    """Return the norms of the gradients (time + 1, batch)."""
    start = choose(
        "dh",
        dh,
        (
            "dh ignored",
            lambda: np.ones_like(dh),
            "The gradient starts from ones. It starts from dh.",
        ),
        (
            "dh of the first sample",
            lambda: np.broadcast_to(dh[:1], dh.shape),
            "All samples start from the dh of the first one. Each has a row of its own.",
        ),
        (
            "dh averaged over the batch",
            lambda: np.broadcast_to(dh.mean(axis=0), dh.shape),
            "All samples start from the mean of the rows of dh. Each has a row of its own.",
        ),
        (
            "dh divided by the batch",
            lambda: dh / len(dh),
            "dh is divided by the number of samples. It is the gradient as it stands.",
        ),
    )
    factors = _backwards(choose, jacobians)
    gradients = _gradients(choose, start, factors)
    passed = choose(
        "gradients",
        gradients,
        (
            "products in the reverse order",
            lambda: _through_products(start, factors),
            "The product of the Jacobians that lead back by a lag stands in the reverse order. "
            "The gradient, a row on its left, meets the last step first.",
        ),
        (
            "first steps instead of the last",
            lambda: _through_products(start, factors[::-1]),
            "At lag k your gradient has passed the *first* k steps of the sequence. Going back "
            "from the last state it passes the last k.",
        ),
        (
            "last two lags alone",
            lambda: gradients[-2:],
            "Only the last two lags are there. Is the list begun anew in every turn of the loop?",
        ),
    )
    norms = _norms(choose, passed)
    return choose("norms", norms, partial(_norms_of_products, norms, factors))


def _norms_of_products(norms: np.ndarray, factors: np.ndarray) -> list[Other]:
    """List the norms of the matrices that lead back by a lag, with that of dh at lag 0 or not."""
    of_matrices = (
        "From lag 1 on these are norms of the products of Jacobians. dh is missing there: the "
        "gradient is dh after it has passed them."
    )

    def frobenius() -> np.ndarray:
        return np.linalg.norm(_products(factors), axis=(2, 3))

    def spectral() -> np.ndarray:
        return np.linalg.norm(_products(factors), 2, axis=(2, 3))

    return [
        ("norms of products", lambda: np.append(norms[:1], frobenius()[1:], axis=0), of_matrices),
        ("norms of all products", frobenius, f"{of_matrices} At lag 0 it is dh itself."),
        (
            "spectral norms of products",
            lambda: np.append(norms[:1], spectral()[1:], axis=0),
            of_matrices,
        ),
        ("spectral norms of all products", spectral, f"{of_matrices} At lag 0 it is dh itself."),
    ]


def _products(factors: np.ndarray) -> np.ndarray:
    """Return the products of the first factors, from none of them to all, each on the right."""
    grown = [np.broadcast_to(np.eye(factors.shape[-1]), factors.shape[1:])]
    for factor in factors:
        grown.append(grown[-1] @ factor)
    return np.stack(grown)


def _backwards(choose: Choose, jacobians: np.ndarray) -> np.ndarray:
    """Return the Jacobians in the order in which the gradient meets them."""
    batch = jacobians.shape[1]
    return choose(
        "order",
        np.flip(jacobians, 0),
        (
            "time order reversed",
            lambda: jacobians,
            "The Jacobian of the first step is used first. The gradient runs backwards: which step "
            "does it meet first?",
        ),
        (
            "reversed and transposed",
            lambda: jacobians.swapaxes(2, 3),
            "This sends dh *forwards*: from the first step on, through the Jacobians as they are. "
            "A gradient runs backwards, in time and from rows to columns.",
        ),
        (
            "first step first",
            lambda: np.roll(np.flip(jacobians, 0), 1, axis=0),
            "The gradient meets the first step's Jacobian first, and then those from the last one "
            "on. Index -0 is index 0.",
        ),
        (
            "step before",
            lambda: np.roll(np.flip(jacobians, 0), -1, axis=0),
            "At each lag the Jacobian of the step before is used, and at the greatest lag that of "
            "the last step: index -1 is the end.",
        ),
        (
            "all axes reversed",
            lambda: np.flip(jacobians),
            "In your Jacobians the samples and the units are in the reverse order. `np.flip` "
            "without an axis reverses every axis.",
        ),
        (
            "last step missing",
            lambda: np.flip(jacobians, 0)[1:],
            "The last step's Jacobian is left out: at lag 1 the gradient has already passed it.",
        ),
        (
            "last step everywhere",
            lambda: np.broadcast_to(jacobians[-1:], jacobians.shape),
            "The last step's Jacobian is used at every lag. Each step has one of its own.",
        ),
        (
            "first step everywhere",
            lambda: np.broadcast_to(jacobians[:1], jacobians.shape),
            "The first step's Jacobian is used at every lag. Each step has one of its own.",
        ),
        (
            "steps counted by the batch",
            lambda: np.stack([jacobians[-1 - k] for k in range(batch)]),
            f"Your loop takes {batch} steps, as many as there are samples. Time is the first axis "
            "of jacobians.",
        ),
        (
            "last step counted by the batch",
            lambda: np.stack([jacobians[batch - 1 - k] for k in range(batch)]),
            f"Your loop starts from step {batch}, as if there were as many steps as samples. Time "
            "is the first axis of jacobians.",
        ),
        (
            "Jacobian averaged over the batch",
            lambda: np.broadcast_to(
                np.flip(jacobians, 0).mean(axis=1, keepdims=True), jacobians.shape
            ),
            "Every sample uses the mean of the samples' Jacobians. Each has one of its own.",
        ),
        (
            "Jacobian of the first sample",
            lambda: np.broadcast_to(np.flip(jacobians, 0)[:, :1], jacobians.shape),
            "Every sample uses the Jacobians of the first one. Each has one of its own.",
        ),
    )


def _one_step_back(choose: Choose, dh: np.ndarray, jacobian: np.ndarray) -> np.ndarray:
    """Return the gradient (batch, units) with respect to the state one step earlier."""
    back = (dh[:, np.newaxis] @ jacobian)[:, 0]
    return choose(
        "step back",
        back,
        (
            "Jacobian transposed",
            lambda: (jacobian @ dh[..., np.newaxis])[..., 0],
            "The Jacobian is applied as in the forward direction. The gradient runs from the units "
            "of the new state to those of the old one: over which index is the sum?",
        ),
        (
            "rows added up",
            lambda: dh * jacobian.sum(axis=2),
            "Each number of dh multiplies the sum of a row of the Jacobian. Multiply first; then "
            "add over the units of the *new* state.",
        ),
        (
            "columns added up",
            lambda: dh * jacobian.sum(axis=1),
            "Each number of dh multiplies the sum of a column of the Jacobian. Multiply first, "
            "with the number of dh that belongs to the row; then add.",
        ),
        (
            "diagonal alone",
            lambda: dh * np.diagonal(jacobian, axis1=1, axis2=2),
            "Only the diagonals of the Jacobians are used. Each unit is reached from all units of "
            "the state after it.",
        ),
        (
            "mean over the units",
            lambda: back / dh.shape[1],
            "At each step the mean over the units is taken. The chain rule adds.",
        ),
    )


def _gradients(choose: Choose, start: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """Return the gradients for all lags (time + 1, batch, units)."""
    now, gradients = start, [start]
    for factor in factors:
        back = _one_step_back(choose, now, factor)
        new = _added(choose, start, now, back)
        gradients.append(_collected(choose, now, new))
        now = choose(
            "handed back",
            new,
            (
                "steps not chained",
                lambda: start,
                "Every Jacobian acts on dh alone. The gradient at a lag is what is left of the one "
                "at the lag before.",
            ),
        )
    return np.stack(gradients)


def _collected(choose: Choose, old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Return the gradient that is kept of a step back."""
    return choose(
        "collected",
        new,
        (
            "lag 0 twice",
            lambda: old,
            "Lag 0 is there twice, and the greatest lag is missing. Collect the gradient *after* "
            "each step back.",
        ),
    )


def _added(choose: Choose, start: np.ndarray, old: np.ndarray, back: np.ndarray) -> np.ndarray:
    """Return the gradient at a lag, from what has come back by a step, and what learners add."""
    return choose(
        "added",
        back,
        (
            "old gradient added",
            lambda: old + back,
            "The gradient at the lag before is added. The new gradient replaces the old one.",
        ),
        (
            "dh added at every step",
            lambda: start + back,
            "dh is added again at every step. Here the loss depends on the last state alone, so dh "
            "enters once.",
        ),
    )


def _through_products(dh: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """Send dh through products that grow on the left; return (time + 1, batch, units)."""
    product = np.broadcast_to(np.eye(dh.shape[1]), factors.shape[1:])
    passed = [dh]
    for factor in factors:
        product = factor @ product
        passed.append((dh[:, np.newaxis] @ product)[:, 0])
    return np.stack(passed)


def _norms(choose: Choose, gradients: np.ndarray) -> np.ndarray:
    """Return the norms over the units of gradients (time + 1, batch, units)."""
    squares = np.sum(gradients**2, axis=-1)
    norms = np.sqrt(squares)
    another = "The norm asked for is the root of the sum of squares."
    return choose(
        "norm",
        norms,
        (
            "norms not taken",
            lambda: gradients,
            "These are the gradients themselves. Their norms over the units are asked for.",
        ),
        ("root missing", lambda: squares, "These are the squares of the norms."),
        (
            "sum of magnitudes",
            lambda: np.abs(gradients).sum(axis=-1),
            f"The magnitudes are added up. {another}",
        ),
        (
            "sum of numbers",
            lambda: gradients.sum(axis=-1),
            f"The numbers are added up as they are. {another}",
        ),
        (
            "largest magnitude",
            lambda: np.abs(gradients).max(axis=-1),
            f"This is the largest magnitude. {another}",
        ),
        (
            "mean of squares",
            lambda: norms / np.sqrt(gradients.shape[-1]),
            "The mean of the squares is taken where their sum belongs.",
        ),
        (
            "mean of magnitudes",
            lambda: np.abs(gradients).mean(axis=-1),
            f"This is the mean of the magnitudes. {another}",
        ),
        (
            "norm over the batch",
            lambda: np.sqrt(squares.sum(axis=-1)),
            "The norm runs over the batch as well. Each sample has a norm of its own.",
        ),
        (
            "spectral norm over the batch",
            lambda: np.linalg.norm(gradients, 2, axis=(1, 2)),
            "The rows of the samples are taken for one matrix, and its norm is returned. Each "
            "sample has a norm of its own.",
        ),
        (
            "norm over samples",
            lambda: np.sqrt(np.sum(gradients**2, axis=1)),
            "The norm runs over the samples in place of the units.",
        ),
        (
            "norm over the lags",
            lambda: np.sqrt(np.sum(gradients**2, axis=0)),
            "The norm runs over the lags in place of the units.",
        ),
        (
            "one norm for all",
            lambda: np.sqrt(squares.sum()),
            "A single norm is returned, of all numbers together. Each lag and each sample has one "
            "of its own.",
        ),
        (
            "relative to lag 0",
            lambda: norms / norms[:1],
            "The norms are divided by that of dh. They are asked for as they are.",
        ),
        (
            "logarithms",
            lambda: np.log10(norms),
            "These are logarithms of the norms. Only a plot has a logarithmic axis.",
        ),
    )


def norm_bound(choose: Choose, recurrent_kernel: np.ndarray, lags: np.ndarray) -> np.ndarray:
    """Return a bound for each lag (lags,)."""
    largest = _stretch(choose, recurrent_kernel)
    power = choose(
        "lags",
        lags,
        (
            "one step too many",
            lambda: lags + 1,
            "There is one factor too many. At lag 0 nothing has been multiplied.",
        ),
        (
            "one step too few",
            lambda: lags - 1,
            "There is one factor too few. At lag 1 one step has been taken.",
        ),
        (
            "lags not asked for",
            lambda: np.arange(len(lags)),
            "The bounds are those of the lags 0, 1, 2 and so on, not of those in `lags`.",
        ),
        (
            "lags counted from 1",
            lambda: 1 + np.arange(len(lags)),
            "The bounds are those of the lags 1, 2, 3 and so on, not of those in `lags`.",
        ),
        (
            "all lags up to the largest",
            lambda: np.arange(lags.max() + 1),
            "The bounds of all lags from 0 to the largest are returned. Only those in `lags` are "
            "asked for, in their order.",
        ),
        (
            "largest lag alone",
            lambda: lags.max(),
            "Only the bound of the largest lag is returned. Each entry of `lags` has a bound of "
            "its own.",
        ),
        (
            "lags sorted",
            lambda: np.sort(lags),
            "The bounds come in the order of growing lags. `lags` may have any order, and the "
            "bounds follow it.",
        ),
        (
            "inverse",
            lambda: -lags,
            "This is 1 over the bound.",
        ),
    )
    return choose(
        "bound",
        np.power(np.float64(largest), power),
        (
            "lag ignored",
            lambda: np.full(len(lags), largest),
            "The bound is the same for every lag. Each step multiplies it once more.",
        ),
        (
            "multiplied by the lag",
            lambda: largest * power,
            "The bound grows by a *sum* of steps. Steps that follow each other multiply.",
        ),
        (
            "base and exponent swapped",
            lambda: np.float64(power) ** largest,
            "The lag is raised to a power. It says how many equal factors there are.",
        ),
        (
            "exponential",
            lambda: np.exp(largest * power),
            "This is an exponential function of the singular value. Every step multiplies by the "
            "singular value itself.",
        ),
        (
            "falling exponential",
            lambda: np.exp(-largest * power),
            "This is a falling exponential function of the singular value. Every step multiplies "
            "by the singular value itself.",
        ),
        (
            "never above 1",
            lambda: np.minimum(1, np.float64(largest) ** power),
            "Your bounds are never above 1. A kernel that stretches lets a gradient grow, and so "
            "does its bound.",
        ),
        (
            "norm of the power",
            lambda: _norms_of_powers(recurrent_kernel, power),
            "This is the largest stretch by a *power* of the recurrent kernel. That is what the "
            "steps do without tanh; the bound asked for may be larger.",
        ),
    )


def _norms_of_powers(matrix: np.ndarray, powers: np.ndarray) -> np.ndarray:
    return np.array([np.linalg.norm(np.linalg.matrix_power(matrix, k), 2) for k in powers])


def _stretch(choose: Choose, recurrent_kernel: np.ndarray) -> np.floating:
    """Return the largest factor by which the recurrent kernel can stretch a vector."""
    values = np.linalg.svd(recurrent_kernel, compute_uv=False)
    magnitudes = np.abs(recurrent_kernel)
    asked = "The largest singular value is asked for."
    return choose(
        "stretch",
        values[0],
        (
            "largest eigenvalue",
            lambda: np.abs(np.linalg.eigvals(recurrent_kernel)).max(),
            "This uses the largest magnitude of an *eigenvalue*. Only the largest singular value "
            "says how much a matrix can stretch a vector in one step.",
        ),
        (
            "largest real part",
            lambda: np.linalg.eigvals(recurrent_kernel).real.max(),
            f"This uses the largest real part of an *eigenvalue*. {asked}",
        ),
        (
            "eigenvalue of a symmetric matrix",
            lambda: np.linalg.eigvalsh(recurrent_kernel).max(),
            "This uses an *eigenvalue*, by a function for symmetric matrices. The recurrent kernel "
            f"is not symmetric. {asked}",
        ),
        (
            "magnitude of an eigenvalue of a symmetric matrix",
            lambda: np.abs(np.linalg.eigvalsh(recurrent_kernel)).max(),
            "This uses the magnitude of an *eigenvalue*, by a function for symmetric matrices. The "
            f"recurrent kernel is not symmetric. {asked}",
        ),
        (
            "Frobenius norm",
            lambda: np.linalg.norm(recurrent_kernel),
            "This uses the Frobenius norm, the root of the sum of all squares. The largest "
            "singular value is smaller.",
        ),
        (
            "largest column sum",
            lambda: magnitudes.sum(axis=0).max(),
            "This uses the largest sum of a column's magnitudes, the norm of order 1. " + asked,
        ),
        (
            "largest row sum",
            lambda: magnitudes.sum(axis=1).max(),
            "This uses the largest sum of a row's magnitudes, the norm of infinite order. " + asked,
        ),
        (
            "longest column",
            lambda: np.linalg.norm(recurrent_kernel, axis=0).max(),
            "This uses the norm of the longest column of the recurrent kernel. " + asked,
        ),
        (
            "longest row",
            lambda: np.linalg.norm(recurrent_kernel, axis=1).max(),
            f"This uses the norm of the longest row of the recurrent kernel. {asked}",
        ),
        (
            "largest entry",
            lambda: magnitudes.max(),
            f"This uses the largest entry of the recurrent kernel. {asked}",
        ),
        (
            "determinant",
            lambda: np.abs(np.linalg.det(recurrent_kernel)),
            "This uses the determinant, which says how much a matrix stretches a volume. " + asked,
        ),
        (
            "root missing",
            lambda: values[0] ** 2,
            "This uses the *square* of the largest singular value. A singular value is the root of "
            "an eigenvalue of a matrix times its transpose.",
        ),
        (
            "root too many",
            lambda: np.sqrt(values[0]),
            "This uses the square *root* of the largest singular value.",
        ),
        (
            "smallest singular value",
            lambda: values[-1],
            "This uses the *smallest* singular value.",
        ),
        (
            "mean singular value",
            lambda: values.mean(),
            "This uses the mean of the singular values. The largest one gives the bound.",
        ),
        (
            "sum of singular values",
            lambda: values.sum(),
            "This uses the sum of the singular values. The largest one gives the bound.",
        ),
        (
            "second singular value",
            lambda: values[1],
            "This uses the second singular value. Python counts from 0.",
        ),
        (
            "all singular values",
            lambda: values,
            f"All singular values are used, one for each lag. {asked}",
        ),
        (
            "slope of a sigmoid",
            lambda: values[0] / 4,
            "This uses a quarter of the largest singular value. The slope of a *sigmoid* is at "
            "most 1/4; the activation is tanh.",
        ),
        (
            "singular vectors",
            lambda: np.linalg.svd(recurrent_kernel)[0].max(),
            "This uses a number out of the singular *vectors*. Look at what `np.linalg.svd` "
            "returns, and in which order.",
        ),
    )


def clip_by_global_norm(
    choose: Choose, gradients: Sequence[np.ndarray], clip_norm: float
) -> list[object]:
    """Return the clipped arrays, and the norm before clipping."""
    norms = np.array([np.linalg.norm(gradient) for gradient in gradients])
    norm = _global_norm(choose, gradients, norms)
    exceeds = _exceeds(choose, gradients, norms, norm, clip_norm)
    factor = _quotient(choose, norm, clip_norm) if exceeds else 1.0
    factor = choose(
        "factor",
        factor,
        (
            "zero over zero",
            lambda: factor if norm else np.nan,
            "Gradients of zeros become NaN (not a number): 0 is divided by 0. With a norm of 0 "
            "they stay as they are.",
        ),
    )
    clipped = _scaled(choose, gradients, norms, norm, factor, clip_norm)
    return [_listed(choose, clipped), _returned_norm(choose, clipped, norms, norm, factor)]


def _global_norm(choose: Choose, gradients: Sequence[np.ndarray], norms: np.ndarray) -> np.floating:
    """Return the norm of all numbers together."""
    numbers = np.concatenate([gradient.ravel() for gradient in gradients])
    norm = np.sqrt(np.sum(norms**2))
    together = "The global norm is that of all their numbers together."
    root = "The norm asked for is the root of the sum of squares."
    return choose(
        "global norm",
        norm,
        (
            "root missing",
            lambda: norm**2,
            "The sum of the squares is used as the norm. Its root is missing.",
        ),
        (
            "norms added up",
            lambda: norms.sum(),
            f"The norms of the arrays are added up. {together}",
        ),
        (
            "root of the norms added up",
            lambda: np.sqrt(norms.sum()),
            "The norms of the arrays are added up before the root is taken. Their *squares* are "
            "added up.",
        ),
        (
            "largest norm",
            lambda: norms.max(),
            f"The largest norm of an array is used. {together}",
        ),
        (
            "mean of norms",
            lambda: norms.mean(),
            f"The norms of the arrays are averaged. {together}",
        ),
        (
            "mean over the arrays",
            lambda: norm / np.sqrt(len(norms)),
            "The sum of the squares is divided by the number of arrays.",
        ),
        (
            "mean of squares",
            lambda: norm / np.sqrt(numbers.size),
            "The mean of the squares is taken where their sum belongs.",
        ),
        (
            "first array alone",
            lambda: norms[0],
            f"The norm is that of the first array alone. {together}",
        ),
        (
            "last array alone",
            lambda: norms[-1],
            f"The norm is that of the last array alone. {together} Does each turn of a loop add to "
            "what is there?",
        ),
        (
            "sum of magnitudes",
            lambda: np.abs(numbers).sum(),
            f"The magnitudes are added up. {root}",
        ),
        (
            "largest magnitude",
            lambda: np.abs(numbers).max(),
            f"The largest magnitude of a number is used. {root}",
        ),
        (
            "root of the magnitudes",
            lambda: np.sqrt(np.abs(numbers).sum()),
            "The magnitudes are added up before the root is taken. Their *squares* are added up.",
        ),
        (
            "first array missing",
            lambda: np.linalg.norm(norms[1:]),
            f"The first array is missing from the norm. {together}",
        ),
        (
            "last array missing",
            lambda: np.linalg.norm(norms[:-1]),
            f"The last array is missing from the norm. {together} Does your loop reach the end?",
        ),
        (
            "squared after adding",
            lambda: np.sqrt(sum(np.sum(gradient) ** 2 for gradient in gradients)),
            "In each array the numbers are added up before they are squared. Square each number "
            "first.",
        ),
        (
            "spectral norms",
            lambda: np.sqrt(sum(np.linalg.norm(gradient, 2) ** 2 for gradient in gradients)),
            "For a matrix, `np.linalg.norm` of order 2 is the largest singular value. The norm "
            "meant here is the root of the sum of all squares.",
        ),
    )


def _exceeds(
    choose: Choose,
    gradients: Sequence[np.ndarray],
    norms: np.ndarray,
    norm: np.floating,
    clip_norm: float,
) -> bool:
    """Return whether the arrays are to be shortened."""
    largest = max(np.abs(gradient).max() for gradient in gradients)
    return choose(
        "condition",
        norm > clip_norm,
        (
            "enlarged",
            lambda: True,
            "A gradient that is shorter than clip_norm is scaled, too. Clipping only ever "
            "shortens.",
        ),
        (
            "not clipped",
            lambda: False,
            "The gradients come back as they were, also where the norm exceeds clip_norm.",
        ),
        (
            "condition inverted",
            lambda: norm < clip_norm,
            "The gradients are scaled where their norm is *below* clip_norm, and stay as they are "
            "where it is above.",
        ),
        (
            "any norm exceeds",
            lambda: bool((norms > clip_norm).any()),
            "The arrays are scaled only if the norm of one of them exceeds clip_norm. The *global* "
            "norm decides: it may exceed it where none of the arrays' norms does.",
        ),
        (
            "all norms exceed",
            lambda: bool((norms > clip_norm).all()),
            "The arrays are scaled only if the norms of all of them exceed clip_norm. The *global* "
            "norm decides.",
        ),
        (
            "largest number exceeds",
            lambda: bool(largest > clip_norm),
            "The arrays are scaled only if a single *number* exceeds clip_norm. The global norm "
            "decides: it may exceed it where no number does.",
        ),
        (
            "squared norm compared",
            lambda: norm**2 > clip_norm,
            "The *square* of the norm is compared with clip_norm.",
        ),
    )


def _quotient(choose: Choose, norm: np.floating, clip_norm: float) -> np.floating:
    """Return the factor that shortens a gradient that is too long."""
    return choose(
        "quotient",
        clip_norm / norm,
        (
            "not multiplied by clip_norm",
            lambda: 1 / norm,
            "The gradients are divided by their norm, whatever clip_norm is. So their norm becomes "
            "1.",
        ),
        (
            "not divided by the norm",
            lambda: clip_norm,
            "The gradients are multiplied by clip_norm, whatever their norm is. What factor gives "
            "a gradient of this norm the norm clip_norm?",
        ),
        (
            "divided by clip_norm",
            lambda: 1 / clip_norm,
            "The gradients are divided by clip_norm, whatever their norm is. What factor gives a "
            "gradient of this norm the norm clip_norm?",
        ),
        (
            "factor inverted",
            lambda: norm / clip_norm,
            "The factor is upside down: a gradient that is too long gets longer still.",
        ),
        (
            "divided by the squared norm",
            lambda: clip_norm / norm**2,
            "The factor divides by the *square* of the norm.",
        ),
        (
            "root of the factor",
            lambda: np.sqrt(clip_norm / norm),
            "The factor is the square root of what it should be.",
        ),
        (
            "factor applied twice",
            lambda: (clip_norm / norm) ** 2,
            "The gradients are multiplied by the factor twice.",
        ),
    )


def _scaled(
    choose: Choose,
    gradients: Sequence[np.ndarray],
    norms: np.ndarray,
    norm: np.floating,
    factor: np.floating | float,
    clip_norm: float,
) -> list[np.ndarray]:
    """Return the arrays after clipping."""
    direction = "That changes the direction of the gradient: one factor serves all"

    def each(factors: np.ndarray) -> list[np.ndarray]:
        return [gradient * own for gradient, own in zip(gradients, factors)]

    return choose(
        "scaled",
        [gradient * factor for gradient in gradients],
        (
            "each by its own norm",
            lambda: each(clip_norm / np.maximum(norms, clip_norm)),
            f"Every array is clipped by its own norm. {direction} arrays.",
        ),
        (
            "each to clip_norm",
            lambda: each(clip_norm / norms) if norm > clip_norm else gradients,
            "Where the global norm exceeds clip_norm, every array is brought to this norm by a "
            f"factor of its own. {direction} arrays.",
        ),
        (
            "each by the norm so far",
            lambda: each(clip_norm / np.maximum(np.sqrt(np.cumsum(norms**2)), clip_norm)),
            "Each array is clipped by the norm of the arrays so far, before all of them have been "
            f"added. {direction} arrays.",
        ),
        (
            "only arrays that exceed",
            lambda: each(np.where(norms > clip_norm, factor, 1)),
            "Only the arrays whose own norm exceeds clip_norm are scaled, the others stay as they "
            f"are. {direction} arrays.",
        ),
        (
            "only numbers that exceed",
            lambda: [
                np.where(np.abs(gradient) > clip_norm, factor * gradient, gradient)
                for gradient in gradients
            ],
            "Only the numbers that exceed clip_norm are scaled, the others stay as they are. "
            f"{direction} numbers.",
        ),
        (
            "clipped by value",
            lambda: [np.clip(gradient, -clip_norm, clip_norm) for gradient in gradients],
            f"Every number is cut off at the limit. {direction} numbers.",
        ),
        (
            "cut off at clip_norm",
            lambda: [np.minimum(gradient, clip_norm) for gradient in gradients],
            "Every number above the limit is cut off, and no negative one is changed. "
            f"{direction} numbers.",
        ),
        (
            "only the first array",
            lambda: [gradients[0] * factor, *gradients[1:]],
            f"Only the first array is scaled. {direction} arrays.",
        ),
        (
            "only the last array",
            lambda: [*gradients[:-1], gradients[-1] * factor],
            f"Only the last array is scaled. {direction} arrays.",
        ),
    )


def _listed(choose: Choose, clipped: Sequence[np.ndarray]) -> object:
    """Return the arrays in the form in which they are asked for."""
    return choose(
        "list",
        clipped,
        (
            "all numbers in one array",
            lambda: np.concatenate([gradient.ravel() for gradient in clipped]),
            "All numbers come in one array. Return a list of arrays, each in the shape that it "
            "came in.",
        ),
        (
            "joined",
            lambda: [np.concatenate([gradient.ravel() for gradient in clipped])],
            "The list holds one array with all numbers. Return a list of as many arrays as came "
            "in, each in its shape.",
        ),
        (
            "shapes lost",
            lambda: [gradient.ravel() for gradient in clipped],
            "The arrays come back with one axis each. Each keeps the shape that it came in.",
        ),
        (
            "axes of length 1 lost",
            lambda: [np.squeeze(gradient) for gradient in clipped],
            "An axis of length 1 is lost. Each array keeps the shape that it came in.",
        ),
        (
            "only the first array returned",
            lambda: [clipped[0]],
            "The list holds the first array alone. Does `return` stand inside the loop?",
        ),
        (
            "only the last array returned",
            lambda: [clipped[-1]],
            "The list holds the last array alone. Is it made anew in every turn of the loop?",
        ),
        (
            "first array alone, without a list",
            lambda: clipped[0],
            "Only the first array is returned. Return a list of all of them.",
        ),
        (
            "last array alone, without a list",
            lambda: clipped[-1],
            "Only the last array is returned. Return a list of all of them.",
        ),
        (
            "arrays in reverse order",
            lambda: clipped[::-1],
            "The arrays come in the reverse order.",
        ),
    )


def _returned_norm(
    choose: Choose,
    clipped: Sequence[np.ndarray],
    norms: np.ndarray,
    norm: np.floating,
    factor: np.floating | float,
) -> object:
    """Return the norm that is handed back."""
    after = "The norm that is returned is the one *after* clipping. Return the norm from before."
    # With the right norm both ways to it agree, so they share a name; with another they do not.
    norm = choose("norm", norm, ("norm after clipping", lambda: norm * factor, after))
    return choose(
        "returned norm",
        norm,
        (
            "norm after clipping",
            lambda: np.sqrt(sum(np.sum(gradient**2) for gradient in clipped)),
            after,
        ),
        (
            "local norms returned",
            lambda: list(norms),
            "A norm for each array is returned. The global norm is one number.",
        ),
        (
            "local norms in an array",
            lambda: norms,
            "An array with a norm for each gradient is returned. The global norm is one number.",
        ),
        (
            "factor returned",
            lambda: factor,
            "The factor is returned in place of the norm.",
        ),
        (
            "squared norm returned",
            lambda: norm**2,
            "The square of the norm is returned, although the arrays are scaled by the norm "
            "itself.",
        ),
    )


def _slope_draw(rng: Draw) -> tuple:
    return (np.tanh(normal(rng, tuple(sizes(rng, 2)))[0]),)


def _step_draw(rng: Draw) -> tuple:
    batch, units = sizes(rng, 2)
    h_new, recurrent_kernel = normal(rng, (batch, units), (units, units))
    return np.tanh(h_new), recurrent_kernel


def _steps_draw(rng: Draw) -> tuple:
    """Draw dh and the Jacobians of more steps than there are samples.

    Their number is odd now and then: a sign that changes at each step is not always the same.
    """
    *some, units = sizes(rng, 3)
    batch, time = sorted(some)
    if rng.number % 4 == 1 and not rng.equal:
        time = 13
    dh, jacobians = normal(rng, (batch, units), (time, batch, units, units))
    return dh, float32(jacobians / np.sqrt(units))


def _bound_draw(rng: Draw) -> tuple:
    units, count = sizes(rng, 2)
    return float32(rng.normal(scale=0.5, size=(units, units))), rng.permutation(13)[:count]


def clip_limits(gradients: Sequence[np.ndarray]) -> list[float]:
    """List values of clip_norm that tell mistaken norms apart.

    They lie below, between and above these: the least norm of an array, the largest number, the
    largest norm of an array, the global norm and its square.
    """
    norms = [np.linalg.norm(gradient) for gradient in gradients]
    largest = max(np.abs(gradient).max() for gradient in gradients)
    norm = np.linalg.norm(norms)
    marks = [*sorted([min(norms), largest]), max(norms), norm, norm + norm**2]
    between = [(low + high) / 2 for low, high in pairwise(marks)]
    return [float(limit) for limit in (marks[0] / 2, *between, 4 * marks[-1])]


def _clip_draw(rng: Draw) -> tuple:
    """Draw the gradients of a recurrent layer's arrays, in any order, with one of the limits.

    The bias' is small. The draws of a search have each limit once at least.
    """
    features, units = sizes(rng, 2)
    *kernels, bias = normal(rng, (features, units), (units, units), (units,))
    gradients = [*(3 * kernel for kernel in kernels), bias]
    gradients = [gradients[k] for k in rng.permutation(3)][: rng.integers(1, 4)]
    limits = clip_limits(gradients)
    return gradients, limits[rng.number % len(limits)]


TANH_DERIVATIVE = Reference(
    tanh_derivative,
    _slope_draw,
    lambda h: {"the derivative": ARRAY_AXES[h.ndim]},
    look="Look at what your function gives where h is 0, 0.6 and -0.6: 1, and 0.64 twice.",
)
STEP_JACOBIAN = Reference(
    step_jacobian,
    _step_draw,
    {"the Jacobian": "batch, unit of the new state, unit of the old state"},
    uses=("tanh_derivative",),
    look="Look at the worked number: which two numbers make the 2.25, and in which row and column "
    "does it stand?",
)
JACOBIAN_PRODUCT = Reference(
    jacobian_product,
    lambda rng: _steps_draw(rng)[1:],
    {"the Jacobian": "batch, unit of the last state, unit of the initial state"},
    look="Look at the order of the factors in the worked number, and at how many there are.",
)
GRADIENT_NORMS = Reference(
    gradient_norms,
    _steps_draw,
    {"the array of norms": "lag, batch"},
    look="Look at the gradient at lag 1 in the worked number, [2, 6], before you take its norm.",
)
NORM_BOUND = Reference(
    norm_bound,
    _bound_draw,
    {"the array of bounds": "lag"},
    look="Look at the bound for lag 1: it is the largest singular value itself, 1.2071 for the "
    "worked number.",
)
CLIP_BY_GLOBAL_NORM = Reference(
    clip_by_global_norm,
    _clip_draw,
    {"the list of clipped arrays": "", "the global norm": ""},
    look="Look at the norm and at the factor for the worked number: 13, and 0.5 for a clip_norm of "
    "6.5.",
)
