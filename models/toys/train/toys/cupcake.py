"""A cupcake: pleated paper, frosting in layers, sprinkles, and a cherry, a candle or more."""
from scene import FINISHES, HUES, Palette, Toy, material, oklch, rgb, texture, vector
import math

FLAVOURS = {"vanilla": (0.88, 0.79, 0.62), "chocolate": (0.12, 0.045, 0.02)}


def build(draw):
    palette, finish = Palette(draw), material(draw, "frosting", ("matte", "satin"))
    coloured = palette.main("frosting colour", (0.68, 0.88), 0.13)
    flavour = draw.choice("flavour", ["coloured", *FLAVOURS], [4, 1, 1])
    cream = texture(FLAVOURS.get(flavour, coloured), finish)
    paper, pale = palette.accent("paper colour"), oklch(0.95, 0.02, palette.second)
    pleats = draw.choice("pleats", [12, 16, 20])
    striped = draw.choice("paper", ["striped", "plain"])
    layers = draw.choice("layers", [2, 3, 4])
    topping = draw.choice("topping", ["cherry", "strawberry", "one candle", "three candles", "none"], [3, 2, 2, 2, 1])
    sprinkles = draw.choice("sprinkles", [0, 12, 26])
    high, wide, yaw = draw.number("paper height", 0.5, 0.68, bins=3), draw.number("width", 0.6, 0.72, bins=3), draw.number("turn", 0, 360)
    foot = wide * 0.74
    dark = tuple(channel * 0.72 for channel in paper)
    other = pale if striped == "striped" else dark
    colours = f"color_map {{ [0 {rgb(paper)}] [0.42 {rgb(paper)}] [0.58 {rgb(other)}] [1 {rgb(other)}] }}"
    parts = [f"union {{ " + " ".join(
        f"cone {{ {vector(0, 0, 0)}, 0.075, {vector(0, high, 0)}, 0.1 translate <0,0,0> matrix <1,0,0, 0,1,{-(wide - foot) / high:.4f}, 0,0,1, 0,0,{-foot + 0.04:.4f}> rotate {360 * i / pleats:.2f}*y }}"
        for i in range(pleats)) + f" cone {{ 0, {foot - 0.02:.4f}, {high:.4f}*y, {wide - 0.02:.4f} }} "
        f"texture {{ pigment {{ radial frequency {pleats // 2 if striped == 'striped' else pleats} triangle_wave {colours} rotate {180 / pleats:.2f}*y }} finish {{ {FINISHES['matte']} }} }} }}"]
    y, r = high + 0.02, wide * 1.02
    surface = []  # (height, radius, thickness) of each layer
    for layer in range(layers):
        thick = 0.21 - 0.018 * layer * (3 / layers)
        parts.append(f"torus {{ {max(r - thick, 0.02):.4f}, {thick:.4f} scale <1,0.92,1> rotate {draw.between(-4, 4):.1f}*x translate {y:.4f}*y {cream} }} cylinder {{ {y - 0.1:.4f}*y, {y + thick * 0.8:.4f}*y, {max(r - thick, 0.05):.4f} {cream} }}")
        surface.append((y, r - thick, thick))
        y, r = y + thick * 1.22, r * (0.70 if layers > 2 else 0.62)
    tip = draw.between(0.24, 0.34)
    parts.append(f"lathe {{ cubic_spline 6 <{r * 1.3:.3f},{-0.15}>,<{r * 1.1:.3f},-0.05>,<{r * 0.75:.3f},{tip * 0.45:.3f}>,<{r * 0.28:.3f},{tip * 0.85:.3f}>,<0,{tip:.3f}>,<-0.1,{tip:.3f}> translate {y - 0.06:.4f}*y {cream} }}")
    top = y - 0.06 + tip
    confetti = [texture(oklch(0.72, 0.19, hue), "satin") for hue in HUES.values()]
    for _ in range(sprinkles):
        height, ring, thick = surface[int(draw.random() * len(surface))]
        over = draw.between(-35, 65)
        parts.append(f"sphere {{ 0, 1 scale <0.065,0.026,0.026> rotate {draw.between(0, 180):.0f}*z translate {-(thick + 0.005):.4f}*z rotate {over:.0f}*x translate {-ring:.4f}*z rotate {draw.between(0, 360):.0f}*y translate {height:.4f}*y "
                     f"{confetti[int(draw.random() * len(confetti))]} }}")
    if topping == "cherry":
        parts.append(f"sphere {{ {top + 0.06:.4f}*y, 0.16 {texture((0.55, 0.012, 0.03), 'glossy')} }} cylinder {{ {top + 0.2:.4f}*y, {vector(0.1, top + 0.46, 0)}, 0.018 {texture((0.16, 0.2, 0.04), 'matte')} }}")
        top += 0.42
    if topping == "strawberry":
        leaf = texture(oklch(0.6, 0.16, 140), "matte")
        leaves = " ".join(f"sphere {{ 0, 1 scale <0.05,0.02,0.12> translate 0.1*z rotate 12*x rotate {72 * k}*y translate {top + 0.3:.4f}*y {leaf} }}" for k in range(5))
        parts.append(f"lathe {{ cubic_spline 6 <-0.05,-0.12>,<0,-0.1>,<0.14,0.06>,<0.19,0.22>,<0.02,0.31>,<-0.1,0.31> translate {top:.4f}*y {texture((0.72, 0.03, 0.04), 'glossy')} }} {leaves}")
        top += 0.32
    if "candle" in topping:
        places = [(0, 0)] if topping == "one candle" else [(0, 0.05), (-0.2, 0.0), (0.2, 0.0)]
        wax = texture(palette.of("candle colour", palette.base, (0.7, 0.9), 0.12), "satin")
        for i, (x, z) in enumerate(places):
            low, long = top - (0.12 if i == 0 else 0.26), 0.42
            parts.append(f"cylinder {{ {vector(x, low, z)}, {vector(x, low + long, z)}, 0.05 {wax} }} "
                         f"sphere {{ 0, 1 scale <0.05,0.1,0.05> translate {vector(x, low + long + 0.1, z)} texture {{ pigment {{ rgb <1.3,0.72,0.16> }} finish {{ ambient 0 emission 1 diffuse 0 }} }} no_shadow }}")
        top += 0.42
    return Toy(f"union {{ {' '.join(parts)} rotate {yaw:.1f}*y }}", top, wide * 1.05), palette
