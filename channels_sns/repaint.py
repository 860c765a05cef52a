"""The child process that opens a stranger's photo: bytes in on standard input, two clean JPEGs out (R14).

Run as a program (`python -I repaint.py OUT THUMB`), with limits on memory and time that it sets itself before a byte is
decoded. The picture is painted into a new image, so that no EXIF, GPS, XMP, comment or trailing file survives.
Exit 0: both files written, "WIDTH HEIGHT" on standard output. Exit 3: refused, the reason on standard output.
"""

from __future__ import annotations

import io
import resource
import sys
import warnings
from pathlib import Path

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 10
PIXELS_MAX = 40_000_000
LONGEST = 2048
THUMBNAIL = 320
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
REFUSED = 3


def limit() -> None:
    """Bound this process: memory, processor time, no file above 20 MB."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000_000, 20_000_000))


def repaint(content: bytes, out: Path, thumbnail: Path) -> tuple[int, int]:
    """Decode, turn upright, paint anew, save; (width, height). Raises whatever Pillow raises."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    warnings.simplefilter("error")
    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        if opened.width * opened.height > PIXELS_MAX:
            raise ValueError(f"{opened.width}×{opened.height} pixels are too many")
        opened.draft("RGB", (LONGEST, LONGEST))
        opened.load()
        upright = ImageOps.exif_transpose(opened).convert("RGBA")
    upright.thumbnail((LONGEST, LONGEST))
    canvas = Image.new("RGB", upright.size, "white")
    canvas.paste(upright, mask=upright.getchannel("A"))
    canvas.save(out, "JPEG", quality=88)
    small = canvas.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    small.save(thumbnail, "JPEG", quality=80)
    return canvas.size


def main(out: str, thumbnail: str) -> int:
    limit()
    content = sys.stdin.buffer.read()
    try:
        width, height = repaint(content, Path(out), Path(thumbnail))
    except Exception as error:  # noqa: BLE001 - whatever a hostile file provokes is a refusal
        sys.stdout.write(f"{type(error).__name__}: {error}"[:180])
        return REFUSED
    sys.stdout.write(f"{width} {height}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
