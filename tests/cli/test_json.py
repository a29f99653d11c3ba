"""The JSON contract: keys are added, never renamed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pdo.model.outbox import FUNNEL
from tests.cli.conftest import AS_OF
from tests.cli.inside import Shop, call

ENVELOPE = ["version", "command", "status", "data", "diagnostics"]
DIAGNOSTIC = {
    "code",
    "severity",
    "message",
    "file",
    "line",
    "column",
    "end_line",
    "end_column",
    "hint",
    "related",
}
VERDICTS = ["read", "new", "changed", "same", "duplicate", "rejected", "blank"]
PLAN = [
    *("total_changes", "as_of", "run_id", "customers", "tags", "stages", "segments", "moves", "messages"),
    *("conflicts", "alerts", "renamed", "guard", "journeys", "tasks", "notes"),
]
BATCH = {
    "batch_id",
    "campaign",
    "playbook",
    "channel",
    "planned_on",
    "status",
    "planned",
    "withheld",
    "approved_at",
    "approved_by",
}
HELD = {"kind", "scope", "name", "source", "since", "until", "run_id"}
COUNTED = {"kind", "scope", "name", "playbook", "group", "members"}
DATA = {
    "imports list": {"imports"},
    "imports show 1": {"import", "rejects"},
    "validate": {"files", "errors", "warnings", "silenced", "hidden"},
    "rule": {"rules"},
    "rule PB107": {"code", "findings"},
    "describe": {"rules"},
    "handbook": {"format", "path", "text"},
    f"plan --as-of {AS_OF}": set(PLAN),
    "customer show c1": {
        "customer_id",
        "attributes",
        "identities",
        "tags",
        "stages",
        "segments",
        "blocked_tags",
        "orders",
        "events",
        "messages",
    },
    "customer find 王": {"customers"},
    "tag list": {"tags"},
    "stage list": {"stages"},
    "segment list": {"segments"},
    "segment show 水果客": {"segment", "as_of", "total", "members"},
    "tag history c1": {"customer_id", "history"},
    "stage history c1": {"customer_id", "history"},
    "batch list": {"batches"},
    "batch show 1": {"batch", "messages"},
    "batch withheld 1": {"batch", "messages"},
    f"explain c1 --tag 爱水果 --as-of {AS_OF}": {"customer_id", "explanations"},
    "db check": {"schema", "rows", "unsound", "mended"},
    "db upgrade": {"before", "after"},
    "config show": {"root", "database", "timezone", "language", "currency", "mappings"}
    | {"attributes", "tables", "aliases", "categories", "nightly", "heartbeat", "log", "memory"},
}


def envelope(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    assert list(found) == ENVELOPE
    assert found["version"] == 1
    for diagnostic in found["diagnostics"]:
        assert set(diagnostic) == DIAGNOSTIC
    return found


@pytest.mark.parametrize("call", DATA)
def test_keys(made_shop: Shop, call: str) -> None:
    done = made_shop.pdo(*call.split(), "--format", "json")
    found = envelope(done.stdout)
    assert done.stderr == ""
    assert found["status"] == "ok"
    assert call.startswith(found["command"])
    assert set(found["data"]) == DATA[call]


def test_count(made_shop: Shop) -> None:
    data = made_shop.data("count", "items: {where: {category: 水果}}", "--as-of", AS_OF)
    funnel = data.pop("funnel")
    counted = {"as_of": "2026-03-02T09:00:00+08:00", "customers": 3, "matched": 2, "friends": 1, "with_phone": 2}
    assert data == {**counted, "channel": "wecom"}
    assert [step["name"] for step in funnel] == ["customers", "meant", "due", *FUNNEL]


def test_plan_says_what_changes(made_shop: Shop) -> None:
    data = made_shop.data("plan", "--as-of", "2026-06-01")
    assert list(data) == PLAN
    assert data["run_id"] is None
    assert data["stages"]["活跃/活跃"] == {"gained": 0, "lost": 1, "sample": {"gained": [], "lost": ["c1"]}}
    assert {"lifecycle": "活跃", "from": "活跃", "to": "沉睡", "count": 1, "sample": ["c1"]} in data["moves"]
    for message in data["messages"]:
        assert set(message) == {
            "campaign",
            "channel",
            "planned_on",
            "status",
            "made",
            "withheld",
            "withheld_reasons",
        }


def test_run_says_its_number_and_a_second_run_changes_nothing(shop: Shop) -> None:
    first = shop.data("run", "--as-of", AS_OF)
    assert list(first) == PLAN
    assert isinstance(first["run_id"], int)
    assert first["total_changes"] == 0


def test_import_says_seven_counts(shop: Shop) -> None:
    data = shop.data("import", "orders", str(shop.root / "in" / "orders.csv"))
    assert list(data) == [*VERDICTS, "dry_run", "files", "failed"]
    assert [data[name] for name in VERDICTS] == [4, 0, 0, 4, 0, 0, 0]
    file = data["files"][0]
    assert {"path", "kind", "encoding", "columns", "unused", "figures", "rejects", "import_id"} < set(file)
    assert {"notes", "note_counts", *VERDICTS} < set(file)


def test_rejects_are_told_by_place(shop: Shop) -> None:
    path = shop.write("in/bad.csv", "order_id,customer_id,paid_at,paid\no9,c1,2026-02-30 10:00,1\n")
    found = envelope(shop.pdo("import", "orders", str(path), "--format", "json", code=4).stdout)
    assert found["status"] == "partial"
    reject = found["data"]["files"][0]["rejects"][0]
    assert {"line": 2, "column": "paid_at", "value": "2026-02-30 10:00"}.items() <= reject.items()
    assert set(reject) == {"line", "column", "value", "code", "message", "hint"}


def test_lists_carry_known_keys(made_shop: Shop) -> None:
    assert all(set(one) == BATCH for one in made_shop.data("batch", "list")["batches"])
    assert all(set(one) == HELD for one in made_shop.data("tag", "history", "c1")["history"])
    assert all(set(one) == COUNTED for one in made_shop.data("tag", "list")["tags"])
    assert {"customer_id", "name", "phone", "owner", "store"} == set(
        made_shop.data("customer", "find", "王芳")["customers"][0]
    )


def test_explanations(made_shop: Shop) -> None:
    found = made_shop.data("explain", "c1", "--tag", "爱水果", "--as-of", AS_OF)["explanations"][0]
    assert set(found) == {
        *("customer_id", "kind", "name", "holds", "since", "as_of", "nodes"),
        *("by_hand", "blocked", "kept", "excluded_by", "expired"),
    }
    assert found["holds"] is True
    assert set(found["nodes"][0]) == {"label", "holds", "value", "children"}


def test_findings_are_one_object(shop: Shop) -> None:
    shop.write("playbooks/shop.yaml", "version: 1\nplaybook: shop\ntags:\n  A: {when: {tag: 没有}}\n")
    found = envelope(shop.pdo("validate", "--format", "json", code=3).stdout)
    assert (found["command"], found["status"]) == ("validate", "findings")
    assert found["diagnostics"][0]["line"] == 4
    found = envelope(shop.pdo("plan", "--format", "json", code=3).stdout)
    assert (found["command"], found["status"], found["data"]) == ("plan", "findings", {})
    assert found["diagnostics"][0]["line"] == 4


@pytest.mark.parametrize(
    ("arguments", "command"),
    [(["plan", "--nope"], "plan"), (["customer", "show"], "customer show"), (["nope"], ""), (["--format", "json"], "")],
)
def test_a_wrong_call_is_one_object_too(arguments: list[str], command: str) -> None:
    done = call(*arguments, "--format=json")
    found = envelope(done.stdout)
    assert (done.returncode, found["command"], found["status"]) == (2, command, "failed")
    assert found["diagnostics"][0]["severity"] == "error"
    assert done.stderr.splitlines()


def test_several_files_stop_at_the_first_that_cannot_be_used(shop: Shop) -> None:
    good, bad = shop.root / "in" / "orders.csv", shop.write("in/empty.csv", "")
    done = shop.pdo("import", "orders", str(good), str(bad), "--format", "json", code=2)
    found = envelope(done.stdout)
    assert found["status"] == "failed"
    assert [file["path"] for file in found["data"]["files"]] == [str(good)]
    done = shop.pdo("import", "orders", str(good), str(bad), code=2)
    assert "orders.csv" in done.stdout
    assert "empty.csv" in done.stderr
