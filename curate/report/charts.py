"""Small drawings as inline SVG: the bar of a stage, an interval, and a curve."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from schemas.manifest import StageCount

WIDTH, HEIGHT = 220, 26


def bar(stage: StageCount, widest: int) -> Markup:
    """Draw what a stage kept, dropped and gave to reviewers as parts of a bar; `widest` fills its whole width."""
    parts, x = [], 0.0
    for name, number in (("kept", stage.kept), ("dropped", stage.dropped), ("review", stage.review)):
        width = 1000 * number / widest
        parts.append(f'<rect class="{name}" x="{x:.2f}" y="0" width="{width:.2f}" height="10"/>')
        x += width
    label = f"{stage.kept:,} / {stage.rows_in + stage.added:,}"
    return Markup(
        f'<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="{label}">'
        f"{''.join(parts)}</svg>"
    )


def interval(base: float, tuned: tuple[float, float, float], top: float, label: str) -> Markup:
    """Draw the base as a ring, the tuned model as a dot with its interval (value, low, high), from 0 to `top`."""
    value, low, high = tuned

    # Values scale to the width between margins of 8; what lies outside of 0 to `top` is drawn at the edge.
    x = [8 + (WIDTH - 16) * min(max(v / top, 0), 1) for v in (base, value, low, high)]
    middle = HEIGHT / 2

    return Markup(
        f'<svg class="whisker" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">'
        f'<line class="axis" x1="8" y1="{middle}" x2="{WIDTH - 8}" y2="{middle}"/>'
        f'<line class="range" x1="{x[2]:.1f}" y1="{middle}" x2="{x[3]:.1f}" y2="{middle}"/>'
        f'<circle class="base" cx="{x[0]:.1f}" cy="{middle}" r="5"/>'
        f'<circle class="tuned" cx="{x[1]:.1f}" cy="{middle}" r="5"/></svg>'
    )


def curve(values: Sequence[float], label: str) -> Markup:
    """Draw a line over steps, with its first and last value written beside it; nothing for fewer than two."""
    if len(values) < 2:
        return Markup("")

    # Room for the step numbers below (24) and for the values above (16); the highest value leaves 5 % free.
    width, height, edge = 720, 180, 34
    top = max(values) * 1.05
    points = " ".join(
        f"{edge + (width - 2 * edge) * n / (len(values) - 1):.1f},{height - 24 - (height - 40) * v / top:.1f}"
        for n, v in enumerate(values)
    )

    return Markup(
        f'<svg class="curve" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">'
        f'<line class="axis" x1="{edge}" y1="{height - 24}" x2="{width - edge}" y2="{height - 24}"/>'
        f'<polyline points="{points}"/>'
        f'<text x="{edge}" y="{height - 6}">1</text>'
        f'<text x="{width - edge}" y="{height - 6}" text-anchor="end">{len(values)}</text>'
        f'<text x="{edge + 8}" y="14">{values[0]:.2f}</text>'
        f'<text x="{width - edge}" y="14" text-anchor="end">{values[-1]:.2f}</text></svg>'
    )
