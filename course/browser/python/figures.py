"""Shows Matplotlib's figures under the cell that draws them."""

import base64
import io
import sys
from typing import Any


def drawn() -> list[dict[str, Any]]:
    """Close all figures, and make an output of each (nbformat 4.5)."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    open_figures = [pyplot.figure(number) for number in pyplot.get_fignums()]
    pyplot.close("all")  # first, so that one that cannot be drawn is not there the next time
    outputs = []
    for figure in open_figures:
        picture = io.BytesIO()
        figure.savefig(picture, format="png", bbox_inches="tight", dpi=144)
        width, height = (round(72 * inches) for inches in figure.get_size_inches())
        data = {
            "image/png": base64.b64encode(picture.getvalue()).decode(),
            "text/plain": f"<Figure size {width}x{height} with {len(figure.axes)} Axes>",
        }
        metadata = {"image/png": {"alt": described(figure)}}
        outputs.append({"output_type": "display_data", "data": data, "metadata": metadata})
    return outputs


def described(figure: Any) -> str:
    """Say what a figure shows, for who cannot see it: its titles and the names of its axes."""
    words = [
        word
        for axes in figure.axes
        for word in (axes.get_title(), axes.get_xlabel(), axes.get_ylabel())
        if word
    ]
    return f"A figure: {', '.join(words)}" if words else "A figure without a title"
