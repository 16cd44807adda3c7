"""A bathtub duck: beak, two eyes, wings, tail, and sometimes something on its head."""
from scene import BLACK, WHITE, Palette, Toy, material, oklch, texture, vector


def build(draw):
    palette, finish = Palette(draw), material(draw, values=("satin", "glossy"))
    kind = draw.choice("duck", ["yellow", "coloured"], [2, 3])
    coloured = palette.main("body colour", (0.62, 0.84), 0.16)
    body = texture(oklch(0.86, 0.175, 95) if kind == "yellow" else coloured, finish)
    beak = texture(oklch(draw.number("beak", 0.62, 0.76, bins=2), 0.2, 50), finish)
    trim = texture(palette.accent("trim colour"), finish)
    wears = draw.choice("wears", ["nothing", "party hat", "top hat", "scarf"], [4, 2, 2, 2])
    side, turn = draw.choice("faces", ["left", "right"]), draw.number("turn", 8, 62)
    head, plump, tail = draw.number("head", 0.42, 0.52, bins=3), draw.number("plump", 0.66, 0.8, bins=3), draw.number("tail", 0.75, 1.1, bins=3)
    up = draw.number("neck", 1.12, 1.28, bins=3)
    x = -0.48
    parts = [f"blob {{ threshold 0.4 sphere {{ <0,0,0>, 1.2, 1 scale <1.15,{plump:.3f},0.92> translate 0.52*y }} "
             f"sphere {{ <0,0,0>, 0.62, 0.7 scale <1,0.8,0.7> translate {vector(0.86, 0.5 + 0.36 * tail, 0)} }} "
             f"sphere {{ {vector(x * 0.85, 0.85, 0)}, 0.75, 0.5 }} {body} }}",
             f"sphere {{ {vector(x, up, 0)}, {head:.3f} {body} }}"]
    for z in (-1, 1):
        parts.append(f"sphere {{ 0, 0.34 scale <1.15,0.62,0.34> rotate {-14}*z translate {vector(0.16, 0.62, z * 0.66)} {body} }}")
        eye = f"sphere {{ 0, {{size}} scale <1,1,1> translate {vector(-head * 0.99, 0, 0)} rotate {{tilt}}*z rotate {z * 32}*y translate {vector(x, up, 0)} {{look}} }}"
        for size, tilt, look in ((0.105, -17, texture(WHITE, "glossy")), (0.07, -17, None)):
            if look:
                parts.append(eye.replace("{size}", f"{size}").replace("{tilt}", str(tilt)).replace("{look}", look).replace("scale <1,1,1>", "scale <0.5,1.1,1>"))
            else:
                pupil = f"sphere {{ 0, {size} scale <0.6,1.1,1> translate {vector(-head * 0.99 - 0.035, 0, 0)} rotate {tilt}*z rotate {z * 31}*y translate {vector(x, up, 0)} {texture(BLACK, 'glossy')} }}"
                parts.append(pupil)
    parts.append(f"union {{ sphere {{ 0, 1 scale <0.27,0.07,0.2> rotate 8*z translate 0.035*y }} sphere {{ 0, 1 scale <0.23,0.055,0.17> rotate -10*z translate -0.035*y }} "
                 f"translate {vector(x - head * 0.98, up - 0.07, 0)} {beak} }}")
    top = up + head
    if wears == "party hat":
        parts.append(f"union {{ cone {{ 0, 0.27, 0.55*y, 0.02 {trim} }} sphere {{ 0.55*y, 0.085 {texture(WHITE, 'matte')} }} translate {vector(x, up + head * 0.84, 0)} }}")
        top = up + head * 0.84 + 0.63
    if wears == "top hat":
        parts.append(f"union {{ cylinder {{ 0, 0.05*y, 0.4 }} cylinder {{ 0, 0.42*y, 0.26 }} {texture(BLACK, 'satin')} translate {vector(x, up + head * 0.8, 0)} }}")
        parts.append(f"cylinder {{ 0.05*y, 0.15*y, 0.268 {trim} translate {vector(x, up + head * 0.8, 0)} }}")
        top = up + head * 0.8 + 0.42
    if wears == "scarf":
        parts.append(f"torus {{ {head * 0.86:.3f}, 0.1 rotate 8*z translate {vector(x * 0.97, up - head * 0.66, 0)} {trim} }}")
        parts.append(f"box {{ <-0.04,-0.4,-0.1>, <0.04,0.03,0.1> rotate -16*z rotate 40*y translate {vector(x - head * 0.72, up - head * 0.74, -head * 0.52)} {trim} }}")
    yaw = turn if side == "left" else 180 - turn
    return Toy(f"union {{ {' '.join(parts)} translate -0.02*x rotate {-yaw:.1f}*y }}", top, 1.1), palette
