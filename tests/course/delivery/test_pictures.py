"""Figures hold the letters that they show, and are the same at every build."""

import base64
import io
import re

import matplotlib.pyplot as plt
import pytest
from fontTools.ttLib import TTFont
from matplotlib.font_manager import FontProperties

from course.delivery import pictures
from tests.course.built_book import BOOK

REGULAR, BOLD, OBLIQUE = (
    ("DejaVu Sans", style, weight)
    for style, weight in (("normal", "400"), ("normal", "700"), ("oblique", "400"))
)


def draw(path, title="Title"):
    """Draw a figure as a page of the book does."""
    with plt.style.context(BOOK / "course.mplstyle"):
        figure, axes = plt.subplots()
        axes.plot([0, 1], [0, 1])
        axes.set(title=title, xlabel="step $t$", xticks=[0, 1], yticks=[-1])
        figure.savefig(path, format="svg", metadata={"Date": None})
        plt.close(figure)


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "figure.svg"
    draw(path)
    return path


def test_letters_are_collected_for_each_font(picture):
    shown = pictures.letters(picture)
    assert shown[BOLD] == set("Title")
    assert shown[OBLIQUE] == {"t"}
    assert set("step01−") <= shown[REGULAR]


@pytest.mark.slow
def test_a_figure_gets_the_fonts_of_its_letters_and_stays_text(picture):
    pictures.pack_letters([picture])
    text = picture.read_text()
    assert "Title</text>" in text
    held = re.findall(r"font-weight:(\d+);src:url\(data:font/woff;base64,([^)]+)\)", text)
    fonts = {weight: TTFont(io.BytesIO(base64.b64decode(font))) for weight, font in held}
    assert set(map(chr, fonts["700"].getBestCmap())) == set("Title")
    assert len(held) == 3
    width = fonts["700"]["hmtx"]["T"][0]
    whole = TTFont(pictures.font_file(BOLD))
    assert width == whole["hmtx"]["T"][0]


@pytest.mark.slow
def test_the_same_figure_gives_the_same_bytes(picture, tmp_path):
    again, other = tmp_path / "again.svg", tmp_path / "other.svg"
    draw(again)
    draw(other, "Another")
    pictures.pack_letters([picture])
    pictures.pack_letters([again, other])
    assert picture.read_bytes() == again.read_bytes() != other.read_bytes()


def test_a_font_that_matplotlib_does_not_have_is_an_error(picture):
    picture.write_text(picture.read_text().replace("DejaVu Sans", "No Such Font"))
    with pytest.raises(ValueError, match="No Such Font"):
        pictures.pack_letters([picture])


def test_the_size_of_a_figure_is_that_of_its_page_in_pixels(picture):
    width, height = pictures.size(picture)
    assert width / height == pytest.approx(5.6 / 3.5, rel=0.01)
    assert width == pytest.approx(5.6 * 96, abs=2)


def test_figures_have_their_sizes_and_wait_until_they_are_near():
    page = '<img src="../_images/a.svg" /><img src="x.svg"><img src="_images/b.png">'
    assert pictures.placed(page, {"a.svg": (40, 30), "b.png": (4, 3)}) == (
        '<img width="40" height="30" loading="lazy" src="../_images/a.svg" /><img src="x.svg">'
        '<img width="4" height="3" loading="lazy" src="_images/b.png">'
    )


def test_a_picture_that_a_page_holds_itself_becomes_a_file(tmp_path):
    held = base64.b64encode(b"a picture").decode()
    page = f'<img class="a" src="data:image/png;base64,{held}" alt="words">'
    moved = pictures.unpacked(page, tmp_path / "_images", "../_images/")
    (file,) = (tmp_path / "_images").iterdir()
    assert file.read_bytes() == b"a picture"
    assert moved == f'<img class="a" src="../_images/{file.name}" alt="words">'
    assert pictures.unpacked(moved, tmp_path / "_images", "../_images/") == moved


def test_fonts_are_found_by_style_and_weight():
    assert FontProperties(fname=pictures.font_file(OBLIQUE)).get_name() == "DejaVu Sans"
    names = [pictures.font_file(each).name for each in (REGULAR, BOLD, OBLIQUE)]
    assert names == ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf"]
