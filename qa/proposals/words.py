"""Words that tell what a name names, and closed lists of roles, things and verbs. Pure."""

from __future__ import annotations

import re

MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
DATE = (
    rf"(?:\d{{1,2}} {MONTH}(?: \d{{4}})?|{MONTH}(?: \d{{1,2}}(?:, \d{{4}})?| \d{{4}})|1\d{{3}}|20\d{{2}})"
    r"(?![\w,–-]\d|[\w–-])"
)
"""A month with a day or a year, or a year; never a weekday, which tells little some weeks later."""
SUM = (
    r"(?:(?:US|C|A)?[$€£]\d[\d.,]*(?<=\d)(?: (?:million|billion|trillion))?"
    r"|\d[\d.,]*(?<=\d)(?: (?:million|billion))? (?:dollars|euros|pounds|crowns))(?!\w)"
)


def _word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _word_set(
    """
    president vice prime minister king queen prince princess pope sir dame lord lady dr mr mrs ms miss professor prof
    judge justice sen senator rep representative gov governor mayor gen general col colonel capt captain lt sgt sergeant
    chief secretary chancellor chairman chairwoman speaker leader director coach ceo cfo cto chair commissioner attorney
    ambassador rev reverend bishop cardinal archbishop saint st detective officer sheriff congressman congresswoman
    founder editor spokesman spokeswoman spokesperson deputy democrat democrats republican republicans conservative
    conservatives liberal labour labor tory democratic actor actress singer author analyst economist
    councilman councilwoman councilor councillor alderman gop dean superintendent supervisor trustee
    """
)
"""What stands before a name without being part of it."""
NO_PERSON = _word_set(
    """
    university college school institute company group inc corp ltd llc co bank party union association council court
    street avenue road park river lake mountain island county city state states kingdom republic north south east west
    american british french german news times post house senate congress board agency department ministry office center
    centre hospital church museum theatre theater stadium club league cup championship award awards prize festival act
    bill war world national international federal royal new united air airlines technologies foundation trust society
    police force army navy fund capital partners entertainment records pictures studios films media press journal review
    magazine law health care energy oil gas power security services service systems research science arts art music
    football soccer basketball baseball reuters getty images communications affairs saudi arabia korea
    """
)
GENERIC = _word_set(
    """
    act court party church parliament bill state states house council committee department government president senate
    congress minister board agency university company city country king queen pope prince emperor war union school
    college office ministry commission force army navy police association federation league cup club team game games
    series season show film movie book song republican democrat republicans democrats internet web christmas god earth
    sun moon english north south east west tv ceo ai covid secretary bank fund center centre constitution code bible
    republic empire kingdom treaty assembly conference summit museum report library space project station award
    emergency management public operations development education studies sciences human resources student students
    communications marketing sales finance policy planning safety house medicine legal nursing
    """
)
"""Single words that are often written with a capital, and name something only where it was named before."""
TAKES_ARTICLE = _word_set(
    """
    project foundation association institute federation council center centre society union committee initiative agency
    act organization organisation coalition network conference museum commission department ministry bureau board
    """
)
"""Last words of names that stand behind "the"; where a text left it out, a question would limp."""
LEADING = _word_set(
    """
    however meanwhile yesterday today tomorrow perhaps maybe instead moreover nevertheless afterwards sometimes often
    late earlier later recently finally eventually originally currently according despite like unlike among besides
    including following since former ex acting then outgoing incoming interim deputy vice longtime new old fellow one
    current members residents leaders officials supporters critics members employees workers students parents
    two three many most several first second third
    """
)
"""What begins a run of capitalised words, at the start of a sentence, without being part of the name."""

HEADS = {
    head.lower(): head
    for head in (
        "president", "prime minister", "chancellor", "foreign minister", "defense minister", "defence minister",
        "finance minister", "interior minister", "health minister", "trade minister", "energy minister", "governor",
        "mayor", "CEO", "chief executive", "secretary of state", "attorney general", "speaker", "majority leader",
        "minority leader", "police chief", "head coach",
    )
} | {"gov.": "governor"}  # fmt: skip
"""Offices that stand before a name, and what a question calls them."""
HEAD = "|".join(sorted((re.escape(head) for head in HEADS), key=len, reverse=True))
ROLE = (
    "mayor|president|prime minister|chief executive(?: officer)?|CEO|governor|chairman|chairwoman|chair|"
    "executive director|managing director|director general|director|leader|commissioner|secretary general|"
    "editor-in-chief|editor in chief|head coach|founder|owner|captain|archbishop|bishop|"
    "foreign minister|defen[cs]e minister|finance minister|interior minister|health minister"
)
"""Offices that one person holds at a time."""
OCCUPATION = (
    "professor|lecturer|economist|historian|lawyer|attorney|analyst|researcher|scientist|engineer|director|president|"
    "spokesman|spokeswoman|spokesperson|author|journalist|editor|reporter|writer|physicist|chemist|biologist|"
    "virologist|epidemiologist|mathematician|philosopher|politician|senator|member|fellow|head|chief|chief executive|"
    "CEO|founder|co-founder|mayor|governor|minister|secretary|chairman|chairwoman|chair|executive|manager|partner|"
    "adviser|advisor|strategist|expert|specialist|doctor|physician|surgeon|psychologist|nurse|teacher|coach|captain|"
    "commissioner|ambassador|diplomat|activist|organizer|leader|owner|curator|conservator|astronomer|meteorologist|"
    "geologist|archaeologist|architect|artist|painter|composer|singer|songwriter|actor|actress|comedian|filmmaker|"
    "producer|designer|dean|scholar|sociologist|farmer|officer|critic|host|anchor|correspondent|columnist|advocate|"
    "consultant|inspector|sheriff|lawmaker|congressman|congresswoman|representative|veteran|investor|entrepreneur|"
    "billionaire|vice president|judge|prosecutor|pastor|priest|cardinal|investigator|detective|choreographer|dancer|"
    "rapper|musician|drummer|guitarist|model|player|striker|midfielder|goalkeeper|quarterback|athlete|cyclist|"
    "champion|publisher|librarian|principal|superintendent|nutritionist|dietitian|trainer|therapist|psychiatrist|"
    "cardiologist|oncologist|neurologist|pediatrician|immunologist|ecologist|hydrologist|climatologist|oceanographer|"
    "paleontologist|anthropologist|linguist|pharmacist|veterinarian|zoologist|botanist|chef|baker|carpenter|plumber"
)
OCCUPATIONS = frozenset(OCCUPATION.split("|")) | {"developer", "officer", "contractor", "resident", "candidate"}
RANK = "former|senior|executive|deputy|associate|assistant|vice|chief|general|managing|national|political|lead"
THING = (
    "company|nonprofit|non-profit|organi[sz]ation|group|agency|charity|start-?up|firm|app|website|drug|vaccine|"
    "think tank|newspaper|magazine|platform|disease|virus|band|series|film|novel|video game|game show|museum|"
    "foundation|association|coalition|network|institute|manufacturer|retailer|airline|carrier|bank|brand|tool|software|"
    "law|treaty|satellite|telescope|spacecraft|rocket|chatbot|cryptocurrency|exchange|restaurant|chain|medication|"
    "medicine|supplement|newsroom|publisher|database|algorithm|protein|mineral|dinosaur|asteroid"
)
DONE = (
    "founded|established|built|completed|opened|launched|released|created|introduced|signed|published|discovered|"
    "invented|adopted|demolished|destroyed|abolished|dissolved|formed|ratified|arrested|born|assassinated|crowned|"
    "executed|canonized|renovated|incorporated|inaugurated|closed|rebuilt|sold|acquired"
)
MADE = {
    "founded": "founded", "built": "built", "designed": "designed", "written": "wrote", "directed": "directed",
    "invented": "invented", "discovered": "discovered", "created": "created", "composed": "composed",
    "painted": "painted", "established": "established", "developed": "developed", "published": "published",
    "produced": "produced", "acquired": "acquired", "bought": "bought",
}  # fmt: skip
"""A participle, and the past tense that asks for who did it."""
BASE = {"died": "die", "resigned": "resign", "opened": "open", "closed": "close", "began": "begin", "ended": "end"}
DID = (
    "founded|co-founded|built|designed|wrote|co-wrote|invented|discovered|created|composed|painted|established|"
    "acquired|bought|directed|produced|unveiled|vetoed|sponsored"
)
COUNTED = (
    "people|children|women|men|workers|passengers|students|soldiers|firefighters|officers|civilians|residents|migrants|"
    "homes|houses|customers|households|jobs|employees|patients|families|countries|states|companies|buildings|flights|"
    "stores|schools|prisoners|refugees|troops|animals|elephants|trees|ships|spectators|voters|members"
)
NUMBER = (
    r"\d[\d,]*(?<=\d)(?: million)?|(?i:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty)"
)
PLACE = (
    "city|country|river|lake|company|airport|island|bank|university|museum|park|state|port|airline|mountain|bridge|"
    "building|county|town|desert|forest|employer|church|cathedral|library"
)

POINTING = re.compile(
    r"\b(?:yesterday|today|tonight|tomorrow|ago|now|currently|recent(?:ly)?|latest|last|next|this|these|that|those|"
    r"later|earlier|here|previous(?:ly)?|same|such|another|other|others|also|upcoming|following|rival|similar|"
    r"counterpart|he|she|it|they|we|i|you|him|her|them|us|his|its|their|our|my|your|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b",
    re.IGNORECASE,
)
"""Words that point at something outside the question."""
