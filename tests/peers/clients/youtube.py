"""Google's own Python client on a YouTube: a day's work by its words.  youtube.py < what.json

Runs in the environment of the second clients, without anything of the desk. It signs in by the refresh token, reads
comments, answers one, corrects and deletes it, and asks for what must be refused. What it saw goes out as JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"


def service(given: dict[str, Any]) -> Any:
    """The API of Google's own discovery document, at another address; its document comes with the package."""
    keys = {name: given[name] for name in ("client_id", "client_secret", "refresh_token")}
    credentials = Credentials(None, token_uri=f"{given['address']}/token", scopes=[SCOPE], **keys)
    options = {"api_endpoint": f"{given['address']}/"}
    return build("youtube", "v3", credentials=credentials, client_options=options, static_discovery=True)


def listed(api: Any, channel: str) -> list[dict[str, Any]]:
    """All of them, page by page as the client itself goes on."""
    request = api.commentThreads().list(
        part="snippet,replies", allThreadsRelatedToChannelId=channel, order="time", maxResults=2, textFormat="plainText"
    )
    found: list[dict[str, Any]] = []
    while request is not None:
        answer = request.execute()
        found += answer["items"]
        request = api.commentThreads().list_next(request, answer)
    return found


def below(api: Any, thread: str) -> list[str]:
    answer = api.comments().list(part="snippet", parentId=thread, textFormat="plainText").execute()
    return [item["snippet"]["textDisplay"] for item in answer["items"]]


def refusal(request: Any) -> list[Any]:
    """The status and the reason of an error, as the client reads them."""
    try:
        request.execute()
    except HttpError as error:
        return [error.resp.status, error.error_details[0]["reason"]]
    return [200, ""]


def answered(api: Any, thread: str) -> dict[str, Any]:
    """An answer, written, corrected and taken down."""
    comments, snippet = api.comments(), {"parentId": thread, "textOriginal": "고쳤습니다"}
    mine = comments.insert(part="snippet", body={"snippet": snippet}).execute()
    changed = {"id": mine["id"], "snippet": {"textOriginal": "모두 고쳤습니다"}}
    comments.update(part="snippet", body=changed).execute()
    seen = below(api, thread)
    comments.delete(id=mine["id"]).execute()
    return {"id": mine["id"], "seen": seen, "after": below(api, thread)}


def main() -> None:
    given = json.load(sys.stdin)
    api = service(given)
    channel = api.channels().list(part="snippet,statistics", mine=True).execute()["items"][0]
    found = listed(api, channel["id"])
    thread, threads = given["thread"], api.commentThreads()
    absent = {"snippet": {"parentId": "Ugnobody", "textOriginal": "고쳤습니다"}}
    said = {
        "channel": channel["id"],
        "subscribers": channel["statistics"]["subscriberCount"],
        "threads": [item["snippet"]["topLevelComment"]["snippet"]["textDisplay"] for item in found],
        "can_reply": [item["snippet"]["canReply"] for item in found],
        "below": below(api, thread),
        "answer": answered(api, thread),
        "refused": {
            "nobody's thread": refusal(api.comments().insert(part="snippet", body=absent)),
            "no filter": refusal(api.comments().list(part="snippet")),
            "too much of a page": refusal(
                threads.list(part="snippet", allThreadsRelatedToChannelId=channel["id"], maxResults=101)
            ),
        },
    }
    json.dump(said, sys.stdout, ensure_ascii=False)


main()
