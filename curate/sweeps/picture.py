"""Draws a sweep: one small chart a measure, an arm a step to the right, its mean with its interval, by language."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from curate.sweeps.pooled import PooledMeasure

WIDTH, HEIGHT, EDGE = 240, 150, 28
COLOURS = {"zh": "#b3402a", "en": "#1f5f8b"}
"""Told apart in grey, too: the English marks are rings."""


def sweep_picture(
    arms: Sequence[str], measured: Sequence[Mapping[str, PooledMeasure]], base: Mapping[str, PooledMeasure]
) -> str:
    """Write the picture as SVG. `measured` holds the measures of each arm, `base` those of the untrained model."""
    names = list(dict.fromkeys(name.rpartition("_")[0] for measures in measured for name in measures))
    columns = 3
    rows = -(-len(names) // columns)
    legend = 20 + 14 * len(arms)
    drawn = [
        _chart(name, measured, base, x=WIDTH * (number % columns), y=HEIGHT * (number // columns))
        for number, name in enumerate(names)
    ]
    height = HEIGHT * rows
    labels = [
        f'<text x="8" y="{height + 16 + 14 * number}">{number + 1}: {escape(arm)}</text>'
        for number, arm in enumerate(arms)
    ]
    style = (
        "<style>text{font:11px sans-serif;fill:#222}.axis{stroke:#999}.base{stroke:#999;stroke-dasharray:3 3}</style>"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH * columns} {height + legend}" role="img">'
        f"{style}{''.join(drawn)}{''.join(labels)}"
        f'<text x="{WIDTH * columns - 150}" y="{height + 16}">zh ●   en ○   base - - -</text></svg>\n'
    )


def _chart(
    name: str, measured: Sequence[Mapping[str, PooledMeasure]], base: Mapping[str, PooledMeasure], x: int, y: int
) -> Markup:
    """Draw one measure. Rates run from 0 to 1, others from 0 to the highest end of an interval."""
    both = [arm[f"{name}_{lang}"] for arm in measured for lang in COLOURS if f"{name}_{lang}" in arm]
    top = max([1.0, *(measure.high for measure in both)])
    floor = y + HEIGHT - EDGE

    def height_of(value: float) -> float:
        return floor - (HEIGHT - 2 * EDGE) * min(max(value / top, 0), 1)

    step = (WIDTH - 2 * EDGE) / max(len(measured), 1)
    marks = [
        f'<text x="{x + 8}" y="{y + 14}">{escape(name)}</text>'
        f'<text x="{x + 4}" y="{height_of(top) + 4}">{top:.3g}</text>'
        f'<line class="axis" x1="{x + EDGE}" y1="{floor}" x2="{x + WIDTH - 8}" y2="{floor}"/>'
    ]
    for shift, (lang, colour) in zip((-4, 4), COLOURS.items(), strict=True):
        key = f"{name}_{lang}"
        if key in base:
            level = height_of(base[key].value)
            marks.append(f'<line class="base" x1="{x + EDGE}" y1="{level:.1f}" x2="{x + WIDTH - 8}" y2="{level:.1f}"/>')
        for number, arm in enumerate(measured):
            if key in arm:
                middle = x + EDGE + step * (number + 0.5) + shift
                marks.append(
                    _mark(middle, [height_of(v) for v in (arm[key].low, arm[key].value, arm[key].high)], colour)
                )
    numbers = [
        f'<text x="{x + EDGE + step * (number + 0.5) - 3:.1f}" y="{floor + 14}">{number + 1}</text>'
        for number in range(len(measured))
    ]
    return Markup("".join([*marks, *numbers]))


def _mark(x: float, heights: Sequence[float], colour: str) -> str:
    """Draw a mean as a dot, or a ring for English, on the line of its interval."""
    low, value, high = heights
    filled = colour if colour == COLOURS["zh"] else "#fff"
    return (
        f'<line x1="{x:.1f}" y1="{low:.1f}" x2="{x:.1f}" y2="{high:.1f}" stroke="{colour}"/>'
        f'<circle cx="{x:.1f}" cy="{value:.1f}" r="3.5" fill="{filled}" stroke="{colour}"/>'
    )
