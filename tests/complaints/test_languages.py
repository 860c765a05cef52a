"""In which language a citizen writes."""

from __future__ import annotations

import pytest

from complaints import languages


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("가로등이 꺼졌어요", "ko"),
        ("ㅠㅠ please help", "ko"),
        ("Where is the beach?", "en"),
        ("海雲台の看板が間違っています", "ja"),
        ("海云台的指示牌错了", "zh"),
        ("Указатель неправильный", "ru"),
        ("Biển báo ở bãi biển bị sai hướng rồi", "vi"),
        ("ป้ายบอกทางผิด", "th"),
        ("@busan https://busan.go.kr/x #help", "de"),
        ("!!! 119", "de"),
    ],
)
def test_the_letters_tell(text: str, language: str) -> None:
    assert languages.language_of(text, otherwise="de") == language


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert languages.name_of("de") == "de"
    assert languages.name_of("ja") in ("Japanese", "일본어")
