"""Floor 4, a stage: from who is meant to what is said to whom, past the gate.

candidates + history → `plan_messages` → `PlannedBatch` → `write_batches` → batches that wait for approval or export. Every
message passes `gate`; what it holds back is kept with its reason. Imports neither ingest nor evaluate, deliver or report.
"""
