"""A mug: handle, rim, bands or dots, what is in it, and sometimes a saucer."""
from scene import Palette, Toy, material, oklch, texture, vector
import math

DRINKS = {"coffee": (0.075, 0.032, 0.014), "milk": (0.85, 0.80, 0.72), "tea": (0.42, 0.14, 0.03)}


def build(draw):
    palette, finish = Palette(draw), material(draw, values=("satin", "glossy"))
    body, mark = texture(palette.main(), finish), texture(palette.accent("mark colour"), finish)
    wide, high = draw.number("width", 0.5, 0.68), draw.number("height", 1.0, 1.4)
    flare = draw.choice("shape", ["straight", "flared", "tapered"])
    foot = wide * {"straight": 1, "flared": 0.8, "tapered": 1.12}[flare]
    drink = draw.choice("drink", [*DRINKS, "empty"])
    pattern = draw.choice("pattern", ["plain", "one band", "two bands", "dots"])
    saucer = draw.choice("saucer", ["no", "yes"], [2, 1])
    # The handle is seen: it points to the right or left of the picture, more or less to the front.
    turn = draw.choice("handle side", ["right", "left"])
    yaw = draw.number("handle turn", -58, 22)
    yaw = yaw if turn == "right" else 180 - yaw
    loop = draw.number("handle size", 0.26, 0.36, bins=3)
    lift = 0.09 if saucer == "yes" else 0

    def radius(y):
        return foot + (wide - foot) * y / high

    wall, middle = 0.075, high * 0.54
    at = radius(middle)
    parts = [f"difference {{ union {{ cone {{ 0.03*y, {foot:.4f}, {high:.4f}*y, {wide:.4f} }} "
             f"cone {{ 0, {foot - 0.03:.4f}, 0.03*y, {foot:.4f} }} torus {{ {wide - wall / 2:.4f}, {wall / 2:.4f} translate {high:.4f}*y }} }} "
             f"cone {{ 0.09*y, {foot - wall:.4f}, {high + 0.1:.4f}*y, {wide - wall:.4f} }} {body} }}",
             f"difference {{ torus {{ {loop:.4f}, 0.085 rotate 90*x scale <0.86,1.1,1> translate {vector(at + 0.03, middle, 0)} }} "
             f"cone {{ 0, {foot - 0.02:.4f}, {high:.4f}*y, {wide - 0.02:.4f} }} {body} }}"]
    if drink != "empty":
        level = high * 0.86
        parts.append(f"cylinder {{ {level - 0.02:.4f}*y, {level:.4f}*y, {min(radius(level), radius(level - 0.02)) - wall + 0.003:.4f} {texture(DRINKS[drink], 'satin')} }}")
    if pattern.endswith("bands") or pattern == "one band":
        for y in ([0.5] if pattern == "one band" else [0.3, 0.7]):
            low, top = high * (y - 0.08), high * (y + 0.08)
            parts.append(f"cone {{ {low:.4f}*y, {radius(low) + 0.008:.4f}, {top:.4f}*y, {radius(top) + 0.008:.4f} open {mark} }}")
    if pattern == "dots":
        for row, y in enumerate((0.28, 0.66)):
            for i in range(8):
                angle = 45 * i + 22.5 * row
                parts.append(f"sphere {{ 0, 0.1 scale <1,1,0.15> translate {-(radius(high * y)):.4f}*z rotate {angle}*y translate {high * y:.4f}*y {mark} }}")
    mug = f"union {{ {' '.join(parts)} rotate {-yaw:.2f}*y translate {lift}*y }}"
    if saucer == "yes":
        plate = texture(oklch(0.93, 0.02, palette.first), finish)
        mug += (f" lathe {{ cubic_spline 8 <0,-0.02>,<0.0,0.03>,<{foot * 0.9:.3f},0.03>,<{foot + 0.28:.3f},0.12>,<{foot + 0.36:.3f},0.15>,"
                f"<{foot + 0.3:.3f},0.16>,<{foot * 0.8:.3f},0.09>,<0,0.09> {plate} }}")
    radius_all = max(wide, foot) + (0.36 if saucer == "yes" else loop * 0.55)
    return Toy(mug, high + lift, radius_all), palette
