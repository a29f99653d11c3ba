"""`pdo schema`: what editors complete and explain by. Needs no project."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

from pdo.commands.help import command, single
from pdo.commands.options import argument
from pdo.commands.present import writing
from pdo.playbook.schema import schema_text

app = single()


class SchemaFile(StrEnum):
    """The kinds of file that have a schema."""

    PLAYBOOK = "playbook"
    CASES = "cases"
    PDO = "pdo"


@command(app, "schema")
def schema(
    *, file: Annotated[SchemaFile, argument("schema", metavar="playbook|cases|pdo")] = SchemaFile.PLAYBOOK
) -> None:
    """Print a schema."""
    with writing(sys.stdout) as stream:
        stream.write(schema_text(file.value))
