"""Floor 4, a stage: what the playbooks say of every customer, and how that differs from what the store holds.

source of facts + program → `load` → `run_program` → `outcome` table → `difference` → `Plan`; `apply_plan` writes one. The engine
is DuckDB in memory; facts travel in and keys travel out as Arrow. Imports neither ingest nor outbox, deliver or report.
"""
