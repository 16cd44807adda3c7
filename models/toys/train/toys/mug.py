"""A mug: handle, rim, bands or dots, what is in it, and sometimes a saucer."""
from pov import difference, egg, funnel, lathe, move, post, ring, scale, turn, union
from scene import Palette, Toy, material, oklch, texture

DRINKS = {"coffee": (0.075, 0.032, 0.014), "milk": (0.85, 0.80, 0.72), "tea": (0.42, 0.14, 0.03)}
WALL = 0.075


def build(draw):
    palette, finish = Palette(draw), material(draw, values=("satin", "glossy"))
    body, mark = texture(palette.main(), finish), texture(palette.accent("mark colour"), finish)
    wide, high = draw.number("width", 0.5, 0.68), draw.number("height", 1.0, 1.4)
    foot = wide * {"straight": 1, "flared": 0.8, "tapered": 1.12}[draw.choice("shape", ["straight", "flared", "tapered"])]
    drink = draw.choice("drink", [*DRINKS, "empty"])
    pattern = draw.choice("pattern", ["plain", "one band", "two bands", "dots"])
    saucer = draw.choice("saucer", ["no", "yes"], [2, 1]) == "yes"
    # The handle is seen: it points to the right or left of the picture, more or less to the front.
    side, yaw = draw.choice("handle side", ["right", "left"]), draw.number("handle turn", -58, 22)
    loop = draw.number("handle size", 0.26, 0.36, bins=3)
    lift = 0.09 if saucer else 0

    def radius(y):
        return foot + (wide - foot) * y / high

    middle = high * 0.54
    outside = union(funnel(0.03, foot, high, wide), funnel(0, foot - 0.03, 0.03, foot), ring(wide - WALL / 2, WALL / 2, move(y=high)))
    handle = ring(loop, 0.085, turn(x=90), scale(0.86, 1.1, 1), move(radius(middle) + 0.03, middle))
    parts = [difference(outside, funnel(0.09, foot - WALL, high + 0.1, wide - WALL), body),
             difference(handle, funnel(0, foot - 0.02, high, wide - 0.02), body)]
    if drink != "empty":
        level = high * 0.86
        parts.append(post(level - 0.02, level, min(radius(level), radius(level - 0.02)) - WALL + 0.003, texture(DRINKS[drink], "satin")))
    for share in {"one band": (0.5,), "two bands": (0.3, 0.7)}.get(pattern, ()):
        low, top = high * (share - 0.08), high * (share + 0.08)
        parts.append(funnel(low, radius(low) + 0.008, top, radius(top) + 0.008, "open", mark))
    if pattern == "dots":
        for row, share in enumerate((0.28, 0.66)):
            y = high * share
            parts += [egg((0.1, 0.1, 0.015), move(z=-radius(y)), turn(y=45 * i + 22.5 * row), move(y=y), mark) for i in range(8)]
    mug = union(*parts, turn(y=-yaw if side == "right" else yaw - 180), move(y=lift))
    if saucer:
        plate = texture(oklch(0.93, 0.02, palette.first), finish)
        mug += lathe([(0, -0.02), (0, 0.03), (foot * 0.9, 0.03), (foot + 0.28, 0.12), (foot + 0.36, 0.15), (foot + 0.3, 0.16),
                      (foot * 0.8, 0.09), (0, 0.09)], plate)
    return Toy(mug, high + lift, max(wide, foot) + (0.36 if saucer else loop * 0.55)), palette
