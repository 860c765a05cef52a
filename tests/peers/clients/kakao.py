"""kakao-chatbot, a library of others for skill servers, reads a payload and writes the answer.  kakao.py < what.json

Runs in the environment of the second clients, without anything of the desk. What it read, and the answer as it renders
it, go out as JSON.
"""

from __future__ import annotations

import json
import sys

from kakao_chatbot import Payload
from kakao_chatbot.response import KakaoResponse
from kakao_chatbot.response.components import SimpleTextComponent


def main() -> None:
    given = json.load(sys.stdin)
    payload = Payload.from_dict(given["payload"])
    response = KakaoResponse()
    response.add_component(SimpleTextComponent(given["text"]))
    said = {
        "user": payload.user_id,
        "words": payload.utterance,
        "friend": payload.user_request.user.properties.is_friend,
        "bot": payload.bot.id,
        "block": payload.user_request.block["name"],
        "skill": payload.action.name,
        "answer": response.render(),
    }
    json.dump(said, sys.stdout, ensure_ascii=False)


main()
