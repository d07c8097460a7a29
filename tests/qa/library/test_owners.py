"""Whatever one owner does, the library is what a dictionary would be, and the other owner's view is unchanged."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from index.errors import ConversationNotFoundError
from qa.library import VERDICTS, Library, database
from qa.records import Answer
from tests.qa.library.samples import BOTH, NOTHING, STRUCK

OWNERS = st.sampled_from(["ann", "ben"])
WORDS = ["ferry", "pier", "captain", "Ærø", "NEAR", "x\x00y"]
QUESTIONS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
OUTCOMES = st.sampled_from([STRUCK, BOTH, NOTHING, None])
PLACES = st.integers(0, 30)


@dataclass
class Said:
    """An exchange as the model has it."""

    exchange_id: str
    question: str
    answer: Answer | None
    verdicts: dict[int | None, tuple[str, str]] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        cited = [citation.sentence for citation in self.answer.citations] if self.answer else []
        text = " ".join([self.question, *cited]).lower().replace("ærø", "aero").replace("\x00", " ")
        return "".join(letter if letter.isalnum() else " " for letter in text).split()


@dataclass
class Talk:
    """A conversation as the model has it."""

    conversation_id: str
    owner: str
    title: str | None = None
    said: list[Said] = field(default_factory=list)


class LibraryMachine(RuleBasedStateMachine):
    """Acts on a library and on a model of it: all owners' conversations, the one that was last added to first."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.talks: list[Talk] = []

    @initialize()
    def open(self) -> None:
        self.library = Library.open(Path(self.folder.name) / "library.sqlite")

    @rule(fts5=st.booleans())
    def reopen(self, fts5: bool) -> None:
        self.library.close()
        with patch.object(database, "has_fts5", lambda connection: fts5):
            self.open()

    @rule(owner=OWNERS, question=QUESTIONS, answer=OUTCOMES)
    def begin(self, owner: str, question: str, answer: Answer | None) -> None:
        kept = self.library.conversations.add(owner, question, answer, problem="" if answer else "none")
        self.talks.insert(0, Talk(kept.conversation_id, owner, None, [Said(kept.exchange_id, question, answer)]))

    @rule(owner=OWNERS, at=PLACES, question=QUESTIONS, answer=OUTCOMES)
    def go_on(self, owner: str, at: int, question: str, answer: Answer | None) -> None:
        if not self.talks:
            return
        talk = self.talks[at % len(self.talks)]
        kept = self.attempt(owner, talk, lambda: self.library.conversations.add(
            owner, question, answer, problem="" if answer else "none", conversation_id=talk.conversation_id
        ))  # fmt: skip
        if kept:
            talk.said.append(Said(kept.exchange_id, question, answer))
            self.to_front(talk)

    @rule(owner=OWNERS, at=PLACES, question=QUESTIONS)
    def replace_last(self, owner: str, at: int, question: str) -> None:
        if not self.talks:
            return
        talk = self.talks[at % len(self.talks)]
        last = talk.said[-1].exchange_id
        kept = self.attempt(owner, talk, lambda: self.library.conversations.replace(owner, last, question, BOTH))
        if kept:
            talk.said[-1] = Said(kept.exchange_id, question, BOTH)
            self.to_front(talk)

    @rule(owner=OWNERS, at=PLACES, title=st.sampled_from(["", "Mine", "<i>x</i>"]))
    def rename(self, owner: str, at: int, title: str) -> None:
        if self.talks:
            talk = self.talks[at % len(self.talks)]
            self.attempt(owner, talk, lambda: self.library.conversations.rename(owner, talk.conversation_id, title))
            talk.title = (title or None) if talk.owner == owner else talk.title

    @rule(owner=OWNERS, at=PLACES)
    def delete(self, owner: str, at: int) -> None:
        if self.talks:
            talk = self.talks[at % len(self.talks)]
            self.attempt(owner, talk, lambda: self.library.conversations.delete(owner, talk.conversation_id))
            self.talks = [one for one in self.talks if one is not talk or talk.owner != owner]

    @rule(owner=OWNERS, at=PLACES, which=PLACES, verdict=st.sampled_from(VERDICTS), citation=st.none() | st.just(0))
    def judge(self, owner: str, at: int, which: int, verdict: Any, citation: int | None) -> None:
        if not self.talks:
            return
        talk = self.talks[at % len(self.talks)]
        said = talk.said[which % len(talk.said)]
        if said.answer in (None, NOTHING) or (verdict == "should have abstained" and citation is not None):
            return
        note = f"{owner} {verdict}"
        self.attempt(owner, talk, lambda: self.library.feedback.give(
            owner, said.exchange_id, verdict, citation=citation, note=note
        ))  # fmt: skip
        if talk.owner == owner:
            said.verdicts.pop(citation, None)
            said.verdicts[citation] = (verdict, note)

    @rule(owner=OWNERS, at=PLACES, citation=st.none() | st.just(0))
    def withdraw(self, owner: str, at: int, citation: int | None) -> None:
        if self.talks:
            talk = self.talks[at % len(self.talks)]
            said = talk.said[0]
            self.attempt(
                owner, talk, lambda: self.library.feedback.withdraw(owner, said.exchange_id, citation=citation)
            )
            if talk.owner == owner:
                said.verdicts.pop(citation, None)

    @rule(owner=OWNERS)
    def forget(self, owner: str) -> None:
        self.library.forget(owner)
        self.talks = [talk for talk in self.talks if talk.owner != owner]

    @rule(owner=OWNERS, word=st.sampled_from(["ferry", "pie", "CAPTAIN", "aero", "near", "y", "truck"]))
    def search(self, owner: str, word: str) -> None:
        found = {hit.exchange_id for hit in self.library.conversations.search(owner, word, limit=1000)}
        expected = {
            said.exchange_id
            for talk in self.talks
            for said in talk.said
            if talk.owner == owner and any(each.startswith(word.lower()) for each in said.words)
        }
        assert found == expected

    @invariant()
    def every_owner_sees_the_own(self) -> None:
        if not hasattr(self, "library"):
            return
        for owner in ("ann", "ben", "nobody"):
            own = [talk for talk in self.talks if talk.owner == owner]
            listed = self.library.conversations.recent(owner, limit=1000)
            assert [(one.conversation_id, one.title, one.exchanges) for one in listed] == [
                (talk.conversation_id, talk.title or " ".join(talk.said[0].question.split()), len(talk.said))
                for talk in own
            ]
            for talk in own:
                read = self.library.conversations.read(owner, talk.conversation_id)
                assert [(one.exchange_id, one.question, one.answer) for one in read.exchanges] == [
                    (said.exchange_id, said.question, said.answer) for said in talk.said
                ]
            assert {
                (one.exchange_id, one.citation, one.verdict, one.note) for one in self.library.feedback.of_owner(owner)
            } == {
                (said.exchange_id, citation, *verdict)
                for talk in own
                for said in talk.said
                for citation, verdict in said.verdicts.items()
            }

    def attempt(self, owner: str, talk: Talk, act: Callable[[], Any]) -> Any:
        """What ``act`` gives, which must be refused when the conversation is another owner's."""
        try:
            given = act()
        except ConversationNotFoundError:
            assert talk.owner != owner
            return None
        assert talk.owner == owner
        return given

    def to_front(self, talk: Talk) -> None:
        self.talks.sort(key=lambda one: one is not talk)

    def teardown(self) -> None:
        if hasattr(self, "library"):
            self.library.close()
        self.folder.cleanup()


LibraryMachine.TestCase.settings = settings(deadline=None, max_examples=12, stateful_step_count=20)
TestOwners = LibraryMachine.TestCase
