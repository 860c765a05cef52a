"""What a request asks for, refused in Google's words where it makes no sense."""

from __future__ import annotations

from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.youtube import ids
from channels_sns.sandbox.dialects.youtube.refusals import NO_FILTER, parameter


def parts(call: ApiCall, *known: str) -> set[str]:
    """`part` is a list with commas, or several of them, and must be given."""
    wanted = {name.strip() for text in call.query.getlist("part") for name in text.split(",") if name.strip()}
    if not wanted:
        raise parameter("required", "Required parameter: part", "part")
    if unknown := sorted(wanted - {*known, "id"}):
        raise parameter("unknownPart", f"'{unknown[0]}'", "part")
    return wanted


def one_filter(call: ApiCall, *names: str) -> tuple[str, str]:
    """Exactly one of these: its name and its value."""
    given = [name for name in names if call.query.get(name)]
    if not given:
        raise parameter("missingRequiredParameter", NO_FILTER.format(", ".join(names)))
    if len(given) > 1:
        raise parameter(
            "incompatibleParameters", f"Incompatible parameters specified in the request: {', '.join(given)}"
        )
    return given[0], call.query.get(given[0], "")


def one_of(call: ApiCall, name: str, *choices: str) -> str:
    """The first choice is the default."""
    text = call.query.get(name, choices[0])
    if text not in choices:
        raise parameter("invalidValue", f"Invalid string value: '{text}'. Allowed values: {list(choices)}", name)
    return text


def max_results(call: ApiCall) -> int:
    text = call.query.get("maxResults", "20")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 100):
        raise parameter(
            "invalidValue", f"Invalid value '{text}'. Values must be within the range: [1, 100]", "maxResults"
        )
    return int(text)


def page_below(call: ApiCall) -> int | None:
    """The number that the page begins below."""
    text = call.query.get("pageToken", "")
    if not text:
        return None
    number = ids.number_in(text)
    if number is None:
        raise parameter("invalidPageToken", "The request specifies an invalid page token.", "pageToken")
    return number
