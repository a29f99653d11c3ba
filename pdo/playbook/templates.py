"""Texts of messages: templates in `{{ }}`, of which only the harmless part is allowed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass
from pdo.core.late import late
from pdo.core.nodes import lines_of
from pdo.core.source import Span
from pdo.model.outreach import Template
from pdo.playbook.attributes import attributes_of
from pdo.playbook.reading import near, report_unknown, warn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jinja2 import exceptions, nodes, sandbox

    from pdo.core.nodes import Scalar
    from pdo.model.playbook import Metric
    from pdo.playbook.certainty import Certain
    from pdo.playbook.reading import Reading
else:
    exceptions, nodes, sandbox = late("jinja2.exceptions"), late("jinja2.nodes"), late("jinja2.sandbox")

MAX_TEXT = 4000
FILTERS = ("default", "d", "int", "round", "upper", "lower", "trim", "replace", "truncate", "title", "join", "length")
SPOKEN_OF = ("offer", "content")
"""What a text says something of with a dot: `offer.name`, `content.标题`."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a text.

    Args:
        line: of the template, from 1.
        nth: how many mentions of it came before.
        guarded: whether the text says what to do where it is empty.
    """

    name: str
    line: int
    nth: int
    guarded: bool


_SINGLE = re.compile(r"(?<![{$])\{\s*([^\s{}%#|]+)\s*\}(?!\})")
"""What looks like a variable with one brace on each side."""


@lru_cache(maxsize=1)
def _allowed() -> tuple[type[nodes.Node], ...]:
    """What may stand in a text."""
    return (
        nodes.Template,
        nodes.Output,
        nodes.TemplateData,
        nodes.Name,
        nodes.Getattr,
        nodes.Const,
        nodes.Filter,
        nodes.If,
        nodes.CondExpr,
        nodes.Compare,
        nodes.Operand,
        nodes.And,
        nodes.Or,
        nodes.Not,
        nodes.Add,
        nodes.Sub,
        nodes.Concat,
        nodes.Neg,
        nodes.Keyword,
    )


@lru_cache(maxsize=1)
def template_environment() -> sandbox.ImmutableSandboxedEnvironment:
    """The one environment in which texts are checked and rendered; an absent variable renders as nothing."""
    environment = sandbox.ImmutableSandboxedEnvironment(autoescape=False, keep_trailing_newline=False)
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    return environment


def template_variables(text: str) -> tuple[Variable, ...]:
    """Every mention of a variable in a text, in order.

    Raises:
        TemplateSyntaxError: the text is no template.
    """
    if "{" not in text:
        return ()
    tree = template_environment().parse(text)
    seen: dict[str, int] = {}
    found: list[Variable] = []
    for name, line, guarded in _mentions(tree, frozenset(), guarded=False):
        found.append(Variable(name, line, seen.get(name, 0), guarded))
        seen[name] = seen.get(name, 0) + 1
    return tuple(found)


def _mentions(node: nodes.Node, safe: frozenset[str], *, guarded: bool) -> Iterator[tuple[str, int, bool]]:
    if isinstance(node, (nodes.Name, nodes.Getattr)):
        name = dotted_name(node)
        if name is not None:
            yield name, node.lineno, guarded or name in safe
            return
    if isinstance(node, (nodes.If, nodes.CondExpr)):
        tested = {name for name, _, _ in _mentions(node.test, safe, guarded=True)}
        yield from _mentions(node.test, safe, guarded=True)
        for child in node.iter_child_nodes(exclude=("test",)):
            yield from _mentions(child, safe | tested, guarded=guarded)
        return
    if isinstance(node, nodes.Filter) and node.name in ("default", "d"):
        guarded = True
    if isinstance(node, nodes.Or):
        yield from _mentions(node.left, safe, guarded=True)
        yield from _mentions(node.right, safe, guarded=guarded)
        return
    for child in node.iter_child_nodes():
        yield from _mentions(child, safe, guarded=guarded)


def dotted_name(node: nodes.Node) -> str | None:
    """The name of a variable, `offer.name` included; None for what is no plain variable."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return f"{node.node.name}.{node.attr}"
    return None


def _is_spoken_of(node: nodes.Getattr) -> bool:
    return (dotted_name(node) or "").partition(".")[0] in SPOKEN_OF


# Checking ---------------------------------------------------------------------------------------------------------


def check_template(
    node: Scalar, certain: Certain | None, metrics: Mapping[str, Metric], reading: Reading, *, told: Told | None = None
) -> Template | None:
    """Check a message's text.

    Args:
        node: the text.
        certain: what everyone who gets it has; None where that is not known yet.
        metrics: by name.
        reading: where findings go.
        told: the variables with a dot that it may have; None for no such.

    Diagnostics:
        PB501 no template, PB502 an unknown variable, PB503 one that may be empty, PB504 what is not allowed, PB505 a
        variable of an offer or of contents that the message does not have.
    """
    if len(node.text) > MAX_TEXT:
        reading.findings.add("PB112", node.span, variant="text", limit=MAX_TEXT)
        return None
    try:
        refused = _refused(template_environment().parse(node.text)) if "{" in node.text else []
        variables = template_variables(node.text)
    except exceptions.TemplateSyntaxError as wrong:
        span = _line_of(node, wrong.lineno)
        reading.findings.add("PB501", span, variant=_reason(wrong.message or "", node.text), reason=wrong.message or "")
        return None
    except RecursionError:
        reading.findings.add("PB112", node.span, variant="depth", limit="…")
        return None
    for line, name in refused:
        reading.findings.add("PB504", _line_of(node, line), name=name, filters=", ".join(FILTERS))
    if refused:
        return None
    known = {*attributes_of(reading), *reading.names.of("metric"), *reading.names.of("score"), "today"}
    complete = True
    for variable in variables:
        span = _span_of(node, variable)
        if variable.name.partition(".")[0] in SPOKEN_OF:
            complete = _is_told(variable.name, span, told, reading) and complete
        elif variable.name not in known:
            _report_unknown_variable(variable.name, span, known, reading)
            complete = False
    for found in _SINGLE.finditer(node.text):
        if found[1] in known or found[1] in {column.label for column in attributes_of(reading).values()}:
            warn("PB525", node.span, reading, value=found[0], mended=f"{{{{ {found[1]} | default('…') }}}}")
    if certain is not None:
        warn_of_gaps(node, certain, metrics, reading)
    names = tuple(dict.fromkeys(variable.name for variable in variables))
    return Template(node.text, names, node.span) if complete else None


@dataclass(frozen=True, slots=True)
class Told:
    """The variables with a dot that a text may have.

    Args:
        names: all of them, as `offer.name`.
        whole: what they are of, of which nothing else can be said: `offer`, `content`; of the others anything is believed.
    """

    names: frozenset[str]
    whole: frozenset[str] = frozenset(SPOKEN_OF)


def _is_told(name: str, span: Span, told: Told | None, reading: Reading) -> bool:
    of = name.partition(".")[0]
    told = told or Told(frozenset())
    if name in told.names or of not in told.whole:
        return True
    usable = sorted(known for known in told.names if known.partition(".")[0] == of)
    if usable:
        report_unknown("PB505", span, name, usable, reading.findings)
    else:
        reading.findings.add("PB505", span, variant=of, name=name)
    return False


def warn_of_gaps(node: Scalar, certain: Certain, metrics: Mapping[str, Metric], reading: Reading) -> None:
    """Warn of variables that somebody who gets the text may not have.

    Diagnostics:
        PB503.
    """
    known = {*attributes_of(reading), *reading.names.of("metric")}
    for variable in template_variables(node.text):
        if variable.name in known and not variable.guarded and _may_be_empty(variable.name, certain, metrics, reading):
            instead = "您" if variable.name in ("name", "remark_name") else "…"
            mended = f"{{{{ {variable.name} | default('{instead}') }}}}"
            warn("PB503", _span_of(node, variable), reading, name=variable.name, mended=mended)


def fixed_text(text: str) -> str:
    """What a text says to everybody: without variables, and without what stands under a condition.

    Raises:
        TemplateSyntaxError: the text is no template.
    """
    if "{" not in text:
        return text.removesuffix("\n")
    tree = template_environment().parse(text)
    outputs = (part for part in tree.body if isinstance(part, nodes.Output))
    return "".join(piece.data for part in outputs for piece in part.nodes if isinstance(piece, nodes.TemplateData))


def _reason(message: str, text: str) -> str:
    if text.count("{{") > text.count("}}"):
        return "open"
    return "condition" if "endif" in message else ""


def _refused(tree: nodes.Node) -> list[tuple[int, str]]:
    found = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, _allowed()) or (isinstance(node, nodes.Getattr) and not _is_spoken_of(node)):
            found.append((node.lineno, type(node).__name__.lower()))
            continue
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            found.append((node.lineno, f"|{node.name}"))
        waiting.extend(node.iter_child_nodes())
    return found


def _report_unknown_variable(name: str, span: Span, known: set[str], reading: Reading) -> None:
    if reading.names.may_be_lost(name):
        return
    labels = {column.label: column.name for column in attributes_of(reading).values()}
    if name in labels and near(name, known) is None:
        reading.findings.add("PB502", span, variant="near", name=name, near=labels[name])
    else:
        report_unknown("PB502", span, name, sorted(known), reading.findings)


def _may_be_empty(name: str, certain: Certain, metrics: Mapping[str, Metric], reading: Reading) -> bool:
    if name in ("today", "customer_id") or name in certain.attributes:
        return False
    if name in reading.names.of("metric"):
        metric = metrics.get(name)
        return metric is not None and not certain.has_metric(metric)
    return True


# Places -----------------------------------------------------------------------------------------------------------


def _first_line(node: Scalar) -> int:
    return node.span.line + (1 if node.is_block else 0)


def _line_of(node: Scalar, line: int | None) -> Span:
    """The line of the source that a line of the template stands on; the whole text where that cannot be said."""
    wanted = _first_line(node) + (line or 1) - 1
    lines = lines_of(node.span.source)
    if not node.is_block or wanted >= node.span.end_line + 1 or wanted > len(lines):
        return node.span
    content = lines[wanted - 1]
    start = len(content) - len(content.lstrip())
    return Span(node.span.source, wanted, start + 1, wanted, len(content.rstrip()) + 1)


def _span_of(node: Scalar, variable: Variable) -> Span:
    """Where a variable stands in the source."""
    source, span = node.span.source, node.span
    word = re.compile(rf"(?<![\w.'\"]){re.escape(variable.name)}(?![\w'\"])")
    left = variable.nth
    for number in range(span.line, min(span.end_line, len(lines_of(source))) + 1):
        content = lines_of(source)[number - 1]
        begin = span.column - 1 if number == span.line else 0
        end = span.end_column - 1 if number == span.end_line else len(content)
        for found in word.finditer(content, begin, max(begin, end)):
            before = content[: found.start()]
            if max(before.rfind("{{"), before.rfind("{%")) <= max(before.rfind("}}"), before.rfind("%}")):
                continue
            if left == 0:
                return Span(source, number, found.start() + 1, number, found.end() + 1)
            left -= 1
    return span
