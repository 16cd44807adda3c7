"""POV-Ray source in Python: each function writes one object. Points and turns are tuples (x, y, z), turns in degrees."""


def vector(*parts):
    return "<" + ",".join(f"{part:.4f}" for part in parts) + ">"


def written(kind, *parts):
    return f"{kind} {{ {' '.join(parts)} }}"


def ball(at, radius, *more):
    return written("sphere", f"{vector(*at)}, {radius:.4f}", *more)


def egg(size, *more):
    """An ellipsoid of half axes `size` around the origin."""
    return written("sphere", "0, 1", scale(*size), *more)


def rod(a, b, radius, *more):
    return written("cylinder", f"{vector(*a)}, {vector(*b)}, {radius:.4f}", *more)


def post(low, high, radius, *more):
    """A cylinder around the y axis."""
    return rod((0, low, 0), (0, high, 0), radius, *more)


def cone(a, radius_a, b, radius_b, *more):
    return written("cone", f"{vector(*a)}, {radius_a:.4f}, {vector(*b)}, {radius_b:.4f}", *more)


def funnel(low, radius_low, high, radius_high, *more):
    """A cone around the y axis."""
    return cone((0, low, 0), radius_low, (0, high, 0), radius_high, *more)


def ring(radius, thick, *more):
    """A torus around the y axis."""
    return written("torus", f"{radius:.4f}, {thick:.4f}", *more)


def box(a, b, *more):
    return written("box", f"{vector(*a)}, {vector(*b)}", *more)


def lathe(points, *more):
    """A cubic spline of (radius, height), turned; its first and last points only bend it."""
    return written("lathe", f"cubic_spline {len(points)} {','.join(vector(*point) for point in points)}", *more)


def union(*parts):
    return written("union", *parts)


def difference(*parts):
    return written("difference", *parts)


def below(y):
    """The half space under a height."""
    return f"plane {{ y, {y:.4f} }}"


def move(x=0.0, y=0.0, z=0.0):
    return f"translate {vector(x, y, z)}"


def turn(x=0.0, y=0.0, z=0.0):
    """About x, then y, then z."""
    return f"rotate {vector(x, y, z)}"


def scale(x=1.0, y=1.0, z=1.0):
    return f"scale {vector(x, y, z)}"
