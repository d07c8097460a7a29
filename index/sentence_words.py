"""The words that the sentence rules know, by what a full stop after them means.

An abbreviation's class says what may follow its full stop; words are written without their last full stop. The lists
are closed classes of English (titles, months, states of the AP style, company forms) and hold no names of persons.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words(
    """
    Adm Ald Amb Asst Atty Brig Capt Cmdr Col Cpl Dcn Det Dir Dr Drs Fr Ft Gen Gens Gov Govs Hon Insp Lt
    Lts Maj Messrs Mlle Mme Mr Mrs Ms Msgr Mt Mx Pfc Pres Prof Profs Pvt Rep Reps Rev Revs Sen Sens Sgt
    Spc Supt
    """
)
"""Stand before a name, so that their full stop ends no sentence ("Dr. No"). Also in capitals; not in small letters."""

BEFORE_NUMBER = _words(
    """
    apr aug c ch chap dec eq ext feb fig figs fri jan jul jun mar mon no nos nov nr nº n° oct op p par
    para pg pgs pp sec sep sept tel thu thur thurs tue tues vol vols wed
    """
)
"""Go on before a digit ("No. 5", "Sept. 15", "p. 55"); else they end a sentence like any word ("I said no. Then")."""

CONTINUING = _words("aka a.k.a approx ca cf e.g i.e incl v viz vs")
"""Never end a sentence."""

MAY_END = _words(
    """
    al apt assn assoc ave bldg blvd bros capt co corp cos cres dept dist div esq est gmbh govt hwy inc
    inst intl jr ltd mfg natl pkwy pl plc rd sq sr st ste terr univ
    """
)
"""End a sentence only before a word that starts one: "Apple Inc. The …" but "Apple Inc. Chief Executive …"."""

STATES = _words(
    """
    Ala Ariz Ark Calif Colo Conn D.C Del Fla Ga Ill Ind Kan Ky La Mass Md Mich Minn Miss Mo Mont N.C N.D
    N.H N.J N.M N.Y Neb Nev Okla Ont Ore Pa Penn R.I S.C S.D Tenn Tex Va Vt W.Va Wash Wis Wyo
    """
)
"""After a place and a comma they end a sentence before any capital ("Tampa, Fla. Police said"); else like MAY_END."""

CLOCK = _words("a.m p.m")
"""End a sentence before any capital that does not go on with the time ("8 p.m. ET", "7 a.m. Monday")."""

AFTER_CLOCK = _words(
    """
    Mon Monday Mondays Tue Tues Tuesday Tuesdays Wed Wednesday Wednesdays Thu Thur Thurs Thursday
    Thursdays Fri Friday Fridays Sat Saturday Saturdays Sun Sunday Sundays Jan January Feb February Mar
    March Apr April May Jun June Jul July Aug August Sep Sept September Oct October Nov November Dec
    December AEDT AEST BST CDT CEST CET CST CT EDT EST ET GMT HST IST JST MDT MST MT PDT PST PT UTC
    Central Eastern Mountain Pacific
    """
)

SHORT_FORMS = _words("avg etc feat hrs incl lbs max mins misc pct pop secs tbsp temp tsp yrs")
"""Ordinary shortenings that go on before a small letter ("avg. home attendance"), unlike "the end. then he left"."""

EXCLAIMING_NAMES = _words("E Jeopardy Yahoo Yum")
"""Names that end in an exclamation mark."""

STARTERS = _words(
    """
    About Above According Accordingly Additionally After Afterward Afterwards Again Against All Almost
    Along Already Also Although Altogether Among An And Another Any Anyone Apart Are Around As Aside At
    Because Before Behind Being Below Besides Between Beyond Both But By Can Consequently Could Currently
    Despite Did Do Does During Each Earlier Either Elsewhere Even Eventually Ever Every Everyone
    Everything Except Few Finally For Formerly Fortunately From Further Furthermore Given Had Has Have He
    Hence Her Here Hers His How However If Immediately In Indeed Initially Instead Into Is It Its Just
    Last Later Lately Like Likewise Many Maybe Meanwhile Moreover Most Much My Near Nearly Neither
    Nevertheless Nobody None Nonetheless Nor Not Nothing Now Of Often On Once Only Or Originally Other
    Others Otherwise Our Over Overall Perhaps Previously Rather Recently Regardless Several She Should
    Similarly Since So Some Someone Sometimes Soon Still Subsequently Such Surely Than That The Their Them
    Then There Therefore These They This Those Though Through Throughout Thus To Together Too Toward
    Towards Under Unfortunately Unless Unlike Until Upon Usually Was We Were What Whatever When Whenever
    Where Whereas Wherever Whether Which While Who Whoever Whose Why With Within Without Would Yesterday
    Yet You Your
    """
)
"""Begin a sentence far more often than they stand, with a capital, inside one."""

FRONTING = _words(
    """
    About Across After Around At Before Between By During For From In Inside Near Of On Outside Over Since
    Through Throughout To Under Until Within
    """
)
"""Prepositions that open a sentence's adverbial: "At 5 a.m. Mr. Smith left", "In the U.S. Senate"."""

UNFINISHED = _words(
    "a an and as at but by for from in into is its nor of on or our than that the their to was were with"
)
"""Words in small letters that no line of its own ends with: the next line goes on."""

SPEECH_VERBS = _words(
    """
    added adds admitted argued asked asks called commented concluded continued cried declared demanded
    exclaimed explained joked jokes quipped quips recalled remarked replied replies responded responds
    said says shouted shouts told tweeted tweets wondered wonders wrote writes yelled yells
    """
)
