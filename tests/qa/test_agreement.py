"""What several sentences say in the same words rises together, and nothing else changes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunks import chunk_article
from index.records import Article, Candidate
from index.sentences import split_article
from qa.readers.agreement import CHANCE, SHARPNESS, pooled, with_agreement
from qa.records import Reading, ScoredSpan

SCORES = st.lists(st.floats(-20, 20), min_size=1, max_size=6)


def candidate(article_id: str, text: str) -> Candidate:
    article = Article(article_id=article_id, title="", text=text)
    (chunk,) = chunk_article(
        article,
        split_article(article),
        chunk_words=100,
        overlap_sentences=0,
        count_tokens=lambda texts: [len(text.split()) for text in texts],
        max_tokens=256,
    )
    return Candidate(chunk, article, 1, 1.0, 0.5, 2.0, (0.5,) * len(chunk.sentences), 1, 1)


def reading(one: Candidate, *spans: tuple[str, float]) -> Reading:
    found = []
    for words, score in spans:
        start = one.article.text.index(words)
        found.append(ScoredSpan(start, start + len(words), score, network=score - 1, relevance=3.0))
    return Reading(one.chunk.chunk_id, one.article.article_id, tuple(found), 0.0)


def scores_of(found: tuple[Reading, ...]) -> list[dict[int, float]]:
    return [{span.start_char: span.score for span in one.spans} for one in found]


def test_by_hand() -> None:
    a, b = (
        candidate("a", "The ferry sank off Skye. It was in May."),
        candidate("b", "It went down near SKYE, some say."),
    )
    given_readings = [reading(a, ("Skye", 1.0), ("May", 1.5)), reading(b, ("SKYE,", 0.5))]
    rise = SHARPNESS * math.log(1 + math.exp(-0.5 / SHARPNESS))
    first, second = with_agreement((a, b), given_readings)
    assert [(span.start_char, span.score) for span in first.spans] == [(19, pytest.approx(1 + rise)), (35, 1.5)]
    assert [span.score for span in second.spans] == [pytest.approx(0.5 + rise)]
    assert (first.spans[0].network, first.spans[0].relevance, first.no_answer_score) == (0.0, 3.0, 0.0)


def test_a_copy_of_a_sentence_and_a_second_reading_of_it_do_not_count() -> None:
    a, copy = (
        candidate("a", "The ferry sank off Skye. More soon."),
        candidate("b", "Wire:\n\nThe ferry  sank off Skye."),
    )
    given_readings = [reading(a, ("Skye", 1.0)), reading(copy, ("Skye", 0.5))]
    assert with_agreement((a, copy), given_readings) == tuple(given_readings)
    twice = [given_readings[0], given_readings[0]]  # overlapping chunks hold the same sentence
    assert with_agreement((a, a), twice) == tuple(twice)


def test_candidates_that_hold_the_words_and_do_not_give_them_weaken_it() -> None:
    """Whole words in any case count, and only in what was read; another answer is none the weaker for it."""
    a, b = candidate("a", "The ferry sank off Skye."), candidate("b", "It went down near Skye.")
    others = [
        candidate("c", "SKYE has bridges: Mull has none."),
        candidate("d", "A skyer is hit high, off Iona."),
        candidate("e", "Skye again, unread."),
    ]
    said = [reading(a, ("Skye", 1.0)), reading(b, ("Skye", 1.0))]
    unsaid = [reading(others[0], ("Mull", 1.0)), reading(others[1], ("Iona", 1.0)), reading(others[2])]
    rise = pooled([1.0, 1.0]) - 1.0
    found = with_agreement((a, b, *others), (*said, *unsaid))
    shrunk = (2 / 3) ** CHANCE * rise
    assert [one.spans[0].score for one in found if one.spans] == pytest.approx([1 + shrunk, 1 + shrunk, 1.0, 1.0])


def test_answers_without_words_are_answers_too() -> None:
    a, b = candidate("a", "He shouted: !!! Then he left."), candidate("b", "Nothing.")
    assert with_agreement((a, b), [reading(a, ("!!!", 1.0)), reading(b)])[0].spans[0].score == 1.0
    assert with_agreement((), ()) == ()


@given(SCORES)
def test_pooling_is_never_below_the_best_nor_above_all_being_as_good(scores: list[float]) -> None:
    best = max(scores)
    assert best <= pooled(scores) <= best + SHARPNESS * math.log(len(scores)) + 1e-9
    assert pooled(scores) == pytest.approx(SHARPNESS * math.log(sum(math.exp(one / SHARPNESS) for one in scores)))


@given(st.lists(st.tuples(st.sampled_from(["Skye", "Mull", "Iona"]), st.floats(-9, 9)), min_size=1, max_size=6))
def test_the_best_of_an_answer_stays_its_best_and_order_does_not_matter(said: list[tuple[str, float]]) -> None:
    candidates = [candidate(f"a{n}", f"Report {n}: it sank off {words}.") for n, (words, _) in enumerate(said)]
    readings = [reading(one, spoken) for one, spoken in zip(candidates, said, strict=True)]
    found = with_agreement(candidates, readings)
    for answer in {words for words, _ in said}:
        places = [n for n, (words, _) in enumerate(said) if words == answer]
        rises = {round(found[n].spans[0].score - said[n][1], 9) for n in places}
        assert len(rises) == 1
        assert max(found[n].spans[0].score for n in places) == pytest.approx(pooled([said[n][1] for n in places]))
    backwards = with_agreement(candidates[::-1], readings[::-1])[::-1]
    for one, other in zip(scores_of(found), scores_of(backwards), strict=True):
        assert one == pytest.approx(other)
