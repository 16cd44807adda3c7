"""A doughnut: dough, icing that runs over the edge, sprinkles, and sometimes a bite."""
import math

from pov import ball, difference, egg, move, ring, turn, union, written
from scene import HUES, Palette, Toy, material, oklch, texture

ICINGS = {"chocolate": (0.10, 0.036, 0.016), "vanilla": (0.88, 0.80, 0.66)}


def build(draw):
    palette, finish = Palette(draw), material(draw, values=("satin", "glossy"))
    coloured = palette.main("icing colour", (0.62, 0.85), 0.15)
    icing = texture(ICINGS.get(draw.choice("icing", ["coloured", *ICINGS], [5, 2, 1]), coloured), finish)
    dough = texture(oklch(draw.number("baked", 0.62, 0.78, bins=3), 0.10, 70), "matte")
    around, thick = draw.number("hole", 0.56, 0.70), draw.number("thickness", 0.30, 0.38)
    drips, sprinkles = draw.choice("drips", [7, 9, 11]), draw.choice("sprinkles", [0, 16, 32, 48])
    bitten = draw.choice("bite", ["no", "yes"], [3, 1]) == "yes"
    tilt, yaw = draw.number("tilt", 0, 38), draw.number("turn", 0, 360)
    shell = thick + 0.03
    parts = [ring(around, thick, dough), written("intersection", ring(around, shell), "plane { -y, -0.03 }", icing)]
    phase = draw.between(0, 360)
    for i in range(drips):
        at, long = phase + 360 * (i + draw.between(-0.25, 0.25)) / drips, draw.between(0.10, 0.2)
        parts.append(egg((0.17 + 0.05 * draw.random(), long, 0.1), move(y=0.02, z=-(around + shell - 0.075)), turn(y=at), icing))
        parts.append(egg((0.13, long * 0.7, 0.08), move(y=0.02, z=-(around - shell + 0.06)), turn(y=at + 17), icing))
    colours = [texture(oklch(0.78, 0.17, hue), "satin") for hue in HUES.values()] + [texture((0.9, 0.9, 0.88), "satin")]
    for _ in range(sprinkles):
        at, over, spin = draw.between(0, 360), draw.between(-62, 62), draw.between(0, 180)
        parts.append(egg((0.082, 0.027, 0.03), turn(y=spin), move(y=shell), turn(x=over), move(z=-around), turn(y=at),
                         colours[int(draw.random() * len(colours))]))
    whole = union(*parts)
    if bitten:
        # Three teeth at the front, so that the bite is seen.
        at = draw.between(-70, 30)
        teeth = [ball((0.17 * i, 0.1, -(around + thick * 0.75 - 0.05 * (i == 0))), 0.26) for i in (-1, 0, 1)]
        whole = difference(whole, union(*teeth, texture(oklch(0.86, 0.06, 85), "matte"), turn(y=at - yaw)))
    lean = math.radians(tilt)
    rise = thick * math.cos(lean) + (around + thick) * math.sin(lean) * 0.93 + 0.02
    return Toy(union(whole, turn(y=yaw), turn(x=-tilt), move(y=rise)), max(2 * rise, 0.8), around + thick), palette
