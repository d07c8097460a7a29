"""A reader by its name."""

from __future__ import annotations

from typing import Final

from qa.readers.base import Reader
from qa.readers.evidence import Terms
from qa.readers.huggingface import load_huggingface_reader
from qa.readers.sentence import SentenceReader
from qa.readers.span import load_span_reader

SPAN: Final = "span"
SENTENCE: Final = "sentence"


def load_reader(name: str, terms: Terms) -> Reader:
    """Load a reader.

    Args:
        name: ``"span"`` for the one that ships, ``"sentence"`` for whole sentences without a network, or the name or
            folder of a Hugging Face extractive question answering model.
        terms: gives a text's terms: the tokenizer of the lexical index.

    Raises:
        ModelError: a model is missing, changed or unusable.
        MissingDependencyError: a package that the model needs is not installed.
    """
    if name == SPAN:
        return load_span_reader(terms)
    if name == SENTENCE:
        return SentenceReader(terms)
    return load_huggingface_reader(name)
