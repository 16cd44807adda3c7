"""Small line charts as SVG, without a library."""
import math
from html import escape

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 640, 300, 60, 34, 170, 44
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8c6d31"]


def ticks(low, high, logarithmic):
    """Round numbers between two, few enough to be read."""
    if logarithmic:
        return [m * 10.0**e for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1) for m in (1, 2, 5) if low <= m * 10.0**e <= high]
    step = 10 ** math.floor(math.log10((high - low) / 3))
    step *= max(m for m in (1, 2, 5) if m * step <= (high - low) / 3)
    return [i * step for i in range(math.ceil(low / step), math.floor(high / step) + 1)]


def chart(title, across, up, lines, logarithmic=False, named=None):
    """SVG of `lines` [(name, [(x, y, margin)])]: margin is half an interval of y, or None. `named`: labels of x in place of its numbers,
    {x: text}; `logarithmic`: y is."""
    values = [(y - (m or 0), y + (m or 0)) for _, points in lines for _, y, m in points]
    xs = [x for _, points in lines for x, _, _ in points]
    low, high, first, last = min(v for v, _ in values), max(v for _, v in values), min(xs), max(xs)
    scale = math.log if logarithmic else float
    room = 0.05 * (scale(high) - scale(low)) or 1

    def at_x(x):
        return LEFT + (x - first) / (last - first or 1) * (WIDTH - LEFT - RIGHT)

    def at_y(y):
        return HEIGHT - BOTTOM - (scale(y) - scale(low) + room) / (scale(high) - scale(low) + 2 * room) * (HEIGHT - TOP - BOTTOM)

    def text(x, y, content, anchor="middle", colour="#222", turn=""):
        return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"{turn}>{escape(content)}</text>'

    def line(x1, y1, x2, y2, colour, width=1):
        return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}"/>'

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>', text(WIDTH / 2, 18, title),
           text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, across),
           text(14, HEIGHT / 2, up, turn=f' transform="rotate(-90 14 {HEIGHT / 2:.0f})"')]
    for y in ticks(low, high, logarithmic):
        out += [line(LEFT, at_y(y), WIDTH - RIGHT, at_y(y), "#ddd"), text(LEFT - 6, at_y(y) + 4, f"{y:g}", "end")]
    for x, label in (named or {x: f"{x:,g}" for x in ticks(first, last, False)}).items():
        out += [line(at_x(x), HEIGHT - BOTTOM, at_x(x), HEIGHT - BOTTOM + 4, "#222"), text(at_x(x), HEIGHT - BOTTOM + 17, label)]
    for index, (name, points) in enumerate(lines):
        colour = COLOURS[index % len(COLOURS)]
        way = " ".join(f"{at_x(x):.1f},{at_y(y):.1f}" for x, y, _ in points)
        out.append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        out += [line(at_x(x), at_y(y - m), at_x(x), at_y(y + m), colour) for x, y, m in points if m is not None]
        out += [line(WIDTH - RIGHT + 12, TOP + 18 * index + 6, WIDTH - RIGHT + 30, TOP + 18 * index + 6, colour, 3),
                text(WIDTH - RIGHT + 36, TOP + 18 * index + 10, name, "start")]
    return "\n".join([*out, "</svg>\n"])
