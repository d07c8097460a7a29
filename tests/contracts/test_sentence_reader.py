"""The sentence reader keeps the contract of all readers."""

from __future__ import annotations

from index.tokenizer import Tokenizer
from qa.readers.base import Reader
from qa.readers.sentence import SentenceReader
from tests.contracts.reader import ReaderContract


class TestSentenceReader(ReaderContract):
    def new_reader(self) -> Reader:
        return SentenceReader(Tokenizer(stem=True))
