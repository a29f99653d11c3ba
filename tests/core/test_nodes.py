"""Nodes: raw texts with styles and places."""

from pdo.core.nodes import MAX_DEPTH, Mapping, Node, Parsed, Scalar, Sequence, Style, parse_nodes
from pdo.core.source import Source, Span


def parse(text: str) -> Parsed:
    return parse_nodes(Source("p.yaml", text), text, lambda line, column: (line, column))


def root(text: str) -> Node:
    parsed = parse(text)
    assert parsed.problem is None
    assert parsed.root is not None
    return parsed.root


def value(text: str) -> Scalar:
    node = root(text)
    assert isinstance(node, Mapping)
    found = node.entries[0].value
    assert isinstance(found, Scalar)
    return found


def place(span: Span) -> tuple[int, int, int, int]:
    return (span.line, span.column, span.end_line, span.end_column)


def test_scalars_have_no_type() -> None:
    for text in ("no", "007", "1.10", "12:30", "0x10", "2026-01-01", "null", "1e3", "="):
        assert value(f"a: {text}").text == text


def test_styles() -> None:
    texts = {
        "x": Style.PLAIN,
        "'x'": Style.SINGLE,
        '"x"': Style.DOUBLE,
        "|\n  x": Style.LITERAL,
        ">\n  x": Style.FOLDED,
    }
    for text, style in texts.items():
        assert value(f"a: {text}").style is style


def test_places_count_characters() -> None:
    node = root("标签: {城市: '北京'}\n末: 1")
    assert isinstance(node, Mapping)
    inner = node.entries[0].value
    assert isinstance(inner, Mapping)
    assert place(node.entries[0].key.span) == (1, 1, 1, 3)
    assert place(inner.span) == (1, 5, 1, 15)
    assert place(inner.entries[0].value.span) == (1, 10, 1, 14)
    assert place(node.span) == (1, 1, 2, 5)


def test_blocks_end_with_their_last_value() -> None:
    node = root("a:\n  - x\n  - y\n\n\nb: 1\n")
    assert isinstance(node, Mapping)
    assert isinstance(node.entries[0].value, Sequence)
    assert place(node.entries[0].value.span) == (2, 3, 3, 6)


def test_keys_given_twice_are_reported_and_kept() -> None:
    parsed = parse("a: 1\nb: 2\na: 3\n")
    assert isinstance(parsed.root, Mapping)
    assert len(parsed.root.entries) == 3
    (found,) = parsed.diagnostics
    assert found.code == "PB103"
    assert found.span is not None
    assert (found.span.line, found.related[0].span.line) == (3, 1)


def test_anchors_tags_and_aliases_are_seen() -> None:
    assert value("a: &x 1").prefix == "&x"
    assert value("a: !!str 1").prefix == "tag:yaml.org,2002:str"
    assert value("a: ! 重要").prefix == "!"
    assert value("a: *x").style is Style.ALIAS


def test_depth_is_limited() -> None:
    fine, deep = "[" * MAX_DEPTH + "]" * MAX_DEPTH, "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)
    assert not parse(fine).diagnostics
    assert [found.key for found in parse(deep).diagnostics] == ["PB112.depth"]


def test_what_is_no_yaml_says_where() -> None:
    parsed = parse("a: 1\nb: {c: 1\nd: 2\n")
    assert parsed.root is None
    assert parsed.problem is not None
    assert (parsed.problem.open_line, parsed.problem.open_column) == (2, 4)


def test_empty() -> None:
    assert parse("").root is None
    assert parse("# nothing\n").root is None
