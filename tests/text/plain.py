"""Splitting in plain Python, by Unicode's character categories, and texts to do it on."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

SCRIPTS = {
    "english": "Don't go,  Bob (now)! “It's 20-30 %,” he said: [sic] a_b.",
    "accents": "L'été déjà à Århus, ça coûte 3,50 € – n’est-ce pas ?",
    "no-break spaces": "Quoi\u00a0? «\u202foui\u202f»\u3000!",
    "decomposed": "e\u0301te\u0301 n\u0303 o\u0308\u0323",
    "greek": "Ἐν ἀρχῇ ἦν ὁ λόγος, καὶ ὁ λόγος·",
    "arabic": "فِي ٱلْبَدْءِ كَانَ ٱلْكَلِمَةُ، وَٱلْكَلِمَةُ؟",
    "hebrew": "בְּרֵאשִׁית בָּרָא אֱלֹהִים׃",
    "devanagari": "आदि में वचन था, और वचन परमेश्वर के साथ था। क्‍ष १२",
    "chinese": "太初有道，道與神同在。 道就是神！",
    "japanese": "初めに言があった。ことばは 神とともに、「バー」が",
    "thai": "ในปฐมกาล พระวาทะดำรงอยู่",
    "letters of several scripts": "iPhone手机2024年 3-か スーパーｽﾞ々 ๒๕๖๗ "
    "ကြီးမြတ်သော ລາວ ភាសាខ្មែរ ᦑᦺᦟᦹᧉ",
    "emoji": "ok 👩‍👩‍👧‍👦 👍🏽!! 🇫🇷🇩🇪 ❤️x",
    "beyond the first plane": "𝒜𝓃 𐍈𐌰 𠜎𠜱",
    "quotes and brackets": "\"a\" 'b' ((c)) [d]{e} <f> ``g'' rock'n'roll 'tis",
    "blanks": "\t a\n\nb \r\n c\x1c\x85\u2028d ",
    "control characters": "a\x00b \x07 c\u200bd\u00ad\ufeff",
    "one": "x",
    "empty": "",
    "nothing but blanks": " \n\u3000",
}


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def collapsed(text: str) -> str:
    return " ".join(composed(text).split())


def tokens(text: str, phrases: bool = False) -> list[str]:
    """Words and other visible characters of a text, those after a blank marked with "▁".

    Of scripts without blanks letters, unmarked at the beginning; or phrases.
    """
    found: list[str] = []
    for part in composed(visible(text)).replace("▁", "_").split():
        first, *others = _cut(part, phrases)
        mark = "" if not found and not phrases and _unspaced(first[0]) else "▁"
        found += [mark + first, *others]
    return found


def _cut(part: str, phrases: bool) -> list[str]:
    found: list[str] = []
    inside = False  # a word

    def of_words(character: str) -> bool:
        return _letter(character) and (phrases or not _unspaced(character))

    for i, character in enumerate(part):
        letter = of_words(character)
        joint = inside and character in "'’-" and of_words(part[i + 1 : i + 2])
        joiner = inside and character in "\u200c\u200d"
        if found and not phrases and _unspaced(found[-1][0]):
            belongs = unicodedata.category(character)[0] == "M" or character in "\u200c\u200d"
        else:
            belongs = bool(found) and not inside and _one_with(found[-1], character)
        if (inside and (letter or joint or joiner)) or belongs:
            found[-1] += character
        else:
            found.append(character)
            inside = letter
            continue
        inside = inside and (letter or joint or joiner)
    return found


def _one_with(before: str, character: str) -> bool:
    """Whether a character belongs to what is before it, which is no word."""
    if "\U0001f1e6" <= character <= "\U0001f1ff":
        return len(before) == 1 and "\U0001f1e6" <= before <= "\U0001f1ff"
    joined = len(before) > 1 and before[-1] == "\u200d"
    flag = "\U0001f1e6" <= before[0] <= "\U0001f1ff" and len(before) == 2
    extends = (
        unicodedata.category(character)[0] == "M"
        or character in "\u200c\u200d"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )
    return not flag and (joined or extends)


# Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt, without the joiners and the
# variation selectors.
IGNORABLE = [
    *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B, 0x200E, 0x200F),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *(0x3164, 0xFEFF, 0xFFA0),
    *range(0xFFF0, 0xFFF9),
    *range(0x1BCA0, 0x1BCA4),
    *range(0x1D173, 0x1D17B),
    *range(0xE0000, 0xE0100),
]


def visible(text: str) -> str:
    """The text without what nobody sees."""
    return text.translate(dict.fromkeys(IGNORABLE))


def between_blanks(text: str) -> list[str]:
    """What blanks separate; of it what is seen, or U+FFFD where nothing is."""
    return [composed(visible(part) or "\ufffd") for part in text.split()]


def _letter(character: str) -> bool:
    return character == "_" or (character != "" and unicodedata.category(character)[0] in "LMN")


# How Unicode names letters of scripts that put no blanks between words.
UNSPACED = (
    *("CJK UNIFIED ", "CJK COMPATIBILITY IDEOGRAPH", "IDEOGRAPHIC ITERATION", "HIRAGANA "),
    *("KATAKANA", "HALFWIDTH KATAKANA", "THAI ", "LAO ", "KHMER ", "MYANMAR ", "NEW TAI "),
)


def _unspaced(character: str) -> bool:
    letter = unicodedata.category(character)[0] == "L" if character else False
    return letter and unicodedata.name(character).startswith(UNSPACED)


def pieces(word: str, vocabulary: Collection[str]) -> list[str | None]:
    """The longest pieces from the left; None for a character from which none begins."""
    found: list[str | None] = []
    while word:
        fits = [p for p in vocabulary if word.startswith(p)]
        found.append(max(fits, key=len) if fits else None)
        word = word[len(found[-1] or "x") :]
    return found
