"""A cupcake: pleated paper, frosting in layers, sprinkles, and a cherry, a candle or more."""
from pov import ball, egg, funnel, lathe, move, post, ring, rod, scale, turn, union, written
from scene import FINISHES, HUES, Palette, Toy, material, oklch, rgb, texture

FLAVOURS = {"vanilla": (0.88, 0.79, 0.62), "chocolate": (0.12, 0.045, 0.02)}
TOPPINGS = {"cherry": 3, "strawberry": 2, "one candle": 2, "three candles": 2, "none": 1}


def build(draw):
    palette, finish = Palette(draw), material(draw, "frosting", ("matte", "satin"))
    coloured = palette.main("frosting colour", (0.68, 0.88), 0.13)
    cream = texture(FLAVOURS.get(draw.choice("flavour", ["coloured", *FLAVOURS], [4, 1, 1]), coloured), finish)
    paper = palette.accent("paper colour")
    pleats, striped = draw.choice("pleats", [12, 16, 20]), draw.choice("paper", ["striped", "plain"]) == "striped"
    layers = draw.choice("layers", [2, 3, 4])
    topping = draw.choice("topping", list(TOPPINGS), list(TOPPINGS.values()))
    sprinkles = draw.choice("sprinkles", [0, 12, 26])
    high, wide, yaw = draw.number("paper height", 0.5, 0.68, bins=3), draw.number("width", 0.6, 0.72, bins=3), draw.number("turn", 0, 360)
    other = oklch(0.95, 0.02, palette.second) if striped else tuple(channel * 0.72 for channel in paper)
    parts = [wrapper(high, wide, pleats, paper, other, pleats // 2 if striped else pleats)]
    y, r, surface = high + 0.02, wide * 1.02, []
    for layer in range(layers):
        thick = 0.21 - 0.018 * layer * (3 / layers)
        parts.append(ring(max(r - thick, 0.02), thick, scale(1, 0.92, 1), turn(x=draw.between(-4, 4)), move(y=y), cream))
        parts.append(post(y - 0.1, y + thick * 0.8, max(r - thick, 0.05), cream))
        surface.append((y, r - thick, thick))
        y, r = y + thick * 1.22, r * (0.70 if layers > 2 else 0.62)
    tip = draw.between(0.24, 0.34)
    parts.append(lathe([(r * 1.3, -0.15), (r * 1.1, -0.05), (r * 0.75, tip * 0.45), (r * 0.28, tip * 0.85), (0, tip), (-0.1, tip)], move(y=y - 0.06), cream))
    confetti = [texture(oklch(0.72, 0.19, hue), "satin") for hue in HUES.values()]
    for _ in range(sprinkles):
        height, out, thick = surface[int(draw.random() * len(surface))]
        over, spin, around = draw.between(-35, 65), draw.between(0, 180), draw.between(0, 360)
        parts.append(egg((0.065, 0.026, 0.026), turn(z=spin), move(z=-thick - 0.005), turn(x=over), move(z=-out), turn(y=around), move(y=height),
                         confetti[int(draw.random() * len(confetti))]))
    crown, rise = crowned(topping, y - 0.06 + tip, palette)
    return Toy(union(*parts, *crown, turn(y=yaw)), y - 0.06 + tip + rise, wide * 1.05), palette


def wrapper(high, wide, pleats, paper, other, stripes):
    """Pleats are leaning cones around a core; the colour goes to and fro around the axis."""
    foot = wide * 0.74
    lean = f"matrix <1,0,0, 0,1,{-(wide - foot) / high:.4f}, 0,0,1, 0,0,{0.04 - foot:.4f}>"
    cones = [funnel(0, 0.075, high, 0.1, lean, turn(y=360 * i / pleats)) for i in range(pleats)]
    colours = f"color_map {{ [0 {rgb(paper)}] [0.42 {rgb(paper)}] [0.58 {rgb(other)}] [1 {rgb(other)}] }}"
    pigment = written("pigment", f"radial frequency {stripes} triangle_wave", colours, turn(y=180 / pleats))
    return union(*cones, funnel(0, foot - 0.02, high, wide - 0.02), written("texture", pigment, written("finish", FINISHES["matte"])))


def crowned(topping, top, palette):
    """What stands on the frosting, whose tip is at `top`, and how far it rises."""
    if topping == "cherry":
        return [ball((0, top + 0.06, 0), 0.16, texture((0.55, 0.012, 0.03), "glossy")),
                rod((0, top + 0.2, 0), (0.1, top + 0.46, 0), 0.018, texture((0.16, 0.2, 0.04), "matte"))], 0.42
    if topping == "strawberry":
        leaf = texture(oklch(0.6, 0.16, 140), "matte")
        berry = [(-0.05, -0.12), (0, -0.1), (0.14, 0.06), (0.19, 0.22), (0.02, 0.31), (-0.1, 0.31)]
        leaves = [egg((0.05, 0.02, 0.12), move(z=0.1), turn(x=12), turn(y=72 * k), move(y=top + 0.3), leaf) for k in range(5)]
        return [lathe(berry, move(y=top), texture((0.72, 0.03, 0.04), "glossy")), *leaves], 0.32
    if "candle" in topping:
        wax = texture(palette.of("candle colour", palette.base, (0.7, 0.9), 0.12), "satin")
        places = [(0, 0, top - 0.12)] if topping == "one candle" else [(0, 0.05, top - 0.12), (-0.2, 0, top - 0.26), (0.2, 0, top - 0.26)]
        return [part for place in places for part in candle(*place, wax)], 0.42
    return [], 0


def candle(x, z, low, wax):
    flame = "texture { pigment { rgb <1.3,0.72,0.16> } finish { ambient 0 emission 1 diffuse 0 } } no_shadow"
    return [rod((x, low, z), (x, low + 0.42, z), 0.05, wax), egg((0.05, 0.1, 0.05), move(x, low + 0.52, z), flame)]
