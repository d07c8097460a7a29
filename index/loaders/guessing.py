"""Guessing the encoding of bytes that neither say it nor are UTF-8.

charset-normalizer tells scripts apart well (Japanese from Cyrillic from Latin) but not the encodings of the Latin
script from each other: of short Western texts it reads about every other one as Central European, where the same bytes
are other letters. So it decides on the script, among the encodings that articles come in, and the letters decide
within the Latin script: a text's letters beyond ASCII are nearly all in the alphabet of its language, and symbols do
not stand inside words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from charset_normalizer import from_bytes

SAMPLE_BYTES = 64 * 1024
"""charset-normalizer judges this much of the lines that hold more than ASCII, taken evenly from the whole file."""

_ENCODINGS = (
    # Of East Asian encodings the wide ones, as browsers read their narrower names (WHATWG Encoding Standard).
    *("iso2022_jp", "iso2022_kr", "cp932", "euc_jp", "gb18030", "big5hkscs", "cp949"),
    *("cp1252", "cp1250", "cp1254", "cp1257", "iso8859_2", "mac_roman", "cp850", "cp852", "cp1258"),
    *("cp1251", "koi8_r", "koi8_u", "cp866", "iso8859_5", "mac_cyrillic", "cp855"),
    *("cp1253", "iso8859_7", "cp1255", "iso8859_8", "cp1256", "iso8859_6", "cp874"),
)
"""The encodings that articles come in."""

_WESTERN = (
    "àâæçèéêëîïôœùûüÿñ",  # French
    "äöüßéàè",  # German
    "áéíñóúüºª",  # Spanish
    "áâãàçéêíóôúüºª",  # Portuguese; õ is left out, or Hungarian ő reads as it
    "àèéìíîòóù",  # Italian
    "åäöéüà",  # Swedish, Finnish
    "æøåéòóôäöü",  # Danish, Norwegian
    "éëïóöüèáíê",  # Dutch
)
_CENTRAL = (
    "ąćęłńóśźżé",  # Polish
    "áčďéěíňóřšťúůýž",  # Czech
    "áäčďéíĺľňóôŕšťúýž",  # Slovak
    "áéíóöőúüű",  # Hungarian
    "ăâîşţ",  # Romanian
    "čćđšž",  # Croatian, Slovene
)
_TURKISH = ("âçğıöşüû",)
_ICELANDIC = ("áðéíóúýþæö",)
_BALTIC = ("äõöüšž", "āčēģīķļņšūž", "ąčęėįšųūž")  # Estonian, Latvian, Lithuanian

_LATIN = (
    # The first of those that fit equally well is taken, so this order is that of how common they are.
    ("cp1252", _WESTERN),
    ("cp1250", _CENTRAL),
    ("cp1254", _TURKISH),
    ("cp1252", _ICELANDIC),
    ("cp1257", _BALTIC),
    ("iso8859_2", _CENTRAL),
    ("mac_roman", _WESTERN),
    ("cp850", _WESTERN),
    ("cp852", _CENTRAL),
)
_MIXED = frozenset("".join(_WESTERN) + "õšž")
_MIXED_WEIGHT = 0.95
_FEW_LETTERS = 2
"""English text has names of several languages: all Western letters count together, but less than one language's own,
unless there are too few different ones to tell a language."""

_OTHER_SCRIPTS = ("CYRILLIC", "GREEK", "HEBREW", "ARABIC", "THAI", "CJK", "HIRAGANA", "KATAKANA", "HALFWIDTH", "HANGUL")
_MIN_FIT = 0.5
_MIN_KANA = 0.2

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_WORD_BEYOND_ASCII = re.compile(r"(?<![A-Za-z])[^\W\d_\x00-\x7f]{2,}(?![A-Za-z])")
_QUOTES_AND_DASHES = frozenset("“”‘’„‚«»‹›–—…·\xad\xa0´`™®©")
_SYMBOLS = _QUOTES_AND_DASHES | frozenset("•°§£€¥¢¿¡½¼¾²³±×†‡‰¶¬¦¨")


def guess_encoding(content: bytes) -> str | None:
    """Python's name of the likeliest encoding of ``content``, all of which decodes in it; None where none is likely."""
    sample = _sample(content)
    candidates = [encoding for encoding in _ENCODINGS if _decodes(sample, encoding)]
    while (encoding := _likeliest(sample, candidates)) is not None:
        if _decodes(content, encoding):
            return encoding
        candidates.remove(encoding)
    return None


def _likeliest(sample: bytes, candidates: list[str]) -> str | None:
    """One of ``candidates``, in all of which ``sample`` decodes."""
    japanese = _japanese(sample, candidates)
    if japanese or not candidates:
        return japanese
    for threshold in (0.2, 0.6):  # its default; then lists, tables and verse, which look messier
        found = from_bytes(sample, cp_isolation=candidates, preemptive_behaviour=False, threshold=threshold).best()
        if found is not None:
            break
    if found is None or _is_latin(str(found)):
        latin = _latin(sample, candidates)
        if latin:
            return latin
    return None if found is None else found.encoding


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _sample(content: bytes) -> bytes:
    """The lines that hold more than ASCII, or an even selection of them."""
    # No encoding above has a line feed inside a character, so lines can be taken alone.
    lines = [line for line in content.split(b"\n") if not line.isascii() or b"\x1b" in line]
    every = 1 + sum(map(len, lines)) // SAMPLE_BYTES
    return b"\n".join(lines[::every])


def _japanese(sample: bytes, candidates: list[str]) -> str | None:
    """The Japanese encoding that shows kana: only Japanese has them, and EUC-JP reads as rare Korean otherwise."""
    for encoding in ("cp932", "euc_jp"):
        if encoding in candidates:
            letters = [char for char in sample.decode(encoding) if char > "\x7f"]
            kana = sum("\u3041" <= char <= "\u30ff" for char in letters)
            if kana > _MIN_KANA * len(letters):
                return encoding
    return None


def _is_latin(text: str) -> bool:
    """Whether less than half of the letters beyond ASCII stand in words of another script."""
    others = sum(len(word) for word in _WORD_BEYOND_ASCII.findall(text) if _name(word[0]).startswith(_OTHER_SCRIPTS))
    return others <= sum(map(str.isalpha, _BEYOND_ASCII.findall(text))) / 2


def _name(char: str) -> str:
    return unicodedata.name(char, "")


def _latin(sample: bytes, candidates: list[str]) -> str | None:
    """The encoding of the Latin script in which most of what is beyond ASCII is letters of one alphabet."""
    best, best_fit = None, _MIN_FIT
    for encoding, alphabets in _LATIN:
        if encoding not in candidates:
            continue
        seen = Counter(_letters_and_oddities(sample.decode(encoding)))
        total = seen.total()
        fits: list[float] = [sum(count for char, count in seen.items() if char in alphabet) for alphabet in alphabets]
        if alphabets is _WESTERN:
            weight = 1.0 if len(seen) <= _FEW_LETTERS else _MIXED_WEIGHT
            fits.append(weight * sum(count for char, count in seen.items() if char in _MIXED))
        fit = max(fits) / total if total else 1.0
        if fit > best_fit:
            best, best_fit = encoding, fit
    return best


def _letters_and_oddities(text: str) -> Iterator[str]:
    """The characters that tell encodings apart: letters, in lower case, and what does not belong where it stands."""
    for match in _BEYOND_ASCII.finditer(text):
        char, at = match.group(), match.start()
        if unicodedata.category(char) in ("Ll", "Lu", "Lo"):  # not Lm, such as the caron that stands alone
            misplaced = char.isupper() and text[at - 1 : at].islower()
            yield "\x00" if misplaced else "i" if char == "İ" else char.lower()
        elif char not in _SYMBOLS or (char not in _QUOTES_AND_DASHES and text[at - 1 : at].isalpha()):
            yield "\x00"
