"""Who may sign in: a file of names and salted hashes of passwords, one user a line.

    ann:scrypt$32768$8$3$<salt>$<hash>

Salt and hash are base64. The numbers are scrypt's cost, block size and parallelism, so that they can be raised later
without new passwords. Empty lines and lines that begin with ``#`` are passed over.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
import stat
import tempfile
import threading
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from filelock import FileLock

from index.errors import ConfigError

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 1024
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._@-]{0,62}[A-Za-z0-9])?")
_COST, _BLOCK, _PARALLEL = 1 << 15, 8, 3  # one of OWASP's equal choices for scrypt; 32 MiB of memory
_LARGEST_COST, _LARGEST_BLOCK, _LARGEST_PARALLEL = 1 << 18, 16, 16
_SALT_BYTES, _HASH_BYTES = 16, 32


@dataclass(frozen=True, slots=True)
class _Hash:
    """A password's salted hash, and how it was made."""

    cost: int
    block: int
    parallel: int
    salt: bytes
    digest: bytes

    @classmethod
    def of(cls, password: str) -> Self:
        salt = secrets.token_bytes(_SALT_BYTES)
        return cls(_COST, _BLOCK, _PARALLEL, salt, _scrypt(password, salt, _COST, _BLOCK, _PARALLEL))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError: the text is no such hash."""
        kind, *fields = text.split("$")
        if kind != "scrypt" or len(fields) != 5:
            raise ValueError("it is not of the form scrypt$cost$block$parallel$salt$hash")
        cost, block, parallel = (int(field) for field in fields[:3])
        if not 1 < cost <= _LARGEST_COST or cost & (cost - 1):
            raise ValueError(f"the cost {cost} is no power of two up to {_LARGEST_COST}")
        if not (0 < block <= _LARGEST_BLOCK and 0 < parallel <= _LARGEST_PARALLEL):
            raise ValueError("the block size or the parallelism is out of range")
        salt, digest = (base64.b64decode(field, validate=True) for field in fields[3:])
        if len(salt) < 8 or len(digest) < 16:
            raise ValueError("the salt or the hash is too short")
        return cls(cost, block, parallel, salt, digest)

    def __str__(self) -> str:
        salt, digest = (base64.b64encode(each).decode() for each in (self.salt, self.digest))
        return f"scrypt${self.cost}${self.block}${self.parallel}${salt}${digest}"

    def fits(self, password: str) -> bool:
        made = _scrypt(password, self.salt, self.cost, self.block, self.parallel, len(self.digest))
        return hmac.compare_digest(made, self.digest)


class Accounts:
    """The users of a file. A change of the file counts from the next question on; may be used from any thread.

    Args:
        path: the file.

    Raises:
        ConfigError: it cannot be read, others can read it, a line is not right, or it names nobody.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, ...] = ()
        self._users: dict[str, _Hash] = {}
        self._nobody = _Hash.of(secrets.token_urlsafe())
        if not self._current():
            raise ConfigError(f"{path} names nobody; add somebody with: pullquote user add NAME --file {path}")

    def check(self, name: str, password: str) -> bool:
        """Whether this is the user's password. It takes as long for a name that nobody has.

        Raises:
            ConfigError: the file can no longer be used; nobody is let in then.
        """
        found = self._current().get(name)
        # Somebody who is not there has a hash too, of a password that nobody knows.
        fits = (found or self._nobody).fits(password[: LONGEST_PASSWORD + 1])
        return fits and found is not None

    def stamp(self, name: str) -> str | None:
        """The user's hash as text, which changes with the password; None for a name that nobody has.

        Raises:
            ConfigError: the file can no longer be used.
        """
        found = self._current().get(name)
        return None if found is None else str(found)

    def _current(self) -> dict[str, _Hash]:
        with self._lock:
            try:
                status = self._path.stat()
            except OSError as error:
                raise ConfigError(f"{self._path}: {error.strerror or error}") from error
            seen = (status.st_ino, status.st_mtime_ns, status.st_size, status.st_mode)
            if seen != self._seen:
                self._users = _read(self._path)
                self._seen = seen
            return self._users


def set_password(path: Path, name: str, password: str) -> bool:
    """Add a user to a file, or change the user's password. The file is replaced in one step; nobody else can read it.

    Returns:
        Whether the user was there before.

    Raises:
        ConfigError: the name or the password cannot be taken, or the file cannot be used.
    """
    check_name(name)
    check_password(password)
    made = str(_Hash.of(password))
    return _change(path, name, f"{name}:{made}")


def remove_user(path: Path, name: str) -> None:
    """Remove a user from a file.

    Raises:
        ConfigError: nobody has that name, or the file cannot be used.
    """
    check_name(name)
    if not path.exists() or name not in _read(path):
        raise ConfigError(f"{path} has no user {name!r}")
    _change(path, name, None)


def check_name(name: str) -> None:
    """Raises ConfigError: ``name`` cannot be a user's name."""
    if not _NAME.fullmatch(name):
        raise ConfigError(
            f"{name!r} cannot be a user's name: letters and digits without accents, and . _ @ - between them, "
            "64 characters at most"
        )


def check_password(password: str) -> None:
    """Raises ConfigError: ``password`` is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise ConfigError(
            f"the password has {len(password)} characters; it must have from {SHORTEST_PASSWORD} to {LONGEST_PASSWORD}"
        )


def is_name(name: str) -> bool:
    """Whether ``name`` could be a user's."""
    return _NAME.fullmatch(name) is not None


def _scrypt(password: str, salt: bytes, cost: int, block: int, parallel: int, length: int = _HASH_BYTES) -> bytes:
    # One letter may be written in two ways, and which of them a keyboard sends differs between systems.
    secret = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    memory = 128 * block * (cost + parallel + 2) + (1 << 20)
    return hashlib.scrypt(secret, salt=salt, n=cost, r=block, p=parallel, maxmem=memory, dklen=length)


def _read(path: Path) -> dict[str, _Hash]:
    users: dict[str, _Hash] = {}
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigError(f"others on this machine can read or change {path}; run: chmod 600 {path}")
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is no text in UTF-8; make it with: pullquote user add NAME --file FILE") from error
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, hashed = line.strip().partition(":")
        if not is_name(name) or name in users:
            wrong = "stands there twice" if name in users else "cannot be a user's name"
            raise ConfigError(f"{path}, line {number}: {name[:80]!r} {wrong}")
        try:
            users[name] = _Hash.parse(hashed)
        except (ValueError, binascii.Error) as error:
            raise ConfigError(f"{path}, line {number}: the hash of {name!r} cannot be used: {error}") from None
    return users


def _change(path: Path, name: str, line: str | None) -> bool:
    """Put ``line`` in the place of the user's line, or at the end; None takes the line away."""
    target = path.resolve()  # a link stays a link
    try:
        with FileLock(f"{target}.lock", timeout=10):
            there = name in _read(target) if target.exists() else False
            lines = target.read_text(encoding="utf-8").splitlines() if target.exists() else []
            kept = [line or "" if each.strip().partition(":")[0] == name else each for each in lines]
            kept = [each for each, before in zip(kept, lines, strict=True) if each or not before]
            if line is not None and not there:
                kept.append(line)
            _replace(target, "".join(f"{each}\n" for each in kept))
    except TimeoutError as error:
        raise ConfigError(f"{path} is being changed by another program; try again") from error
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error
    return there


def _replace(target: Path, content: str) -> None:
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)  # of mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
