"""Makes the images beside it with PIL, and what PIL reads from each: NAME.png is what it sees in NAME (python3 make.py)."""
import glob
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps


def picture(w, h):
    y, x = np.mgrid[0:h, 0:w]
    colours = [128 + 100 * np.sin(x / 5 + y / 17), 128 + 100 * np.cos(y / 6), (x * 255 / max(1, w - 1) + y * 3) % 256]
    return Image.fromarray(np.clip(np.stack(colours, -1), 0, 255).astype("uint8"))


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(w, h, depth, colours, rows, *extra):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, colours, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + body


def keep(name, image):
    image.save(name + ".png", optimize=True)


def seen(name, mode="RGB"):
    keep("seen/" + name, ImageOps.exif_transpose(Image.open(name)).convert(mode))


W, H = 24, 16
p = picture(W, H)
p.save("rgb.png")
p.save("rgb.jpg", quality=90)
p.save("progressive.jpg", quality=90, progressive=True)
p.save("rgb.bmp")
p.save("rgb.gif")
p.save("lossless.webp", lossless=True)
p.save("lossy.webp", quality=80)
p.convert("L").save("grey.png")
p.convert("L").save("grey.jpg")
p.convert("CMYK").save("cmyk.jpg", quality=95)
p.convert("1").save("bits.png")
p.quantize(32).save("palette.png", transparency=3)
alpha = np.array(p.convert("RGBA"))
alpha[:6, :, 3] = 0
alpha[6:10, :, 3] = 128
Image.fromarray(alpha).save("alpha.png")
Image.fromarray(alpha).save("alpha.webp", lossless=True)
deep = np.array(p).astype(int) * 256 + 77
rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in deep)
open("rgb16.png", "wb").write(png(W, H, 16, 2, rows))
bad = chunk(b"iCCP", b"x\0\0" + zlib.compress(b"no profile")) + chunk(b"tEXt", b"Comment\0hello")
flat = b"".join(b"\0" + row.tobytes() for row in np.array(p))
open("commented.png", "wb").write(png(W, H, 8, 2, flat, bad))
Image.new("RGB", (1, 1), (10, 20, 30)).save("one.png")
frames = [picture(12, 8), picture(12, 8).transpose(0)]
for kind in ("gif", "png", "webp"):
    frames[0].save("animated." + kind, save_all=True, append_images=frames[1:], **({"lossless": True} if kind == "webp" else {}))
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x112] = orientation
    picture(12, 8).save(f"exif{orientation}.jpg", exif=exif.tobytes(), quality=90, optimize=True)
exif[0x112] = 6
picture(12, 8).save("exif6.png", exif=exif.tobytes())
picture(12, 8).save("exif6.webp", exif=exif.tobytes(), lossless=True)

for name in sorted(glob.glob("*.*")):
    if name != "large.jpg" and name.split(".")[-1] in ("png", "jpg", "bmp", "gif", "webp"):
        seen(name)
for size in ((9, 7), (50, 31), (24, 5), (30, 16)):
    keep("seen/resized%dx%d" % size, p.resize(size, Image.BILINEAR))
keep("seen/cut_and_resized", p.crop((3, 2, 21, 15)).resize((10, 6), Image.BILINEAR))
y, x = np.mgrid[0:150, 0:200]
smooth = np.stack([128 + 100 * np.sin(x / 30), 128 + 100 * np.cos((x + y) / 40), 255 * y / 149], -1)
Image.fromarray(smooth.astype("uint8")).save("large.jpg", quality=85)  # not in seen/: it is compared with itself
