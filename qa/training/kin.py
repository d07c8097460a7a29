"""Which words are of one kind without meaning the same: "vertical" and "horizontal", "founded" and "published"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Self

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from index.minilm import embedded_model_folder
from qa.english import FUNCTION_WORDS
from qa.readers.span import TOKENIZER_FILE
from qa.training.mining import Floats, embedded

LEAST_TIMES = 5
"""So often a word stands in the chunks, or it is not in the vocabulary: rarer ones are misspelt, or names."""

SAME_MEANING = 0.65
"""Words whose sentence vectors have a higher cosine may mean the same ("children" and "kids" have .89, "horizontal" and
"angle" .54). Some opposites have one as high and are lost for it."""

SAME_KIND = 0.2
"""Words whose mean word-piece embeddings, without what all have in common, have a lower cosine are of other kinds."""

SOMEHOW_ALIKE = 0.08
"""The same among the few words of one chunk, which seldom holds closer ones."""

_WORD = re.compile(r"(?<![\w'’-])[a-z]{4,}(?![\w'’-])")
_ENDINGS = ("ing", "ed", "ly", "al", "er", "est", "s")
_MOST_OF_VOCABULARY = 12
_MOST_OF_CHUNK = 4
_STEM_LETTERS = 4


def plain_words(text: str) -> tuple[str, ...]:
    """The different words in lower case of four letters and more that carry a meaning, in order."""
    return tuple(word for word in dict.fromkeys(_WORD.findall(text)) if word not in FUNCTION_WORDS)


def same_stem(word: str, other: str) -> bool:
    """Whether two words may be forms of one: they begin alike, or one holds the other."""
    return word[:_STEM_LETTERS] == other[:_STEM_LETTERS] or word in other or other in word


class WordKin:
    """The words of some text, with vectors for what kind of word each is and for what it means.

    Args:
        words: in a fixed order.
        kinds, meanings: shape ``(words, units)``, of length 1.
    """

    def __init__(self, words: Sequence[str], kinds: Floats, meanings: Floats) -> None:
        self._words = tuple(words)
        self._places = {word: place for place, word in enumerate(words)}
        self._kinds, self._meanings = kinds, meanings
        self._endings = np.array([_ending(word) for word in words])
        self.of_vocabulary = cache(self._of_vocabulary)

    @classmethod
    def of_texts(cls, texts: Iterable[str]) -> Self:
        """The vocabulary of some texts; its vectors are those of the embedded model.

        Raises:
            ValueError: no word stands often enough.
        """
        times = Counter(word for text in texts for word in _WORD.findall(text) if word not in FUNCTION_WORDS)
        words = sorted(word for word, found in times.items() if found >= LEAST_TIMES)
        if not words:
            raise ValueError(f"no plain word stands {LEAST_TIMES} times in the chunks: too few of them to make twins")
        return cls(words, _kinds(words), embedded(words))

    def __contains__(self, word: str) -> bool:
        return word in self._places

    def of_chunk(self, word: str, others: Sequence[str]) -> list[str]:
        """The few among ``others`` that are most of the word's kind, best first; those not in the vocabulary are left
        out, as are all for a word that is not."""
        if word not in self:
            return []
        known = [other for other in others if other in self]
        return self._alike(word, [self._places[other] for other in known], SOMEHOW_ALIKE)[:_MOST_OF_CHUNK]

    def _of_vocabulary(self, word: str) -> list[str]:
        """The few words of the whole vocabulary that are most of the word's kind, best first."""
        if word not in self:
            return []
        return self._alike(word, range(len(self._words)), SAME_KIND)[:_MOST_OF_VOCABULARY]

    def _alike(self, word: str, places: Sequence[int], least: float) -> list[str]:
        own, others = self._places[word], np.asarray(places, dtype=np.intp)
        kinds, meanings = self._kinds[others] @ self._kinds[own], self._meanings[others] @ self._meanings[own]
        fit = (kinds > least) & (meanings < SAME_MEANING) & (self._endings[others] == self._endings[own])
        best = others[fit][np.argsort(-kinds[fit], kind="stable")]
        return [found for place in best.tolist() if not same_stem(word, found := self._words[place])]


def _ending(word: str) -> str:
    """What tells a form: only words of one form are put in each other's place."""
    return next((ending for ending in _ENDINGS if word.endswith(ending) and len(word) > len(ending) + 2), "")


def _kinds(words: Sequence[str]) -> Floats:
    """The means of the words' word-piece embeddings, without the mean of all: the words around a word, which these are
    learnt from, are of the same kinds for words of one kind."""
    folder = embedded_model_folder()
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    tokenizer.no_padding()
    pieces = load_file(folder / "model.safetensors")["embeddings.word_embeddings.weight"].astype(np.float32)
    found = np.stack([pieces[tokenizer.encode(word, add_special_tokens=False).ids].mean(0) for word in words])
    found -= found.mean(0)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)
