"""Floor 2: from YAML to a checked project.

Files come in as sources; each stage takes the former one's value and a `Findings`: text → nodes (`pdo.core.nodes`) → names →
typed blocks → `Project`. After a fault the rest is still checked; nothing depends on a database. Imports `pdo.model` and
`pdo.core`.
"""
