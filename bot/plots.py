"""Draw the chart of a report, without state between charts."""

from __future__ import annotations

from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from handlers.core.chart import GB, Figures

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#000000")
"""Told apart by people who see few colours. Source: Okabe and Ito, "Color Universal Design"."""
STATES = {"accepted": "#009e73", "pending": "#e69f00", "rejected": "#d55e00"}
OTHER = "#999999"
SIZE_IN, DPI = (8.0, 8.0), 120
"""Wide enough for a desk, and its letters large enough for a phone."""


def draw(figures: Figures, title: str) -> bytes:
    """
    Draw a report as a PNG.

    Returns:
        The picture: images of each region over time, their size today, and the shares by state.
    """
    figure = Figure(figsize=SIZE_IN, dpi=DPI, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    figure.suptitle(title, fontsize=15)
    over_time, by_size, by_state = figure.subplots(3, 1, gridspec_kw={"height_ratios": (3, 1.4, 1)})
    _over_time(over_time, figures)
    _by_size(by_size, figures)
    _by_state(by_state, figures)
    out = BytesIO()
    canvas.print_png(out)
    return out.getvalue()


def _over_time(axes: Axes, figures: Figures) -> None:
    axes.set_title("Images over time", loc="left")
    _plain(axes)
    series = [[count.images for count in counts] for counts in figures.regions.values()]
    if not series:
        _none(axes)
        return
    days = [float(date2num(day)) for day in figures.days]
    colours = [COLOURS[n % len(COLOURS)] for n in range(len(series))]
    axes.stackplot(days, series, labels=list(figures.regions), colors=colours)
    axes.legend(loc="upper left", ncols=4, frameon=False)
    axes.set_xlim(days[0], days[-1])
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    locator = AutoDateLocator(minticks=2, maxticks=12)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))


def _by_size(axes: Axes, figures: Figures) -> None:
    axes.set_title("Size today, in GB", loc="left")
    names = list(figures.regions)
    sizes = [figures.now(name).size / GB for name in names]
    colours = [COLOURS[n % len(COLOURS)] for n in range(len(names))]
    if not names:
        _none(axes)
    bars = axes.barh(names, sizes, color=colours, height=0.6)
    axes.bar_label(bars, fmt="%.1f", padding=4)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    _plain(axes)


def _by_state(axes: Axes, figures: Figures) -> None:
    axes.set_title("Shares by state", loc="left")
    left = 0
    for state, count in sorted(figures.shares.items()):
        bars = axes.barh(
            [""], [count], left=left, color=STATES.get(state, OTHER), label=f"{state} ({count})"
        )
        axes.bar_label(bars, labels=[str(count)], label_type="center", color="white")
        left += count
    if left:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.3), ncols=4, frameon=False)
    else:
        _none(axes)
    axes.set_yticks([])
    if left:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    _plain(axes)


def _none(axes: Axes) -> None:
    axes.text(0.5, 0.5, "none", ha="center", va="center", transform=axes.transAxes)
    axes.set_xticks([])
    axes.set_yticks([])


def _plain(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
