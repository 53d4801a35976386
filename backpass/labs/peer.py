"""The peer of a lab without a model: which point it raises next, and in which words. Deterministic.

A text has dealt with a point where it mentions most of what the challenge in `lab.md` lists, in sentences of its own.
This finds out what a student has not spoken of. It can not see whether what they say of it is right: "the slope does
not matter" mentions the slope. So the peer never says that an argument holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from backpass.labs.brief import Challenge, Lab
from backpass.labs.conversation import Conversation
from backpass.labs.facts import contradictions, is_rounding
from backpass.labs.prose import NUMBER, is_prose, numbers, paragraphs, plain, readings, sentences, words

FEWEST, MOST = 3, 5  # challenges in a conversation
_ENOUGH = 0.75  # of what a challenge lists
_DENSE = 0.3  # more terms a word than this: a list of terms, not a sentence
_SHINGLE = 4
_QUOTED = 240  # characters of a sentence
_PRESS = (
    "Answer in two sentences, with one number from the brief or from your computation.",
    "Which part of this do you grant me, and which not?",
    "What would you have to see to give in?",
)


@dataclass(frozen=True)
class Next:
    """The challenge to raise, and in which words: `opening` is about the student's text, `ending` about the answer."""

    challenge: Challenge
    opening: str
    ending: str = ""

    @property
    def text(self) -> str:
        """All that the peer says without a model; paragraphs are separated by an empty line."""
        return "\n\n".join(part for part in (self.opening, self.challenge.text, self.ending) if part)


def next_challenge(lab: Lab, talk: Conversation) -> Next | None:
    """What to raise now: what the text has not touched, most important first; None at the end.

    Points that were raised without an answer come up once more, and where fewer than three are open, the peer presses
    what has been said.
    """
    if len(talk.turns) >= MOST:
        return None
    text = own_text(talk.text, lab)
    raised = [turn.point for turn in talk.turns]
    untouched = [each for each in lab.challenges if not is_touched(each, text)]
    opening = _slips(lab, talk)
    for challenge in untouched:
        if challenge.point not in raised:
            return Next(challenge, opening)
    for challenge in untouched:
        if raised.count(challenge.point) == 1:
            return Next(
                challenge, _joined(opening, "I have read your answer and do not find my point in it. Once more:")
            )
    if len(talk.turns) < FEWEST:
        for challenge in lab.challenges:
            if challenge.point not in raised:
                quote = f"You write: {_quote(_most_telling(challenge, text))} I have read it. Still:"
                return Next(challenge, _joined(opening, quote), _PRESS[len(raised) % len(_PRESS)])
    return None


def closing(lab: Lab, talk: Conversation) -> str:
    """The peer's last words: what it has not found in the text."""
    text = own_text(talk.text, lab)
    untouched = [each.point for each in lab.challenges if not is_touched(each, text)]
    if untouched:
        end = f"I do not find in your text: {'; '.join(untouched)}. Your write-up has to deal with that."
    else:
        end = "Your text speaks of each of my points. Whether the arguments hold is for your reader to judge."
    return _joined(_slips(lab, talk), f"That is all from me. {end}")


def objection(answer: str, lab: Lab, talk: Conversation) -> str | None:
    """Why `answer` is no answer: too short, copied, said before, or a list of terms; None where it is one."""
    said = plain(" ".join(paragraphs(answer)))
    if not words(said):
        return "I find no words of yours in that. What do you say?"
    if len(words(said)) < 5:
        return "That is short. Give me a reason."
    if _plain_sentences(answer) <= _plain_sentences(talk.text):
        return "You have said this already, and I have read it. What do you add?"
    own = own_text(answer, lab)
    if own:
        return None
    if _is_copied(said, _shingles(_lab_text(lab))):
        return "These are the words of the lab, not yours. What do you say?"
    return "These are terms, not an argument. Make sentences of them that say what one has to do with the other."


def is_touched(challenge: Challenge, text: str) -> bool:
    """Whether `text` (see `own_text`) mentions at least three quarters of what the challenge lists."""
    return _hits(challenge, text) >= _ENOUGH * len(challenge.mentions)


def own_text(text: str, lab: Lab) -> str:
    """The sentences of `text` that are sentences, and not copied from the lab."""
    from_lab = _shingles(_lab_text(lab))
    kept = []
    for paragraph in paragraphs(text):
        for sentence in sentences(paragraph):
            said = plain(sentence)
            if is_prose(sentence) and not _is_copied(said, from_lab) and not _is_list_of_terms(said, lab):
                kept.append(sentence)
    return "\n".join(kept)


def _hits(challenge: Challenge, text: str) -> int:
    said = plain(text)
    return sum(any(_mentions(said, each) for each in alternatives) for alternatives in challenge.mentions)


def _mentions(said: str, term: str) -> bool:
    """Whether a text says a term as a whole word, inflected or not, or a number, also rounded to two digits or more."""
    term = plain(term)
    number = re.fullmatch(rf"({NUMBER})( ?%)?", term)
    if number:
        exact = readings(number[1])[0]
        for found in numbers(said):
            if number[2] and not said[found.end :].lstrip().startswith("%"):
                continue
            if any(value == exact or (is_rounding(value, exact) and _two_digits(value)) for value in found.readings):
                return True
        return False
    return re.search(_pattern(term), said) is not None


def _pattern(term: str) -> str:
    body = re.escape(term).replace("\\ %", " ?%").replace("%", " ?%" if " %" not in term else "%")
    body = body.replace("\\ ", "[ -]").replace("\\-", "[ -]?")
    ending = ""
    if re.search(r"[a-z]{5}$", term):
        body, ending = body.removesuffix("e"), r"(?:e|e?s|e?d|ing|'s)?"
    elif re.search(r"[a-z]$", term):
        ending = r"(?:s|'s)?"
    return rf"(?<![\w.,]){body}{ending}(?![\w]|[.,]\d)"


def _two_digits(value: float) -> bool:
    return len(f"{value:g}".replace(".", "").strip("0")) >= 2


def _most_telling(challenge: Challenge, text: str) -> str:
    """The sentence that mentions most of what a challenge lists; the first of several."""
    return max(text.splitlines() or [""], key=lambda sentence: _hits(challenge, sentence))


def _slips(lab: Lab, talk: Conversation) -> str:
    """The sentences of the last text that say other numbers than the brief, and that were not asked about before."""
    asked = "\n".join(turn.said for turn in talk.turns)
    last = talk.turns[-1].answer if talk.turns else talk.position
    return "\n\n".join(
        f"You write: {_quote(each.sentence)} The brief says: {each.fact}. Which is it, and what changes with it?"
        for each in contradictions(last or "", lab.facts)
        if _quote(each.sentence) not in asked
    )


def _quote(sentence: str) -> str:
    shown = sentence if len(sentence) <= _QUOTED else sentence[:_QUOTED].rpartition(" ")[0] + " ..."
    return f'"{shown}"'


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def _plain_sentences(text: str) -> set[str]:
    return {plain(sentence).rstrip(".!") for paragraph in paragraphs(text) for sentence in sentences(paragraph)}


def _is_list_of_terms(said: str, lab: Lab) -> bool:
    groups = {alternatives for challenge in lab.challenges for alternatives in challenge.mentions}
    hits = sum(any(_mentions(said, each) for each in alternatives) for alternatives in groups)
    return hits > 3 and hits > _DENSE * len(said.split())


def _lab_text(lab: Lab) -> str:
    return "\n\n".join((lab.brief, lab.task, lab.computation, *(each.text for each in lab.challenges)))


def _shingles(text: str) -> set[tuple[str, ...]]:
    said = words(plain(text))
    return {tuple(said[at : at + _SHINGLE]) for at in range(len(said) - _SHINGLE + 1)}


def _is_copied(said: str, from_lab: set[tuple[str, ...]]) -> bool:
    shingles = _shingles(said)
    return bool(shingles) and len(shingles & from_lab) > 0.6 * len(shingles)
