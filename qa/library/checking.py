"""What may be kept: checked before anything is written, so that a refusal names its reason."""

from __future__ import annotations

import secrets

from index.errors import ConversationNotFoundError, LibraryError

MOST_ROWS = 1_000
"""How many conversations or hits one call gives at most."""


def checked_text(text: object, what: str) -> str:
    """``text`` as it came, NUL and all other characters included.

    Raises:
        LibraryError: it is not text, or holds a lone surrogate, which UTF-8 has no form for.
    """
    if not isinstance(text, str):
        raise LibraryError(f"{what} must be text, not {text!r:.80}")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise LibraryError(
            f"{what} holds a lone surrogate U+{ord(text[error.start]):04X} at character {error.start}, which cannot be "
            "kept: send it as valid Unicode"
        ) from None
    return text


def checked_owner(owner: object) -> str:
    """The owner's name or token.

    Raises:
        LibraryError: it is blank, which would put all the nameless together, or cannot be kept.
    """
    name = checked_text(owner, "an owner")
    if not name.strip():
        raise LibraryError("an owner must have a name or a token: a blank one would be everybody's")
    return name


def known_id(value: object) -> str:
    """An id that may be looked up; whatever a browser sent that cannot be one is as unknown as a wrong one.

    Raises:
        ConversationNotFoundError: it cannot be an id.
    """
    try:
        return checked_text(value, "an id")
    except LibraryError:
        raise not_found() from None


def not_found() -> ConversationNotFoundError:
    """The same whether it never was, was deleted, or is somebody else's."""
    return ConversationNotFoundError("there is no such conversation; it may have been deleted")


def checked_range(limit: int, offset: int) -> tuple[int, int]:
    """How many rows and from which on.

    Raises:
        LibraryError: no list has such a part.
    """
    if not 0 <= limit <= MOST_ROWS or not 0 <= offset < 2**31:
        raise LibraryError(f"a part of a list has 0 to {MOST_ROWS} rows from row 0 on, not {limit} from {offset}")
    return limit, offset


def new_id() -> str:
    """An id that nobody guesses: 128 random bits."""
    return secrets.token_hex(16)
