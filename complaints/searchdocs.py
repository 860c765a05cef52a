"""What can be searched of a complaint: number, text and thread, answers, district, department, who wrote.

Only writer of SearchDoc. It is written where its facts change, in the same transaction; whatever changed elsewhere (an
edit at the network, a way that somebody forgot) is found by `stale` and caught up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from channels_sns.models import Author, InboundPost, PostVersion
from complaints import bigrams
from complaints.models import Complaint, ComplaintPost, Reply, SearchDoc

#: Grows whenever the tokens are made another way: then every row is stale.
FORM = 1
BATCH = 500
#: What the desk said or is about to say; not a draft, not what was taken back.
ANSWERS = (Reply.State.APPROVED, Reply.State.SENT, Reply.State.UNSURE, Reply.State.FAILED)
#: Changes of a complaint that its document repeats.
PLACES = frozenset({"department", "district"})
_FIELDS = ("body", "names", "department", "district", "tokens", "version", "form", "indexed_at")
#: A receipt number's year and dash, and the first digit behind: shorter beginnings say nothing.
_NUMBER_BEGINS = 5


def add(complaints: Sequence[Complaint], *, now: datetime) -> None:
    """Documents of complaints that were stored a moment ago; nothing is read but their departments' ids."""
    SearchDoc.objects.bulk_create([_doc(row, [row.text], [row.author], now) for row in complaints], batch_size=BATCH)


def refresh(complaint_ids: Collection[int], *, now: datetime) -> int:
    """Read these complaints again and write their documents; how many. The same few queries for any number."""
    with transaction.atomic():
        rows = list(Complaint.objects.select_related("author").filter(pk__in=complaint_ids).order_by("pk"))
        texts, authors = _thread(rows)
        docs = [_doc(row, texts[row.pk], authors[row.pk], now) for row in rows]
        SearchDoc.objects.bulk_create(
            docs, batch_size=BATCH, update_conflicts=True, unique_fields=["complaint"], update_fields=_FIELDS
        )
    return len(docs)


def stale() -> QuerySet[Complaint]:
    """Complaints without a document, with one of an older form, or changed since, here or at the network."""
    edited = PostVersion.objects.filter(
        post__complaint_link__complaint=OuterRef("pk"), seen_at__gt=OuterRef("search__indexed_at")
    )
    old = Q(search__isnull=True) | ~Q(search__version=F("version")) | ~Q(search__form=FORM)
    return Complaint.objects.filter(old | Exists(edited)).order_by("-pk")


def catch_up(*, now: datetime, most: int = 10 * BATCH) -> int:
    """Write the documents of at most so many stale complaints, the newest first; how many."""
    ids = list(stale().values_list("pk", flat=True)[:most])
    return sum(refresh(ids[at : at + BATCH], now=now) for at in range(0, len(ids), BATCH))


def number_tokens(number: str) -> set[str]:
    """The whole number, its beginnings, and the serial as it is said on the telephone."""
    low = number.casefold()
    begun = {low[:length] for length in range(_NUMBER_BEGINS, len(low) + 1)}
    return {bigrams.FACT + one for one in (*begun, serial_of(low))}


def serial_of(digits: str) -> str:
    """The digits behind the dash, without the zeros that pad them: b26-004217 → 4217."""
    return digits.rpartition("-")[2].lstrip("0")


def department_token(pk: int) -> str:
    return f"{bigrams.FACT}d{pk}"


def district_token(pk: int) -> str:
    return f"{bigrams.FACT}r{pk}"


def public_bodies(complaints: QuerySet[Complaint]) -> dict[int, str]:
    """Of those with a private conversation: the text as it is compared, without that. By complaint."""
    said = Q(replies__private=True) | Q(thread__post__kind="message", thread__opened=False)
    rows = list(complaints.filter(said).distinct())
    texts, _authors = _thread(rows, private=False) if rows else ({}, {})
    return {pk: _lines(parts) for pk, parts in texts.items()}


def _thread(
    rows: Sequence[Complaint], *, private: bool = True
) -> tuple[dict[int, list[str]], dict[int, list[Author | None]]]:
    """Each complaint's texts (its own, its thread's, its answers) and who wrote them. Without `private` only what
    everybody can read, and the post that began it all."""
    texts = defaultdict(list, {row.pk: [row.text] for row in rows})
    authors = defaultdict(list, {row.pk: [row.author] for row in rows})
    links = ComplaintPost.objects.filter(complaint__in=rows).exclude(post__state=InboundPost.State.OWN)
    answers = Reply.objects.filter(complaint__in=rows, state__in=ANSWERS)
    if not private:
        links, answers = links.exclude(post__kind="message", opened=False), answers.public()
    for link in links.select_related("post__author").order_by("id"):
        texts[link.complaint_id].append(link.post.text)
        authors[link.complaint_id].append(link.post.author)
    for reply in answers.order_by("number"):
        texts[reply.complaint_id].append(reply.text)
    return texts, authors


def _doc(row: Complaint, texts: Iterable[str], authors: Iterable[Author | None], now: datetime) -> SearchDoc:
    body = _lines(texts)
    names = _lines(part for author in authors if author for part in (author.handle, author.name))
    return SearchDoc(
        complaint=row,
        body=body,
        names=names,
        department_id=row.department_id,
        district_id=row.district_id,
        tokens=bigrams.joined(_tokens(row, body, names)),
        version=row.version,
        form=FORM,
        indexed_at=now,
    )


def _tokens(row: Complaint, body: str, names: str) -> set[str]:
    found = bigrams.pairs(body) | bigrams.pairs(names, bigrams.NAME) | bigrams.beginnings(body)
    found |= number_tokens(row.number)
    if row.department_id:
        found.add(department_token(row.department_id))
    if row.district_id:
        found.add(district_token(row.district_id))
    return found


def _lines(texts: Iterable[str]) -> str:
    """Folded, each once, one a line: nothing is found across two of them."""
    return "\n".join(dict.fromkeys(filter(None, map(bigrams.fold, texts))))
