"""A chess piece: pawn, rook, bishop, queen or king, turned on a lathe."""
from scene import Palette, Toy, material, oklch, texture, vector
import math


def spline(points):
    """Linear profile with rounded steps: a lathe through (radius, height)."""
    return f"lathe {{ cubic_spline {len(points)} {','.join(f'<{r:.3f},{y:.3f}>' for r, y in points)}"


def build(draw):
    palette, finish = Palette(draw), material(draw)
    wood = draw.choice("wood", ["coloured", "light", "dark"], [3, 1, 1])
    coloured = palette.main()
    body = texture({"light": oklch(0.82, 0.08, 75), "dark": oklch(0.36, 0.05, 50)}.get(wood, coloured), finish)
    felt = texture(palette.accent("foot colour"), "matte")
    piece = draw.choice("piece", ["pawn", "rook", "bishop", "queen", "king"], [3, 2, 2, 2, 2])
    wide, slim = draw.number("foot", 0.5, 0.62, bins=3), draw.number("waist", 0.17, 0.24, bins=3)
    tall = {"pawn": 0.95, "rook": 1.0, "bishop": 1.2, "queen": 1.3, "king": 1.35}[piece] * draw.number("height", 0.9, 1.1, bins=3)
    rings, yaw = draw.choice("rings", [1, 2]), draw.number("turn", 0, 90)
    parts = [f"cylinder {{ 0, 0.06*y, {wide:.3f} {felt} }}",
             f"torus {{ {wide - 0.07:.3f}, 0.09 translate 0.12*y {body} }} cylinder {{ 0.05*y, 0.2*y, {wide - 0.07:.3f} {body} }}",
             f"torus {{ {wide * 0.66:.3f}, 0.06 translate 0.27*y {body} }}",
             spline([(wide * 0.9, 0.1), (wide * 0.72, 0.22), (slim * 1.45, 0.45), (slim, tall * 0.7), (slim * 1.1, tall), (slim * 1.3, tall + 0.1)]) + f" {body} }}"]
    for i in range(rings):
        parts.append(f"torus {{ {slim * 1.15 + 0.08 - 0.04 * i:.3f}, 0.055 translate {tall - 0.02 + 0.11 * i:.3f}*y {body} }} cylinder {{ {tall - 0.06:.3f}*y, {tall + 0.12:.3f}*y, {slim * 1.15 + 0.06:.3f} {body} }}")
    neck = tall + 0.08 + 0.1 * (rings - 1)
    if piece == "pawn":
        head = draw.between(0.3, 0.36)
        parts.append(f"sphere {{ {neck + head * 0.85:.3f}*y, {head:.3f} {body} }}")
        top = neck + head * 1.85
    elif piece == "rook":
        r = draw.between(0.36, 0.42)
        notches = " ".join(f"box {{ <-0.075,{neck + 0.28:.3f},-1>, <0.075,{neck + 0.6:.3f},1> rotate {60 * i + 15:.0f}*y }}" for i in range(3))
        parts.append(f"difference {{ union {{ cone {{ {neck - 0.04:.3f}*y, {slim * 1.2:.3f}, {neck + 0.12:.3f}*y, {r:.3f} }} cylinder {{ {neck + 0.12:.3f}*y, {neck + 0.46:.3f}*y, {r:.3f} }} }} "
                     f"cylinder {{ {neck + 0.26:.3f}*y, {neck + 0.6:.3f}*y, {r - 0.11:.3f} }} {notches} {body} }}")
        top = neck + 0.46
    elif piece == "bishop":
        parts.append(f"difference {{ sphere {{ 0, 1 scale <0.29,0.4,0.29> translate {neck + 0.33:.3f}*y }} "
                     f"box {{ <-1,-0.032,-0.5>, <1,0.032,0.5> rotate 38*z translate {vector(0.26, neck + 0.5, 0)} }} {body} }} sphere {{ {neck + 0.76:.3f}*y, 0.085 {body} }}")
        top = neck + 0.84
    else:
        r = 0.34
        parts.append(f"cone {{ {neck - 0.04:.3f}*y, {slim * 1.0:.3f}, {neck + 0.36:.3f}*y, {r:.3f} {body} }}")
        if piece == "queen":
            points = " ".join(f"sphere {{ {vector(0, neck + 0.4, -r * 0.92)}, 0.085 rotate {45 * i}*y }}" for i in range(8))
            parts.append(f"union {{ {points} sphere {{ 0, 1 scale <0.26,0.14,0.26> translate {neck + 0.36:.3f}*y }} sphere {{ {neck + 0.56:.3f}*y, 0.1 }} {body} }}")
            top = neck + 0.66
        else:
            parts.append(f"union {{ sphere {{ 0, 1 scale <{r},0.12,{r}> translate {neck + 0.36:.3f}*y }} box {{ <-0.06,{neck + 0.42:.3f},-0.06>, <0.06,{neck + 0.86:.3f},0.06> }} "
                         f"box {{ <-0.19,{neck + 0.6:.3f},-0.06>, <0.19,{neck + 0.72:.3f},0.06> }} {body} rotate {-yaw / 2 + 22:.1f}*y }}")
            top = neck + 0.86
    return Toy(f"union {{ {' '.join(parts)} rotate {yaw:.1f}*y }}", top, wide + 0.02), palette
