"""A snowman: two or three balls, eyes, carrot, buttons, scarf, arms, and something on its head."""
from pov import ball, below, box, cone, difference, funnel, move, post, ring, rod, scale, turn, union
from scene import BLACK, Palette, Toy, oklch, texture

HATS = {"top hat": 3, "bobble hat": 3, "bucket": 2, "none": 1}


def build(draw):
    palette = Palette(draw)
    snow = texture(oklch(0.955, 0.008, draw.choice("snow", [250, 80])), "matte")
    cloth, trim = texture(palette.main("scarf colour", (0.5, 0.72)), "matte"), texture(palette.accent("hat colour"), "matte")
    coal = texture(BLACK, "satin")
    number, hat = draw.choice("balls", [2, 3]), draw.choice("hat", list(HATS), list(HATS.values()))
    buttons = draw.choice("buttons", [0, 2, 3, 4], [1, 2, 2, 2])
    scarf, arms = draw.choice("scarf", ["yes", "no"], [3, 1]) == "yes", draw.choice("arms", ["no", "yes"]) == "yes"
    yaw, nose = draw.number("turn", -48, 48), draw.number("nose", 0.24, 0.44, bins=3)
    head = draw.number("head", 0.38, 0.46, bins=3)
    radii = [0.64, head] if number == 2 else [0.62, 0.46, head * 0.86]
    heights = [radii[0] * 0.93]
    for lower, upper in zip(radii, radii[1:]):
        heights.append(heights[-1] + (lower + upper) * 0.82)
    balls = list(zip(heights, radii))
    body, (y, r) = balls[-2 if number == 2 else 1], balls[-1]
    parts = [ball((0, height, 0), radius, snow) for height, radius in balls]
    parts += [on(balls[-1], 17, across, 0.068, coal) for across in (-24, 24)]
    parts += [on(balls[-1], -30 + 6 * abs(i), 13 * i, 0.03, coal) for i in range(-2, 3)]
    parts.append(cone((0, 0, 0), 0.085, (0, 0, -nose), 0.012, texture(oklch(0.72, 0.19, 52), "matte"), move(z=-r * 0.95), turn(x=-3), move(y=y)))
    parts += [on(body, 36 - 62 * i / max(1, buttons - 1), 0, 0.062, coal) for i in range(buttons)]
    if scarf:
        neck = y - r * 0.80
        parts.append(ring(r * 0.74, 0.1, scale(1, 1.05, 1), move(y=neck), cloth))
        parts.append(box((-0.09, -0.42, -0.035), (0.09, 0.03, 0.035), turn(x=14), turn(z=-9), move(0.2, neck, -r * 0.74 - 0.07), cloth))
    if arms:
        parts += [arm(side, *body) for side in (-1, 1)]
    worn, top = dressed(hat, y, r, coal, trim, cloth)
    return Toy(union(*parts, *worn, turn(y=-yaw)), top, radii[0] * (1.25 if arms else 1)), palette


def on(body, up, across, size, look):
    """Something small on the front of a ball."""
    height, radius = body
    return ball((0, 0, 0), size, move(z=-radius), turn(x=up), turn(y=across), move(y=height), look)


def arm(side, height, radius):
    wood = texture((0.13, 0.06, 0.03), "matte")
    shoulder, hand = (side * radius * 0.8, height + 0.1, 0), (side * (radius + 0.42), height + 0.42, -0.08)
    fork, finger = (side * (radius + 0.25), height + 0.31, -0.05), (side * (radius + 0.38), height + 0.56, -0.06)
    return union(rod(shoulder, hand, 0.035), rod(fork, finger, 0.026), wood)


def dressed(hat, y, r, coal, trim, cloth):
    """What is on the head, and how high that is."""
    base = y + r * 0.72
    if hat == "top hat":
        return [union(post(0, 0.05, r * 1.05), post(0, r * 1.05, r * 0.68), coal, move(y=base)), post(0.05, 0.17, r * 0.695, trim, move(y=base))], base + r * 1.05
    if hat == "bobble hat":
        return [difference(ball((0, 0, 0), r * 1.04), below(r * 0.35), scale(1, 1.12, 1), move(y=y), trim),
                ring(r * 0.95, 0.075, move(y=y + r * 0.42), cloth), ball((0, y + r * 1.24, 0), 0.13, cloth)], y + r * 1.24 + 0.13
    if hat == "bucket":
        return [union(funnel(0, r * 0.82, r, r * 0.6), ring(r * 0.82, 0.03), trim, turn(z=7), move(y=y + r * 0.6))], y + r * 1.6
    return [], y + r
