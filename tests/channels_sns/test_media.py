"""Photos: repainted, without EXIF, in a child that no picture can take down with it (R14)."""

from __future__ import annotations

import hashlib
import io
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from channels_sns import inbox, media, repaint
from channels_sns.adapters.contract import IncomingMedia
from channels_sns.models import InboundMedia
from channels_sns.safe_fetch import FetchFailed, Refused
from tests.channels_sns.scripted import NOON, Script, later, make_incoming, make_page, make_scripted_account, script
from tests.shared_material import shared

pytestmark = pytest.mark.django_db
__all__ = ["script"]

State = InboundMedia.State
Content = bytes | Exception


def make_photo(size: tuple[int, int] = (1200, 800), kind: str = "JPEG", **save: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "orange").save(out, kind, **save)
    return out.getvalue()


def make_waiting(script: Script, *photos: IncomingMedia) -> list[InboundMedia]:
    account = make_scripted_account()
    items = photos or (IncomingMedia("https://photos.example/1.jpg", alt="표지판"),)
    script.pages = [make_page(make_incoming("1", media=items))]
    inbox.collect(account, now=NOON)
    return list(InboundMedia.objects.all())


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Let the network serve these contents one after another; the addresses asked for."""

    def serving(*contents: Content) -> list[str]:
        queue, asked = list(contents), []

        def fetch(url: str, *, allowed_hosts: frozenset[str], own_origin: str) -> bytes:
            asked.append(url)
            content = queue.pop(0)
            if isinstance(content, Exception):
                raise content
            return content

        monkeypatch.setattr(media, "fetch", fetch)
        return asked

    return serving


def test_a_photo_is_repainted_and_kept_small_and_large(script: Script, serve: Callable[..., list[str]]) -> None:
    (photo,) = make_waiting(script)
    exif = Image.Exif()
    exif[0x010F] = "Camera Maker"
    serve(make_photo(exif=exif, comment=b"secret comment"))
    assert media.fetch_due(now=NOON) == {"STORED": 1}
    photo.refresh_from_db()
    large, small = media.path_of(photo.file), media.path_of(photo.thumbnail)
    assert hashlib.sha256(large.read_bytes()).hexdigest() == photo.sha256
    assert (photo.width, photo.height) == (1200, 800)
    assert large.stat().st_mode & 0o777 == 0o640
    for path in (large, small):
        assert b"secret comment" not in path.read_bytes()
        assert b"Camera Maker" not in path.read_bytes()
    with Image.open(small) as thumbnail:
        assert max(thumbnail.size) == repaint.THUMBNAIL
    assert [path.name for path in large.parent.iterdir() if path.name.startswith(".new-")] == []


def test_gps_of_real_cameras_does_not_survive(tmp_path: Path) -> None:
    for name in ("DSCN0010.jpg", "45-gps_ifd.jpg"):
        content = shared("corpora", "exif-gps", name).read_bytes()
        with Image.open(io.BytesIO(content)) as original:
            assert original.getexif()
        repaint.repaint(content, tmp_path / "out.jpg", tmp_path / "small.jpg")
        for path in (tmp_path / "out.jpg", tmp_path / "small.jpg"):
            with Image.open(path) as copy:
                assert dict(copy.getexif()) == {}
                assert not {"exif", "xmp", "comment"} & copy.info.keys()
            assert not [
                marker for marker in (b"Exif", b"GPS", b"http://ns.adobe.com/xap") if marker in path.read_bytes()
            ]


def test_a_photo_lying_on_its_side_is_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert repaint.repaint(make_photo((400, 200), exif=exif), tmp_path / "o", tmp_path / "s") == (200, 400)


def test_transparency_becomes_white(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(out, "PNG")
    repaint.repaint(out.getvalue(), tmp_path / "o.jpg", tmp_path / "s.jpg")
    with Image.open(tmp_path / "o.jpg") as copy:
        assert copy.getpixel((0, 0)) == (255, 255, 255)


def test_what_the_other_side_does_not_deliver_is_tried_three_times(
    script: Script, serve: Callable[..., list[str]]
) -> None:
    (photo,) = make_waiting(script)
    asked = serve(FetchFailed("502"), FetchFailed("502"), FetchFailed("took too long"))
    assert media.fetch_due(now=NOON) == {"WAITING": 1}
    assert media.fetch_due(now=later(30)) == {}
    media.fetch_due(now=later(61))
    assert media.fetch_due(now=later(61 + 121)) == {"FAILED": 1}
    photo.refresh_from_db()
    assert (photo.state, photo.failure, len(asked)) == (State.FAILED, "took too long", 3)


def test_a_forbidden_address_is_refused_at_once(script: Script, serve: Callable[..., list[str]]) -> None:
    (photo,) = make_waiting(script)
    serve(Refused("not a host of this network"))
    assert media.fetch_due(now=NOON) == {"REFUSED": 1}
    photo.refresh_from_db()
    assert photo.failure == "not a host of this network"


@pytest.mark.parametrize(
    ("named", "added"),
    [
        (["files.busan.example", " CDN.Busan.Example "], {"files.busan.example", "cdn.busan.example"}),
        (["kr", "", "*.busan.example", "https://busan.example", "busan.example:8443", 7, None], set()),
        ("files.busan.example", set()),
        (None, set()),
    ],
)
def test_an_account_names_further_hosts_of_its_photos(script: Script, named: object, added: set[str]) -> None:
    """A whole domain of a country, a pattern or an address is no host."""
    account = make_scripted_account(options={"media_hosts": named})
    assert media.hosts_of(account) == {"photos.example"} | added


def test_films_are_linked_not_copied(script: Script, serve: Callable[..., list[str]]) -> None:
    make_waiting(script, IncomingMedia("https://photos.example/1.mp4", kind="video"))
    asked = serve()
    assert media.fetch_due(now=NOON) == {"REFUSED": 1}
    assert asked == []


def test_what_is_no_picture_is_refused_with_its_reason(script: Script, serve: Callable[..., list[str]]) -> None:
    (photo,) = make_waiting(script)
    serve(b"<svg onload=alert(1)>")
    media.fetch_due(now=NOON)
    photo.refresh_from_db()
    assert photo.state == State.REFUSED
    assert "UnidentifiedImageError" in photo.failure


def test_a_round_of_slow_photos_ends_before_the_workers_limit(
    script: Script, serve: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker killed at its limit would cost the photo in its hands a try that it did not deserve."""
    make_waiting(script, *(IncomingMedia(f"https://photos.example/{number}.jpg") for number in range(3)))
    asked = serve(make_photo(), make_photo(), make_photo())
    monkeypatch.setattr(media, "WORK_MAX", timedelta(0))
    assert media.fetch_due(now=NOON) == {}
    assert (asked, InboundMedia.objects.filter(tries=0).count()) == ([], 3)


def test_a_photo_in_work_elsewhere_is_left_alone(
    script: Script, serve: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_waiting(script)
    asked = serve(make_photo())
    monkeypatch.setattr(media, "_take", lambda photo, now: False)
    assert media.fetch_due(now=NOON) == {}
    assert asked == []


def test_a_photo_that_kills_its_worker_three_times_is_given_up(script: Script) -> None:
    (photo,) = make_waiting(script)
    for _try in range(3):
        photo.refresh_from_db()
        assert media._take(photo, NOON)
    assert media.fetch_due(now=later(9999)) == {}
    assert media.give_up_exhausted(now=later(9999)) == 1
    photo.refresh_from_db()
    assert photo.state == State.FAILED


def test_a_child_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sleeper = tmp_path / "sleep.py"
    sleeper.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(repaint, "__file__", str(sleeper))
    monkeypatch.setattr(media, "CHILD_SECONDS", 0.5)
    with pytest.raises(Refused, match="too long"):
        media._run_child(b"", tmp_path / "a", tmp_path / "b")


def test_a_child_that_is_killed_refuses_only_its_picture(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    dying = tmp_path / "die.py"
    dying.write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    monkeypatch.setattr(repaint, "__file__", str(dying))
    with pytest.raises(Refused, match="-11"):
        media._run_child(b"", tmp_path / "a", tmp_path / "b")


def hostile_pictures() -> list[Path]:
    folders = [shared("corpora", "pillow-bad-images"), shared("corpora", "pngsuite-corrupt")]
    files = [path for folder in folders for path in sorted(folder.iterdir()) if path.name != "LICENSE"]
    own = shared("corpora", "own")
    return files + [path for path in sorted(own.iterdir()) if path.suffix in {".png", ".svg", ".gif", ".jpg"}]


@pytest.mark.unmeasured
def test_no_hostile_picture_takes_the_worker_down(tmp_path: Path) -> None:
    """Each within its limits: stored clean or refused with a reason, none slower than five seconds."""
    outcomes: dict[str, str] = {}
    for path in hostile_pictures():
        began = time.monotonic()
        try:
            media._run_child(path.read_bytes(), tmp_path / "out.jpg", tmp_path / "small.jpg")
            outcomes[path.name] = "stored"
        except Refused as error:
            outcomes[path.name] = str(error)
        assert time.monotonic() - began < 5, path.name
    assert len(outcomes) > 60
    assert not [name for name, outcome in outcomes.items() if "decoding ended with -" in outcome]
    assert outcomes["bomb-13000x13000-8bit.png"] != "stored"
    assert outcomes["bomb-30000x30000-1bit.png"] != "stored"
    assert outcomes["billion-laughs.svg"] != "stored"
    assert all(outcomes.values()), json.dumps(outcomes)


#: Runs the rest of its command line and tells how it ended and its peak. A child of this process would begin with the
#: memory of all these tests.
WEIGHED = """import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_pid, status, usage = os.wait4(child.pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss)"""


@pytest.mark.unmeasured
def test_no_hostile_picture_takes_much_memory(tmp_path: Path) -> None:
    """The bombs and the largest files; a decoder without limits needs 654 MB for one of them."""
    largest = sorted(hostile_pictures(), key=lambda path: path.stat().st_size)[-12:]
    bombs = [path for path in hostile_pictures() if "bomb" in path.name or "lies" in path.name or "ztxt" in path.name]
    assert len(bombs) >= 4
    for path in {*largest, *bombs}:
        command = [sys.executable, "-I", repaint.__file__, str(tmp_path / "out.jpg"), str(tmp_path / "small.jpg")]
        with path.open("rb") as content:
            weighed = [sys.executable, "-I", "-c", WEIGHED, *command]
            told = subprocess.run(weighed, stdin=content, capture_output=True, check=True)
        ended, kilobytes = map(int, told.stdout.split())
        assert ended in (0, repaint.REFUSED), path.name
        assert kilobytes < 300 * 1024, path.name


def test_the_child_limits_itself_and_reports(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Stdin:
        buffer = io.BytesIO(make_photo((40, 30)))

    limits: list[int] = []
    monkeypatch.setattr(resource, "setrlimit", lambda what, value: limits.append(what))
    monkeypatch.setattr("sys.stdin", Stdin)
    assert repaint.main(str(tmp_path / "o"), str(tmp_path / "s")) == 0
    assert capsys.readouterr().out == "40 30"
    assert len(limits) == 3
    assert repaint.main(str(tmp_path / "o"), str(tmp_path / "s")) == repaint.REFUSED
