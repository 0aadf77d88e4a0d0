"""Things that stand on the ground: pines, round trees, flowers, a house, a boat, a cactus, an island.

Each is drawn inside its own small window of the picture, as anti-aliased coverage of simple shapes.
"""

import numpy as np


def _window(p, left: float, right: float, top: float, bottom: float):
    """Slices of the picture for a box in scene units, with the box's coordinate rows and columns; None if
    outside."""
    x0, x1 = max(0, int(left / p.px) - 1), min(p.width, int(right / p.px) + 2)
    y0, y1 = max(0, int(top / p.px) - 1), min(p.height, int(bottom / p.px) + 2)
    if x0 >= x1 or y0 >= y1:
        return None
    return (slice(y0, y1), slice(x0, x1)), p.y[y0:y1, None], p.x[None, x0:x1]


def _blend(p, region, paint_colour, coverage) -> None:
    part = p.image[region]
    part += (paint_colour - part) * coverage[..., None]


def _cover(p, distance):
    """Coverage of a shape from its signed distance (positive inside)."""
    return np.clip(distance / p.px + 0.5, 0, 1)


def _box(p, left, right, top, bottom, paint_colour) -> None:
    found = _window(p, left, right, top, bottom)
    if found:
        region, y, x = found
        inside = np.minimum(np.minimum(x - left, right - x), np.minimum(y - top, bottom - y))
        _blend(p, region, paint_colour * p.light, _cover(p, inside))


def draw_pines(p, count: int, foot: float, size: float) -> None:
    draws = p.rng.random((count, 6))
    for k in np.argsort(draws[:, 1]):
        u, depth, tall, tone, phase, lean = draws[k]
        height = size * (0.65 + 0.5 * tall)
        base, x_mid, half = foot + 0.25 * size * depth, u * p.aspect, height * (0.17 + 0.04 * lean)
        found = _window(p, x_mid - half, x_mid + half, base - height, base)
        if not found:
            continue
        region, y, x = found
        t = np.clip((y - (base - height)) / height, 0, 1)
        tiers = (t * 7 + phase) % 1.0
        side = np.abs(x - x_mid)
        needles = (
            0.10
            * half
            * np.sin(side / half * 40 + t * 90 + phase * 20)
            * float(np.clip(height / p.px / 60 - 0.3, 0, 1))
        )
        width = half * t * (0.62 + 0.38 * tiers) + needles
        coverage = _cover(p, width - side) * _cover(p, base - y)
        shade = 0.75 + 0.5 * tone + 0.30 * np.sign(p.sun[0] - x_mid) * (x - x_mid) / half - 0.25 * tiers
        body = np.asarray((0.09, 0.27, 0.13), np.float32) * np.broadcast_to(shade, coverage.shape)[..., None]
        if p.scene.winter:
            white = np.clip(
                1.5 * (1 - tiers) + 0.5 * needles / (0.10 * half + 1e-6) - 0.15, 0, 1
            ) * np.ones_like(coverage)
            body = body + (np.asarray((0.90, 0.94, 1.0), np.float32) - body) * (0.85 * white)[..., None]
        _blend(p, region, body * p.light, coverage)


def draw_round_trees(p, count: int, foot: float, size: float) -> None:
    autumn = np.asarray(
        ((0.86, 0.36, 0.08), (0.93, 0.58, 0.10), (0.72, 0.20, 0.08), (0.85, 0.70, 0.15)), np.float32
    )
    green = np.asarray(
        ((0.16, 0.40, 0.12), (0.22, 0.48, 0.15), (0.13, 0.34, 0.12), (0.28, 0.50, 0.14)), np.float32
    )
    draws = p.rng.random((count, 6))
    leaves = p.field(26, 26, 4, 0.75)
    for k in np.argsort(draws[:, 1]):
        u, depth, tall, tone, wide, _ = draws[k]
        height = size * (0.7 + 0.5 * tall)
        _round_tree(
            p,
            u * p.aspect,
            foot + 0.25 * size * depth,
            height,
            height * (0.34 + 0.1 * wide),
            (autumn if p.scene.autumn else green)[int(tone * 4)],
            leaves,
        )


def _round_tree(p, x_mid, base, height, radius, leaf_colour, leaves) -> None:
    _box(
        p,
        x_mid - 0.045 * height,
        x_mid + 0.045 * height,
        base - 0.5 * height,
        base,
        np.asarray((0.30, 0.20, 0.13), np.float32),
    )
    centre = base - height + radius
    found = _window(
        p, x_mid - 1.3 * radius, x_mid + 1.3 * radius, centre - 1.3 * radius, centre + 1.3 * radius
    )
    if not found:
        return
    region, y, x = found
    texture = leaves[region]
    distance = radius * (1 + 0.16 * texture) - np.sqrt((x - x_mid) ** 2 + ((y - centre) * 0.95) ** 2)
    lit = np.clip(0.85 - 0.45 * (y - centre) / radius + 0.28 * texture, 0.35, 1.4)
    body = leaf_colour * lit[..., None]
    if p.scene.winter:
        body = (
            body
            + (np.asarray((0.9, 0.94, 1.0), np.float32) - body)
            * np.clip(0.9 - 0.8 * (y - centre) / radius + 0.5 * texture, 0, 0.9)[..., None]
        )
    _blend(p, region, body * p.light, _cover(p, distance))


def draw_flowers(p) -> None:
    if not p.scene.flowers:
        return
    petals = np.asarray(
        {
            "red": (0.92, 0.10, 0.12),
            "yellow": (0.99, 0.86, 0.08),
            "purple": (0.60, 0.20, 0.82),
            "white": (0.98, 0.98, 0.96),
        }[p.scene.flowers],
        np.float32,
    )
    draws = p.rng.random((190, 5))
    for nearness, u, tone, size, height in draws[np.argsort(draws[:, 0])]:
        near = 0.04 + 0.96 * nearness**1.2
        y_mid, x_mid = p.horizon + (1.02 - p.horizon) * near, u * p.aspect
        radius = (0.006 + 0.030 * near) * (0.75 + 0.5 * size)
        found = _window(p, x_mid - 1.2 * radius, x_mid + 1.2 * radius, y_mid - radius, y_mid + radius)
        if not found:
            continue
        region, y, x = found
        angle = np.arctan2((y - y_mid) * 1.5, x - x_mid)
        reach = np.sqrt((x - x_mid) ** 2 + ((y - y_mid) * 1.5) ** 2)
        lobes = 0.22 * np.cos(5 * angle + 6 * tone) * float(np.clip(radius / p.px - 2, 0, 1))
        cover = _cover(p, radius * (0.85 + lobes) - reach)
        _blend(p, region, petals * (0.78 + 0.3 * tone) * p.light, cover)
        if radius > 2.5 * p.px:
            heart = np.asarray(
                (0.95, 0.75, 0.1) if p.scene.flowers != "yellow" else (0.6, 0.35, 0.05), np.float32
            )
            _blend(p, region, heart * p.light, _cover(p, 0.3 * radius - reach))


def draw_objects(p) -> None:
    feature = p.scene.feature
    u = float(p.rng.uniform(0.25, 0.75)) * p.aspect
    size = float(p.rng.uniform(0.9, 1.15))
    {
        "": lambda *_: None,
        "house": _house,
        "boat": _boat,
        "tree": _lone_tree,
        "cactus": _cactus,
        "island": _island,
    }[feature](p, u, size)


def _roof(p, x_mid, half, top, bottom, paint_colour) -> None:
    found = _window(p, x_mid - half, x_mid + half, top, bottom)
    if found:
        region, y, x = found
        t = (y - top) / (bottom - top)
        _blend(
            p,
            region,
            paint_colour * p.light,
            _cover(p, np.minimum(half * t - np.abs(x - x_mid), bottom - y) * 0.8),
        )


def _house(p, u, size) -> None:
    base = {"lake": 0.97, "forest": 0.90, "meadow": 0.74, "hills": 0.80}[p.scene.ground]
    w, h = 0.14 * size, 0.16 * size
    _box(p, u - w, u + w, base - h, base, np.asarray((0.88, 0.80, 0.66), np.float32))
    roof = np.asarray((0.93, 0.95, 1.0) if p.scene.winter else (0.75, 0.17, 0.12), np.float32)
    _roof(p, u, 1.3 * w, base - 1.95 * h, base - 0.95 * h, roof)
    _box(p, u - 0.16 * w, u + 0.2 * w, base - 0.6 * h, base, np.asarray((0.36, 0.20, 0.12), np.float32))
    glow = np.asarray((1.0, 0.82, 0.35), np.float32)
    dark = p.scene.time in ("night", "dusk")
    for side in (-0.62, 0.62):
        pane = glow / np.maximum(p.light, 0.05) if dark else np.asarray((0.35, 0.50, 0.62), np.float32)
        _box(p, u + (side - 0.17) * w, u + (side + 0.17) * w, base - 0.72 * h, base - 0.36 * h, pane)


def _boat(p, u, size) -> None:
    base, w = p.horizon + 0.20, 0.14 * size
    found = _window(p, u - w, u + w, base - 0.06, base)
    if found:
        region, y, x = found
        hull = np.minimum(
            (w - 0.6 * (y - base + 0.06)) - np.abs(x - u), np.minimum(base - y, y - base + 0.055)
        )
        _blend(p, region, np.asarray((0.45, 0.20, 0.10), np.float32) * p.light, _cover(p, hull))
    _box(p, u - 0.006, u + 0.006, base - 0.36 * size, base - 0.04, np.asarray((0.25, 0.16, 0.1), np.float32))
    sail = np.asarray((0.98, 0.97, 0.93), np.float32)
    top, foot = base - 0.35 * size, base - 0.065
    found = _window(p, u, u + 0.85 * w, top, foot)
    if found:
        region, y, x = found
        t = (y - top) / (foot - top)
        inside = np.minimum(np.minimum(0.85 * w * t - (x - u - 0.008), x - u - 0.008), foot - y)
        _blend(p, region, sail * np.clip(p.light * 1.1 + 0.05, 0, 1), _cover(p, inside))


def _lone_tree(p, u, size) -> None:
    base = {"lake": 0.985, "meadow": 0.84, "hills": 0.88}[p.scene.ground]
    height = 0.46 * size
    leaf = (0.88, 0.42, 0.08) if p.scene.autumn else (0.15, 0.36, 0.12)
    _round_tree(p, u, base, height, 0.32 * height, np.asarray(leaf, np.float32), p.field(26, 26, 5, 0.75))


def _cactus(p, u, size) -> None:
    green, base = np.asarray((0.17, 0.46, 0.18), np.float32), 0.93
    ribs = lambda x, mid, r: green * (0.75 + 0.35 * np.cos((x - mid) / r * 9))[..., None]
    for mid, r, top, bottom in (
        (u, 0.045, base - 0.46 * size, base),
        (u - 0.13, 0.031, base - 0.35 * size, base - 0.17),
        (u + 0.13, 0.031, base - 0.41 * size, base - 0.22),
    ):
        found = _window(p, mid - r, mid + r, top, bottom)
        if found:
            region, y, x = found
            cap = r - np.sqrt((x - mid) ** 2 + np.minimum(y - top - r, 0) ** 2)
            cover = _cover(p, np.minimum(cap, bottom - y))
            _blend(p, region, ribs(np.broadcast_to(x, cover.shape), mid, r) * p.light, cover)
    _box(p, u - 0.148, u, base - 0.20, base - 0.155, green)
    _box(p, u, u + 0.148, base - 0.25, base - 0.205, green)


def _island(p, u, size) -> None:
    base, half, height = p.horizon + 0.012, 0.25 * size, 0.17 * size
    crest = base - height * np.clip(1 - ((p.x - u) / half) ** 2, 0, None) * (1 + 0.22 * p.line(9, 5, 0.55))
    crest = np.where(np.abs(p.x - u) < half, np.minimum(crest, base), 2.0)
    cover = np.clip((p.y[:, None] - crest[None]) / p.px + 0.5, 0, 1) * _cover(p, base - p.y)[:, None]
    texture = np.clip(1 + 0.35 * p.field(24, 18, 5, 0.7), 0.4, 1.5)
    green = smooth_step(crest[None] + 0.045 - p.y[:, None] + 0.02 * texture)
    body = (
        np.asarray((0.42, 0.37, 0.32), np.float32)
        + np.asarray((-0.20, 0.03, -0.20), np.float32) * green[..., None]
    )
    p.paint(body * texture[..., None] * p.light, cover)


def smooth_step(distance: np.ndarray) -> np.ndarray:
    return np.clip(distance / 0.03 + 0.5, 0, 1)
