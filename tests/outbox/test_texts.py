"""Texts are rendered in a sandbox with nothing in it but the variables of one customer."""

from __future__ import annotations

import pytest
from jinja2 import TemplateError

from pdo.outbox.texts import Text


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
    except (TemplateError, TypeError):
        return
    assert rendered == ""
