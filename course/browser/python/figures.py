"""Shows Matplotlib's figures under the cell that draws them: a backend of Matplotlib's."""

import base64
import io
import sys
from typing import Any

BACKEND = "module://figures"
"""The value of MPLBACKEND."""


def __getattr__(name: str) -> Any:
    """Give Matplotlib its canvas for PNG; nothing is imported before Matplotlib asks."""
    if name in ("FigureCanvas", "FigureCanvasAgg"):
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        return FigureCanvasAgg
    raise AttributeError(name)


def show(*_: object, **__: object) -> None:
    """Leave the figures open; `drawn` shows them when the cell ends."""


def drawn() -> list[dict[str, Any]]:
    """Close all figures, and make an output of each (nbformat 4.5)."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    outputs = []
    for number in pyplot.get_fignums():
        figure = pyplot.figure(number)
        picture = io.BytesIO()
        figure.savefig(picture, format="png", bbox_inches="tight", dpi=144)
        width, height = (round(72 * inches) for inches in figure.get_size_inches())
        data = {
            "image/png": base64.b64encode(picture.getvalue()).decode(),
            "text/plain": f"<Figure size {width}x{height} with {len(figure.axes)} Axes>",
        }
        outputs.append({"output_type": "display_data", "data": data, "metadata": {}})
    pyplot.close("all")
    return outputs
