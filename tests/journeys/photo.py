"""A photo for the journeys: a signpost whose arrow points the wrong way, drawn here."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont


def wrong_sign() -> bytes:
    """A JPEG of 960 × 640: sky, pavement, a green sign."""
    picture = Image.new("RGB", (960, 640), "#a9c6e8")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 470, 960, 640), fill="#9a958c")
    draw.rectangle((460, 300, 500, 560), fill="#5a5f66")
    draw.rounded_rectangle((170, 130, 790, 330), 24, fill="#0b6b4f", outline="white", width=8)
    draw.text((300, 180), "BUSAN CINEMA CENTER", fill="white", font=ImageFont.load_default(40))
    draw.text((300, 245), "Suyeong River 200 m", fill="white", font=ImageFont.load_default(30))
    draw.polygon([(200, 230), (260, 185), (260, 275)], fill="white")
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
