"""Floor 3: from a checked project to a program.

A program is one query over loaded facts, made of sqlglot expressions of the members listed in `members`, so that it means the
same on every engine. Each measure is computed once, in one pass over its fact table; rules follow in layers, each after what it
refers to. Dates have become integer bounds before anything is printed. Imports `pdo.model` and `pdo.core`.

project + state + clock → `compile_project` → `Program`
"""
