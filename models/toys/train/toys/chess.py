"""A chess piece: pawn, rook, bishop, queen or king, turned on a lathe."""
from pov import ball, box, difference, egg, funnel, lathe, move, post, ring, turn, union
from scene import Palette, Toy, material, oklch, texture

# How often, and how high the neck is.
PIECES = {"pawn": (3, 0.95), "rook": (2, 1.0), "bishop": (2, 1.2), "queen": (2, 1.3), "king": (2, 1.35)}


def build(draw):
    palette, finish = Palette(draw), material(draw)
    wood, coloured = draw.choice("wood", ["coloured", "light", "dark"], [3, 1, 1]), palette.main()
    body = texture({"light": oklch(0.82, 0.08, 75), "dark": oklch(0.36, 0.05, 50)}.get(wood, coloured), finish)
    felt = texture(palette.accent("foot colour"), "matte")
    piece = draw.choice("piece", list(PIECES), [chance for chance, _ in PIECES.values()])
    wide, slim = draw.number("foot", 0.5, 0.62, bins=3), draw.number("waist", 0.17, 0.24, bins=3)
    tall = PIECES[piece][1] * draw.number("height", 0.9, 1.1, bins=3)
    rings, yaw = draw.choice("rings", [1, 2]), draw.number("turn", 0, 90)
    parts = [ring(wide - 0.07, 0.09, move(y=0.12)), post(0.05, 0.2, wide - 0.07), ring(wide * 0.66, 0.06, move(y=0.27)),
             lathe([(wide * 0.9, 0.1), (wide * 0.72, 0.22), (slim * 1.45, 0.45), (slim, tall * 0.7), (slim * 1.1, tall), (slim * 1.3, tall + 0.1)])]
    for i in range(rings):
        parts += [ring(slim * 1.15 + 0.08 - 0.04 * i, 0.055, move(y=tall - 0.02 + 0.11 * i)), post(tall - 0.06, tall + 0.12, slim * 1.15 + 0.06)]
    head, top = HEADS[piece](draw, tall + 0.08 + 0.1 * (rings - 1), slim, yaw)
    return Toy(union(post(0, 0.06, wide, felt), union(*parts, *head, body), turn(y=yaw)), top, wide + 0.02), palette


def pawn(draw, neck, slim, yaw):
    """The parts of a head above a height, and how high it is; so are the others."""
    head = draw.between(0.3, 0.36)
    return [ball((0, neck + head * 0.85, 0), head)], neck + head * 1.85


def rook(draw, neck, slim, yaw):
    r = draw.between(0.36, 0.42)
    notches = [box((-0.075, neck + 0.28, -1), (0.075, neck + 0.6, 1), turn(y=60 * i + 15)) for i in range(3)]
    tower = union(funnel(neck - 0.04, slim * 1.2, neck + 0.12, r), post(neck + 0.12, neck + 0.46, r))
    return [difference(tower, post(neck + 0.26, neck + 0.6, r - 0.11), *notches)], neck + 0.46


def bishop(draw, neck, slim, yaw):
    slit = box((-1, -0.032, -0.5), (1, 0.032, 0.5), turn(z=38), move(0.26, neck + 0.5))
    return [difference(egg((0.29, 0.4, 0.29), move(y=neck + 0.33)), slit), ball((0, neck + 0.76, 0), 0.085)], neck + 0.84


def queen(draw, neck, slim, yaw):
    points = [ball((0, neck + 0.4, -0.3128), 0.085, turn(y=45 * i)) for i in range(8)]
    return [funnel(neck - 0.04, slim, neck + 0.36, 0.34), *points, egg((0.26, 0.14, 0.26), move(y=neck + 0.36)), ball((0, neck + 0.56, 0), 0.1)], neck + 0.66


def king(draw, neck, slim, yaw):
    cross = union(box((-0.06, neck + 0.42, -0.06), (0.06, neck + 0.86, 0.06)), box((-0.19, neck + 0.6, -0.06), (0.19, neck + 0.72, 0.06)),
                  turn(y=22 - yaw / 2))
    return [funnel(neck - 0.04, slim, neck + 0.36, 0.34), egg((0.34, 0.12, 0.34), move(y=neck + 0.36)), cross], neck + 0.86


HEADS = {"pawn": pawn, "rook": rook, "bishop": bishop, "queen": queen, "king": king}
