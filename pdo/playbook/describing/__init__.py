"""Rules as people say them: for readers who do not read YAML.

In flow a checked project and its settings; out flow sentences (`Clause`), what two projects differ in, and the handbook. Nothing
here reads files or knows the store, the engine or the screen.
"""
