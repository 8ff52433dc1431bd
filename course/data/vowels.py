"""The vowels of nine speakers, from the .ts files of the package aeon."""

import numpy as np

from course.data.source import Source

COEFFICIENTS = 12
FILE = "japanese-vowels.npz"
FOLDER_INSIDE = "aeon/datasets/data/JapaneseVowels"
SOURCE = Source(
    file=FILE,
    content=(
        "Nine men each say the two vowels /ae/, one after the other, in 640 recordings. A recording"
        " is a row of 7 to 29 frames, one every 6.4 ms, and a frame is 12 numbers: the LPC cepstrum"
        " of 25.6 ms of sound at 10 kHz. `train` has 270 recordings, 30 of each speaker; `test` has"
        " 370, 24 to 88 of each. For each of the two, `train_frames` and `test_frames` are (frames,"
        " 12), all frames one below the other, float32; `train_lengths` and `test_lengths` are"
        " (recordings,), how many frames each has; `train_speakers` and `test_speakers` are"
        " (recordings,), from 0 to 8. `mean` and `deviation` are (12,), taken over the frames of"
        " `train`."
    ),
    origin=(
        "M. Kudo, J. Toyama and M. Shimbo, 1999, *Multidimensional curve classification using"
        " passing-through regions*, Pattern Recognition Letters 20, 1103–1111. They gave the data"
        " to the UCI Machine Learning Repository as *Japanese Vowels* (doi 10.24432/C5NS47). The"
        " copy here is the one in the Python package aeon 1.6.0."
    ),
    licence=(
        "Neither the files nor the package state one for the data. The package's own licence is"
        " BSD-3-Clause. The repository asks that the data is cited. If you pass the data on, look"
        " up the terms there first."
    ),
    changes=(
        "The text files were read, the numbers rounded to float32, and the speakers counted from 0."
    ),
)


def read(text: str) -> dict[str, np.ndarray]:
    """Read a .ts file.

    A line is a recording: the values of one coefficient after the other, with colons between them,
    and the number of the speaker. Returns frames (frames, 12), lengths (recordings,) and speakers
    (recordings,), the last two int64. Raises ValueError for a line of another form.
    """
    recordings, speakers = [], []
    for line in text.splitlines():
        if line and line[0] not in "#@":
            *coefficients, speaker = line.split(":")
            if len(coefficients) != COEFFICIENTS:
                raise ValueError(
                    f"a recording has {len(coefficients)} coefficients, not {COEFFICIENTS}"
                )
            values = [np.array(each.split(","), "float32") for each in coefficients]
            recordings.append(np.stack(values, axis=1))  # of one length, or ValueError
            speakers.append(int(speaker) - 1)
    return {
        "frames": np.concatenate(recordings),
        "lengths": np.array([len(each) for each in recordings]),
        "speakers": np.array(speakers),
    }


def arrays(train: str, test: str) -> dict[str, np.ndarray]:
    """Put together what the file holds, from the texts of the two .ts files."""
    parts = {"train": read(train), "test": read(test)}
    frames = parts["train"]["frames"]
    named = {
        f"{part}_{name}": array for part, each in parts.items() for name, array in each.items()
    }
    return named | {"mean": frames.mean(axis=0), "deviation": frames.std(axis=0)}
