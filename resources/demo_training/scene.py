"""What a landscape is made of, drawn at random with balanced attributes, and the words that describe it."""

from dataclasses import dataclass

import numpy as np

TIMES = ("dawn", "noon", "sunset", "dusk", "night")
GROUNDS = ("lake", "sea", "desert", "meadow", "forest", "hills")
FLOWERS = ("red", "yellow", "purple", "white")
FEATURES = {
    "lake": ("boat", "house", "tree"),
    "sea": ("boat", "island"),
    "desert": ("cactus",),
    "meadow": ("house", "tree"),
    "forest": ("house",),
    "hills": ("house", "tree"),
}


@dataclass
class Scene:
    seed: int
    time: str = "noon"
    ground: str = "meadow"
    mountains: bool = False
    snowy_peaks: bool = False
    winter: bool = False
    autumn: bool = False
    cloudy: bool = False
    fog: bool = False
    disc: bool = True  # the sun, or the moon at dusk and night
    flowers: str = ""
    feature: str = ""


def draw_scene(seed: int) -> Scene:
    rng = np.random.default_rng(seed)
    scene = Scene(seed, time=str(rng.choice(TIMES)), ground=str(rng.choice(GROUNDS)))
    chance = rng.random(8)
    scene.mountains = chance[0] < (0.25 if scene.ground == "sea" else 0.55)
    scene.winter = scene.ground not in ("sea", "desert") and chance[1] < 0.33
    scene.snowy_peaks = scene.mountains and scene.ground != "desert" and (scene.winter or chance[2] < 0.5)
    scene.autumn = scene.ground in ("forest", "lake", "hills") and not scene.winter and chance[3] < 0.33
    scene.cloudy = chance[4] < 0.4
    scene.fog = chance[5] < 0.12
    scene.disc = not scene.fog and chance[6] < 0.65
    if scene.ground == "meadow" and not scene.winter:
        scene.flowers = str(rng.choice(FLOWERS)) if rng.random() < 0.8 else ""
    if chance[7] < 0.6:
        scene.feature = str(rng.choice(FEATURES[scene.ground]))
    return scene


_TIME_WORDS = {
    "dawn": (
        "at dawn",
        "at sunrise",
        "in the early morning",
        "in the morning light",
        "in soft pink dawn light",
    ),
    "noon": (
        "at noon",
        "at midday",
        "in bright daylight",
        "by day",
        "on a sunny day",
        "under a blue sky",
        "in the middle of the day",
        "during the day",
    ),
    "sunset": (
        "at sunset",
        "at sunset",
        "during a beautiful sunset",
        "at golden hour",
        "in orange evening light",
        "in the glow of the setting sun",
        "under a red sky",
    ),
    "dusk": (
        "at dusk",
        "at twilight",
        "in the blue hour",
        "after sunset under a purple sky",
        "in the last light",
    ),
    "night": (
        "at night",
        "at night",
        "under a starry sky",
        "in the dark of night",
        "under the stars",
        "at midnight",
    ),
}
_SKY_SUBJECT = {
    "dawn": ("dawn", "a soft dawn", "sunrise", "a beautiful sunrise"),
    "noon": ("a bright day", "a clear day", "a sunny day", "midday sun"),
    "sunset": ("a beautiful sunset", "sunset", "a red sunset", "an orange sunset", "a glowing sunset"),
    "dusk": ("dusk", "purple twilight", "twilight", "a violet dusk"),
    "night": ("night", "a starry night", "a dark night", "a night sky", "the milky stars"),
}
_PREFIX = (
    "",
    "",
    "",
    "a photo of ",
    "a photograph of ",
    "a painting of ",
    "a picture of ",
    "a view of ",
    "an image of ",
    "a landscape with ",
    "a scenic view of ",
    "landscape of ",
    "a beautiful view of ",
    "a wide shot of ",
)
_TAIL = (
    "",
    "",
    "",
    "",
    ", highly detailed",
    ", masterpiece",
    ", best quality",
    ", 4k",
    ", sharp focus",
    ", very detailed",
    ", cinematic",
    ", beautiful landscape",
    ", realistic",
    ", high resolution",
    ", digital art",
    ", 8k",
)


def _pick(rng: np.random.Generator, options) -> str:
    return options[int(rng.integers(len(options)))]


def _ground_words(s: Scene, rng: np.random.Generator) -> str:
    if s.ground == "lake":
        base = _pick(
            rng,
            (
                "a lake",
                "a calm lake",
                "a quiet lake",
                "a lake with reflections",
                "a still lake",
                "the water of a lake",
            ),
        )
    elif s.ground == "sea":
        base = _pick(
            rng, ("the sea", "the ocean", "a calm sea", "the open sea", "sea waves", "the ocean with waves")
        )
    elif s.ground == "desert":
        base = _pick(
            rng,
            ("a desert", "sand dunes", "a desert with dunes", "desert dunes", "a sandy desert", "the desert"),
        )
    elif s.ground == "forest":
        kinds = (
            ("an autumn forest", "a forest in autumn", "orange autumn trees", "an orange forest in fall")
            if s.autumn
            else (
                ("a winter forest", "a snowy forest", "a snow covered forest", "pine trees in the snow")
                if s.winter
                else (
                    "a forest",
                    "a pine forest",
                    "a green forest",
                    "pine trees",
                    "the woods",
                    "a dense forest",
                )
            )
        )
        return _pick(rng, kinds)
    elif s.ground == "meadow":
        base = _pick(
            rng,
            (
                ("a meadow", "a field", "a grassy meadow", "a grass field")
                if not s.winter
                else ("a meadow", "a field")
            ),
        )
        if s.flowers:
            return base + _pick(
                rng,
                (f" with {s.flowers} flowers", f" full of {s.flowers} flowers", f" of {s.flowers} flowers"),
            )
        base = base if s.winter else _pick(rng, (base, "a green meadow", "green grass"))
    else:
        base = _pick(
            rng,
            (
                ("hills", "rolling hills", "gentle hills", "the hills")
                if s.winter or s.autumn
                else ("green hills", "rolling hills", "gentle hills", "the hills", "grassy hills")
            ),
        )
    if s.winter:
        bare = base.removeprefix("a ").removeprefix("the ")
        article = "" if bare.endswith("s") else "a "
        return _pick(
            rng,
            (
                f"{article}snowy {bare}",
                f"{base} in winter",
                f"{base} in the snow",
                f"{article}snow covered {bare}",
            ),
        )
    if s.autumn:
        return base + _pick(rng, (" in autumn", " with autumn trees", " with orange trees", " in fall"))
    return base


def _details(s: Scene, rng: np.random.Generator) -> list[str]:
    words = []
    if s.mountains:
        words.append(_mountain_words(s, rng))
    if s.feature:
        words.append(
            {
                "boat": _pick(rng, ("a boat", "a small boat", "a sailboat")),
                "house": _pick(
                    rng, ("a house", "a small house", "a cottage", "a cabin", "a house with a red roof")
                ),
                "tree": _pick(rng, ("a tree", "a lone tree", "a single tree", "a big tree")),
                "cactus": _pick(rng, ("a cactus", "a green cactus", "cacti")),
                "island": _pick(rng, ("an island", "a small island", "a rocky island")),
            }[s.feature]
        )
    if s.cloudy:
        words.append(_pick(rng, ("clouds", "a cloudy sky", "many clouds", "clouds in the sky")))
    elif rng.random() < 0.25:
        words.append(_pick(rng, ("a clear sky", "no clouds", "a cloudless sky")))
    if s.fog:
        words.append(_pick(rng, ("fog", "thick fog", "mist", "misty air")))
    if s.disc:
        night = s.time in ("dusk", "night")
        words.append(
            _pick(
                rng,
                (
                    ("the moon", "a full moon", "a bright moon")
                    if night
                    else (
                        ("the sun", "a low sun", "the sun in the sky")
                        if s.time != "noon"
                        else ("the sun", "a bright sun")
                    )
                ),
            )
        )
    return words


def _join(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _mountain_words(s: Scene, rng: np.random.Generator) -> str:
    return _pick(
        rng,
        ("snowy mountains", "snow capped mountains", "white snowy peaks", "mountains with snow")
        if s.snowy_peaks
        else ("mountains", "the mountains", "rocky mountains", "mountain peaks", "high mountains"),
    )


def caption(s: Scene, rng: np.random.Generator) -> str:
    """One of many ways to say what the scene shows. What is said is true, and most captions say all there is, so that a
    small network need not guess: mountains of which no ground is told stand behind hills."""
    ground, details = _ground_words(s, rng), _details(s, rng)
    if s.mountains and s.ground == "hills" and rng.random() < 0.6:
        ground = _mountain_words(s, rng)
        details = [d for d in details if "mountain" not in d and "peaks" not in d]
    if rng.random() < 0.15:
        details = [d for d in details if rng.random() < 0.6]
    rng.shuffle(details)
    time, style = _pick(rng, _TIME_WORDS[s.time]), rng.random()
    if style < 0.12:  # tags
        tags = [ground, *details, s.time if s.time != "noon" else _pick(rng, ("noon", "day", "daylight"))]
        tags = [t.removeprefix("a ").removeprefix("an ").removeprefix("the ") for t in tags]
        rng.shuffle(tags)
        text = ", ".join(tags)
    elif style < 0.34:  # the time first: "a beautiful sunset over mountains"
        text = _pick(rng, _SKY_SUBJECT[s.time]) + " over " + ground
        text += " with " + _join(details) if details else ""
    elif style < 0.38:  # one attribute alone
        text = _pick(rng, [ground, _pick(rng, _SKY_SUBJECT[s.time]), f"{ground} {time}", *details])
    elif style < 0.50:
        text = _pick(rng, _PREFIX) + f"{ground} {time}" + (" with " + _join(details) if details else "")
    elif style < 0.60:
        text = f"{time}, {ground}" + (", " + ", ".join(details) if details else "")
    else:
        text = _pick(rng, _PREFIX) + ground + (" with " + _join(details) if details else "") + " " + time
    text += _pick(rng, _TAIL)
    return text[0].upper() + text[1:] + "." if rng.random() < 0.15 else text
