"""A bathtub duck: beak, two eyes, wings, tail, and sometimes something it wears."""
from pov import ball, box, egg, funnel, move, post, ring, scale, turn, union, written
from scene import BLACK, WHITE, Palette, Toy, material, oklch, texture

FORWARD = -0.48  # where the head is


def build(draw):
    palette, finish = Palette(draw), material(draw, values=("satin", "glossy"))
    kind = draw.choice("duck", ["yellow", "coloured"], [2, 3])
    coloured = palette.main("body colour", (0.62, 0.84), 0.16)
    body = texture(oklch(0.86, 0.175, 95) if kind == "yellow" else coloured, finish)
    beak = texture(oklch(draw.number("beak", 0.62, 0.76, bins=2), 0.2, 50), finish)
    trim = texture(palette.accent("trim colour"), finish)
    wears = draw.choice("wears", ["nothing", "party hat", "top hat", "scarf"], [4, 2, 2, 2])
    side, yaw = draw.choice("faces", ["left", "right"]), draw.number("turn", 8, 62)
    head, plump, tail = draw.number("head", 0.42, 0.52, bins=3), draw.number("plump", 0.66, 0.8, bins=3), draw.number("tail", 0.75, 1.1, bins=3)
    up = draw.number("neck", 1.12, 1.28, bins=3)

    def on_head(z, out, tilt, size, look):
        return egg(size, move(x=-head * 0.99 - out), turn(z=tilt), turn(y=z), move(FORWARD, up), look)

    parts = [written("blob", "threshold 0.4", f"sphere {{ <0,0,0>, 1.2, 1 {scale(1.15, plump, 0.92)} {move(y=0.52)} }}",
                     f"sphere {{ <0,0,0>, 0.62, 0.7 {scale(1, 0.8, 0.7)} {move(0.86, 0.5 + 0.36 * tail)} }}",
                     f"sphere {{ <{FORWARD * 0.85:.4f},0.85,0>, 0.75, 0.5 }}", body),
             ball((FORWARD, up, 0), head, body)]
    for z in (-1, 1):
        parts.append(egg((0.391, 0.2108, 0.1156), turn(z=-14), move(0.16, 0.62, z * 0.66), body))
        parts.append(on_head(z * 32, 0, -17, (0.0525, 0.1155, 0.105), texture(WHITE, "glossy")))
        parts.append(on_head(z * 31, 0.035, -17, (0.042, 0.077, 0.07), texture(BLACK, "glossy")))
    parts.append(union(egg((0.27, 0.07, 0.2), turn(z=8), move(y=0.035)), egg((0.23, 0.055, 0.17), turn(z=-10), move(y=-0.035)),
                       move(FORWARD - head * 0.98, up - 0.07), beak))
    worn, top = dressed(wears, head, up, trim)
    return Toy(union(*parts, *worn, move(x=-0.02), turn(y=-yaw if side == "left" else yaw - 180)), top, 1.1), palette


def dressed(wears, head, up, trim):
    """What it wears, and how high that is."""
    if wears == "party hat":
        at = up + head * 0.84
        return [union(funnel(0, 0.27, 0.55, 0.02, trim), ball((0, 0.55, 0), 0.085, texture(WHITE, "matte")), move(FORWARD, at))], at + 0.63
    if wears == "top hat":
        at = up + head * 0.8
        return [union(post(0, 0.05, 0.4), post(0, 0.42, 0.26), texture(BLACK, "satin"), move(FORWARD, at)),
                post(0.05, 0.15, 0.268, trim, move(FORWARD, at))], at + 0.42
    if wears == "scarf":
        end = move(FORWARD - head * 0.72, up - head * 0.74, -head * 0.52)
        return [ring(head * 0.86, 0.1, turn(z=8), move(FORWARD * 0.97, up - head * 0.66), trim),
                box((-0.04, -0.4, -0.1), (0.04, 0.03, 0.1), turn(z=-16), turn(y=40), end, trim)], up + head
    return [], up + head
