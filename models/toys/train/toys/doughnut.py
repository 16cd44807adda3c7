"""A doughnut: dough, icing that runs over the edge, sprinkles, and sometimes a bite."""
from scene import HUES, Palette, Toy, material, oklch, texture, vector
import math

ICINGS = {"chocolate": (0.10, 0.036, 0.016), "vanilla": (0.88, 0.80, 0.66)}


def build(draw):
    palette, finish = Palette(draw), material(draw, values=("satin", "glossy"))
    coloured = palette.main("icing colour", (0.62, 0.85), 0.15)
    kind = draw.choice("icing", ["coloured", *ICINGS], [5, 2, 1])
    icing = texture(ICINGS.get(kind, coloured), finish)
    dough = texture(oklch(draw.number("baked", 0.62, 0.78, bins=3), 0.10, 70), "matte")
    ring, thick = draw.number("hole", 0.56, 0.70), draw.number("thickness", 0.30, 0.38)
    drips = draw.choice("drips", [7, 9, 11])
    sprinkles = draw.choice("sprinkles", [0, 16, 32, 48])
    bite = draw.choice("bite", ["no", "yes"], [3, 1])
    tilt, yaw = draw.number("tilt", 0, 38), draw.number("turn", 0, 360)
    shell = thick + 0.03
    parts = [f"torus {{ {ring:.4f}, {thick:.4f} {dough} }}",
             f"intersection {{ torus {{ {ring:.4f}, {shell:.4f} }} plane {{ -y, -0.03 }} {icing} }}"]
    phase = draw.between(0, 360)
    for i in range(drips):
        angle, long = phase + 360 * (i + draw.between(-0.25, 0.25)) / drips, draw.between(0.10, 0.2)
        parts.append(f"sphere {{ 0, 1 scale <{0.17 + 0.05 * draw.random():.3f},{long:.3f},0.1> translate {vector(0, 0.02, -(ring + shell - 0.075))} "
                     f"rotate {angle:.1f}*y {icing} }}")
        parts.append(f"sphere {{ 0, 1 scale <0.13,{long * 0.7:.3f},0.08> translate {vector(0, 0.02, -(ring - shell + 0.06))} rotate {angle + 17:.1f}*y {icing} }}")
    colours = [texture(oklch(0.78, 0.17, hue), "satin") for hue in HUES.values()] + [texture((0.9, 0.9, 0.88), "satin")]
    for _ in range(sprinkles):
        around, over, spin = draw.between(0, 360), draw.between(-62, 62), draw.between(0, 180)
        capsule = f"sphere {{ 0, 1 scale <0.082,0.027,0.03> rotate {spin:.1f}*y translate {shell:.4f}*y rotate {over:.1f}*x translate {-ring:.4f}*z rotate {around:.1f}*y"
        parts.append(f"{capsule} {colours[int(draw.random() * len(colours))]} }}")
    whole = f"union {{ {' '.join(parts)} }}"
    if bite == "yes":
        # Three teeth at the front right, so that the bite is seen.
        turn = draw.between(-70, 30)
        teeth = " ".join(f"sphere {{ {vector(0.17 * i, 0.1, -(ring + thick * 0.75 - 0.05 * (i == 0)))}, 0.26 }}" for i in (-1, 0, 1))
        crumb = texture(oklch(0.86, 0.06, 85), "matte")
        whole = f"difference {{ {whole} union {{ {teeth} {crumb} rotate {turn - yaw:.1f}*y }} }}"
    lean = math.radians(tilt)
    rise = thick * math.cos(lean) + (ring + thick) * math.sin(lean) * 0.93 + 0.02
    high = 2 * rise
    return Toy(f"union {{ {whole} rotate {yaw:.1f}*y rotate {-tilt:.2f}*x translate {rise:.4f}*y }}", max(high, 0.8), ring + thick), palette
