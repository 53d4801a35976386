"""What students are called on the pages, in links and in file names: by their names, or by pseudonyms."""

from __future__ import annotations

import csv
import hashlib
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from backpass.classroom.report.reading import ReportError

PSEUDONYMS = "pseudonyms.csv"
_WORD = re.compile(r"[^\W_]+")
_SHORTEST_PART = 3  # letters; a shorter part of a name would be found in every other word


class Names:
    """Students under their own names."""

    def shown(self, name: str) -> str:
        """What the student is called on the pages."""
        return name

    def file(self, name: str) -> str:
        """The student's page: letters that every file system and server accepts, different for different names."""
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        readable = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")
        mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:10]
        return f"{readable}-{mark}.html" if readable else f"{mark}.html"

    def cleaned(self, text: str, name: str) -> str:
        """`text` of the student's result, as it may be displayed."""
        return text

    def in_order(self, names: Sequence[str]) -> list[str]:
        """The students, as they are listed."""
        return sorted(names, key=lambda name: (name.casefold(), name))


class Pseudonyms(Names):
    """Students as `student 07`, in an order that tells nothing; `path` keeps who is who from run to run."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self._numbers = _kept(path)
        new = [name for name in names if name not in self._numbers]
        free = sorted(set(range(1, len(self._numbers) + len(new) + 1)) - set(self._numbers.values()))[: len(new)]
        random.SystemRandom().shuffle(free)
        self._numbers |= dict(zip(new, free, strict=True))
        if new:
            _keep(path, {name: self.shown(name) for name in sorted(self._numbers, key=self._numbers.__getitem__)})
        # A word that most names have is a word of the course or of the platform they were downloaded from.
        words = {name: [word.casefold() for word in _WORD.findall(name)] for name in names}
        often = Counter(word for each in words.values() for word in set(each))
        common = {word for word, count in often.items() if count > max(2, len(names) // 2)}
        self._parts = {
            name: {word for word in each if len(word) >= _SHORTEST_PART and not word.isdigit()} - common
            for name, each in words.items()
        }
        self._whole: dict[str, list[tuple[list[str], str]]] = {}  # by the first word of the name, the longest first
        for name in sorted(names, key=lambda name: len(words[name]), reverse=True):
            if words[name]:
                self._whole.setdefault(words[name][0], []).append((words[name], name))

    def shown(self, name: str) -> str:
        return f"student {self._numbers[name]:02}"

    def file(self, name: str) -> str:
        return f"{self.shown(name).replace(' ', '-')}.html"

    def in_order(self, names: Sequence[str]) -> list[str]:
        return sorted(names, key=self._numbers.__getitem__)

    def cleaned(self, text: str, name: str) -> str:
        """`text` without names: every student's whole one, and the parts of the student's own."""
        found = list(_WORD.finditer(text))
        folded = [word.group().casefold() for word in found]
        pieces, end, position = [], 0, 0
        while position < len(found):
            length, who = self._name_at(text, found, folded, position, name)
            if length:
                pieces += [text[end : found[position].start()], self.shown(who)]
                end = found[position + length - 1].end()
            position += max(length, 1)
        return "".join([*pieces, text[end:]])

    def _name_at(
        self, text: str, found: list[re.Match[str]], folded: list[str], position: int, own: str
    ) -> tuple[int, str]:
        """How many words from `position` on are a name, and whose."""
        for words, who in self._whole.get(folded[position], ()):
            if folded[position : position + len(words)] == words:
                first, last = found[position], found[position + len(words) - 1]
                # A part of a longer identifier is no name: a student called max has not written max_norm.
                if "_" not in (text[first.start() - 1 : first.start()], text[last.end() : last.end() + 1]):
                    return len(words), who
        return (1, own) if folded[position] in self._parts[own] else (0, own)


def _kept(path: Path) -> dict[str, int]:
    """The numbers given in earlier runs."""
    if not path.exists():
        return {}
    try:
        with path.open(encoding="utf-8", errors="surrogatepass", newline="") as file:
            rows = list(csv.reader(file))[1:]
        numbers = {name: int(pseudonym.removeprefix("student ")) for pseudonym, name in rows}
    except (ValueError, csv.Error) as error:
        numbers, reason = {}, str(error)
    else:
        reason = "a pseudonym is there twice" if len(set(numbers.values())) < len(rows) else ""
    if reason:
        raise ReportError(f"{path} does not say who is who ({reason}). Mend it, or move it away for new pseudonyms.")
    return numbers


def _keep(path: Path, pseudonyms: dict[str, str]) -> None:
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["pseudonym", "submission"])
        rows.writerows((pseudonym, name) for name, pseudonym in pseudonyms.items())
    new.replace(path)
