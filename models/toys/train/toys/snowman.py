"""A snowman: two or three balls, eyes, carrot, buttons, scarf, arms, and something on its head."""
from scene import BLACK, Palette, Toy, material, oklch, texture, vector
import math


def build(draw):
    palette = Palette(draw)
    snow = texture(oklch(0.955, 0.008, draw.choice("snow", [250, 80])), "matte")
    cloth, trim = texture(palette.main("scarf colour", (0.5, 0.72)), "matte"), texture(palette.accent("hat colour"), "matte")
    coal, carrot = texture(BLACK, "satin"), texture(oklch(0.72, 0.19, 52), "matte")
    balls = draw.choice("balls", [2, 3])
    hat = draw.choice("hat", ["top hat", "bobble hat", "bucket", "none"], [3, 3, 2, 1])
    buttons = draw.choice("buttons", [0, 2, 3, 4], [1, 2, 2, 2])
    scarf, arms = draw.choice("scarf", ["yes", "no"], [3, 1]), draw.choice("arms", ["no", "yes"])
    turn, nose = draw.number("turn", -48, 48), draw.number("nose", 0.24, 0.44, bins=3)
    head = draw.number("head", 0.38, 0.46, bins=3)
    sizes = [0.64, head] if balls == 2 else [0.62, 0.46, head * 0.86]
    parts, y, centres = [], 0.0, []
    for size in sizes:
        y = y + size * 0.93 if not centres else centres[-1] + (sizes[len(centres) - 1] + size) * 0.82
        centres.append(y)
        parts.append(f"sphere {{ {y:.4f}*y, {size:.4f} {snow} }}")
    r, c = sizes[-1], centres[-1]

    def on(ball, up, across, size, look, squash=1.0):
        """Something small on the front of a ball."""
        return (f"sphere {{ 0, {size:.3f} scale <1,1,{squash}> translate {-sizes[ball]:.4f}*z rotate {up:.1f}*x rotate {across:.1f}*y translate {centres[ball]:.4f}*y {look} }}")

    for across in (-24, 24):
        parts.append(on(-1, 17, across, 0.068, coal))
    for i in range(5):
        parts.append(on(-1, -30 + 6 * abs(i - 2), (i - 2) * 13, 0.03, coal))
    parts.append(f"cone {{ 0, 0.085, {-nose:.3f}*z, 0.012 {carrot} translate {-r * 0.95:.4f}*z rotate -3*x translate {c:.4f}*y }}")
    body = 0 if balls == 2 else 1
    for i in range(buttons):
        parts.append(on(body, 36 - 62 * i / max(1, buttons - 1), 0, 0.062, coal))
    if scarf == "yes":
        neck = c - r * 0.80
        parts.append(f"torus {{ {r * 0.74:.4f}, 0.1 scale <1,1.05,1> translate {neck:.4f}*y {cloth} }}")
        parts.append(f"box {{ <-0.09,-0.42,-0.035>, <0.09,0.03,0.035> rotate 14*x rotate -9*z translate {vector(0.2, neck, -r * 0.74 - 0.07)} {cloth} }}")
    top = c + r
    base = c + r * 0.72
    if hat == "top hat":
        parts.append(f"union {{ cylinder {{ 0, 0.05*y, {r * 1.05:.4f} }} cylinder {{ 0, {r * 1.05:.4f}*y, {r * 0.68:.4f} }} {coal} translate {base:.4f}*y }}")
        parts.append(f"cylinder {{ 0.05*y, 0.17*y, {r * 0.695:.4f} {trim} translate {base:.4f}*y }}")
        top = base + r * 1.05
    if hat == "bobble hat":
        parts.append(f"difference {{ sphere {{ 0, {r * 1.04:.4f} }} plane {{ y, {r * 0.35:.4f} }} scale <1,1.12,1> translate {c:.4f}*y {trim} }}")
        parts.append(f"torus {{ {r * 0.95:.4f}, 0.075 translate {c + r * 0.42:.4f}*y {cloth} }} sphere {{ {c + r * 1.24:.4f}*y, 0.13 {cloth} }}")
        top = c + r * 1.24 + 0.13
    if hat == "bucket":
        parts.append(f"union {{ cone {{ 0, {r * 0.82:.4f}, {r * 1.0:.4f}*y, {r * 0.6:.4f} }} torus {{ {r * 0.82:.4f}, 0.03 }} {trim} rotate 7*z translate {c + r * 0.6:.4f}*y }}")
        top = c + r * 1.6
    if arms == "yes":
        wood = texture((0.13, 0.06, 0.03), "matte")
        for side in (-1, 1):
            a, b = vector(side * sizes[body] * 0.8, centres[body] + 0.1, 0), vector(side * (sizes[body] + 0.42), centres[body] + 0.42, -0.08)
            twig = vector(side * (sizes[body] + 0.38), centres[body] + 0.56, -0.06)
            middle = vector(side * (sizes[body] + 0.25), centres[body] + 0.31, -0.05)
            parts.append(f"union {{ cylinder {{ {a}, {b}, 0.035 }} cylinder {{ {middle}, {twig}, 0.026 }} {wood} }}")
    return Toy(f"union {{ {' '.join(parts)} rotate {-turn:.1f}*y }}", top, sizes[0] if arms == "no" else sizes[0] * 1.25), palette
