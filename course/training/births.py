"""The births of the next day, from those of the 28 days before it, without and with holidays."""

import csv
from dataclasses import dataclass

import keras
import numpy as np

from course.data import FOLDER


@dataclass(frozen=True)
class BirthsRecipe:
    """All numbers that decide what training gives.

    units: of the recurrent layer, by the name of its class in Keras. window: the days that the
    network sees. first_validated, first_tested: years; training uses the days before both, and the
    weights kept are those of the epoch with the lowest error on the days between. seeds: of the
    starting weights and of the order of the windows.
    """

    units: dict[str, int]
    window: int
    first_validated: int
    first_tested: int
    seeds: tuple[int, ...]
    batch: int
    epochs: int
    learning_rate: float


RECIPE = BirthsRecipe(
    units={"SimpleRNN": 33, "LSTM": 16},
    window=28,
    first_validated=2001,
    first_tested=2002,
    seeds=(0, 1, 2),
    batch=64,
    epochs=30,
    learning_rate=0.003,
)
INPUTS = {"births": 1, "holidays": 2}
"""What a network sees of each day, and how many numbers that is."""


def holiday(month: int, day: int, weekday: int) -> bool:
    """Whether a day is one of six public holidays. weekday: 1 is Monday."""
    return (
        (month, day) in {(1, 1), (7, 4), (12, 25)}
        or (month == 5 and weekday == 1 and day > 24)  # Memorial Day
        or (month == 9 and weekday == 1 and day < 8)  # Labor Day
        or (month == 11 and weekday == 4 and 22 <= day <= 28)  # Thanksgiving
    )


def windows(scaled: np.ndarray, off: np.ndarray, days: int) -> tuple[np.ndarray, np.ndarray]:
    """Cut a series into windows, each with the day that follows it.

    scaled: (all days,). off: (all days,), 1 on a holiday. Returns
    x (windows, days, 2), the births of a day and whether the next one
    is a holiday, and y (windows,), the births of the next day.
    """
    starts = np.arange(len(scaled) - days)[:, None]
    at = starts + np.arange(days)
    x = np.stack([scaled[at], off[at + 1]], axis=-1)
    return x.astype("float32"), scaled[days:].astype("float32")


def network(layer: str, inputs: str) -> keras.Sequential:
    """Make a network. layer: its recurrent layer's class in Keras. inputs: one of INPUTS."""
    return keras.Sequential(
        [
            keras.Input((RECIPE.window, INPUTS[inputs])),
            getattr(keras.layers, layer)(RECIPE.units[layer]),
            keras.layers.Dense(1),
        ]
    )


def train() -> dict[str, np.ndarray]:
    """Train each layer on each kind of input from each seed.

    Returns `<layer> <inputs>`, (seeds, parameters), all weights in the order of `get_weights`, as
    float16, and the `seeds`.
    """
    with (FOLDER / "births.csv").open(encoding="utf-8", newline="") as file:
        days = [{name: int(value) for name, value in row.items()} for row in csv.DictReader(file)]
    births = np.array([day["births"] for day in days])
    year = np.array([day["year"] for day in days])
    off = [holiday(day["month"], day["date_of_month"], day["day_of_week"]) for day in days]
    known = births[year < RECIPE.first_validated]
    x, y = windows((births - known.mean()) / known.std(), np.array(off), RECIPE.window)
    year = year[RECIPE.window :]
    fitted = year < RECIPE.first_validated
    validated = ~fitted & (year < RECIPE.first_tested)
    result = {"seeds": np.array(RECIPE.seeds)}
    for layer in RECIPE.units:
        for inputs, count in INPUTS.items():
            seen = x[..., :count]
            parts = (seen[fitted], y[fitted]), (seen[validated], y[validated])
            learned = [fit(layer, inputs, seed, *parts) for seed in RECIPE.seeds]
            result[f"{layer} {inputs}"] = np.stack(learned).astype("float16")
    return result


def fit(
    layer: str,
    inputs: str,
    seed: int,
    train_on: tuple[np.ndarray, np.ndarray],
    validate_on: tuple[np.ndarray, np.ndarray],
) -> np.ndarray:
    """Train one network. Returns its weights, (parameters,), after its best epoch."""
    keras.utils.set_random_seed(seed)
    model = network(layer, inputs)
    model.compile(keras.optimizers.Adam(RECIPE.learning_rate), "mae", jit_compile=False)
    best = keras.callbacks.EarlyStopping(patience=RECIPE.epochs, restore_best_weights=True)
    fitted = model.fit(
        *train_on,
        validation_data=validate_on,
        batch_size=RECIPE.batch,
        epochs=RECIPE.epochs,
        callbacks=[best],
        verbose=0,
    )
    errors = fitted.history["val_loss"]
    print(f"{layer}, {inputs}, seed {seed}: error {errors[0]:.3f} -> {min(errors):.4f}", flush=True)
    return np.concatenate([each.ravel() for each in model.get_weights()])
