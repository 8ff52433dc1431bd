"""What the training loop of the lstm-training assignment returns, with learners' mistakes.

Shapes: x (rows, time, features), y (rows, outputs); the weights as in `lstm_training`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from .inputs import Draw, normal, sizes
from .lists import Arrays, listed
from .lstm_training import gradients_of, run
from .network import network_weights
from .optimizers import adam_step, clip_gradients
from .reference import Choose, Other, Reference, as_it_is

LEARNING_RATE, LIMIT = 0.01, 1.0


@dataclass(frozen=True)
class Plan:
    """How a network is trained, and where learners go astray.

    batches: the rows of each update, as slices or lists of places. epochs: how often all batches
    are taken. clip: what is done to the gradients. numbered: the number of an update for Adam.
    handed: the m and v with which an update of Adam begins. adam: whether Adam is the rule.
    """

    batches: tuple
    epochs: int
    learning_rate: float
    clip: Callable[[Arrays], Arrays]
    numbered: Callable[[int, int], int] = lambda update, epoch: update
    handed: Callable[[int, Arrays, Arrays], tuple[Arrays, Arrays]] = lambda update, m, v: (m, v)
    adam: bool = True


def _loss_and_gradients(weights: Arrays, x: np.ndarray, y: np.ndarray) -> tuple[float, list]:
    """Return what `loss_and_gradients` does, without its alternatives, which take time."""
    of_lstm, (dense_kernel, dense_bias) = weights[:3], weights[3:]
    forward = run(x, *of_lstm)
    h = forward.every_h[:, -1]
    error = h @ dense_kernel + dense_bias - y
    arriving = 2 * error / error.size
    shares = gradients_of(arriving @ dense_kernel.T, forward.caches, weights[1])
    of_dense = [h.T @ arriving, arriving.sum(axis=0)]
    return np.mean(error**2), [*(each.sum(axis=0) for each in shares), *of_dense]


def _follow(plan: Plan, weights: Arrays, x: np.ndarray, y: np.ndarray) -> tuple[list, list, list]:
    """Train as planned. Returns the weights after, the losses before each update, and after it."""
    m, v = _zeros(weights), _zeros(weights)
    before, after = [], []
    for epoch in range(plan.epochs):
        for batch in plan.batches:
            loss, gradients = _loss_and_gradients(weights, x[batch], y[batch])
            before.append(loss)
            gradients = list(plan.clip(gradients))
            if plan.adam:
                number = plan.numbered(len(before), epoch + 1)
                moments = plan.handed(len(before), m, v)
                weights, m, v = adam_step(
                    as_it_is(), weights, gradients, *moments, number, plan.learning_rate
                )
            else:
                weights = [w - plan.learning_rate * g for w, g in zip(weights, gradients)]
            after.append(_loss_and_gradients(weights, x[batch], y[batch])[0])
    return list(weights), before, after


def fitted(
    weights: Arrays,
    x: np.ndarray,
    y: np.ndarray,
    batch_size: int,
    epochs: int,
    learning_rate: float,
) -> list[np.ndarray]:
    """Train a network as `train` does, with clipped gradients and Adam; return its weights."""
    batches = tuple(slice(k, k + batch_size) for k in range(0, len(x), batch_size))
    plan = Plan(batches, epochs, learning_rate, _clipped)
    return _follow(plan, weights, x, y)[0]


def _clipped(gradients: Arrays) -> Arrays:
    return clip_gradients(as_it_is(), gradients, None, LIMIT)


def _zeros(arrays: Arrays) -> list[np.ndarray]:
    return [np.zeros_like(array) for array in arrays]


def train(
    choose: Choose,
    weights: Arrays,
    x: np.ndarray,
    y: np.ndarray,
    batch_size: int,
    epochs: int,
    learning_rate: float | None = None,
    global_clipnorm: float | None = None,
) -> list:
    """Return the trained weights and the losses (updates,); None where a default is meant."""
    limit = LIMIT if global_clipnorm is None else global_clipnorm
    starts = range(0, len(x), batch_size)
    plan = Plan(
        batches=tuple(slice(start, start + batch_size) for start in starts),
        epochs=epochs,
        learning_rate=LEARNING_RATE if learning_rate is None else learning_rate,
        clip=lambda gradients: clip_gradients(as_it_is(), gradients, None, limit),
    )
    plan = choose("rate", plan, *_other_rates(plan, learning_rate))
    plan = choose("clipping", plan, *_other_clipping(plan, limit, global_clipnorm))
    plan = choose("batches", plan, *_other_batches(plan, len(x), batch_size))
    plan = choose("update", plan, *_other_updates(plan))
    plan = choose("moments", plan, *_other_moments(plan))
    trained, before, after = choose.once("training", lambda: _follow(plan, weights, x, y))
    losses = choose("losses", np.array(before), *_other_losses(before, after, len(plan.batches)))
    trained = choose(
        "returned weights",
        trained,
        (
            "first weights returned",
            lambda: list(weights),
            "The weights that are returned are those from before the training. Each update makes "
            "new ones.",
        ),
    )
    return [listed(choose, "list", trained, "the weights"), losses]


def _other_rates(plan: Plan, given: float | None) -> list[Other]:
    ignored: list[Other] = [
        (
            f"learning rate ignored, {default} in its place",
            lambda default=default: replace(plan, learning_rate=default),
            f"The learning rate is {default}, whatever is given. Is it handed on?",
        )
        for default in (0.001, LEARNING_RATE)
    ]
    defaults: list[Other] = [
        (
            f"learning rate of {other} by default",
            lambda other=other: replace(plan, learning_rate=other),
            f"Where no learning rate is given, yours is {other}. The text gives another default.",
        )
        for other in (0.001, 0.1)
    ]
    return [*ignored, *(defaults if given is None else [])]


def _unclipped(gradients: Arrays) -> Arrays:
    return gradients


def _other_clipping(plan: Plan, limit: float, given: float | None) -> list[Other]:
    ignored = (
        "limit ignored",
        lambda: replace(plan, clip=lambda each: clip_gradients(as_it_is(), each, None, LIMIT)),
        "The gradients are clipped to a norm of 1, whatever limit is given.",
    )
    return [
        (
            "not clipped",
            lambda: replace(plan, clip=_unclipped),
            "The gradients are not clipped.",
        ),
        (
            "clipped each by its own norm",
            lambda: replace(plan, clip=lambda each: clip_gradients(as_it_is(), each, limit, None)),
            "Each gradient is clipped by its own norm. The *global* norm counts here.",
        ),
        *([] if given is None else [ignored]),
    ]


def _other_batches(plan: Plan, rows: int, size: int) -> list[Other]:
    whole = plan.batches[: rows // size]
    return [
        (
            "smaller batch left out",
            lambda: replace(plan, batches=whole),
            "The rows at the end that do not fill a batch are left out. They make a smaller batch.",
        ),
        (
            "all rows at once",
            lambda: replace(plan, batches=(slice(None),)),
            "Each update takes all rows. It takes batch_size of them.",
        ),
        (
            "the first batch alone",
            lambda: replace(plan, batches=plan.batches[:1] * len(plan.batches)),
            "Every update takes the first batch. Each takes the next rows.",
        ),
        (
            "one update an epoch",
            lambda: replace(plan, batches=plan.batches[:1]),
            "Each epoch ends after the first batch. An epoch goes through all rows.",
        ),
        (
            "one row at a time",
            lambda: replace(plan, batches=tuple(slice(k, k + 1) for k in range(rows))),
            "Each update takes a single row. It takes batch_size of them.",
        ),
        (
            "batches that overlap",
            lambda: replace(plan, batches=tuple(slice(k, k + size) for k in range(rows))),
            "The batches overlap: each starts one row after the other. The next batch starts where "
            "the last one ends.",
        ),
        (
            "batches that end at batch_size",
            lambda: replace(plan, batches=tuple(slice(b.start, size) for b in plan.batches)),
            "Every batch but the first is empty: all slices end at batch_size. Each ends "
            "batch_size rows after its start.",
        ),
        (
            "as many rows as batches",
            lambda: replace(
                plan,
                batches=tuple(
                    np.array(part) for part in np.array_split(np.arange(rows), size) if len(part)
                ),
            ),
            "The rows are split into batch_size parts. Each part has batch_size rows.",
        ),
        (
            "one epoch",
            lambda: replace(plan, epochs=1),
            "The training ends after the first epoch. Does `return` stand inside the loop?",
        ),
        (
            "one epoch too many",
            lambda: replace(plan, epochs=plan.epochs + 1),
            "There is one epoch too many.",
        ),
        (
            "one epoch missing",
            lambda: replace(plan, epochs=plan.epochs - 1),
            "There is one epoch too few. Python counts from 0.",
        ),
        (
            "batches in reverse order",
            lambda: replace(plan, batches=plan.batches[::-1]),
            "The batches come from the last to the first. They come in the order of the rows.",
        ),
    ]


def _other_updates(plan: Plan) -> list[Other]:
    return [
        (
            "SGD for Adam",
            lambda: replace(plan, adam=False),
            "The weights move by plain gradient descent. Adam is asked for.",
        ),
        (
            "step always 1",
            lambda: replace(plan, numbered=lambda update, epoch: 1),
            "Adam is told at every update that it is the first.",
        ),
        (
            "steps counted by epoch",
            lambda: replace(plan, numbered=lambda update, epoch: epoch),
            "Adam is given the number of the *epoch*. It counts the updates.",
        ),
        (
            "count begun anew in each epoch",
            lambda: replace(
                plan, numbered=lambda update, epoch: (update - 1) % len(plan.batches) + 1
            ),
            "Adam's count of updates begins anew in each epoch. It goes on, as m and v do.",
        ),
        (
            "count one too high",
            lambda: replace(plan, numbered=lambda update, epoch: update + 1),
            "Adam's count begins at 2. The first update has the number 1.",
        ),
    ]


def _other_moments(plan: Plan) -> list[Other]:
    def anew_in_each_epoch(update: int, m: Arrays, v: Arrays) -> tuple[Arrays, Arrays]:
        first = (update - 1) % len(plan.batches) == 0
        return (_zeros(m), _zeros(v)) if first else (m, v)

    return [
        (
            "m and v not carried",
            lambda: replace(plan, handed=lambda _, m, v: (_zeros(m), _zeros(v))),
            "At every update, m and v begin at zero again. Adam hands them on.",
        ),
        (
            "m not carried",
            lambda: replace(plan, handed=lambda _, m, v: (_zeros(m), v)),
            "At every update, m begins at zero again. Adam hands it on, as it does with v.",
        ),
        (
            "m and v begun anew in each epoch",
            lambda: replace(plan, handed=anew_in_each_epoch),
            "In each epoch, m and v begin at zero again. They are handed on through all epochs.",
        ),
        (
            "m and v swapped",
            lambda: replace(plan, handed=lambda _, m, v: (v, m)),
            "From one update to the next, m and v change places. The update returns the weights, "
            "then m, then v.",
        ),
    ]


def _other_losses(before: list, after: list, batches: int) -> list[Other]:
    name = "the losses"
    return [
        (
            "losses: after the update",
            lambda: np.array(after),
            f"Each of {name} is computed after its update. Take the one before it, from which the "
            "gradients come.",
        ),
        (
            "losses: mean of each epoch",
            lambda: np.reshape(before, (-1, batches)).mean(axis=1),
            f"There is one number for each epoch in {name}. There is one for each update.",
        ),
        (
            "losses: last of each epoch",
            lambda: np.array(before)[batches - 1 :: batches],
            f"There is one number for each epoch in {name}. There is one for each update.",
        ),
        (
            "losses: last epoch alone",
            lambda: np.array(before)[-batches:],
            f"Only the last epoch is there in {name}. Is the list emptied in every epoch?",
        ),
        (
            "losses: a row for each epoch",
            lambda: np.reshape(before, (-1, batches)),
            f"There are two axes in {name}, epochs and batches. There is one, updates.",
        ),
        (
            "losses: last one alone",
            lambda: before[-1],
            f"Only the last of {name} is returned. All of them are asked for.",
        ),
        (
            "losses: sum so far",
            lambda: np.cumsum(before),
            f"Each of {name} is added to those before it.",
        ),
    ]


def _train_draw(rng: Draw) -> tuple:
    """Draw three batches, the last of them smaller in two of three draws.

    The arrays are float64: Adam makes much of a gradient that is all rounding.
    """
    time, features, units, outputs = sizes(rng, 4)
    time = max(time, 2)
    size = 1 + rng.number % 4 if rng.equal else 2 + rng.number % 3
    rows = 3 * size - rng.number % 3 % size
    weights = network_weights(rng, features, units, outputs)
    x, y = normal(rng, (rows, time, features), (rows, outputs))
    options = (0.02, 0.3) if rng.number % 2 else ()
    weights, x, y = (
        [each.astype("float64") for each in weights],
        x.astype("float64"),
        3 * y.astype("float64"),
    )
    return weights, x, y, size, 1 + rng.number % 3, *options


TRAIN = Reference(
    train,
    _train_draw,
    {"the weights": "", "the losses": "updates"},
    uses=("loss_and_gradients", "clip_gradients", "adam_step"),
    look="Look at the first two losses: the second one is right only if the first update is.",
)
