"""Photographs that nobody took: plain drawings of what citizens complain about."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFont

SIZE = (640, 420)
SKY, GROUND, DARK, RUST = "#a9c7e8", "#8d8f8a", "#2d3136", "#9a4a22"


def picture(name: str) -> bytes:
    """A JPEG of "sign", "lamp", "paving", "litter", "rail" or "pothole"."""
    image = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 280, *SIZE), fill=GROUND)
    PICTURES[name](draw)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


def _sign(draw: ImageDraw.ImageDraw) -> None:
    """The arrow to the subway points at the sea."""
    draw.rectangle((310, 200, 330, 390), fill="#777c84")
    draw.rounded_rectangle((110, 60, 530, 210), radius=14, fill="#14508c", outline="white", width=6)
    draw.text((140, 82), "Busan Cinema Center", fill="white", font=ImageFont.load_default(34))
    draw.text((140, 146), "Subway", fill="#ffd84a", font=ImageFont.load_default(34))
    draw.line((380, 168, 490, 168), fill="#ffd84a", width=12)
    draw.polygon(((370, 168), (402, 146), (402, 190)), fill="#ffd84a")


def _lamp(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 0, 640, 280), fill="#18202e")
    draw.rectangle((0, 280, *SIZE), fill="#1f2226")
    for left in (170, 430):
        draw.rectangle((left, 90, left + 12, 350), fill="#3b424b")
        draw.rounded_rectangle((left - 34, 70, left + 46, 96), radius=10, fill="#4a525d")


def _paving(draw: ImageDraw.ImageDraw) -> None:
    for row in range(4):
        for column in range(9):
            left, top = column * 76 - (row % 2) * 38, 284 + row * 36
            draw.rectangle((left, top, left + 70, top + 30), fill="#b5aea2", outline="#7b756b")
    draw.polygon(((270, 300), (352, 276), (362, 322), (284, 344)), fill="#cfc7b8", outline=DARK)
    draw.polygon(((284, 344), (362, 322), (362, 336), (286, 358)), fill=DARK)


def _litter(draw: ImageDraw.ImageDraw) -> None:
    for left, top, colour in (
        (160, 250, "#3c6e47"),
        (250, 215, "#2f2f33"),
        (340, 245, "#7a7f45"),
        (420, 270, "#44506b"),
    ):
        draw.ellipse((left, top, left + 130, top + 110), fill=colour, outline=DARK, width=3)
        draw.polygon(((left + 52, top + 8), (left + 78, top + 8), (left + 65, top - 22)), fill=colour)


def _rail(draw: ImageDraw.ImageDraw) -> None:
    for left in range(60, 640, 110):
        draw.rectangle((left, 170, left + 14, 330), fill=RUST)
    draw.line((0, 190, 260, 190, 330, 236, 420, 190, 640, 190), fill=RUST, width=16)
    draw.line((0, 250, 640, 250), fill="#b86a3a", width=12)


def _pothole(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 240, *SIZE), fill="#55585b")
    draw.polygon(((200, 330), (270, 292), (380, 300), (440, 340), (360, 388), (240, 380)), fill="#1b1c1e")
    draw.line((310, 240, 310, 280), fill="#e8e2c8", width=8)


PICTURES: dict[str, Callable[[ImageDraw.ImageDraw], None]] = {
    "sign": _sign,
    "lamp": _lamp,
    "paving": _paving,
    "litter": _litter,
    "rail": _rail,
    "pothole": _pothole,
}
