"""Every error that Pullquote raises on purpose.

    PullquoteError
    ├── ConfigError              a setting is unknown or out of range
    ├── ArticleError             an article's record breaks a rule (no id, a lone surrogate, a bad date)
    ├── LoadError                a file could not be read as articles
    │   ├── UnsupportedFormatError   no loader for this kind of file
    │   └── EncodingError            its bytes are not text in the encoding that was asked for
    ├── CollectionError          an index on disk cannot be used
    │   ├── IndexNotFoundError       there is none at that place
    │   ├── IndexExistsError         there is one already, and it was not asked to be replaced
    │   ├── IndexCorruptError        a file is missing or its SHA-256 is not the recorded one
    │   ├── IndexMismatchError       it was built with another format, model or settings
    │   └── IndexLockedError         another program is writing to it
    ├── ArticleNotFoundError     no article of that id in the index
    ├── ModelError               a model is missing, changed or unusable
    ├── MissingDependencyError   an optional package is needed; the message names the pip command
    ├── QuestionSetError         a question set cannot be read; the message names file, line and reason
    ├── RunError                 an evaluation's folder cannot be used, or two runs cannot be compared
    ├── LibraryError             the file of conversations and feedback cannot be used, or not for what was asked
    │   ├── ConversationNotFoundError  this owner has no conversation or exchange of that id
    │   └── CollectionNotFoundError    this owner can ask no collection of that id
    ├── QuestionError            the question cannot be asked (empty, too long)
    └── SchemaError              an answer's JSON is not of a version that can be read

Messages say what failed, with which value, and what to do about it. Errors of the libraries underneath are translated
at the edge where they occur, with the original as ``__cause__``.
"""

from __future__ import annotations


class PullquoteError(Exception):
    """Base of all errors that Pullquote raises on purpose."""


class ConfigError(PullquoteError, ValueError):
    """A setting is unknown or out of range."""


class ArticleError(PullquoteError, ValueError):
    """An article's record breaks a rule."""


class LoadError(PullquoteError):
    """A file could not be read as articles."""


class UnsupportedFormatError(LoadError):
    """No loader exists for this kind of file."""


class EncodingError(LoadError):
    """The bytes are not text in the encoding that was asked for."""


class CollectionError(PullquoteError):
    """An index on disk cannot be used."""


class IndexNotFoundError(CollectionError):
    """There is no index at that place."""


class IndexExistsError(CollectionError):
    """There is an index already, and it was not asked to be replaced."""


class IndexCorruptError(CollectionError):
    """A file of the index is missing, or its SHA-256 is not the recorded one."""


class IndexMismatchError(CollectionError):
    """The index was built with another format, model or settings."""


class IndexLockedError(CollectionError):
    """Another program is writing to the index."""


class ArticleNotFoundError(PullquoteError, KeyError):
    """No article of that id is in the index."""

    def __str__(self) -> str:  # KeyError would show the message in quotation marks
        return str(self.args[0]) if self.args else ""


class ModelError(PullquoteError):
    """A model is missing, changed or unusable."""


class MissingDependencyError(PullquoteError):
    """An optional package is needed; the message names the pip command."""


class QuestionError(PullquoteError, ValueError):
    """The question cannot be asked."""


class SchemaError(PullquoteError, ValueError):
    """An answer's JSON is not of a version that can be read."""


class QuestionSetError(PullquoteError):
    """A question set cannot be read."""


class RunError(PullquoteError):
    """An evaluation's folder cannot be used, or two runs cannot be compared."""


class LibraryError(PullquoteError):
    """The file that keeps conversations, feedback and the names of collections cannot be used, or not for what was
    asked."""


class CollectionNotFoundError(LibraryError):
    """This owner can ask no collection of that id; whether somebody else can is not told."""


class ConversationNotFoundError(LibraryError, KeyError):
    """This owner has no conversation or exchange of that id; whether somebody else has is not told."""

    def __str__(self) -> str:  # KeyError would show the message in quotation marks
        return str(self.args[0]) if self.args else ""
