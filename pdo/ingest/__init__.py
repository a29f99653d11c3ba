"""Floor 4: other people's exports become rows of the store.

In: a file, its kind, the settings, an open door. Out: rows in the store, rows of the journal, an `ImportReport`.

    bytes → UTF-8 text → records with line numbers → typed rows, faults → merged with the store → written

Every record gets exactly one verdict and the sum is checked. One stage a module, in the order above: `files`, `decoding`,
`dialect`, `headers`, `records`, `cells` (with `macros`), `faults`, `references`, `merge`, `writing`, `journal`; `importer` is
where their order stands. The work is done by DuckDB in a private folder (`workspace`); rows pass through Python only where a
file is so irregular that its lines must be counted exactly.

The reading half (`reading`, `rows_of`) knows no store and loads none. Imports `pdo.store`, `pdo.model` and `pdo.core`; knows
nothing of playbooks, terminals or the clock.
"""
