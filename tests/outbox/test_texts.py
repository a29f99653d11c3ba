"""Texts are rendered in a sandbox with nothing in it but the variables of one customer."""

from __future__ import annotations

import pytest
from jinja2 import TemplateError

from pdo.outbox.texts import MissingError, Slot, Text, TooLongError, pieces_of


@pytest.mark.parametrize(
    ("text", "values", "rendered"),
    [
        ("{{ name }}您好", {"name": "王芳"}, "王芳您好"),
        ("{{ name | default('您') }}您好", {"name": ""}, "您您好"),
        ("{{ name | default('您') }}", {"name": None}, "您"),
        ("{{ points }}分", {"points": 0}, "0分"),
        ("{{ name }}", {"name": "{{ points }}<b>&%'"}, "{{ points }}<b>&%'"),
        ("  您好\n", {}, "您好"),
        ("{% if points > 9 %}金卡{% else %}新客{% endif %}", {"points": 10}, "金卡"),
        ("{{ 累计消费 }}元", {"累计消费": "600.00"}, "600.00元"),
    ],
)
def test_a_text_is_rendered(text: str, values: dict[str, object], rendered: str) -> None:
    assert Text.compile(text).render(values) == rendered


@pytest.mark.parametrize(
    "text",
    [
        "{{ name.__class__.__mro__ }}",
        "{{ ''.__class__.__subclasses__() }}",
        "{{ range(10**9) }}",
        "{% for n in range(10) %}{{ n }}{% endfor %}",
        "{{ cycler('a') }}",
        "{{ name | attr('__class__') }}",
        "{% include 'other' %}",
    ],
)
def test_a_text_reaches_nothing_else(text: str) -> None:
    try:
        rendered = Text.compile(text).render({"name": "王芳"})
    except (TemplateError, MissingError):
        return
    assert rendered == ""


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("您好", ("您好",)),
        (
            " {{ name | default('您') }}，{{ offer.name }} 券\n",
            ("", Slot("name", "您"), "，", Slot("offer.name", None), " 券"),
        ),
        ("{{ name | upper }}", None),
        ("{% if name %}{{ name }}{% endif %}", None),
        ("{{ name or '您' }}", None),
    ],
)
def test_plain_texts_are_pieces(text: str, pieces: tuple[object, ...] | None) -> None:
    assert pieces_of(text) == pieces


@pytest.mark.parametrize(
    "text", ["{{ name }}", "{{ name ~ '您好' }}", "{{ points + 1 }}", "{{ name | upper }}", "{{ points > 3 }}"]
)
def test_an_absent_value_cannot_be_said(text: str) -> None:
    with pytest.raises(MissingError):
        Text.compile(text).render({"name": "", "points": None})


def test_a_text_that_grows_without_end_is_stopped() -> None:
    grown = Text.compile("{{ name | replace('', city) | replace('x', city) | replace('x', city) }}")
    with pytest.raises(TooLongError):
        grown.render({"name": "y" * 3000, "city": "x" * 3000})
