"""Reading the vowels: as many as their makers count, each frame in its place."""

import numpy as np
import pytest

from course.data import FOLDER, vowels


def recording(speaker, *coefficients):
    """A line of a .ts file."""
    return ":".join([*(",".join(map(str, each)) for each in coefficients), str(speaker)])


def short(speaker, frames):
    """A recording whose coefficient k is 100 k + t at frame t."""
    return recording(speaker, *([100 * k + t for t in range(frames)] for k in range(12)))


def test_frames_are_rows_and_speakers_count_from_0():
    parsed = vowels.read("\n".join(["# a comment", "@data", short(1, 2), "", short(9, 3)]))
    assert parsed["lengths"].tolist() == [2, 3]
    assert parsed["speakers"].tolist() == [0, 8]
    assert parsed["frames"].shape == (5, 12) and parsed["frames"].dtype == "float32"
    assert parsed["frames"][:, 3].tolist() == [300, 301, 300, 301, 302]


@pytest.mark.parametrize(
    "line",
    [recording(1, *[[1, 2]] * 11), recording(1, *[[1, 2]] * 11, [1]), recording("a", *[[1]] * 12)],
)
def test_a_line_of_another_form_is_refused(line):
    with pytest.raises(ValueError):
        vowels.read(line)


@pytest.mark.slow
def test_the_file_holds_what_its_makers_count():
    with np.load(FOLDER / vowels.FILE) as file:
        assert len(file["train_lengths"]) == 270 and len(file["test_lengths"]) == 370
        assert np.bincount(file["train_speakers"]).tolist() == [30] * 9
        counts = [31, 35, 88, 44, 29, 24, 40, 50, 29]  # as the repository lists them
        assert np.bincount(file["test_speakers"]).tolist() == counts
        for part in ("train", "test"):
            lengths, frames = file[f"{part}_lengths"], file[f"{part}_frames"]
            assert lengths.min() >= 7 and lengths.max() <= 29
            assert frames.shape == (lengths.sum(), 12) and np.isfinite(frames).all()
        np.testing.assert_allclose(file["mean"], file["train_frames"].mean(axis=0), rtol=1e-5)
