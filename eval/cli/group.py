"""``pullquote eval QUESTIONS`` runs an evaluation; ``pullquote eval NAME …`` is one of its other commands."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

DEFAULT = "run"


class EvalGroup(TyperGroup):
    """Takes ``run`` for granted where the first argument names no command."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        if args and args[0] not in self.commands:
            args = [DEFAULT, *args]
        return super().resolve_command(ctx, args)
