"""Mushrooms: one to three, with spots, and sometimes a ring on the stem."""
from scene import WHITE, Palette, Toy, material, oklch, texture, vector
import math


def build(draw):
    palette, finish = Palette(draw), material(draw)
    cap, spot = texture(palette.main("cap colour", (0.52, 0.72), 0.19), finish), texture(WHITE, "matte")
    stem = texture(oklch(0.92, draw.number("stem tint", 0.01, 0.05, bins=2), 85), "matte")
    gills = texture(oklch(0.84, 0.04, 70), "matte")
    shape = draw.choice("cap", ["dome", "flat", "pointed"])
    spots = draw.choice("spots", [0, 5, 9, 14], [1, 2, 3, 2])
    ring = draw.choice("ring", ["no", "yes"])
    number = draw.choice("mushrooms", [1, 2, 3], [3, 2, 1])
    wide, high = draw.number("cap width", 0.68, 0.88), draw.number("stem height", 0.62, 0.95)
    thick, lean, yaw = draw.number("stem width", 0.18, 0.28, bins=3), draw.number("lean", -8, 8, bins=3), draw.number("turn", 0, 360)
    tall = wide * {"dome": 0.80, "flat": 0.5, "pointed": 1.15}[shape]

    def mushroom(scale):
        parts = [f"lathe {{ cubic_spline 7 <{thick * 1.2:.3f},-0.2>,<{thick * 1.35:.3f},0>,<{thick * 1.05:.3f},{high * 0.35:.3f}>,<{thick * 0.9:.3f},{high * 0.7:.3f}>,"
                 f"<{thick:.3f},{high + 0.05:.3f}>,<0,{high + 0.08:.3f}>,<-0.1,{high + 0.08:.3f}> {stem} }}"]
        parts.append(f"difference {{ sphere {{ 0, 1 scale <{wide:.4f},{tall:.4f},{wide:.4f}> }} plane {{ y, 0 }} translate {high:.4f}*y {cap} }}")
        parts.append(f"torus {{ {wide - 0.055:.4f}, 0.055 translate {high + 0.012:.4f}*y {cap} }}")
        parts.append(f"sphere {{ 0, 1 scale <{wide - 0.06:.4f},0.06,{wide - 0.06:.4f}> translate {high:.4f}*y {gills} }}")
        if ring == "yes":
            parts.append(f"cone {{ {high * 0.62:.4f}*y, {thick * 1.7:.4f}, {high * 0.78:.4f}*y, {thick * 0.9:.4f} {stem} }}")
        phase = draw.between(0, 360)
        for i in range(spots):
            over = 8 + 72 * math.sqrt((i + 0.5) / max(spots, 1))
            size = draw.between(0.085, 0.15) * (1.25 if spots < 6 else 1)
            o, around = math.radians(over), phase + 137.5 * i
            # Flat on the surface: along the ellipse's normal.
            y, out = tall * math.cos(o), wide * math.sin(o)
            normal = math.degrees(math.atan2(math.sin(o) / wide, math.cos(o) / tall))
            parts.append(f"sphere {{ 0, 1 scale <{size:.3f},0.045,{size:.3f}> rotate {-normal:.1f}*x translate {vector(0, high + y, -out)} rotate {around:.1f}*y {spot} }}")
        return f"union {{ {' '.join(parts)} scale {scale:.3f} }}"

    all_of = [f"union {{ {mushroom(1)} rotate {yaw:.1f}*y rotate {lean:.1f}*z }}"]
    reach = wide
    for i in range(number - 1):
        small = draw.between(0.38, 0.52)
        side = (1 if i == 0 else -1) * (1 if draw.random() < 0.5 or i else -1)
        x = side * (wide * 0.62 + small * 0.45)
        all_of.append(f"union {{ {mushroom(small)} rotate {draw.between(0, 360):.1f}*y rotate {-6 * side}*z translate {vector(x, 0, draw.between(-0.75, -0.4))} }}")
        reach = max(reach, abs(x) + small * wide * 1.08)
    return Toy(" ".join(all_of), high + tall, reach), palette
