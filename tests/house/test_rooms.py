"""The house's rules about rooms: sizes, names, who writes what (who imports whom: the contracts in pyproject.toml)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house.source import ROOT, functions, imports, name_of, product_files, tree_of

FILE_LINES, HARD_FILE_LINES, ADAPTER_LINES, FUNCTION_LINES = 300, 400, 250, 30
#: Files that are one table or one vocabulary, better read in one piece (up to the hard limit).
LONG_FILES = {"channels_sns/adapters/contract.py"}
#: The sandbox spells out the networks' JSON; a long literal is no long thought.
SANDBOX_FUNCTION_LINES = 40

#: Model → the only modules that may create, change or delete its rows.
WRITERS = {
    "ComplaintEvent": ("complaints/steps.py", "complaints/workflow.py"),
    "OutboundPost": ("channels_sns/outbox.py",),
    "Attempt": ("channels_sns/outbox.py",),
    "InboundPost": ("channels_sns/inbox.py", "channels_sns/shelf.py"),
    "PostVersion": ("channels_sns/inbox.py", "channels_sns/shelf.py"),
    "Brand": ("channels_sns/brand.py",),
    "Voice": ("channels_sns/brand.py",),
    "Broadcast": ("channels_sns/broadcasts.py", "channels_sns/releases.py"),
    "Variant": ("channels_sns/broadcasts.py",),
    "Picture": ("channels_sns/broadcasts.py",),
    "Repeat": ("channels_sns/repeats.py",),
    "Occurrence": ("channels_sns/repeats.py",),
    "FollowerFigure": ("channels_sns/follower_figures.py",),
    "PostResult": ("channels_sns/results.py",),
    "Emergency": ("complaints/emergencies.py", "complaints/emergency_plans.py", "complaints/emergency_steps.py"),
    "EmergencyCheck": ("complaints/emergency_plans.py",),
    "EmergencyEvent": ("complaints/emergency_steps.py",),
    "AgencyAlert": ("complaints/agency_alerts.py",),
    "AlertContact": ("complaints/agency_alerts.py",),
    "Sighting": ("complaints/sightings.py",),
    "Freeze": ("channels_sns/freezes.py",),
    "Amendment": ("channels_sns/amendments.py",),
    "BroadcastEvent": ("channels_sns/releases.py",),
    "Pulse": ("channels_sns/pulse.py",),
    "Turn": ("channels_sns/turns.py",),
    "Complaint": ("complaints/steps.py", "complaints/workflow.py"),
    "Reply": ("complaints/replies.py", "complaints/notices.py", "complaints/settlement.py"),
    "ReplyPhoto": ("complaints/reply_photos.py",),
    "ReplyTemplate": ("complaints/reply_templates.py",),
    "AccessLog": ("complaints/access_log.py",),
    "ReceiptCounter": ("complaints/receipts.py",),
    "LearnedModel": ("complaints/lessons.py",),
    "Repetition": ("complaints/repeats.py",),
    "Consultation": ("complaints/consultations.py",),
    "ShiftNote": ("complaints/shifts.py",),
    "Promise": ("complaints/promises.py",),
    "Verdict": ("complaints/verdicts.py",),
    "Hold": ("complaints/clocks.py",),
    "Escalation": ("complaints/escalation.py",),
    "Alert": ("complaints/alerts.py",),
    "DueBasis": ("complaints/recount.py",),
    "Presence": ("complaints/pages/presence.py",),
    "TypedText": ("complaints/pages/drafts.py",),
    "DeskChoice": ("complaints/desk/keys.py",),
    "Duration": ("complaints/measures.py",),
    "SpanPack": ("complaints/packs.py",),
    "PackState": ("complaints/packs.py",),
    "SearchDoc": ("complaints/searchdocs.py",),
    "SavedReport": ("complaints/reports/schedules.py",),
    "ReportMail": ("complaints/reports/schedules.py", "complaints/reports/schedules_out.py"),
    "SavedView": ("complaints/saved_views.py",),
    "ApiToken": ("complaints/api_tokens.py",),
    "BulkRun": ("complaints/bulk.py",),
    "Tag": ("complaints/tags.py",),
    "ComplaintTag": ("complaints/tags.py",),
    "Incident": ("complaints/incidents.py",),
    "IncidentComplaint": ("complaints/incidents.py",),
    "IncidentEvent": ("complaints/incidents.py",),
    "Surge": ("complaints/surges.py",),
    "GoodNews": ("complaints/good_news.py",),
    "Opinion": ("complaints/opinions.py",),
    "OpinionBrief": ("complaints/opinion_briefs.py", "complaints/opinion_reminders.py"),
    "OpinionMail": ("complaints/opinion_briefs.py", "complaints/opinion_reminders.py", "complaints/opinion_mail.py"),
    "IncidentReply": ("complaints/incident_replies.py", "complaints/releasing.py"),
    "IncidentDelivery": ("complaints/incident_replies.py", "complaints/releasing.py"),
}
WRITES = {"create", "bulk_create", "update", "bulk_update", "get_or_create", "update_or_create", "delete"}


@pytest.mark.parametrize("path", product_files(), ids=name_of)
def test_files_and_functions_are_short(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= allowed_lines(path), f"{name_of(path)}: {lines} lines"
    limit = SANDBOX_FUNCTION_LINES if "sandbox" in path.parts else FUNCTION_LINES
    long = [f"{node.name} ({length(node)})" for node in functions(path) if length(node) > limit]
    assert long == [], f"{name_of(path)}: functions over {limit} lines"


def allowed_lines(path: Path) -> int:
    if name_of(path) in LONG_FILES:
        return HARD_FILE_LINES
    return ADAPTER_LINES if "adapters" in path.parts else FILE_LINES


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its decorators and its docstring."""
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1


def test_no_room_without_a_meaning() -> None:
    names = {"utils", "util", "common", "core", "helpers", "misc", "base_utils"}
    assert [name_of(path) for path in product_files() if path.stem in names or path.parent.name in names] == []


def test_no_signals_and_no_save_overrides() -> None:
    forbidden = re.compile(r"@receiver\(|\b(?:pre|post)_(?:save|delete)\b|m2m_changed|^\s+def save\(self", re.MULTILINE)
    allowed = {"forms"}  # a form's own save() is no model's
    found = [
        name_of(path)
        for path in product_files()
        if forbidden.search(path.read_text(encoding="utf-8")) and path.stem not in allowed
    ]
    assert found == []


def _root_name(node: ast.expr) -> str:
    """`Model` in Model.objects.filter(…).update(…)."""
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node.id if isinstance(node, ast.Name) else ""


def writes(path: Path) -> set[str]:
    """Models whose rows a file writes through their manager."""
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            chain = ast.unparse(node.func)
            name = _root_name(node.func)
            if ".objects" in chain and name in WRITERS:
                found.add(name)
    return found


def test_every_fact_has_one_writer() -> None:
    strangers = {
        f"{name_of(path)} writes {model}"
        for path in product_files()
        for model in writes(path)
        if name_of(path) not in WRITERS[model] and "sandbox" not in path.parts
    }
    assert strangers == set()


def test_only_the_one_way_sets_a_complaints_status() -> None:
    """By assignment, by update(status=…), by save(update_fields=["status"])."""
    strangers = []
    for path in product_files():
        if (
            path.parts[-2:] in {("complaints", "steps.py"), ("complaints", "workflow.py")}
            or "complaints" not in path.parts
        ):
            continue
        strangers += [f"{name_of(path)}:{line}" for node in ast.walk(tree_of(path)) if (line := sets_status(node))]
    assert strangers == []


def sets_status(node: ast.AST) -> int:
    """The line where `node` sets something's status; 0: it does not."""
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return node.lineno if any(isinstance(at, ast.Attribute) and at.attr == "status" for at in targets) else 0
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
        return node.lineno if any(keyword.arg == "status" for keyword in node.keywords) else 0
    return 0


def test_the_sandbox_is_an_independent_reading_of_the_networks() -> None:
    folder = ROOT / "channels_sns" / "sandbox"
    found = [
        f"{name_of(path)}: {name}"
        for path in product_files()
        if folder in path.parents
        for name in imports(path)
        if name.split(".")[0] in {"busan_sns", "complaints", "departments"}
        or (name.startswith("channels_sns") and not name.startswith("channels_sns.sandbox"))
    ]
    assert found == []


def test_the_product_does_not_know_the_sandbox() -> None:
    folder = ROOT / "channels_sns" / "sandbox"
    found = [
        f"{name_of(path)}: {name}"
        for path in product_files()
        if folder not in path.parents
        for name in imports(path)
        if name.startswith("channels_sns.sandbox")
    ]
    assert found == []


def test_text_of_citizens_is_never_marked_as_markup() -> None:
    """No mark_safe, no |safe, no raw SQL from requests, no keyword arguments out of a query string."""
    python = re.compile(r"mark_safe|\.extra\(|\*\*request\.|\*\*self\.request\.|autoescape off")
    template = re.compile(r"\|\s*safe\b|autoescape off")
    files = [path for path in product_files() if "sandbox" not in path.parts]
    found = [name_of(path) for path in files if python.search(path.read_text(encoding="utf-8"))]
    pages = [
        *(ROOT / "templates").rglob("*.html"),
        *(path for room in ("complaints", "channels_sns") for path in (ROOT / room).rglob("*.html")),
    ]
    found += [name_of(path) for path in pages if template.search(path.read_text(encoding="utf-8"))]
    assert found == []
