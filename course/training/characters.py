"""The next character of a novel: an LSTM and a SimpleRNN of as many weights read it in order."""

from dataclasses import dataclass

import keras
import numpy as np

from course.data import FOLDER


@dataclass(frozen=True)
class NovelRecipe:
    """All numbers that decide what training gives.

    share: of the text, from its beginning, to train on. units: of the recurrent layer, by the name
    of its class in Keras. vector: the numbers that stand for a character. streams: the pieces of
    the text that are read side by side. window: the steps after which the gradient is cut off.
    learning_rate: of each layer at the start; it falls to 0 along a cosine. clipnorm: the largest
    norm of one weight's gradient.
    """

    share: float
    units: dict[str, int]
    vector: int
    streams: int
    window: int
    epochs: int
    learning_rate: dict[str, float]
    clipnorm: float
    seed: int


RECIPE = NovelRecipe(
    share=0.9,
    units={"LSTM": 112, "SimpleRNN": 217},
    vector=24,
    streams=32,
    window=64,
    epochs=5,
    learning_rate={"LSTM": 0.01, "SimpleRNN": 0.003},
    clipnorm=1.0,
    seed=0,
)


def training_text() -> str:
    """Read the part of the novel to train on, from book/data/, which `make data` fetches."""
    text = (FOLDER / "moby-dick.txt").read_text("utf-8")
    return text[: int(RECIPE.share * len(text))]


def windows(text: str, alphabet: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Cut a text into streams, and these into windows.

    Returns x and y, (windows * streams, window): places in the alphabet, y one character further
    on. A batch of as many rows as there are streams holds one window of each, and the next batch
    the windows that follow.
    """
    place = {character: k for k, character in enumerate(alphabet)}
    codes = np.array([place[character] for character in text])
    steps = (len(codes) - 1) // (RECIPE.streams * RECIPE.window) * RECIPE.window
    pieces = []
    for start in (0, 1):
        stream = codes[start : start + RECIPE.streams * steps]
        table = stream.reshape(RECIPE.streams, -1, RECIPE.window).swapaxes(0, 1)
        pieces.append(table.reshape(-1, RECIPE.window))
    return pieces[0], pieces[1]


def network(layer: str, characters: int) -> keras.Sequential:
    """Make a network that keeps its states from batch to batch. layer: its class in Keras."""
    recurrent = getattr(keras.layers, layer)
    return keras.Sequential(
        [
            keras.Input(batch_shape=(RECIPE.streams, RECIPE.window), dtype="int32"),
            keras.layers.Embedding(characters, RECIPE.vector),
            recurrent(RECIPE.units[layer], return_sequences=True, stateful=True),
            keras.layers.Dense(characters),
        ]
    )


def train() -> dict[str, np.ndarray]:
    """Train both networks.

    Returns for each, by the name of its layer: `<layer>`, (parameters,), all weights in the order
    of `get_weights`, as float16, and `<layer>-losses`, (epochs,), the mean loss in each epoch in
    nats a character; and the `alphabet`, (characters,), in the order of the network's outputs.
    """
    text = training_text()
    alphabet = sorted(set(text))
    x, y = windows(text, alphabet)
    result = {"alphabet": np.array(alphabet)}
    for layer in RECIPE.units:
        keras.utils.set_random_seed(RECIPE.seed)
        model = network(layer, len(alphabet))
        updates = len(x) // RECIPE.streams * RECIPE.epochs
        rate = keras.optimizers.schedules.CosineDecay(RECIPE.learning_rate[layer], updates)
        model.compile(
            keras.optimizers.Adam(rate, clipnorm=RECIPE.clipnorm),
            keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            jit_compile=False,
        )
        fitted = model.fit(
            x, y, batch_size=RECIPE.streams, epochs=RECIPE.epochs, shuffle=False, verbose=2
        )
        weights = np.concatenate([each.ravel() for each in model.get_weights()])
        result[layer] = weights.astype("float16")
        result[f"{layer}-losses"] = np.array(fitted.history["loss"], "float32")
    return result
