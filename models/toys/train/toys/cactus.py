"""A cactus in a pot: ribs, arms, flowers, and a band around the pot."""
from scene import HUES, Palette, Toy, material, oklch, texture, vector
import math


def build(draw):
    palette, finish = Palette(draw), material(draw)
    green = texture(oklch(draw.number("green, lightness", 0.5, 0.68, bins=3), 0.12, draw.number("green, hue", 130, 178, bins=3)), "matte")
    pot, band = texture(palette.main("pot colour"), finish), texture(palette.accent("band colour"), finish)
    flower = texture(oklch(0.72, 0.19, (350, 20, 60, 95)[int(draw.random() * 4)]), "satin")
    ribs = draw.choice("ribs", [7, 9, 11])
    arms = draw.choice("arms", [0, 1, 2], [1, 2, 3])
    flowers = draw.choice("flowers", [0, 1, 3])
    shape = draw.choice("shape", ["column", "barrel"], [3, 1])
    banded = draw.choice("band", ["no", "yes"])
    yaw, first = draw.number("turn", -40, 40), draw.choice("first arm", ["left", "right"])
    wide, high = draw.number("width", 0.25, 0.33, bins=3), draw.number("height", 0.95, 1.3)
    foot = 0.6
    parts = []

    def column(radius, low, top):
        """Ribs are capsules around an axis, which ends in a dome."""
        out, r, steps = [], radius * 0.66, ribs
        for i in range(steps):
            a = 2 * math.pi * i / steps
            x, z, thick = r * math.cos(a), r * math.sin(a), radius * 0.36
            out.append(f"cylinder {{ {vector(x, low, z)}, {vector(x, top - radius * 0.2, z)}, {thick:.4f} }} "
                       f"sphere {{ 0, 1 scale {vector(thick, radius * 0.75, thick)} translate {vector(x, top - radius * 0.2, z)} }}")
        out.append(f"cylinder {{ {low:.4f}*y, {top - radius * 0.2:.4f}*y, {radius * 0.8:.4f} }} sphere {{ 0, 1 scale {vector(radius * 0.8, radius, radius * 0.8)} translate {top - radius * 0.2:.4f}*y }}")
        return " ".join(out)

    if shape == "column":
        top = foot + high
        parts.append(f"union {{ {column(wide, foot - 0.1, top)} {green} }}")
        arm_radius = wide * 0.48
        for i in range(arms):
            sign = (1 if first == "right" else -1) * (1 if i == 0 else -1)
            y, out, rise = foot + high * draw.between(0.32, 0.52), wide + 0.26, draw.between(0.28, 0.42)
            elbow = vector(sign * out, y, 0)
            parts.append(f"union {{ cylinder {{ {vector(0, y - 0.02, 0)}, {elbow}, {arm_radius:.3f} }} sphere {{ {elbow}, {arm_radius:.3f} }} "
                         f"cylinder {{ {elbow}, {vector(sign * out, y + rise, 0)}, {arm_radius:.3f} }} sphere {{ {vector(sign * out, y + rise, 0)}, {arm_radius:.3f} }} {green} }}")
    else:
        size = 0.62
        top = foot + 1.02
        slices = " ".join(f"sphere {{ 0, 1 scale <0.2,0.56,0.26> translate {-size * 0.62:.3f}*z rotate {360 * i / (ribs + 3):.2f}*y }}" for i in range(ribs + 3))
        parts.append(f"union {{ {slices} sphere {{ 0, 1 scale <{size * 0.8:.3f},0.54,{size * 0.8:.3f}> }} translate {foot + 0.48:.3f}*y {green} }}")
    for i in range(flowers):
        a = 2 * math.pi * i / 3 + 0.5
        r = 0 if i == 0 else wide * 0.75
        petals = " ".join(f"sphere {{ 0, 1 scale <0.05,0.035,0.1> translate 0.1*z rotate -28*x rotate {72 * k}*y }}" for k in range(5))
        parts.append(f"union {{ {petals} {flower} translate {vector(r * math.cos(a), top + (0.03 if i == 0 else -0.14), -abs(r * math.sin(a)))} }}")
        parts.append(f"sphere {{ {vector(r * math.cos(a), top + (0.05 if i == 0 else -0.12), -abs(r * math.sin(a)))}, 0.05 {texture(oklch(0.87, 0.17, 95), 'satin')} }}")
    plant = f"union {{ {' '.join(parts)} rotate {yaw:.1f}*y }}"
    soil = texture((0.07, 0.035, 0.018), "matte")
    vessel = (f"cone {{ 0, 0.42, {foot - 0.12:.3f}*y, 0.58 {pot} }} difference {{ cylinder {{ {foot - 0.14:.3f}*y, {foot:.3f}*y, 0.66 }} cylinder {{ {foot - 0.06:.3f}*y, {foot + 0.1:.3f}*y, 0.57 }} {pot} }} "
              f"cylinder {{ {foot - 0.1:.3f}*y, {foot - 0.03:.3f}*y, 0.575 {soil} }}")
    if banded == "yes":
        vessel += f" cone {{ 0.16*y, {0.42 + 0.16 * 0.16 / 0.48 + 0.012:.3f}, 0.32*y, {0.42 + 0.16 * 0.32 / 0.48 + 0.012:.3f} open {band} }}"
    return Toy(f"{plant} {vessel}", top + (0.1 if flowers else 0), 0.68 if shape == "barrel" or arms == 0 else 0.78), palette
