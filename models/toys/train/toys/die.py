"""Dice: one or two, rounded, whose opposite faces add up to seven."""
from scene import BLACK, WHITE, Palette, Toy, material, texture, vector
import math

SPOTS = {1: [(0, 0)], 2: [(-1, -1), (1, 1)], 3: [(-1, -1), (0, 0), (1, 1)], 4: [(-1, -1), (-1, 1), (1, -1), (1, 1)],
         5: [(-1, -1), (-1, 1), (1, -1), (1, 1), (0, 0)], 6: [(-1, -1), (-1, 0), (-1, 1), (1, -1), (1, 0), (1, 1)]}
# Of a face whose middle is at -z, where it goes.
FACES = {"front": "", "back": "rotate 180*y", "left": "rotate 90*y", "right": "rotate -90*y", "top": "rotate 90*x", "bottom": "rotate -90*x"}


# The faces beside the top, in turn.
RINGS = {1: (2, 3, 5, 4), 6: (2, 4, 5, 3), 2: (1, 4, 6, 3), 5: (1, 3, 6, 4), 3: (1, 2, 6, 5), 4: (1, 5, 6, 2)}


def at(axis, along, v, w):
    """The point with `along` on this axis, and v, w on the others."""
    point = [v, w]
    point.insert(axis, along)
    return point


def build(draw):
    palette = Palette(draw)
    finish = material(draw, values=("satin", "glossy"))
    coloured, plain = palette.main(), draw.choice("die", ["coloured", "white", "black"], [4, 2, 1])
    body = texture({"white": WHITE, "black": (0.02, 0.02, 0.024)}.get(plain, coloured), finish)
    pip = texture({"white": BLACK, "black": WHITE}.get(plain, WHITE), "satin")
    number = draw.choice("dice", [1, 2], [3, 1])
    rounding, dot = draw.number("rounding", 0.08, 0.2, bins=3), draw.number("pip size", 0.115, 0.15, bins=3)
    top = draw.choice("top", [1, 2, 3, 4, 5, 6])
    front = draw.choice("front", [1, 2, 3, 4])  # which of the four faces beside the top
    yaw = draw.number("turn", 15, 75)

    def one(top, front):
        ring = RINGS[top]
        side = 0.6
        i = side - rounding
        corners = " ".join(f"sphere {{ {vector(x * i, y * i, z * i)}, {rounding:.4f} }}" for x in (-1, 1) for y in (-1, 1) for z in (-1, 1))
        edges = " ".join(f"cylinder {{ {vector(*at(axis, -i, v, w))}, {vector(*at(axis, i, v, w))}, {rounding:.4f} }}"
                         for axis in range(3) for v in (-i, i) for w in (-i, i))
        boxes = " ".join(f"box {{ {vector(*(-s for s in size))}, {vector(*size)} }}" for size in ((side, i, i), (i, side, i), (i, i, side)))
        faces = dict(zip(("front", "right", "back", "left"), ring[front - 1:] + ring[:front - 1])) | {"top": top, "bottom": 7 - top}
        pips = " ".join(
            f"union {{ {' '.join(f'sphere {{ 0, {dot:.4f} scale <1,1,0.22> translate {vector(0.3 * u, 0.3 * v, -side)} }}' for u, v in SPOTS[value])} {FACES[face]} }}"
            for face, value in faces.items() if face != "bottom")
        return f"union {{ union {{ {corners} {edges} {boxes} {body} }} union {{ {pips} {pip} }} translate {side}*y }}"

    first = f"union {{ {one(top, front)} rotate {yaw:.1f}*y }}"
    if number == 1:
        return Toy(first, 1.2, 0.82), palette
    other_top = 7 - top if draw.random() < 0.5 else RINGS[top][int(draw.random() * 4)]
    side = 1 if draw.random() < 0.5 else -1
    second = f"union {{ {one(other_top, 1 + int(draw.random() * 4))} rotate {draw.between(10, 80):.1f}*y }}"
    return Toy(f"union {{ {first} translate {vector(-0.78 * side, 0, 0.25)} }} union {{ {second} translate {vector(0.78 * side, 0, -0.35)} }}", 1.2, 1.45), palette
