"""The sentences that a question can be made of: what each must look like, and the question. Pure.

Every pattern moves words of the sentence into a frame that is grammatical whatever the words are: a verb is taken over
with its own number, or stands behind "will" or "did".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from qa.proposals.words import (
    BASE,
    COUNTED,
    DATE,
    DID,
    DONE,
    HEAD,
    HEADS,
    MADE,
    MONTH,
    NUMBER,
    OCCUPATION,
    PLACE,
    RANK,
    ROLE,
    SUM,
    THING,
)

_WORD = r"[^\W\d_a-z][\w’'&.-]*"
_NAME = rf"{_WORD}(?: (?:{_WORD}|of|the|for|and|de|van|von|du|la)){{0,7}}?"
_PERSON = rf"{_WORD}(?: (?:{_WORD}|de|van|von|al|bin|di)){{1,3}}?"
_SUBJECT = r"[^\W\d_a-z][^,;:()\"“”]{1,60}?"
_CLAUSE = r"[^,;:()\"“”.]"
_BEGINS = r"(?<![\w’'.&-])"
_END = r"(?=[,;]|\.[”\"]?$)"
_ENDS_NAME = r"(?=,(?! [^\W\d_a-z])|;|\.[”\"]?$)"
"""Not before a comma and a capital: "the Department of Trade, Energy and Labour", "Washington, D.C."."""
_ABOUT = r"(?:about |around |nearly |almost |some |an estimated |more than |over )?"
_ADJECTIVE = re.compile(r".*(?:ian|ean|ish|ese|[nr]i|li|[^a]ch|ee?k|iss|ican|[A-Z.]{2,})|.* .*")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A kind of sentence and the question made of it.

    Attributes:
        kind: names the pattern; patterns that ask alike share one.
        shape: its groups are checked by their names (``qa.proposals._fits``).
        frame: the question, with the groups' names in braces.
        answer: the group that the question asks for.
        wording: changes a group's words, by the group's name.
    """

    kind: str
    shape: re.Pattern[str]
    frame: str
    answer: str = "answer"
    wording: Mapping[str, Callable[[str], str]] = field(default_factory=dict)


def office(name: str, head: str) -> str:
    """How a question calls an office that stood before a name: "the French president", "the mayor of Ayr"."""
    called = HEADS[head.lower()]
    of_places = called in ("mayor", "governor")
    of_plain_names = called in ("president", "prime minister", "CEO", "chief executive")
    if of_places or (of_plain_names and not _ADJECTIVE.fullmatch(name)):
        return f"the {called} of {name}"
    return f"the {name} {called}"


def _of(shape: str) -> re.Pattern[str]:
    return re.compile(shape)


PATTERNS = (
    Pattern(
        "office",
        _of(
            rf"{_BEGINS}(?P<person>{_PERSON}), (?:the |who is the )?(?P<role>{ROLE}) (?P<of>of|at)"
            rf" (?P<the>the )?(?P<name>{_NAME}){_ENDS_NAME}"
        ),
        "Who is the {role} {of} {the}{name}?",
        "person",
    ),
    Pattern(
        "office",
        _of(
            rf"{_BEGINS}(?P<place>{_NAME}) (?P<head>(?i:{HEAD})) (?P<person>{_PERSON})(?=[,.;]| (?:said|"
            rf"says|told|has|was|is|will|announced)\b)"
        ),
        "Who is {office}?",
        "person",
    ),
    Pattern(
        "person",
        _of(
            rf"{_BEGINS}(?P<person>{_PERSON}), (?P<answer>(?:(?:the|an?) (?:[a-z-]+ ){{0,3}}|(?:(?:{RANK})"
            rf" ){{0,2}})(?:{OCCUPATION}))"
            rf"(?P<more> (?:of|at|for|with|in|from|and|to|on|who) [^,;:()\"“”]{{3,70}})?(?=, |\.[”\"]?$)"
        ),
        "Who is {person}?",
    ),
    Pattern(
        "person",
        _of(
            rf"^(?P<person>{_PERSON}) is (?P<answer>(?:the|an?)"
            rf" (?:[a-z-]+ ){{0,3}}(?:{OCCUPATION}))(?P<more> (?:of|at|for|with|in|from|and|who)"
            rf" [^;:()\"“”]{{3,90}})?\.$"
        ),
        "Who is {person}?",
    ),
    Pattern(
        "person",
        _of(
            rf"{_BEGINS}(?P<person>{_PERSON}), (?P<answer>(?:the )?(?:wife|widow|husband|son|daughter|"
            rf"mother|father|brother|sister) of [^,;:()\"“”]{{3,60}})(?=, |\.$)"
        ),
        "Who is {person}?",
    ),
    Pattern(
        "what",
        _of(
            rf"{_BEGINS}(?P<the>the )?(?P<name>{_NAME}), (?P<answer>an? (?:(?!(?:on|in|of|at|to|for|and|"
            rf"with|that)\b)[\w-]+ ){{0,4}}?(?:{THING}))"
            rf"(?P<more> (?:of|at|for|with|in|from|to|that|which|based|working|providing|run|owned|founded|"
            rf"dedicated|focused|aimed) [^,;:()\"“”]{{3,80}})?(?=, |\.[”\"]?$)"
        ),
        "What is {the}{name}?",
    ),
    Pattern(
        "definition",
        _of(
            r"^(?P<title>[^,;:()\"“”.]{3,50}?) (?:\([^()]{1,60}\) )?is (?P<answer>(?:an?|the|one of the)"
            r" [^;:()\"“”]{12,160})\.$"
        ),
        "What is {title}?",
    ),
    Pattern(
        "when",
        _of(
            rf"^(?P<subject>{_SUBJECT}) (?P<was>was|were) (?:first |officially |"
            rf"originally )?(?P<verb>{DONE}) (?:in|on) (?P<answer>{DATE})"
        ),
        "When {was} {subject} {verb}?",
    ),
    Pattern(
        "when",
        _of(rf"^(?P<subject>{_SUBJECT}) (?P<verb>{'|'.join(BASE)}) (?:in|on) (?P<answer>{DATE})"),
        "When did {subject} {verb}?",
        wording={"verb": BASE.__getitem__},
    ),
    Pattern(
        "when",
        _of(
            rf"^(?P<subject>{_SUBJECT}) will (?P<verb>be (?:held|released|launched|published|inaugurated|"
            rf"completed)|open|begin|start|"
            rf"take place|launch|close|end|premiere) (?:in|on) (?P<answer>{DATE}|{MONTH})"
        ),
        "When will {subject} {verb}?",
    ),
    Pattern(
        "when",
        _of(
            rf"{_BEGINS}(?P<the>the )?(?P<name>{_NAME}), (?:which was )?(?P<verb>founded|established|"
            rf"launched|built|created|released|opened) in (?P<answer>{DATE})"
        ),
        "When was {the}{name} {verb}?",
    ),
    Pattern(
        "who",
        _of(
            rf"^(?P<subject>{_SUBJECT}) (?:was|were) (?:first |originally )?(?P<verb>{'|'.join(MADE)})"
            rf" (?:in (?:1\d{{3}}|20\d{{2}}) )?by (?P<person>{_PERSON})(?=[,;]|\.$| in\b| and\b| at\b)"
        ),
        "Who {verb} {subject}?",
        "person",
        {"verb": MADE.__getitem__},
    ),
    Pattern(
        "who",
        _of(rf"{_BEGINS}(?P<person>{_PERSON}), who (?P<verb>{DID}) (?P<clause>{_CLAUSE}{{6,70}}){_END}"),
        "Who {verb} {clause}?",
        "person",
    ),
    Pattern(
        "who",
        _of(rf"{_BEGINS}(?P<agent>{_PERSON}) (?P<verb>{DID}) (?P<clause>{_CLAUSE}{{6,70}}){_END}"),
        "Who {verb} {clause}?",
        "agent",
    ),
    Pattern(
        "won",
        _of(
            rf"^(?P<subject>{_SUBJECT}) (?:has |have )?won"
            rf" (?P<clause>the {_CLAUSE}{{6,60}}?)(?=[,;]|\.$| for the | by | with | in"
            rf" (?:1\d{{3}}|20\d{{2}}))"
        ),
        "Who won {clause}?",
        "subject",
    ),
    Pattern(
        "where",
        _of(
            rf"^(?P<subject>{_SUBJECT}) (?P<was>is|was|are|were) (?P<verb>born|based|headquartered|located|"
            rf"buried|held|filmed) (?:in|at) (?P<answer>[^,.;:()]{{3,50}}){_END}"
        ),
        "Where {was} {subject} {verb}?",
    ),
    Pattern(
        "where",
        _of(
            rf"{_BEGINS}(?P<the>the )?(?P<name>{_NAME}), (?:which is )?(?:based|headquartered) in"
            rf" (?P<answer>[^,.;:()]{{3,40}}){_END}"
        ),
        "Where is {the}{name} based?",
    ),
    Pattern(
        "sum",
        _of(rf"^(?P<subject>{_SUBJECT}) (?P<verb>will|would) cost {_ABOUT}(?P<answer>{SUM})"),
        "How much {verb} {subject} cost?",
    ),
    Pattern("sum", _of(rf"^(?P<subject>{_SUBJECT}) costs {_ABOUT}(?P<answer>{SUM})"), "How much does {subject} cost?"),
    Pattern(
        "sum",
        _of(
            rf"^(?P<subject>{_SUBJECT}) was (?P<verb>fined|sold for|valued at)"
            rf" {_ABOUT}(?:a record )?(?P<answer>{SUM})"
        ),
        "How much was {subject} {verb}?",
    ),
    Pattern(
        "sum",
        _of(rf"^(?P<subject>{_SUBJECT}) (?:bought|acquired) (?P<name>{_NAME}) for {_ABOUT}(?P<answer>{SUM})"),
        "How much did {subject} pay for {name}?",
    ),
    Pattern(
        "count",
        _of(
            rf"(?:^|\bsaid (?:that )?)(?:(?i:at least|more than|about|around|nearly|almost|some)"
            rf" )?(?P<answer>{NUMBER}) (?P<who>{COUNTED})"
            rf" (?P<verb>were|have been|had been|have|died|lost) (?P<clause>{_CLAUSE}{{8,70}}){_END}"
        ),
        "How many {who} {verb} {clause}?",
    ),
    Pattern(
        "accused",
        _of(
            rf"^(?P<person>{_PERSON}) (?P<was>was|were|is) (?P<verb>charged with|accused of|convicted of|"
            rf"diagnosed with) (?P<answer>{_CLAUSE}{{4,60}}){_END}"
        ),
        "What {was} {person} {verb}?",
    ),
    Pattern(
        "sentenced",
        _of(
            rf"^(?P<person>{_PERSON}) was sentenced to (?:up to |"
            rf"at least )?(?P<answer>\d+|[a-z]+(?:-[a-z]+)?) (?P<unit>years|months) in (?:prison|jail)"
        ),
        "How many {unit} in prison was {person} sentenced to?",
    ),
    Pattern(
        "population",
        _of(
            rf"^(?P<subject>{_SUBJECT})"
            rf" has a population of {_ABOUT}(?P<answer>\d[\d,.]*(?<=\d)(?: million| billion)?)"
        ),
        "What is the population of {subject}?",
    ),
    Pattern(
        "stands for",
        _of(rf"{_BEGINS}(?P<letters>[A-Z][A-Za-z]*[A-Z]) stands for (?P<answer>{_CLAUSE}{{6,70}}){_END}"),
        "What does {letters} stand for?",
    ),
    Pattern(
        "superlative",
        _of(
            rf"^(?P<answer>{_NAME}) is (?P<clause>the (?:capital|(?:(?:second|third)-)?(?:largest|biggest|"
            rf"oldest|longest|tallest|highest|"
            rf"smallest|deepest|most populous) (?:[a-z]+ )?(?:{PLACE})) (?:in|of|on) {_CLAUSE}{{3,40}}){_END}"
        ),
        "What is {clause}?",
    ),
)
