"""What the city has planned: a brand, each working day's morning greeting, the next talk, followers since 2012."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from channels_sns import brand, broadcasts, follower_figures, repeats
from channels_sns.models import Account, Brand
from channels_sns.models.broadcast import Kind
from channels_sns.models.repeat import Days
from departments import working_time

#: So many days of numbers, and how many more followers each account gets by the day.
DAYS, DAILY = 60, 7


def lay_out(accounts: Sequence[Account], *, by: User, now: datetime) -> None:
    """Drafts that wait for somebody; nothing of it is approved."""
    name = Brand(name="톡톡부산")
    brand.save(name, name="톡톡부산", signature="톡톡부산 드림", signature_en="", hashtags="#톡톡부산", hashtags_en="")
    speaking = [one for one in brand.speaking() if one in accounts and one.language == "ko"]
    if not speaking:
        return
    greeting = "좋은 아침입니다, 부산! 오늘의 날씨와 소식을 전해 드립니다."
    office = working_time.calendar_for()
    values = {"kind": Kind.MORNING, "title": "아침인사", "text": greeting, "days": Days.WORKING, "at": time(8, 30)}
    repeats.begin(accounts=speaking, by=by, now=now, ahead_days=7, **values)
    repeats.make_ahead(now=now, is_holiday=office.is_holiday)
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    at = datetime.combine(tomorrow, time(13, 0), tzinfo=timezone.get_default_timezone())
    text = "1PM 토크! 광안리 야시장을 자정까지 열면 어떨까요? 댓글로 의견을 들려주세요."
    title = "1PM 토크: 야시장"
    broadcasts.draft(kind=Kind.TALK, title=title, text=text, publish_at=at, by=by, now=now, accounts=speaking)
    follower_figures.load(_figures(speaking, now).encode(), source="demo", now=now)


def _figures(accounts: Sequence[Account], now: datetime) -> str:
    """The 20,000 friends of 2012, and invented numbers of the last weeks."""
    today = timezone.localdate(now)
    lines = ["date,account,followers", "2012-11-30,total,20000", "2012-11-30,facebook,10000"]
    for number, account in enumerate(accounts):
        for back in range(DAYS, 0, -1):
            day, followers = today - timedelta(days=back), 9_000 + 700 * number + DAILY * (DAYS - back) + back % 3
            lines.append(f"{day},#{account.pk},{followers}")
    return "\n".join(lines)
