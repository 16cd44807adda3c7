"""A cactus in a pot: ribs, arms, flowers, and a band around the pot."""
import math

from pov import ball, difference, egg, funnel, move, post, rod, turn, union
from scene import Palette, Toy, material, oklch, texture

RIM = 0.6  # height of the pot


def build(draw):
    palette, finish = Palette(draw), material(draw)
    green = texture(oklch(draw.number("green, lightness", 0.5, 0.68, bins=3), 0.12, draw.number("green, hue", 130, 178, bins=3)), "matte")
    pot, band = texture(palette.main("pot colour"), finish), texture(palette.accent("band colour"), finish)
    flower = texture(oklch(0.72, 0.19, (350, 20, 60, 95)[int(draw.random() * 4)]), "satin")
    ribs, arms, flowers = draw.choice("ribs", [7, 9, 11]), draw.choice("arms", [0, 1, 2], [1, 2, 3]), draw.choice("flowers", [0, 1, 3])
    shape, banded = draw.choice("shape", ["column", "barrel"], [3, 1]), draw.choice("band", ["no", "yes"]) == "yes"
    yaw, first = draw.number("turn", -40, 40), draw.choice("first arm", ["left", "right"])
    wide, high = draw.number("width", 0.25, 0.33, bins=3), draw.number("height", 0.95, 1.3)
    if shape == "column":
        top = RIM + high
        parts = column(ribs, wide, top, green)
        for i in range(arms):
            sign = (1 if first == "right" else -1) * (1 if i == 0 else -1)
            y, rise = RIM + high * draw.between(0.32, 0.52), draw.between(0.28, 0.42)
            parts.append(arm(sign * (wide + 0.26), y, rise, wide * 0.48, green))
    else:
        top = RIM + 1.02
        parts = barrel(ribs + 3, green)
    for i in range(flowers):
        around = 2 * math.pi * i / 3 + 0.5
        out = 0 if i == 0 else wide * 0.75
        parts += blossom(out * math.cos(around), top + (0.03 if i == 0 else -0.14), -abs(out * math.sin(around)), flower)
    vessel = [funnel(0, 0.42, RIM - 0.12, 0.58, pot), difference(post(RIM - 0.14, RIM, 0.66), post(RIM - 0.06, RIM + 0.1, 0.57), pot),
              post(RIM - 0.1, RIM - 0.03, 0.575, texture((0.07, 0.035, 0.018), "matte"))]
    if banded:
        vessel.append(funnel(0.16, 0.42 + 0.16 * 0.16 / 0.48 + 0.012, 0.32, 0.42 + 0.16 * 0.32 / 0.48 + 0.012, "open", band))
    reach = 0.68 if shape == "barrel" or arms == 0 else 0.78
    return Toy(union(*parts, turn(y=yaw)) + union(*vessel), top + (0.1 if flowers else 0), reach), palette


def column(ribs, radius, top, look):
    """Capsules around the axis, and a core that ends in a dome."""
    low, end, parts = RIM - 0.1, top - radius * 0.2, []
    for i in range(ribs):
        around, thick = 2 * math.pi * i / ribs, radius * 0.36
        x, z = radius * 0.66 * math.cos(around), radius * 0.66 * math.sin(around)
        parts += [rod((x, low, z), (x, end, z), thick), egg((thick, radius * 0.75, thick), move(x, end, z))]
    return [union(*parts, post(low, end, radius * 0.8), egg((radius * 0.8, radius, radius * 0.8), move(y=end)), look)]


def barrel(ribs, look):
    slices = [egg((0.2, 0.56, 0.26), move(z=-0.3844), turn(y=360 * i / ribs)) for i in range(ribs)]
    return [union(*slices, egg((0.496, 0.54, 0.496)), move(y=RIM + 0.48), look)]


def arm(out, y, rise, radius, look):
    elbow, hand = (out, y, 0), (out, y + rise, 0)
    return union(rod((0, y - 0.02, 0), elbow, radius), ball(elbow, radius), rod(elbow, hand, radius), ball(hand, radius), look)


def blossom(x, y, z, look):
    petals = [egg((0.05, 0.035, 0.1), move(z=0.1), turn(x=-28), turn(y=72 * k)) for k in range(5)]
    return [union(*petals, look, move(x, y, z)), ball((x, y + 0.02, z), 0.05, texture(oklch(0.87, 0.17, 95), "satin"))]
