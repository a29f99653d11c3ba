"""Floor 6: one short file a command: parse options, call `pdo.api`, hand the report to `present`.

Each module is loaded when its command is called (`pdo.cli.COMMANDS`), and loads no more of `pdo.api` than it needs, so that
`pdo --help` and `pdo validate` meet neither database nor engine. Here the clock is read, the user's name is asked and
terminals are known; nothing below does any of it.
"""
