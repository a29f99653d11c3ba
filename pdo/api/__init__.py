"""Floor 5: the use cases. Each wires its stages, owns the transaction and the lock, and returns a frozen report.

One module a family of use cases, so that whoever asks for one does not load the others' libraries: `checking` needs neither
database nor engine, `running` needs both. Knows no screen, no clock, no user; they come as arguments.
"""
