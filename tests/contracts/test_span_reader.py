"""The span reader keeps the contract of all readers, with the model that ships."""

from __future__ import annotations

from index.tokenizer import Tokenizer
from qa.readers.base import Reader
from qa.readers.span import load_span_reader
from tests.contracts.reader import ReaderContract


class TestSpanReader(ReaderContract):
    def new_reader(self) -> Reader:
        return load_span_reader(Tokenizer(stem=True))
