"""Mushrooms: one to three, with spots, and sometimes a ring on the stem."""
import math

from pov import below, difference, egg, funnel, lathe, move, ring, scale, turn, union
from scene import WHITE, Palette, Toy, material, oklch, texture


def build(draw):
    palette, finish = Palette(draw), material(draw)
    cap, spot = texture(palette.main("cap colour", (0.52, 0.72), 0.19), finish), texture(WHITE, "matte")
    stem = texture(oklch(0.92, draw.number("stem tint", 0.01, 0.05, bins=2), 85), "matte")
    gills = texture(oklch(0.84, 0.04, 70), "matte")
    shape = draw.choice("cap", ["dome", "flat", "pointed"])
    spots = draw.choice("spots", [0, 5, 9, 14], [1, 2, 3, 2])
    ringed = draw.choice("ring", ["no", "yes"]) == "yes"
    number = draw.choice("mushrooms", [1, 2, 3], [3, 2, 1])
    wide, high = draw.number("cap width", 0.68, 0.88), draw.number("stem height", 0.62, 0.95)
    thick, lean, yaw = draw.number("stem width", 0.18, 0.28, bins=3), draw.number("lean", -8, 8, bins=3), draw.number("turn", 0, 360)
    tall = wide * {"dome": 0.80, "flat": 0.5, "pointed": 1.15}[shape]

    def mushroom(size):
        parts = [lathe([(thick * 1.2, -0.2), (thick * 1.35, 0), (thick * 1.05, high * 0.35), (thick * 0.9, high * 0.7), (thick, high + 0.05),
                        (0, high + 0.08), (-0.1, high + 0.08)], stem),
                 difference(egg((wide, tall, wide)), below(0), move(y=high), cap),
                 ring(wide - 0.055, 0.055, move(y=high + 0.012), cap),
                 egg((wide - 0.06, 0.06, wide - 0.06), move(y=high), gills)]
        if ringed:
            parts.append(funnel(high * 0.62, thick * 1.7, high * 0.78, thick * 0.9, stem))
        phase = draw.between(0, 360)
        for i in range(spots):
            over = math.radians(8 + 72 * math.sqrt((i + 0.5) / spots))
            dot = draw.between(0.085, 0.15) * (1.25 if spots < 6 else 1)
            # Flat on the surface: along the ellipse's normal.
            normal = math.degrees(math.atan2(math.sin(over) / wide, math.cos(over) / tall))
            parts.append(egg((dot, 0.045, dot), turn(x=-normal), move(y=high + tall * math.cos(over), z=-wide * math.sin(over)),
                             turn(y=phase + 137.5 * i), spot))
        return union(*parts, scale(size, size, size))

    all_of, reach = [union(mushroom(1), turn(y=yaw), turn(z=lean))], wide
    for i in range(number - 1):
        small = draw.between(0.38, 0.52)
        side = (1 if i == 0 else -1) * (1 if draw.random() < 0.5 or i else -1)
        x = side * (wide * 0.62 + small * 0.45)
        all_of.append(union(mushroom(small), turn(y=draw.between(0, 360)), turn(z=-6 * side), move(x, 0, draw.between(-0.75, -0.4))))
        reach = max(reach, abs(x) + small * wide * 1.08)
    return Toy(union(*all_of), high + tall, reach), palette
