"""Floor 0: what everything stands on and what knows nothing of the field.

Sources and spans, YAML nodes, diagnostics, errors and exit codes, settings (`pdo.yaml`), time arithmetic, and the wording of
everything a person reads. Imports nothing of `pdo` but itself; `yaml` is imported in `nodes` alone.
"""
