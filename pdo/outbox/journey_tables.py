"""The tables in which people on their way through journeys come and go."""

import pyarrow as pa

INSIDE = pa.schema(
    [
        ("id", pa.int64()),
        ("journey", pa.string()),
        ("version", pa.string()),
        ("customer_id", pa.int64()),
        ("entered_at", pa.int64()),
        ("anchor_on", pa.int64()),
        ("step", pa.string()),
        ("waiting_since", pa.int64()),
    ]
)
"""Those who are inside. Grain: one entry. `anchor_on` is a day number; `step` the next one, reached at `waiting_since`."""

BEFORE = pa.schema(
    [("journey", pa.string()), ("customer_id", pa.int64()), ("entered_at", pa.int64()), ("anchor_on", pa.int64())]
)
"""The last entry of each who was ever in. Grain: journey × customer."""

ENTRIES = pa.schema(
    [
        *((name, INSIDE.field(name).type) for name in INSIDE.names),
        ("due_at", pa.int64()),
        ("status", pa.string()),
        ("fresh", pa.bool_()),
    ]
)
"""Entries as a run leaves them: new ones (`fresh`), and those that moved. Grain: one entry."""

STEPS = pa.schema([("entry", pa.int64()), ("step", pa.string()), ("state", pa.string()), ("reason", pa.string())])
"""What became of steps. Grain: entry × step. States: see `JourneyStep.state`."""
