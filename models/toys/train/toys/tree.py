"""A small fir: tiers, baubles, a star or a ball at the top, a trunk or a pot, and sometimes snow."""
from scene import WHITE, WOOD, Palette, Toy, material, oklch, texture, vector
import math


def build(draw):
    palette = Palette(draw)
    kind = draw.choice("needles", ["green", "teal", "coloured", "white"], [4, 2, 2, 1])
    coloured = palette.main("colour", (0.6, 0.8), 0.12)
    shade = draw.number("green, lightness", 0.48, 0.62, bins=3)
    needles = texture({"green": oklch(shade, 0.12, 148), "teal": oklch(shade, 0.09, 185), "white": oklch(0.94, 0.01, 150)}.get(kind, coloured), "matte")
    glass = "glossy"
    first, second = texture(palette.accent("bauble colour", (0.6, 0.8)), glass), texture(palette.of("other bauble colour", palette.base, (0.6, 0.85), 0.15), glass)
    gold = texture(oklch(0.84, 0.16, 90), "satin")
    tiers = draw.choice("tiers", [3, 4])
    baubles = draw.choice("baubles", [0, 6, 10, 14], [1, 2, 2, 2])
    crown, stand = draw.choice("top", ["star", "ball", "none"], [3, 2, 1]), draw.choice("stand", ["trunk", "pot"])
    snow = draw.choice("snow", ["no", "yes"], [2, 1])
    wide, high, yaw = draw.number("width", 0.68, 0.88, bins=3), draw.number("height", 1.45, 1.8, bins=3), draw.number("turn", 0, 360)
    low = 0.34
    parts, step = [], high / tiers
    cones = []
    for i in range(tiers):
        r, y = wide * (1 - 0.72 * i / tiers), low + step * i
        over = step * (1.55 if i < tiers - 1 else 1.12)
        cones.append((y, r, over))
        parts.append(f"cone {{ {y:.3f}*y, {r:.3f}, {y + over:.3f}*y, {r * 0.06:.3f} {needles} }} torus {{ {r - 0.045:.3f}, 0.05 translate {y + 0.02:.3f}*y {needles} }}")
        if snow == "yes":
            parts.append(f"torus {{ {r - 0.03:.3f}, 0.056 scale <1,0.75,1> translate {y + 0.045:.3f}*y {texture(WHITE, 'matte')} }}")
    top = cones[-1][0] + cones[-1][2]
    phase = draw.between(0, 360)
    for i in range(baubles):
        y, r, over = cones[i % tiers]
        share = 0.18 + 0.12 * draw.random()
        a = math.radians(phase + 137.5 * i)
        out = r * (1 - share) + 0.05
        parts.append(f"sphere {{ {vector(out * math.cos(a), y + over * share, out * math.sin(a))}, 0.085 {first if i % 2 else second} }}")
    tree = f"union {{ {' '.join(parts)} rotate {yaw:.1f}*y }}"
    if crown == "star":
        rays = " ".join(f"cone {{ 0, 0.085, 0.24*y, 0.0 scale <1,1,0.6> rotate {72 * k}*z }}" for k in range(5))
        tree += f" union {{ {rays} sphere {{ 0, 0.09 scale <1,1,0.7> }} {gold} rotate {draw.between(-25, 25):.1f}*y translate {top + 0.12:.3f}*y }}"
        top += 0.34
    if crown == "ball":
        tree += f" sphere {{ {top + 0.05:.3f}*y, 0.12 {first} }}"
        top += 0.16
    if stand == "trunk":
        tree += f" cylinder {{ 0, {low + 0.1:.3f}*y, 0.15 {texture(WOOD, 'matte')} }}"
    else:
        pot = texture(palette.of("pot colour", palette.second + 20, (0.5, 0.75), 0.15), "satin")
        tree += f" cone {{ 0, 0.24, {low - 0.02:.3f}*y, 0.33 {pot} }}"
    return Toy(tree, top, wide), palette
