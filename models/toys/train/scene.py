"""What all toys share: chance that records what it draws, colours that go together, materials, and the studio that a toy stands in.

A toy is a function in toys/NAME.py: build(draw) -> (Toy, Palette). It stands on y = 0 and faces -z; scenes are POV-Ray's, in linear light.
"""
import bisect
import math
import random
from dataclasses import dataclass

from pov import vector

HUES = {"red": 27, "orange": 58, "yellow": 98, "green": 145, "teal": 190, "blue": 255, "purple": 300, "pink": 350}


@dataclass
class Toy:
    """POV-Ray source of things in the y-up frame, how high and how wide (radius around the y axis) they are."""
    source: str
    height: float
    radius: float


class Draw:
    """Chance of one picture. What has a name is recorded: `told` {name: value}, and `index` {name: number of the value, or of its bin}."""

    def __init__(self, seed):
        # Only random(), whose numbers Python promises to keep.
        self.random = random.Random(seed).random
        self.told, self.index, self.values = {}, {}, {}

    def record(self, name, value, index, values):
        assert name not in self.told, name
        self.told[name], self.index[name], self.values[name] = value, index, values
        return value

    def between(self, low, high):
        """A number that is not recorded."""
        return low + (high - low) * self.random()

    def number(self, name, low, high, bins=4):
        value = self.between(low, high)
        edges = [low + (high - low) * i / bins for i in range(bins + 1)]
        index = min(bins - 1, max(0, bisect.bisect_right(edges, value) - 1))
        return self.record(name, round(value, 4), index, [f"{a:.3g} to {b:.3g}" for a, b in zip(edges, edges[1:])])

    def choice(self, name, values, weights=None):
        """One of `values`, with chances in proportion to `weights`."""
        weights = weights or [1] * len(values)
        at, index = self.random() * sum(weights), 0
        while index < len(values) - 1 and at >= weights[index]:
            at -= weights[index]
            index += 1
        return self.record(name, values[index], index, [str(value) for value in values])

    def hue(self, name, degrees):
        """Records the name of a hue, an angle of OKLCH."""
        def apart(other):
            return abs((degrees - HUES[other] + 180) % 360 - 180)
        nearest = min(HUES, key=apart)
        self.record(name, nearest, list(HUES).index(nearest), list(HUES))
        return degrees % 360


def oklch(lightness, chroma, hue):
    """Linear sRGB of an OKLCH colour (Ottosson 2020); chroma is lowered until it is inside."""
    a, b = math.cos(math.radians(hue)), math.sin(math.radians(hue))
    while True:
        l, m, s = (part**3 for part in (lightness + chroma * (0.3963377774 * a + 0.2158037573 * b),
                                        lightness + chroma * (-0.1055613458 * a - 0.0638541728 * b),
                                        lightness + chroma * (-0.0894841775 * a - 1.2914855480 * b)))
        rgb = (4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s, -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
               -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)
        if chroma <= 0 or all(-1e-4 <= channel <= 1 for channel in rgb):
            return tuple(max(0.0, channel) for channel in rgb)
        chroma -= 0.005


class Palette:
    """Colours of one picture: a backdrop, and hues that stand in a simple relation to it."""
    SCHEMES = {"opposite": (180, 30), "split": (150, -150), "triad": (120, -120), "neighbours": (50, -50)}

    def __init__(self, draw):
        self.draw = draw
        self.base = draw.hue("backdrop", draw.between(0, 360))
        self.tone = draw.choice("backdrop tone", ["light", "medium", "white"], [6, 3, 2])
        self.first, self.second = (self.base + turn for turn in self.SCHEMES[draw.choice("colours", list(self.SCHEMES))])

    def backdrop(self):
        lightness, chroma = {"light": (0.91, 0.045), "medium": (0.83, 0.07), "white": (0.95, 0.010)}[self.tone]
        # Yellow and green backdrops are light, or they look like mud.
        return oklch(min(0.95, lightness + 0.05 * max(0, 1 - abs(self.base - 105) / 60)), chroma, self.base)

    def main(self, name="colour", lightness=(0.55, 0.8), chroma=0.17):
        """The colour of the toy's largest part."""
        return self.of(name, self.first, lightness, chroma)

    def accent(self, name="second colour", lightness=(0.5, 0.85), chroma=0.16):
        return self.of(name, self.second, lightness, chroma)

    def of(self, name, hue, lightness, chroma):
        hue = self.draw.hue(name, hue + self.draw.between(-14, 14))
        light = self.draw.number(f"{name}, lightness", *lightness, bins=3)
        # Yellows are light or they are mud.
        light = max(light, 0.85 - 0.0045 * abs((hue - 102 + 180) % 360 - 180))
        return oklch(light, chroma, hue)


def rgb(colour):
    return "rgb <" + ",".join(f"{channel:.4f}" for channel in colour) + ">"


FINISHES = {
    "matte": "ambient 0 diffuse 0.86 specular 0.06 roughness 0.15",
    "satin": "ambient 0 diffuse 0.82 specular 0.32 roughness 0.045",
    "glossy": "ambient 0 diffuse 0.78 specular 0.75 roughness 0.012 reflection { 0.015, 0.30 falloff 3 } conserve_energy",
}


def texture(colour, finish):
    return f"texture {{ pigment {{ {rgb(colour)} }} finish {{ {FINISHES[finish]} }} }}"


def material(draw, name="material", values=("matte", "satin", "glossy")):
    return draw.choice(name, list(values))


WHITE, BLACK, WOOD = (0.88, 0.87, 0.84), (0.012, 0.011, 0.013), (0.23, 0.11, 0.05)


def studio(draw, palette, toy):
    """The picture of a toy: seamless backdrop, one large soft light with its shadow, one from above for the contact, and a fill."""
    side = draw.choice("light from", ["left", "right"])
    azimuth, rise = draw.between(25, 62) * (-1 if side == "left" else 1), draw.number("light height", 34, 62, bins=3)
    softness = draw.number("light size", 3.2, 7.0, bins=3)
    warmth = draw.choice("light colour", ["warm", "neutral", "cool"], [3, 4, 2])
    tint = {"warm": (1.06, 1.0, 0.90), "neutral": (1, 1, 1), "cool": (0.94, 0.99, 1.06)}[warmth]
    elevation, angle = draw.number("camera height", 15, 32, bins=3), 26.0
    fill = draw.number("size", 0.70, 0.86, bins=3)
    e = math.radians(elevation)
    tall, wide = toy.height * math.cos(e) + 0.6 * toy.radius * math.sin(e), 2 * toy.radius
    distance = max(tall, wide) / (2 * math.tan(math.radians(angle / 2)) * fill) + toy.radius * 0.3
    across, up = draw.number("place across", -0.06, 0.06, bins=3) * distance * 0.45, draw.between(-0.02, 0.03) * distance * 0.45
    middle = toy.height / 2 * 0.97
    eye = (across, middle + up + distance * math.sin(e), -distance * math.cos(e))
    a, r = math.radians(azimuth), math.radians(rise)
    far = 13.0
    key = (far * math.sin(a) * math.cos(r), far * math.sin(r), -far * math.cos(a) * math.cos(r))
    floor = palette.backdrop()
    bright = [1.12 * t for t in tint]
    return f"""#version 3.7;
global_settings {{ assumed_gamma 1.0 max_trace_level 3 }}
camera {{ perspective location {vector(*eye)} look_at {vector(across, middle + up, 0)} angle {angle} right x up y }}
light_source {{ {vector(*key)} color {rgb(bright)} area_light {softness:.3f}*x, {softness:.3f}*y, 5, 5 adaptive 1 jitter circular orient }}
light_source {{ <0,7,-0.5> color rgb 0.24 area_light 4.5*x, 4.5*z, 3, 3 adaptive 1 jitter }}
light_source {{ {vector(-key[0], 3.2, -5)} color rgb 0.20 shadowless }}
light_source {{ {vector(-key[0] * 0.8, 5, 7)} color rgb 0.22 shadowless }}
sky_sphere {{ pigment {{ gradient y color_map {{ [0 {rgb(floor)}] [0.35 {rgb(floor)}] [0.62 rgb 1.5] [1 rgb 1.2] }} }} }}
plane {{ y, 0 pigment {{ {rgb(floor)} }} finish {{ ambient 0 emission 0.27 diffuse 0.62 }} }}
{toy.source}
"""
