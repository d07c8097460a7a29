"""Texts with ``CUT`` where a sentence ends, by the rule or habit they stand for.

``GOLDEN_RULES`` has one case or more for each of the 48 English Golden Rules of sentence segmentation (pySBD), in
sentences of our own.
"""

from __future__ import annotations

CUT = "¦"

GOLDEN_RULES = {
    "full stop": ["The ferry left.¦ Nobody waved."],
    "question mark": ["Where is the ferry?¦ It left at noon."],
    "exclamation mark": ["Look out!¦ The mast fell."],
    "initial": ["The pilot was Ada K. Lund.", "J. K. Moss and P.D. Hale wrote it.¦ It sold well."],
    "small abbreviation before a number": ["The map is on p. 12.", "See fig. 3 and pp. 4-9.¦ Then go on."],
    "company in small letters inside": ["Was Lena and co. on the ferry?"],
    "company inside": ["The yard went to Holm, Berg & Co. in March."],
    "company in small letters at the end": ["We wrote to Lena and co.¦ They never answered."],
    "company at the end": ["The yard went to Holm, Berg & Co.¦ It had been theirs before."],
    "mountain": ["We could see Mt. Etna all day."],
    "saint and street": ["St. Olaf's School stands on 9th st. by the quay."],
    "possessive abbreviation": ["This was Tom Reed Jr.'s boat."],
    "country inside": ["We crossed the U.S.A. by train."],
    "union at the end": ["They left the E.U.¦ What came next?"],
    "country at the end": ["They moved to the U.S.¦ What came next?"],
    "country before a capital": ["She joined the U.S. Senate in May."],
    "country before a small letter": ["She has been in the U.S. since May."],
    "clock": ["At 7 a.m. Dr. Lund opened the gate.¦ She closed it at 9 P.M.¦ Dr. Lund then went home."],
    "decimal": ["A ticket is €2.50 today."],
    "decimal at the end": ["A ticket is €2.50.¦ Last year it was less."],
    "sentence in brackets inside": ["The captain (He had sailed for 30 years.) took the wheel."],
    "e-mail address": ["Write to Ada.Lund@example.org.¦ She reads everything."],
    "web address": ["See https://www.example.7.org/harbour/Map_of.docks.html.¦ It is a good map."],
    "single quotation marks inside": ["He shouted, 'The rope is loose.' to the crew."],
    "double quotation marks inside": ['He shouted, "The rope is loose." to the crew.'],
    "quotation at the end": ['He shouted, "The rope is loose."¦ Nobody moved.'],
    "exclamation marks": ["Land!!¦ We were saved."],
    "question marks": ["Land??¦ Are you sure?"],
    "exclamation and question mark": ["Land!?¦ Are you sure?"],
    "question and exclamation mark": ["Land?!¦ Are you sure?"],
    "items 1.)": ["1.) Ropes and sails¦ 2.) Water and bread"],
    "items 1.) with full stops": ["1.) Check the ropes.¦ 2.) Fill the tank."],
    "items 1)": ["1) Ropes and sails¦ 2) Water and bread¦ 3) Maps"],
    "items 1) with full stops": ["1) Check the ropes.¦ 2) Fill the tank."],
    "items 1.": ["1. Ropes and sails¦ 2. Water and bread"],
    "items 1. with full stops": ["1. Check the ropes.¦ 2. Fill the tank."],
    "items with bullets": ["• 4. Ropes and sails¦ • 5. Water and bread"],
    "items with hyphen bullets": ["⁃4. Ropes and sails¦ ⁃5. Water and bread"],
    "items a.": ["a. Ropes and sails¦ b. Water and bread¦ c. Maps and a lamp"],
    "number sign": ["The crate is N°. 88.140.2.¦ Do not open it."],
    "name with an exclamation mark": ["He left Yahoo! for the harbour office.", "The Yahoo! News desk called."],
    "pronoun I": [
        "It will be you and I.¦ Hugo knows.",
        "It will be you and I.¦ Have you asked Hugo I. Brandt about it?",
    ],
    "ellipsis in a quotation": ["She wrote that from the deck “the town seems to float away. . . .”"],
    "ellipsis in brackets": ['"The keel [...] was laid in spring [...]" (Hale 12).'],
    "spaced ellipsis, then a sentence": ["We waited for the tide, and for the wind . . . .¦ Nothing came."],
    "four dots": ["I thought you knew....¦ He shut the door."],
    "ellipsis inside": ["I was ... well, not quite...there . . . what I mean, it was late ... I had lost it."],
    "full stop, then an ellipsis": ["The fog . . . came in from the sea.¦ . . . The bell rang all night. . . ."],
}

NEWS_HABITS = {
    "attribution": [
        "“The rope is loose,” he said.¦ “Cut it.”",
        "“Is it loose?” he asked.¦ “Yes!” Lund shouted.",
        "“Who cut it?” Sen. Ada Lund asked the crew.",
        "“Who cut it?”¦ The crew kept silent.",
        "“Who cut it?”¦ Lund looked up.¦ She said nothing.",
    ],
    "sentences inside a quotation": [
        "“It is loose.¦ We cut it,” he said.",
        "(The gate is shut.¦ Use the stairs.)¦ Then wait.",
    ],
    "nested quotation marks": ["“He said ‘cut it.’”¦ She did."],
    "credit behind a quotation": ["“Cut it while you can.” — Ada Lund"],
    "titles": [
        "Gov. Ann Poe met Lt. Col. Tim Ray and Sens. Low and Hay.",
        "ST. PAUL and DR. LUND came.¦ MR. HAY did not.",
        "They met on Main St.¦ The shops were shut.",
    ],
    "U.S. President": [
        "U.S. President Ann Poe met U.S. Sen. Tim Ray.¦ In the U.S. Senate he waited.",
        "The U.S.¦ It is big.",
    ],
    "companies": ["Holm Inc. Chief Ann Poe left.¦ She founded Holm Inc.¦ The firm grew.", "Tim Ray Jr.¦ He won."],
    "datelines": [
        "PARIS (Reuters) — The museum shut.¦ It will open soon.",
        "OSLO, Oct. 3 - The museum shut.",
        "PORTLAND, Ore. (AP) — The museum shut.",
        "TROY, N.Y. — The museum shut.",
    ],
    "states": [
        "He lives in Tampa, Fla.¦ Neighbors like him.",
        "Rep. Ann Poe, D-Calif., and Pa. Supreme Court judges met.",
    ],
    "dates and numbers": [
        "It opens Sept. 15 as No. 1 of 40.¦ I said no.¦ They left.",
        "On Jan. 6, 2021.¦ Nos. 3 and 4 won.",
    ],
    "clock and zone": [
        "It starts at 8 p.m. ET.¦ It ends at 9 p.m.¦ Tickets are free.",
        "Come at 7 a.m. Monday (6 a.m. Central).",
    ],
    "addresses": ["They met at 440 N. Oak Ave. in May.", "The team is J. Crew and St. John's."],
    "missing space": [
        "The gate was shut.¦Then it opened.",
        "Is it shut?¦Yes.",
        "“It is shut.”¦The guard left.",
        'He said.¦"We left."',
        "He was born in 1914.¦The war came.",
    ],
    "no missing space": ["See Example.com/The.Map and Ada.Lund@example.org or St.Olaf and B.Lund and U.S.Navy."],
    "small letters": [
        "we left the harbour.¦ then it rained.",
        "The avg. price and approx. size.",
        "See it.¦ https://example.org",
    ],
    "footnotes": ["The keel was laid.[12]¦ It rotted.[3][4]¦ Then it sank."],
    "brackets": [
        "He left (it was late).¦ She stayed.¦ (It rained.)¦ Then he came.",
        "Ann Poe, Troy (N.Y.) Record, and Troy (N.Y.) High School.",
    ],
    "items and numbers": ["1. The lamp hangs on deck 2. it is red."],
    "law and Latin": ["Poe v. Lund and Holm vs. Berg (e.g. Danish law, a.k.a. Jydske Lov) are read."],
    "Latin shortenings": ["Bring bread, e.g. rye, i.e. Danish rye, vs. white, etc.¦ Then eat."],
    "runs of marks": ["What?!?!¦ No!!!¦ Well…¦ Perhaps."],
    "leading ellipsis": ["“...We left,” he said.¦ … Then we came back.", "He left.¦ … We came back."],
    "one fact a sentence": ["Sales rose 7.1% to $3.2bn.¦ Costs fell.¦ 25 people left.", "He won 3-2.¦ “Good.”"],
}
OTHER_LANGUAGES = {
    "Japanese": ["雨です。¦「行く。」と言った。¦本当？¦はい！"],
    "Hindi": ["राम घर गया।¦ सीता आई।"],
    "Arabic": ["هل أنت بخير؟¦ نعم."],
    "Russian": ["Он пришёл.¦ Потом ушёл!"],
    "Spanish": ["¿Quién es?¦ ¡Nadie!¦ El Sr. Gil llegó."],
    "French": ["Il rit.¦ « Oui. »¦ Puis rien."],
}

LINES = {
    "blank line": ["A heading¦\n\nThe text goes on\n", "half a sentence¦\n \t\nanother half"],
    "page break": ["on this page¦\n\fon the next", "one paragraph¦\u2029\nand another"],
    "heading": [
        "Shortest reign ever¦\nThe queen left the palace after only forty days on the throne.¦ Her\ncat stayed."
    ],
    "items": [
        "To do:¦\n- Buy rope¦\n- Sell the boat",
        "• Rope¦\n• Sail cloth¦\n• Tar",
        "1. Rope¦\n2. Tar",
        "Rope¦\nTar¦\nNails",
        "What the boat carries to the islands:¦\n• Ropes and sails and a barrel of tar,¦\n• Bread and a crate of beer.",
    ],
    "caption junk": ["Share¦\nTweet¦\nCopy link¦\nPhoto: A. Lund¦\n\nThe queen left."],
    "paragraph a line": [
        "The queen left the palace.¦\nHer cat stayed with the gardener and his wife.¦\nNobody knows why."
    ],
    "wrapped prose": [
        "The queen left the palace at dawn, and with her went Sir\n"
        "Thomas, Dr.\n"
        "Lund and the whole of the household that had served in\n"
        "Norway.¦ Nobody on the quay that morning saw the cat on\n"
        "12 May."
    ],
}
