"""Writes the small picture files of the image tests, and expected.json: what Pillow sees in them.

Run: python make_pictures.py    (needs Pillow, numpy and piexif)
PNG kinds that Pillow cannot write (16-bit RGB, Adam7) are put together here chunk by chunk.
"""

import io
import json
import struct
import zlib
from pathlib import Path

import numpy
import piexif
import piexif.helper
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

HERE = Path(__file__).parent
SIZE = (7, 5)   # odd on purpose
INFOTEXT = "a lighthouse, {}\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512"
LATIN = INFOTEXT.format("caf\u00e9")
WIDE = INFOTEXT.format("\u706f\u53f0 \U0001f30a")


def colours() -> numpy.ndarray:
    """Smooth enough for JPEG, different in every corner."""
    y, x = numpy.mgrid[0:SIZE[1], 0:SIZE[0]]
    return numpy.stack([x * 36, y * 50, 255 - x * 20 - y * 20], axis=-1).astype(numpy.uint8)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(values: numpy.ndarray, colour_type: int, depth: int, interlaced: bool = False, extra: bytes = b"") -> bytes:
    height, width = values.shape[:2]
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    lines = b""
    for top, left, down, right in passes if interlaced else [(0, 0, 1, 1)]:
        part = values[top::down, left::right]
        if part.size:
            lines += b"".join(b"\0" + row.astype(">u2" if depth == 16 else "u1").tobytes() for row in part)
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, int(interlaced))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(lines))
            + chunk(b"IEND", b""))


def wide_profile() -> bytes:
    """An ICC v2 matrix profile with Adobe RGB's primaries (adapted to D50) and a gamma of 2.2."""
    def s15(*values):
        return b"".join(struct.pack(">i", round(v * 65536)) for v in values)

    def text(name, body):
        return name + b"\0\0\0\0" + body

    curve = text(b"curv", struct.pack(">IH", 1, round(2.2 * 256))) + b"\0\0"
    described = b"wide\0"
    tags = {
        b"desc": text(b"desc", struct.pack(">I", len(described)) + described + b"\0" * 78),
        b"wtpt": text(b"XYZ ", s15(0.9642, 1.0, 0.8249)),
        b"rXYZ": text(b"XYZ ", s15(0.60974, 0.31111, 0.01947)),
        b"gXYZ": text(b"XYZ ", s15(0.20528, 0.62567, 0.06087)),
        b"bXYZ": text(b"XYZ ", s15(0.14919, 0.06322, 0.74457)),
        b"rTRC": curve, b"gTRC": curve, b"bTRC": curve,
        b"cprt": text(b"text", b"none\0"),
    }
    table, data, offset = b"", b"", 128 + 4 + 12 * len(tags)
    for name, body in tags.items():
        body += b"\0" * (-len(body) % 4)
        table += struct.pack(">4sII", name, offset + len(data), len(body))
        data += body
    head = bytearray(128)
    struct.pack_into(">I4sI4s4s4s", head, 0, offset + len(data), b"none", 0x02200000, b"mntr", b"RGB ", b"XYZ ")
    struct.pack_into(">4s", head, 36, b"acsp")
    head[68:80] = s15(0.9642, 1.0, 0.8249)
    return bytes(head) + struct.pack(">I", len(tags)) + table + data


def through_profile(picture: Image.Image, profile: bytes) -> Image.Image:
    return ImageCms.profileToProfile(
        picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB")


def on_white(picture: Image.Image) -> Image.Image:
    picture = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


def save(name: str, picture: Image.Image, **options) -> None:
    picture.save(HERE / name, **options)


def write_png(profile: bytes) -> None:
    rgb = Image.fromarray(colours())
    save("rgb.png", rgb)
    save("rgb_profile.png", rgb, icc_profile=profile)
    save("rgb_srgb_profile.png", rgb, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    save("grey.png", rgb.convert("L"))
    save("bilevel.png", rgb.convert("1"))
    save("palette.png", rgb.quantize(7))
    save("palette_4_colours.png", rgb.quantize(4), bits=2)
    save("palette_transparent.png", rgb.quantize(7), transparency=bytes([0, 128, 255, 40, 255, 255, 255]))
    rgba = rgb.copy()
    rgba.putalpha(Image.fromarray((colours()[..., 0] // 2 + colours()[..., 1] // 2).astype(numpy.uint8)))
    save("rgba.png", rgba)
    save("grey_alpha.png", rgba.convert("LA"))
    exif = Image.Exif()
    exif[0x0112] = 6
    save("turned.png", rgb, exif=exif)
    for name, text in (("text_latin.png", LATIN), ("text_wide.png", WIDE)):
        info = PngImagePlugin.PngInfo()
        info.add_text("parameters", text)
        info.add_text("Software", "a test")
        save(name, rgb, pnginfo=info)
    wide = colours().astype(int) * 257 + 60
    (HERE / "rgb16.png").write_bytes(png(numpy.minimum(wide, 65535).astype(numpy.uint16), 2, 16))
    (HERE / "grey16.png").write_bytes(png(numpy.minimum(wide, 65535).astype(numpy.uint16)[..., 0], 0, 16))
    (HERE / "interlaced.png").write_bytes(png(colours(), 2, 8, interlaced=True))
    (HERE / "text_after.png").write_bytes(
        png(colours(), 2, 8)[:-12] + chunk(b"tEXt", b"parameters\0behind the pixels") + chunk(b"IEND", b""))


def write_jpeg(profile: bytes) -> None:
    rgb = Image.fromarray(colours())
    save("rgb.jpg", rgb, quality=95, subsampling=0)
    save("progressive.jpg", rgb, quality=90, progressive=True)
    save("grey.jpg", rgb.convert("L"), quality=95)
    save("cmyk.jpg", rgb.convert("CMYK"), quality=95)
    save("rgb_profile.jpg", rgb, quality=95, subsampling=0, icc_profile=profile)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        save(f"turned_{orientation}.jpg", rgb, quality=95, subsampling=0, exif=exif)
    # As A1111 writes: the comment goes through piexif.
    comment = piexif.helper.UserComment.dump(WIDE, encoding="unicode")
    save("text_wide.jpg", rgb, quality=95, exif=piexif.dump({"Exif": {piexif.ExifIFD.UserComment: comment}}))


def write_webp(profile: bytes) -> None:
    rgb = Image.fromarray(colours())
    save("rgb.webp", rgb, lossless=True)
    rgba = Image.open(HERE / "rgba.png")
    save("rgba.webp", rgba, lossless=True, exact=True)
    save("rgb_profile.webp", rgb, lossless=True, icc_profile=profile)
    exif = Image.Exif()
    exif[0x0112] = 3
    save("turned.webp", rgb, lossless=True, exif=exif)
    comment = piexif.helper.UserComment.dump(WIDE, encoding="unicode")
    save("text_wide.webp", rgb, lossless=True, exif=piexif.dump({"Exif": {piexif.ExifIFD.UserComment: comment}}))
    save("animation.webp", rgb, save_all=True, append_images=[rgb.rotate(180)], lossless=True)


def expected(path: Path, profile: bytes) -> dict:
    """The upright sRGB picture on white, by Pillow; 16 bits by numpy."""
    picture = Image.open(path)
    entry = {"file": path.name, "size": list(picture.size)}
    if path.name == "rgb16.png":
        values = numpy.rint(numpy.minimum(colours().astype(int) * 257 + 60, 65535) / 257).astype(numpy.uint8)
        rgb = Image.fromarray(values)
    elif path.name == "grey16.png":
        rgb = Image.fromarray(numpy.rint(numpy.asarray(picture).astype(int) / 257).astype(numpy.uint8)).convert("RGB")
    elif "_profile" in path.name and "srgb" not in path.name:
        rgb = through_profile(picture.convert("RGB"), profile)
    elif picture.mode in ("RGBA", "LA") or "transparency" in picture.info:
        rgb = on_white(picture)
    else:
        rgb = ImageOps.exif_transpose(picture).convert("RGB")
    entry["size"] = list(rgb.size)
    entry["rgb"] = numpy.asarray(rgb).tobytes().hex()
    entry["depth"] = 16 if "16" in path.name else 8
    return entry


def main() -> None:
    profile = wide_profile()
    write_png(profile)
    write_jpeg(profile)
    write_webp(profile)
    files = sorted(p for p in HERE.iterdir() if p.suffix in (".png", ".jpg", ".webp") and p.name != "animation.webp")
    lines = ",\n".join(json.dumps(expected(path, profile)) for path in files)
    (HERE / "expected.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
