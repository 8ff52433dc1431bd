"""The backend of Matplotlib in a page (MPLBACKEND): figures stay open until their cell ends."""

from matplotlib.backends.backend_agg import FigureCanvasAgg

FigureCanvas = FigureCanvasAgg


def show(*_: object, **__: object) -> None:
    """Show nothing: `figures.drawn` shows all figures under the cell."""
