"""A small fir: tiers, baubles, a star or a ball at the top, a trunk or a pot, and sometimes snow."""
import math

from pov import ball, cone, egg, funnel, move, post, ring, scale, turn, union
from scene import WHITE, WOOD, Palette, Toy, oklch, texture

LOW = 0.34  # where the needles begin


def build(draw):
    palette = Palette(draw)
    kind = draw.choice("needles", ["green", "teal", "coloured", "white"], [4, 2, 2, 1])
    coloured = palette.main("colour", (0.6, 0.8), 0.12)
    shade = draw.number("green, lightness", 0.48, 0.62, bins=3)
    green = {"green": oklch(shade, 0.12, 148), "teal": oklch(shade, 0.09, 185), "white": oklch(0.94, 0.01, 150)}
    needles = texture(green.get(kind, coloured), "matte")
    first = texture(palette.accent("bauble colour", (0.6, 0.8)), "glossy")
    second = texture(palette.of("other bauble colour", palette.base, (0.6, 0.85), 0.15), "glossy")
    tiers, baubles = draw.choice("tiers", [3, 4]), draw.choice("baubles", [0, 6, 10, 14], [1, 2, 2, 2])
    crown, stand = draw.choice("top", ["star", "ball", "none"], [3, 2, 1]), draw.choice("stand", ["trunk", "pot"])
    snowy = draw.choice("snow", ["no", "yes"], [2, 1]) == "yes"
    wide, high, yaw = draw.number("width", 0.68, 0.88, bins=3), draw.number("height", 1.45, 1.8, bins=3), draw.number("turn", 0, 360)
    parts, step = [], high / tiers
    cones = [(LOW + step * i, wide * (1 - 0.72 * i / tiers), step * (1.55 if i < tiers - 1 else 1.12)) for i in range(tiers)]
    for y, r, rise in cones:
        parts += [funnel(y, r, y + rise, r * 0.06, needles), ring(r - 0.045, 0.05, move(y=y + 0.02), needles)]
        if snowy:
            parts.append(ring(r - 0.03, 0.056, scale(1, 0.75, 1), move(y=y + 0.045), texture(WHITE, "matte")))
    phase = draw.between(0, 360)
    for i in range(baubles):
        y, r, rise = cones[i % tiers]
        share, around = 0.18 + 0.12 * draw.random(), math.radians(phase + 137.5 * i)
        out = r * (1 - share) + 0.05
        parts.append(ball((out * math.cos(around), y + rise * share, out * math.sin(around)), 0.085, first if i % 2 else second))
    top = cones[-1][0] + cones[-1][2]
    source = union(*parts, turn(y=yaw))
    if crown == "star":
        source += star(draw.between(-25, 25), top + 0.12)
        top += 0.34
    if crown == "ball":
        source += ball((0, top + 0.05, 0), 0.12, first)
        top += 0.16
    if stand == "trunk":
        source += post(0, LOW + 0.1, 0.15, texture(WOOD, "matte"))
    else:
        source += funnel(0, 0.24, LOW - 0.02, 0.33, texture(palette.of("pot colour", palette.second + 20, (0.5, 0.75), 0.15), "satin"))
    return Toy(source, top, wide), palette


def star(yaw, height):
    rays = [cone((0, 0, 0), 0.085, (0, 0.24, 0), 0, scale(1, 1, 0.6), turn(z=72 * k)) for k in range(5)]
    return union(*rays, egg((0.09, 0.09, 0.063)), texture(oklch(0.84, 0.16, 90), "satin"), turn(y=yaw), move(y=height))
