"""The steps of a story, each taken by the same functions that the desk's pages call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from channels_sns import broadcasts, delivery, inbox, releases
from channels_sns.models import Account, Broadcast, OutboundPost
from channels_sns.models.broadcast import Kind
from complaints import clocks, good_news, intake, outcomes, replies, settlement, transfers, workflow
from complaints.demo.entries import Entry
from complaints.demo.people import People
from complaints.demo.pictures import picture
from complaints.demo.town import Town
from complaints.models import Complaint, HoldCode
from departments.models import Agency, Department

#: From the post to the poll that brings it.
POLLED_AFTER = timedelta(seconds=20)
#: Sending, and looking again where the network gives no id.
LOOKS, LOOK_AFTER = 4, timedelta(seconds=3)
#: A broadcast is written and approved so long before its time.
WRITTEN_BEFORE = timedelta(hours=1)


class DemoFailed(Exception):
    """Something that works on every desk did not work here; the text says what."""


@dataclass(slots=True)
class Story:
    """One entry on its account, and its citizen's newest post there, in that account's town."""

    entry: Entry
    account: Account
    town: Town
    officer: User
    post_id: str = ""


class Stage:
    """Plays steps by name."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._talk: Story | None = None
        #: What the city asked, once it has.
        self.asked: Broadcast | None = None

    def play(self, step: str, story: Story, at: datetime) -> None:
        """Take one step at that time."""
        getattr(self, f"_{step}")(story, at)

    # --- citizens ---------------------------------------------------------------------------------------------------

    def _post(self, story: Story, at: datetime) -> None:
        entry = story.entry
        image = picture(entry.photo) if entry.photo else b""
        fields = {"text": entry.text, "handle": entry.handle, "name": entry.name, "alt": entry.alt}
        story.post_id = story.town.post(story.account.kind, fields, at=at, image=image)
        self._collect(story.account, at + POLLED_AFTER)

    def _follow_up(self, story: Story, at: datetime) -> None:
        """Under the city's reply where one stands, else under the citizen's own post."""
        entry, complaint = story.entry, self._complaint(story)
        sent = OutboundPost.objects.filter(
            key__in=[key for reply in complaint.replies.all() for key in reply.outbox_keys]
        )
        answered = sent.exclude(external_id="").values_list("external_id", flat=True).last() or story.post_id
        fields = {"text": entry.later_text, "handle": entry.handle, "name": entry.name, "in_reply_to": answered}
        story.town.post(story.account.kind, fields, at=at)
        self._collect(story.account, at + POLLED_AFTER)

    def _comment(self, story: Story, at: datetime) -> None:
        """Under the city's question, on the account where that stands."""
        talk, entry = self._talk, story.entry
        if talk is None:
            raise DemoFailed(entry.text)
        fields = {"text": entry.text, "handle": entry.handle, "name": entry.name, "in_reply_to": talk.post_id}
        story.post_id = talk.town.post(talk.account.kind, fields, at=at)
        self._collect(talk.account, at + POLLED_AFTER)

    def _delete_post(self, story: Story, _at: datetime) -> None:
        story.town.delete(story.account.kind, story.post_id)

    def _collect(self, account: Account, now: datetime) -> None:
        collected = inbox.collect(account, now=now)
        if collected.error or collected.dead:
            raise DemoFailed(f"{account.kind}: {collected.error or collected}")
        intake.register_waiting(now=now + timedelta(seconds=1))

    # --- the desk ---------------------------------------------------------------------------------------------------

    def _complaint(self, story: Story) -> Complaint:
        found = Complaint.objects.filter(thread__post__external_id=story.post_id, account=story.account).first()
        if found is None:
            raise DemoFailed(f"{story.account.kind}: {story.entry.text}")
        return found

    def _triage(self, story: Story, at: datetime) -> None:
        complaint = self._complaint(story)
        workflow.triage(complaint, by=story.officer, version=complaint.version, now=at)

    def _assign(self, story: Story, at: datetime) -> None:
        complaint, department = self._complaint(story), Department.objects.get(code=story.entry.department)
        workflow.assign(complaint, by=story.officer, version=complaint.version, now=at, department=department)

    def _start(self, story: Story, at: datetime) -> None:
        complaint = self._complaint(story)
        workflow.start(complaint, by=self._staff(story), version=complaint.version, now=at)

    def _send_back(self, story: Story, at: datetime) -> None:
        complaint, by = self._complaint(story), self._staff(story)
        workflow.send_back(complaint, by=by, version=complaint.version, now=at, reason=story.entry.reason)

    def _hold(self, story: Story, at: datetime) -> None:
        complaint = self._complaint(story)
        by, reason = story.officer, story.entry.reason
        clocks.hold(complaint, by=by, version=complaint.version, now=at, code=HoldCode.CITIZEN, reason=reason)

    def _transfer(self, story: Story, at: datetime) -> None:
        complaint, agency = self._complaint(story), Agency.objects.get(code=story.entry.agency)
        by, reason = story.officer, story.entry.reason
        reply = transfers.transfer(complaint, by=by, version=complaint.version, now=at, agency=agency, reason=reason)
        self._post_out(story, reply.outbox_keys, at)

    def _dismiss(self, story: Story, at: datetime) -> None:
        complaint = self._complaint(story)
        workflow.dismiss(complaint, by=story.officer, version=complaint.version, now=at, reason=story.entry.reason)

    def _close(self, story: Story, at: datetime) -> None:
        complaint, by = self._complaint(story), story.officer
        replies.close(complaint, by=by, version=complaint.version, now=at, reason=story.entry.reason)

    def _draft(self, story: Story, at: datetime) -> None:
        complaint, text = self._complaint(story), story.entry.reply
        replies.draft(complaint, text=text, by=self._staff(story), version=complaint.version, now=at)

    def _approve(self, story: Story, at: datetime) -> None:
        """And out it goes, onto the sandbox."""
        complaint = self._complaint(story)
        head = self._people.heads.get(story.entry.department, story.officer)
        reply = replies.approve(complaint, by=head, version=complaint.version, now=at)
        self._post_out(story, reply.outbox_keys, at)

    def _tell(self, story: Story, at: datetime) -> None:
        """The outcome of what the answer promised."""
        row = self._complaint(story).promises.owed().get()
        head = self._people.heads.get(story.entry.department, story.officer)
        reply = outcomes.tell(row, by=head, version=row.complaint.version, now=at, text=story.entry.later_text)
        self._post_out(story, reply.outbox_keys, at)

    def _ask_consent(self, story: Story, at: datetime) -> None:
        """May it be told to everybody?"""
        complaint = self._complaint(story)
        text = good_news.question_for(complaint)
        asked = good_news.ask(complaint, by=story.officer, version=complaint.version, now=at, text=text)
        self._post_out(story, asked.question.outbox_keys, at)

    def _speak(self, story: Story, at: datetime) -> None:
        """The city asks everybody: 1PM 토크, written by one officer and approved by another."""
        writer, approver = self._people.officers[:2]
        talk = broadcasts.draft(
            kind=Kind.TALK,
            title=story.entry.reason,
            text=story.entry.text,
            publish_at=at,
            by=writer,
            now=at - WRITTEN_BEFORE,
            accounts=[story.account],
        )
        broadcasts.approve(talk, by=approver, version=talk.version, now=at - WRITTEN_BEFORE)
        releases.release_due(now=at)
        keys = [post.key for post in releases.posts_of([talk])]
        self._post_out(story, keys, at)
        story.post_id = OutboundPost.objects.get(key=keys[0]).external_id
        self._talk, self.asked = story, talk

    def _post_out(self, story: Story, keys: list[str], at: datetime) -> None:
        for look in range(LOOKS):
            moment = at + timedelta(seconds=1) + look * LOOK_AFTER
            delivery.deliver_due(story.account, now=moment)
            settlement.settle(now=moment)
            rows = OutboundPost.objects.filter(key__in=keys)
            if not rows.filter(state__in=("QUEUED", "SENDING", "UNSURE")).exists():
                break
        for row in rows.exclude(external_id=""):
            story.town.redate(story.account.kind, row.external_id, at=at + timedelta(seconds=1))

    def _staff(self, story: Story) -> User:
        return self._people.staff.get(story.entry.department, story.officer)
