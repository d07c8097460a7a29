"""The events that judge an answer: by a verdict, or by the sentence that would have been right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import gradio as gr

from qa.exchanges import Conversation
from qa.page.actions import Actions
from qa.page.asking import Asking
from qa.page.owners import owner
from qa.page.parts import refusal, sent
from qa.page.remembering import Remembered
from qa.page.scope import Scope


class Judging:
    """Keeps what is thought of an answer, and shows the conversation anew, a question that is awaited meanwhile too.

    Args:
        asking: knows which questions are being answered.
    """

    def __init__(self, actions: Actions, asking: Asking) -> None:
        self._actions = actions
        self._asking = asking

    def judged(
        self,
        event: gr.EventData,
        conversation: Conversation | None,
        scope: Scope | None,
        remembered: str | None,
        request: gr.Request,
    ) -> str:
        """A verdict was pressed; gives the conversation's HTML.

        Raises:
            gr.Error: it could not be kept.
        """
        verdict = partial(self._actions.judge, number=sent(event, "exchange"), verdict=sent(event, "verdict"))
        return self._kept(verdict, conversation, scope, remembered, request)

    def sentence_chosen(
        self,
        event: gr.EventData,
        conversation: Conversation | None,
        scope: Scope | None,
        remembered: str | None,
        request: gr.Request,
    ) -> str:
        """The sentence that would have been right was pressed; gives the conversation's HTML.

        Raises:
            gr.Error: it could not be kept.
        """
        correction = partial(self._actions.correct, number=sent(event, "exchange"), sent=event._data)
        return self._kept(correction, conversation, scope, remembered, request)

    def _kept(
        self,
        keep: Callable[..., str],
        conversation: Conversation | None,
        scope: Scope | None,
        remembered: str | None,
        request: gr.Request,
    ) -> str:
        """Has it kept, and gives the conversation's HTML.

        Args:
            keep: keeps it, of an owner and a conversation; gives what to tell when it could not.
        """
        who = owner(request)
        so_far, _ = self._actions.meant(who, conversation, scope, remembered)
        problem = keep(who, conversation=so_far)
        if problem:
            raise refusal(problem)
        asked = Remembered.parse(remembered).question
        return self._asking.log_now(who, so_far, asked) if asked else self._actions.conversation(who, so_far)
