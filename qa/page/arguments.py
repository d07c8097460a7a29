"""What programs send, checked: JSON of any type and size -> what is asked for, or an error that names what is wrong."""

from __future__ import annotations

from datetime import date

from index.errors import ConfigError, QuestionError, SchemaError
from qa.records import Answer, Turn

MOST_TURNS = 50
MOST_NAMES = 500


def text_of(value: object, name: str, most: int | None = None) -> str:
    if not isinstance(value, str):
        raise QuestionError(f"{name} must be text, not {_kind(value)}")
    if most is not None and len(value) > most:
        raise QuestionError(f"{name} has {len(value)} characters; at most {most} are taken")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise QuestionError(f"{name} holds half of a character (a lone surrogate); send it as UTF-8")
    return value


def number_of(value: object, name: str, least: int, most: int | None) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # JavaScript knows no other numbers
    if not isinstance(value, int) or isinstance(value, bool):
        raise ConfigError(f"{name} must be a whole number, not {_kind(value)}")
    if value < least or (most is not None and value > most):
        raise ConfigError(f"{name} is {value}; it must be {f'from {least} to {most}' if most else f'{least} or more'}")
    return value


def day_of(value: object, name: str) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(text_of(value, name, 32))
    except QuestionError:
        raise
    except ValueError:
        raise ConfigError(f"{name} is {value!r}; it must be a day such as 2024-05-31") from None


def names_of(value: object, name: str) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ConfigError(f"{name} must be a list of texts, not {_kind(value)}")
    if len(value) > MOST_NAMES:
        raise ConfigError(f"{name} has {len(value)} entries; at most {MOST_NAMES} are taken")
    return tuple(value)


def history_of(value: object) -> tuple[Answer | Turn, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise SchemaError(f"history must be a list of earlier turns, not {_kind(value)}")
    if len(value) > MOST_TURNS:
        raise SchemaError(f"history has {len(value)} turns; at most {MOST_TURNS} are taken: leave out the oldest")
    return tuple(_turn(each, position) for position, each in enumerate(value))


def _turn(value: object, position: int) -> Answer | Turn:
    where = f"history[{position}]"
    if not isinstance(value, dict):
        raise SchemaError(f"{where} must be an object, not {_kind(value)}")
    if "schema_version" in value:
        try:
            answer = Answer.from_dict(value)
        except SchemaError as error:
            raise SchemaError(f"{where}: {error}") from None
        return _sound(answer, where)
    unknown = sorted(value.keys() - {"question", "answer_text", "titles"})
    if unknown or "question" not in value:
        wrong = f"an unknown key {unknown[0]!r}" if unknown else "no question"
        raise SchemaError(f"{where} has {wrong}; give an earlier answer, or question, answer_text and titles")
    text = value.get("answer_text")
    return Turn(
        question=text_of(value["question"], f"{where}.question"),
        answer_text=None if text is None else text_of(text, f"{where}.answer_text"),
        titles=names_of(value.get("titles", []), f"{where}.titles") or (),
    )


def _sound(answer: Answer, where: str) -> Answer:
    """The answer, if what a follow-up takes from it is text."""
    text_of(answer.question, f"{where}.question")
    text_of(answer.query, f"{where}.query")
    for span in (*answer.spans, *((answer.best,) if answer.best else ())):
        text_of(span.text, f"the text of a span of {where}")
    for citation in (*answer.citations, *answer.closest):
        for name in ("article_id", "title", "sentence", "quote"):
            text_of(getattr(citation, name), f"{name} of a citation of {where}")
    return answer


def _kind(value: object) -> str:
    return {type(None): "null", bool: "true or false", dict: "an object", list: "a list", str: "text"}.get(
        type(value), "a number"
    )
