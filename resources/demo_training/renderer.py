"""Paints a scene at any size. Colours are sRGB in 0..1; x runs 0..width/height, y runs 0 (top) to 1
(bottom).

Everything is placed in these units, so one scene has the same composition at every size, while noise
octaves, stars, needles, ripples and grass appear as soon as the pixel grid can carry them.
"""

import numpy as np

from noise import Noise
from plants import draw_flowers, draw_objects, draw_pines, draw_round_trees
from scene import Scene

SKY = {  # top, middle, horizon
    "noon": ((0.13, 0.40, 0.88), (0.40, 0.66, 0.96), (0.80, 0.91, 0.99)),
    "dawn": ((0.52, 0.63, 0.88), (0.96, 0.73, 0.78), (1.00, 0.88, 0.70)),
    "sunset": ((0.40, 0.13, 0.38), (0.93, 0.33, 0.16), (1.00, 0.74, 0.22)),
    "dusk": ((0.10, 0.08, 0.32), (0.31, 0.17, 0.50), (0.74, 0.36, 0.56)),
    "night": ((0.03, 0.05, 0.20), (0.06, 0.10, 0.31), (0.13, 0.20, 0.44)),
}
LIGHT = {
    "noon": (1.0, 1.0, 0.97),
    "dawn": (0.98, 0.80, 0.78),
    "sunset": (0.88, 0.50, 0.33),
    "dusk": (0.38, 0.29, 0.50),
    "night": (0.27, 0.33, 0.54),
}


def colour(*rgb: float) -> np.ndarray:
    return np.asarray(rgb, np.float32)


def mix(a: np.ndarray, b: np.ndarray, t: np.ndarray) -> np.ndarray:
    return a + (b - a) * t[..., None]


def smooth(low: float, high: float, x: np.ndarray) -> np.ndarray:
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


class Painter:
    """One picture in progress: its grid, the random streams of the scene, and the image [height, width, 3]."""

    def __init__(self, scene: Scene, width: int, height: int):
        self.scene, self.width, self.height = scene, width, height
        self.aspect, self.px = width / height, 1.0 / height
        self.x = (np.arange(width, dtype=np.float32) + 0.5) * self.px
        self.y = (np.arange(height, dtype=np.float32) + 0.5) * self.px
        self.rng = np.random.default_rng(scene.seed + 7919)
        self.noise = Noise(scene.seed + 104729)
        self.light = colour(*LIGHT[scene.time]) * (1 + 0.06 * self.rng.standard_normal())
        self.horizon = float(
            {"lake": 0.52, "sea": 0.55, "desert": 0.56, "meadow": 0.55, "forest": 0.58, "hills": 0.56}[
                scene.ground
            ]
            + 0.035 * np.clip(self.rng.standard_normal(), -1.5, 1.5)
        )
        self.sun = (float(self.rng.uniform(0.18, 0.82)) * self.aspect, self._sun_height())
        self.image = np.zeros((height, width, 3), np.float32)

    def _sun_height(self) -> float:
        low, behind = self.scene.time in ("sunset", "dawn"), 0.12 if self.scene.mountains else 0.0
        return float(self.horizon - behind - self.rng.uniform(0.08, 0.16) if low else self.rng.uniform(0.1, 0.24))

    def field(
        self, fy: float, fx: float, octaves: int, gain: float = 0.5, rows: np.ndarray | None = None
    ) -> np.ndarray:
        return self.noise.field(self.height, self.width, (1.0, self.aspect), (fy, fx), octaves, gain, rows)

    def line(self, frequency: float, octaves: int, gain: float = 0.5) -> np.ndarray:
        return self.noise.line(self.width, self.aspect, frequency, octaves, gain)

    def below(self, height_line: np.ndarray) -> np.ndarray:
        """Anti-aliased coverage of the region under a skyline, [height, width]."""
        return np.clip((self.y[:, None] - height_line[None]) / self.px + 0.5, 0, 1)

    def paint(self, paint_colour: np.ndarray, coverage: np.ndarray) -> None:
        self.image += (paint_colour - self.image) * coverage[..., None]

    # ---- sky -------------------------------------------------------------------------------------------

    def sky(self) -> None:
        s = self.scene
        top, middle, low = (
            colour(*c) * (1 + 0.05 * self.rng.standard_normal(3).astype(np.float32)) for c in SKY[s.time]
        )
        t = np.clip(self.y / self.horizon, 0, 1)
        rows = mix(mix(top, middle, smooth(0.0, 0.62, t)), low, smooth(0.55, 1.0, t))
        self.image[:] = rows[:, None]
        self._stars()
        distance = np.sqrt((self.x[None] - self.sun[0]) ** 2 + (self.y[:, None] - self.sun[1]) ** 2)
        self._glow(distance)
        self._disc(distance)
        self._clouds(low)

    def _stars(self) -> None:
        count = {"night": 110, "dusk": 24}.get(self.scene.time, 0)
        if not count:
            return
        where = self.rng.random((count, 2)) * (self.horizon, self.aspect)
        strength = self.rng.random(count) ** 2.5 * 0.8 + 0.2
        size = 0.0025 + 0.0035 * strength
        radius = np.maximum(size, 0.55 * self.px)
        faint = size / radius
        for (cy, cx), power, r in zip(where, strength * faint, radius):
            y0, x0 = int(cy / self.px), int(cx / self.px)
            k = int(np.ceil(2 * r / self.px))
            ys, xs = slice(max(0, y0 - k), y0 + k + 1), slice(max(0, x0 - k), x0 + k + 1)
            d2 = (self.y[ys, None] - cy) ** 2 + (self.x[None, xs] - cx) ** 2
            self.image[ys, xs] += (power * np.exp(-d2 / (r * r)))[..., None] * colour(0.95, 0.97, 1.0)

    def _glow(self, distance: np.ndarray) -> None:
        glow = {
            "sunset": ((1.0, 0.62, 0.15), 0.85, 0.20),
            "dawn": ((1.0, 0.86, 0.62), 0.6, 0.2),
            "noon": ((1.0, 1.0, 0.92), 0.5, 0.1),
            "dusk": ((0.8, 0.7, 0.9), 0.2, 0.1),
            "night": ((0.45, 0.55, 0.8), 0.28, 0.10),
        }[self.scene.time]
        strength = glow[1] * (1.0 if self.scene.disc else 0.35)
        self.paint(colour(*glow[0]), strength * np.exp(-distance / glow[2]))

    def _disc(self, distance: np.ndarray) -> None:
        if not self.scene.disc:
            return
        radius = 0.075 + 0.018 * self.rng.random()
        night = self.scene.time in ("night", "dusk")
        face = {"noon": (1.0, 0.98, 0.80), "dawn": (1.0, 0.95, 0.72), "sunset": (1.0, 0.92, 0.52)}.get(
            self.scene.time, (0.95, 0.95, 0.90)
        )
        shade = np.ones_like(distance)
        if night:
            shade = 1 - 0.16 * smooth(0.1, 1.0, self.field(14, 14, 3))
        self.paint(colour(*face) * shade[..., None], np.clip((radius - distance) / self.px + 0.5, 0, 1))

    def _clouds(self, low: np.ndarray) -> None:
        if not self.scene.cloudy:
            return
        shape = self.field(5.0, 2.2, 6, 0.55)
        cover = smooth(-0.05, 0.75, shape) * smooth(1.0, 0.75, self.y / self.horizon)[:, None] * 0.95
        lit = {
            "noon": (1.0, 1.0, 1.0),
            "dawn": (1.0, 0.87, 0.86),
            "sunset": (1.0, 0.52, 0.30),
            "dusk": (0.52, 0.36, 0.60),
            "night": (0.24, 0.29, 0.44),
        }
        dark = {
            "noon": (0.66, 0.72, 0.82),
            "dawn": (0.76, 0.62, 0.72),
            "sunset": (0.48, 0.17, 0.25),
            "dusk": (0.21, 0.15, 0.34),
            "night": (0.10, 0.13, 0.25),
        }
        body = mix(
            colour(*lit[self.scene.time]),
            colour(*dark[self.scene.time]),
            smooth(0.2, 1.3, shape + 0.25 * self.field(9, 5, 4)),
        )
        self.paint(body, cover)

    # ---- mountains -------------------------------------------------------------------------------------

    def mountains(self) -> None:
        """Two rows of peaks with a lit and a shaded face each: plain shapes that a small network can learn, with folds
        and rock as fine as the grid carries."""
        haze = self.image[max(0, int(self.horizon * self.height) - 2)].mean(0)
        for near, tall, steep in ((0.0, 0.34, 0.95), (1.0, 0.22, 0.75)):
            draws = self.rng.random((3, 3))
            middle = (np.arange(3) + 0.15 + 0.7 * draws[:, 0]) / 3 * self.aspect
            peak = tall * (0.62 + 0.38 * draws[:, 1])
            rough = 0.014 * self.line(5, 6, 0.55)
            rise = peak[:, None] - np.abs(self.x[None] - middle[:, None]) * (steep * (0.85 + 0.3 * draws[:, 2:]))
            which = rise.argmax(0)
            crest = (self.horizon - np.maximum(rise.max(0) + rough, 0.015)).astype(np.float32)
            depth = self.y[:, None] - crest[None]
            fold = self.field(7, 8, 6, 0.5)
            from_axis = (self.x - middle[which])[None] * np.sign(self.sun[0] - middle[which])[None]
            lit = smooth(-0.012, 0.012, from_axis + 0.05 * np.clip(depth / 0.1, 0.2, 1) * fold)
            lit = lit * (1 + 0.10 * self.field(20, 24, 4, 0.6))
            self.paint(self._rock(near, lit, fold, peak[which], haze), self.below(crest))

    def _rock(self, near: float, lit: np.ndarray, fold: np.ndarray, peak: np.ndarray, haze: np.ndarray) -> np.ndarray:
        s = self.scene
        rock = mix(colour(0.26, 0.24, 0.29), colour(0.60, 0.53, 0.47), lit)
        if s.ground == "desert":
            rock = rock * colour(1.25, 0.85, 0.62)
        if s.snowy_peaks:
            line = self.horizon - peak * (0.15 if s.winter else 0.5)
            snow = smooth(0.012, -0.012, self.y[:, None] - line[None] + 0.03 * fold)
            white = mix(colour(0.60, 0.68, 0.86), colour(1.0, 1.0, 1.0), lit)
            rock = mix(rock * self.light, white * (0.5 * self.light + 0.5 * self.light.max()), snow)
        else:
            rock = rock * self.light
        above = np.clip((self.horizon - self.y) / 0.3, 0, 1)[:, None]
        return rock + (haze - rock) * (0.30 - 0.18 * near + 0.25 * (1 - above))[..., None]

    # ---- grounds ---------------------------------------------------------------------------------------

    def ground_rows(self, top: float) -> tuple[np.ndarray, np.ndarray]:
        """Perspective of a plane below `top`: nearness 0..1 and a stretched row coordinate 0..1."""
        near = np.clip((self.y - top) / (1.0 - top), 0, 1)
        return near, np.log1p(near * 12) / np.log(13.0)

    def grass(self, top_line: np.ndarray) -> None:
        s = self.scene
        near, rows = self.ground_rows(float(top_line.min()))
        blades = self.field(60, 90, 3, 0.75, rows)
        patches = self.field(6, 4, 3, 0.5, rows)
        base = mix(colour(0.24, 0.46, 0.13), colour(0.44, 0.64, 0.20), np.clip(0.5 + 0.3 * patches, 0, 1))
        if s.autumn:
            base = mix(colour(0.62, 0.40, 0.12), colour(0.74, 0.58, 0.22), np.clip(0.5 + 0.3 * patches, 0, 1))
        if s.winter:
            base = mix(colour(0.80, 0.86, 0.96), colour(0.97, 0.98, 1.0), np.clip(0.5 + 0.4 * patches, 0, 1))
        strength = (0.05 if s.winter else 0.20) * (0.35 + 0.65 * near)[:, None]
        self.paint(base * (1 + strength * blades)[..., None] * self._ground_light(), self.below(top_line))

    def _ground_light(self) -> np.ndarray:
        return self.light if not self.scene.winter else self.light * 0.96 + 0.02

    def hills(self, lift: float, amplitude: float) -> np.ndarray:
        return (self.horizon - lift - amplitude * self.line(1.6, 4, 0.4)).astype(np.float32)

    def water(self, sea: bool) -> None:
        top = self.horizon
        near, rows = self.ground_rows(top)
        wave = self.field(70, 7, 3, 0.65, rows) if sea else self.field(55, 5, 3, 0.6, rows)
        mirror = (
            np.clip(2 * top - self.y, self.px, 1)[:, None]
            + (0.010 if sea else 0.006) * wave * (0.3 + near)[:, None]
        )
        index = np.clip((mirror / self.px).astype(np.int64), 0, self.height - 1)
        reflected = self.image[index, np.arange(self.width)[None]]
        sky_top = colour(*SKY[self.scene.time][1 if self.scene.time in ("sunset", "dusk") else 0])
        deep = (colour(0.05, 0.30, 0.48) if sea else colour(0.10, 0.28, 0.36)) * (0.25 + 0.75 * self.light)
        body = 0.45 * sky_top + 0.55 * deep if self.scene.time != "noon" else deep
        blend = np.broadcast_to((0.62 + 0.25 * near if sea else 0.16 + 0.22 * near)[:, None], wave.shape)
        body_rows = mix(reflected, body * np.ones_like(reflected), blend)
        crest = smooth(0.9, 1.9, wave) * (0.35 if sea else 0.08)
        body_rows = mix(body_rows, np.minimum(1, 0.35 + 0.75 * self.light) * np.ones_like(body_rows), crest)
        glitter = np.exp(-np.abs(self.x[None] - self.sun[0]) / (0.03 + 0.10 * near[:, None])) * smooth(
            0.1, 1.2, wave
        )
        if self.scene.disc:
            gloss = {"noon": 0.35, "sunset": 0.9, "dawn": 0.7}.get(self.scene.time, 0.5)
            body_rows = mix(
                body_rows,
                np.minimum(1, colour(*SKY[self.scene.time][2]) + 0.3) * np.ones_like(body_rows),
                gloss * glitter,
            )
        self.paint(body_rows, self.below(np.full(self.width, top, np.float32)))

    def desert(self) -> None:
        sand_light, sand_dark = colour(0.95, 0.76, 0.44), colour(0.66, 0.43, 0.22)
        for layer in range(4):
            depth = layer / 3.0
            crest = self.horizon + 0.30 * depth**1.4 - (0.018 + 0.045 * depth) * self.line(1.3, 3, 0.3)
            steep = np.gradient(crest.astype(np.float32)) / self.px
            along = self.y[:, None] - crest[None]
            ripples = np.sin((along * (240 - 100 * depth) + 6 * self.field(3, 2, 3, 0.5)) * 1.0) * _visible(
                40.0, self.height
            )
            shade = np.clip(0.55 + 1.6 * steep[None] - 1.2 * along / 0.35 + 0.10 * self.field(4, 3, 4), 0, 1)
            body = (
                mix(sand_dark, sand_light, shade)
                * (1 + 0.05 * (0.3 + depth) * ripples + 0.03 * self.field(110, 110, 2))[..., None]
            )
            self.paint(body * self.light, self.below(crest.astype(np.float32)))


def _visible(cycles: float, height: int) -> float:
    return float(np.clip(2.2 - 4.4 * cycles / height, 0, 1))


def _lay_ground(p: Painter) -> None:
    s = p.scene
    if s.ground == "lake":
        shore = p.hills(0.012, 0.008)
        p.grass(shore)
        (
            draw_round_trees(p, 18, p.horizon + 0.004, 0.08)
            if s.autumn
            else draw_pines(p, 26, p.horizon + 0.004, 0.095)
        )
        p.water(sea=False)
        p.grass((0.93 - 0.03 * p.line(1.5, 4, 0.4)).astype(np.float32))
    elif s.ground == "sea":
        p.water(sea=True)
    elif s.ground == "desert":
        p.desert()
    elif s.ground == "meadow":
        p.grass(p.hills(0.01, 0.012))
        draw_flowers(p)
    elif s.ground == "forest":
        p.grass(p.hills(0.0, 0.01))
        for row, (count, foot, size) in enumerate(((20, 0.03, 0.20), (12, 0.13, 0.32), (7, 0.30, 0.48))):
            (draw_round_trees if s.autumn else draw_pines)(p, count, p.horizon + foot, size)
    else:
        for depth, lift, amplitude in ((0, 0.05, 0.035), (1, -0.08, 0.05), (2, -0.24, 0.05)):
            p.grass(p.hills(lift, amplitude))
            if depth == 1:
                (
                    draw_round_trees(p, 6, p.horizon + 0.10, 0.11)
                    if not s.winter
                    else draw_pines(p, 6, p.horizon + 0.10, 0.14)
                )


def render(scene: Scene, width: int, height: int) -> np.ndarray:
    """The picture as float32 [height, width, 3] in 0..1."""
    p = Painter(scene, width, height)
    p.sky()
    if scene.mountains:
        p.mountains()
    _lay_ground(p)
    draw_objects(p)
    if scene.fog:
        veil = colour(0.86, 0.88, 0.90) * np.clip(p.light * 1.05, 0.16, 1)
        density = 0.45 + 0.40 * np.exp(-(((p.y[:, None] - p.horizon) / 0.20) ** 2)) + 0.06 * p.field(3, 2, 4)
        p.paint(veil, np.clip(density, 0, 0.92))
    return np.clip(p.image, 0, 1)
