"""Dice: one or two, rounded, whose opposite faces add up to seven."""
from pov import ball, box, egg, move, rod, turn, union
from scene import BLACK, WHITE, Palette, Toy, material, texture

SPOTS = {1: [(0, 0)], 2: [(-1, -1), (1, 1)], 3: [(-1, -1), (0, 0), (1, 1)], 4: [(-1, -1), (-1, 1), (1, -1), (1, 1)],
         5: [(-1, -1), (-1, 1), (1, -1), (1, 1), (0, 0)], 6: [(-1, -1), (-1, 0), (-1, 1), (1, -1), (1, 0), (1, 1)]}
# Of a face whose middle is at -z, how it is turned to its place.
FACES = {"front": turn(), "right": turn(y=-90), "back": turn(y=180), "left": turn(y=90), "top": turn(x=90)}
# The faces beside the top, in turn.
RINGS = {1: (2, 3, 5, 4), 6: (2, 4, 5, 3), 2: (1, 4, 6, 3), 5: (1, 3, 6, 4), 3: (1, 2, 6, 5), 4: (1, 5, 6, 2)}
HALF = 0.6  # of a side


def build(draw):
    palette = Palette(draw)
    finish = material(draw, values=("satin", "glossy"))
    coloured, plain = palette.main(), draw.choice("die", ["coloured", "white", "black"], [4, 2, 1])
    body = texture({"white": WHITE, "black": (0.02, 0.02, 0.024)}.get(plain, coloured), finish)
    pip = texture(BLACK if plain == "white" else WHITE, "satin")
    number = draw.choice("dice", [1, 2], [3, 1])
    rounding, dot = draw.number("rounding", 0.08, 0.2, bins=3), draw.number("pip size", 0.115, 0.15, bins=3)
    top = draw.choice("top", [1, 2, 3, 4, 5, 6])
    front = draw.choice("front", [1, 2, 3, 4])  # which of the four faces beside the top
    yaw = draw.number("turn", 15, 75)
    cube = rounded(rounding)

    def die(top, front, yaw):
        return union(union(*cube, body), union(*pips(top, front, dot), pip), move(y=HALF), turn(y=yaw))

    first = die(top, front, yaw)
    if number == 1:
        return Toy(first, 1.2, 0.82), palette
    other = 7 - top if draw.random() < 0.5 else RINGS[top][int(draw.random() * 4)]
    side = 1 if draw.random() < 0.5 else -1
    second = die(other, 1 + int(draw.random() * 4), draw.between(10, 80))
    return Toy(union(first, move(-0.78 * side, 0, 0.25)) + union(second, move(0.78 * side, 0, -0.35)), 1.2, 1.45), palette


def at(axis, along, v, w):
    """The point with `along` on this axis, and v, w on the others."""
    point = [v, w]
    point.insert(axis, along)
    return point


def rounded(radius):
    """A cube with round edges and corners, around the origin."""
    inner = HALF - radius
    corners = [ball((x, y, z), radius) for x in (-inner, inner) for y in (-inner, inner) for z in (-inner, inner)]
    edges = [rod(at(axis, -inner, v, w), at(axis, inner, v, w), radius) for axis in range(3) for v in (-inner, inner) for w in (-inner, inner)]
    boxes = [box(at(axis, -HALF, -inner, -inner), at(axis, HALF, inner, inner)) for axis in range(3)]
    return corners + edges + boxes


def pips(top, front, radius):
    """Of all faces but the lowest; `front` tells which of those beside the top is at the front."""
    ring = RINGS[top][front - 1:] + RINGS[top][:front - 1]
    values = dict(zip(("front", "right", "back", "left"), ring), top=top)
    return [egg((radius, radius, 0.22 * radius), move(0.3 * u, 0.3 * v, -HALF), FACES[face]) for face, value in values.items() for u, v in SPOTS[value]]
