"""What happened to a complaint, in the past tense, as the timeline says it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVENTS: dict[str, str | Promise] = {
    "register": _("received and numbered"),
    "join": _("a new post joined"),
    "kind": _("legal kind set, due time counted anew"),
    "due": _("due time moved with the calendar"),
    "place": _("place set"),
    "triage": _("triaged"),
    "assign": _("assigned"),
    "decide": _("decided by the arbiter"),
    "accept": _("accepted by the department"),
    "send_back": _("sent back"),
    "take_back": _("taken back: nobody accepted it in time"),
    "arbiter": _("sent back too often: goes to the arbiter"),
    "start": _("work begun"),
    "draft": _("reply drafted"),
    "answer": _("reply approved"),
    "approve": _("reply approved"),
    "recall": _("reply recalled"),
    "complete": _("reply posted, completed"),
    "close": _("closed by hand"),
    "transfer": _("handed over to an outside agency"),
    "hold": _("put on hold"),
    "resume": _("resumed"),
    "dismiss": _("set aside: not a complaint"),
    "merge": _("set aside: the same as another"),
    "led": _("the leading complaint was answered"),
    "reopen": _("reopened"),
    "undo": _("last step undone"),
    "tag": _("tag put on"),
    "untag": _("tag taken off"),
    "urgent": _("marked as urgent"),
    "calm": _("marked as not urgent"),
    "tie": _("tied to an incident"),
    "untie": _("split off from its incident"),
    "note": _("note"),
    "consult": _("another department asked"),
    "consult_answer": _("answered the department in charge"),
    "consult_decline": _("declined to cooperate"),
    "consult_more": _("took more time to answer"),
    "consult_back": _("request for cooperation taken back"),
    "consult_over": _("request for cooperation no longer needed"),
    "question": _("question to the citizen posted"),
    "told_transfer": _("citizen told where it went"),
    "notice": _("notice to the citizen posted"),
    "extend": _("period extended, the citizen told"),
    "supplement": _("supplement asked for"),
    "more_time": _("more time to supplement"),
    "visit": _("investigation on site begun"),
    "interim": _("interim notice posted"),
    "redirect": _("way to the formal counter posted"),
    "outcome": _("outcome told to the citizen"),
    "promise": _("something was promised, until"),
    "kept": _("promise kept, due"),
    "kept_late": _("promise kept late, due"),
    "withdraw": _("promise withdrawn"),
    "not_yet": _("the citizen says that it is not done"),
    "unsure": _("it is being checked whether the reply was posted"),
    "failed": _("the reply was not posted"),
}


def event_words(move: str) -> str:
    """An unknown one by its own name."""
    return str(EVENTS.get(move, move))
