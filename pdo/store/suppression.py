"""Who was erased and must not come back: keyed digests of their identifiers, and the key beside the database.

A plain digest of a phone is found by trying all phones, so it is an HMAC whose key is not in the database. Without the key the
list says nothing, so a store with a list refuses to import until the key is back.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from typing import TYPE_CHECKING

from pdo.core.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path

PRIVATE = 0o600
_BYTES = 32
_BLOCK = 64
"""Bytes of a block of SHA-256."""
UNIT = "\x1f"


def key_path(database: Path) -> Path:
    """The file of the key."""
    return database.with_name(database.name + ".key")


def read_key(database: Path) -> bytes | None:
    """The key; None where there is none.

    Raises:
        StorageError: it may not be read, or is none.
    """
    path = key_path(database)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise StorageError("error.suppression_key", path=path) from error
    return key


def make_key(database: Path) -> bytes:
    """The key, made where there is none, for its owner only.

    Raises:
        StorageError: the folder cannot be written.
    """
    found = read_key(database)
    if found is not None:
        return found
    path, key = key_path(database), secrets.token_bytes(_BYTES)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key.hex())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StorageError("error.not_permitted", path=path) from error
    return key


def check_of(key: bytes) -> str:
    """What tells one key from another and gives none away."""
    return hashlib.sha256(key).hexdigest()[:16]


def digest_of(key: bytes, kind: str, value: str) -> str:
    """What the list holds of an identifier."""
    return hmac.new(key, message_of(kind, value).encode(), "sha256").hexdigest()


def message_of(kind: str, value: str) -> str:
    """What is digested."""
    return f"{kind}{UNIT}{value}"


def pads(key: bytes) -> tuple[bytes, bytes]:
    """The inner and outer pad of the HMAC, for engines that know sha256 only."""
    block = key.ljust(_BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)
