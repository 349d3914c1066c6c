"""A sentence of a document taken apart by its grammar: on which conditions what follows, and what each part denies.

Which logic joins the parts is told by the words that join them, in English and German, and every word of a sentence is
in a part. Knows no variables and no model: where a subject ends is for others to say, among a few places.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from craton.guardrails.amounts.quantities import Quantity, nothing, numeral, quantities
from craton.guardrails.amounts.tables import NOTHING
from craton.guardrails.reasoning.language.grammar import RELATIVE, ROLES, VERBS, WORD, WORDS, mood, stems
from craton.guardrails.reasoning.language.statements import Atom, Group, Mood, NotUnderstood, Role, Statement

_MOST_WORDS, _MOST_AMOUNTS, _LONGEST = 16, 12, 1000
# A quantity is one sign while a sentence is taken apart, whatever words it has.
_FIRST = 0xE000
_SIGN = re.compile("[\ue000-\uf8ff]")
_MEASURED = re.compile(rf"\s*{WORDS.measures.pattern}\s+{_SIGN.pattern}", re.IGNORECASE)
_CANNOT = re.compile(r"\b(can)not\b", re.IGNORECASE)
_UN = re.compile(r"(?:un|non-?|nicht-?)(?=\w{3})")
_TIMES = ("time", "months", "clock")
_JOINS = ("and", "or", "und", "oder")


class Sentence:
    """A sentence with a sign for each amount, and the places where its first part may end."""

    def __init__(self, text: str) -> None:
        self.text = text
        # Nobody says so much at once.
        self._long = len(text) > _LONGEST
        text = "" if self._long else _SIGN.sub(" ", text)
        self._amounts = quantities(text)
        masked, at = "", 0
        for number, each in enumerate(self._amounts):
            gap = text[at : each.start]
            # The ends of a range stand together.
            masked += ("" if gap.strip() in _JOINS and masked and _SIGN.match(masked[-1]) else gap) + chr(
                _FIRST + number
            )
            at = each.end
        self._masked = (masked + text[at:]).strip().rstrip(".!;: ")
        self._rest = WORDS.otherwise.search(self._masked)
        if self._rest:
            self._masked = (self._masked[: self._rest.start()] + self._masked[self._rest.end() :]).strip(" ,")

    @property
    def unsure(self) -> bool:
        """Whether it tells what was, will or might be."""
        return bool(WORDS.unsure.search(self._masked))

    def fronts(self) -> list[str]:
        """Where the first part may end, as texts: one where grammar tells, none where there is no such part."""
        return [self._shown(each) for each in _fronts(self._masked)]

    def after(self, front: str) -> str:
        """The word behind a front."""
        return self._shown(self._masked[len(self._chosen(front)) :].strip(" ,").partition(" ")[0].strip(","))

    def statement(self, front: str, known: Collection[str]) -> Statement:
        """`front` is one of `fronts`; `known` are words of the document, in lower case. Raises NotUnderstood."""
        if self._long:
            raise NotUnderstood(f"It has more than {_LONGEST} characters; write several sentences.")
        if len(self._amounts) > _MOST_AMOUNTS or WORDS.vague.search(self._masked):
            raise NotUnderstood("It holds only in part, or has too many numbers; say what always holds, in short.")
        if WORDS.mixed.search(self._masked):
            raise NotUnderstood('It joins its parts by more than "and" or "or"; write a sentence for each case.')
        chosen = self._chosen(front)
        reading = _Reading(self._amounts, known)
        statement = reading.statement(chosen, self._masked[len(chosen) :].strip(" ,"))
        return replace(statement, text=self.text, rest=bool(self._rest))

    def rule(self, front: str, known: Collection[str]) -> Statement:
        """A statement that is to hold of everybody. Raises NotUnderstood."""
        if WORDS.hangs.match(self._masked):
            raise NotUnderstood("It hangs on another sentence; say in it what it is about.")
        statement = self.statement(front, known)
        return replace(statement, then=tuple(map(_allowed, statement.then)))

    def _chosen(self, front: str) -> str:
        return next((each for each in _fronts(self._masked) if self._shown(each) == front), "")

    def _shown(self, masked: str) -> str:
        return _SIGN.sub(lambda found: self._amounts[ord(found[0]) - _FIRST].text, masked)


def _fronts(text: str) -> list[str]:
    opening = ROLES.match(text) or _opens(text)
    commas = [found.start() for found in re.finditer(r",\s", text)]
    relative = RELATIVE.search(text)
    if relative and relative[0][0] == "," and not opening:
        opening, commas = relative, [at for at in commas if at > relative.start()]
    if opening and commas:
        return [text[:at] for at in commas]
    later = next((found.start() for found in ROLES.finditer(text) if found.start()), len(text))
    if sure := _before_verb(text[:later]):
        return [sure]
    ends = [found.start() for found in re.finditer(r"\s", text[:later])][:_MOST_WORDS]
    return [text[:at] for at in ends if _may_end(text[:at], text[at:].strip())]


def _before_verb(text: str) -> str:
    """What stands before the verb that the sentence is built on, where that is one that is nothing else."""
    if speaker := WORDS.speakers.match(text):
        return speaker[0]
    return _before(text, WORDS.verbs) or _before(text, VERBS)


def _before(text: str, verbs: re.Pattern[str]) -> str:
    within = 0
    for found in WORD.finditer(text):
        before = text[: found.start()].rstrip(" ,").rpartition(" ")[2]
        if WORDS.relatives.fullmatch(found[0]) or _opens_relative(text, found.start()):
            within += 1
        elif verbs.fullmatch(found[0]) and found.start():
            if not within and before not in _JOINS:
                return text[: found.start()].strip(" ,")
            within = max(0, within - 1)
    return ""


def _opens_relative(text: str, at: int) -> bool:
    return at > 1 and text[at - 2] == "," and bool(WORDS.german_relatives.match(text, at))


def _may_end(front: str, behind: str) -> bool:
    last, first = front.strip(" ,").rpartition(" ")[2], behind.partition(" ")[0].strip(",")
    return not (WORDS.leads.fullmatch(last) or WORDS.narrows.fullmatch(last) or WORDS.leads.fullmatch(first)) and not (
        _SIGN.match(behind)
    )


class _Reading:
    """Parts of one sentence, as statements and atoms. `amounts` are those that signs stand for."""

    def __init__(self, amounts: Sequence[Quantity], known: Collection[str]) -> None:
        self._amounts, self._known = amounts, known

    def statement(self, front: str, behind: str) -> Statement:
        if (opening := ROLES.match(front)) or (front and _opens(front)):
            main, groups = behind, [self._clause(opening, front)]
            for each in _fronts(main)[:1] if _before_verb(main) else []:
                inner = self.statement(each, main[len(each) :].strip(" ,"))
                return replace(inner, when=(*groups, *inner.when))
            return self._said("", main, groups)
        groups, head = [], front
        if relative := RELATIVE.search(head):
            groups, head = (
                [self._narrowing(front[relative.end() :], head[: relative.start()], behind)],
                front[: relative.start()],
            )
        if narrowed := WORDS.narrows.search(head) or _SIGN.search(head):
            clause, head = head[narrowed.start() :], head[: narrowed.start()]
            joined = WORDS.joins.search(clause)
            if joined and (_SIGN.search(clause, joined.end()) or WORDS.narrows.search(clause, joined.end())):
                raise NotUnderstood("It is about several things, each with a condition; write a sentence for each.")
            groups.append(self._narrowing(clause, head, behind))
        return self._said(head.strip(" ,"), behind, groups)

    def _narrowing(self, clause: str, head: str, behind: str) -> Group:
        """A condition on the head; where the head is what is measured, it says nothing of the condition."""
        return self._group(Role.IF, clause, "" if _MEASURED.match(behind) else head.strip(" ,"))

    def _said(self, head: str, behind: str, groups: list[Group]) -> Statement:
        """What is said of the head: a predicate, and clauses behind it."""
        found = list(ROLES.finditer(behind))
        ends = [*(each.start() for each in found[1:]), len(behind)] if found else []
        predicate = behind[: found[0].start()] if found else behind
        for each, end in zip(found, ends, strict=True):
            groups.append(self._clause(each, behind[each.start() : end]))
        predicate, when = self._timed(predicate.strip(" ,"))
        predicate, whom = self._aimed(predicate)
        groups += [self._group(Role.IF, each) for each in (when, whom) if each]
        nobody = WORDS.nobody.fullmatch(head) or (re.match(r"(?:no|kein\w*)\s", head, re.IGNORECASE))
        head = WORDS.nobody.sub("", head) if nobody else head
        predicate = f"not {predicate}" if nobody else predicate
        head = re.sub(r"^(?:no|kein\w*)\s", "", head, flags=re.IGNORECASE)
        atoms = tuple(self._conclusions(head, predicate))
        if any(group.role == Role.ONLY and atom.value is not True for group in groups for atom in atoms):
            raise NotUnderstood('It says "only" of what is denied or counted; write what follows where it is not so.')
        # What is measured, or demanded, is no condition of it.
        said = Statement("", tuple(groups), atoms)
        own = said.demands or all(not atom.of for atom in atoms)
        subject = None if own or not stems(head) else self._group(Role.IF, head, either=True)
        return replace(said, subject=subject, given=head if subject else "")

    def _timed(self, predicate: str) -> tuple[str, str]:
        """A predicate, and the part of it that tells when."""
        for found in _SIGN.finditer(predicate):
            amount, before = self._amounts[ord(found[0]) - _FIRST], predicate[: found.start()]
            if amount.kind not in _TIMES or WORDS.demands.search(before) or self._lasts(amount, predicate):
                continue
            german = WORDS.german_deadline.match(amount.text)
            counts = amount.relation != "=" and WORDS.counts_from.match(predicate[found.end() :].strip())
            if german or counts or amount.kind == "clock" or WORDS.deadline.match(amount.text):
                # A German predicate ends with its verb.
                end = predicate.rfind(" ") if german and predicate[-1].isalpha() else len(predicate)
                when = predicate[found.start() : max(end, found.end())]
                return f"{before}{predicate[found.start() + len(when) :].strip()}".strip(" ,"), when
        return predicate, ""

    def _lasts(self, amount: Quantity, predicate: str) -> bool:
        """Whether a time is all that a predicate tells: "is paid within 14 days" is how long it may take."""
        alone = len(_SIGN.findall(predicate)) == 1 and self._affirmed(self._words(predicate))[1]
        return alone and amount.relation == "<=" and mood(predicate) == Mood.FACT

    def _aimed(self, predicate: str) -> tuple[str, str]:
        """A predicate that tells an amount, and for whom it does."""
        told = _SIGN.search(predicate) or next((each for each in WORD.finditer(predicate) if each[0] in NOTHING), None)
        if told and (whom := WORDS.narrows.search(predicate, 0, told.start())) and whom.end() + 1 < told.start():
            return predicate[: whom.start()] + predicate[told.start() :], predicate[whom.start() : told.start()]
        whom = WORDS.narrows.search(predicate, told.end()) if told else None
        if not whom or _SIGN.match(predicate[whom.end() :].strip()):
            return predicate, ""
        return predicate[: whom.start()].strip(" ,"), predicate[whom.start() :]

    def _clause(self, opening: re.Match[str] | None, text: str) -> Group:
        """A clause with the word that opens it, which tells its role."""
        if opening is None or opening.lastgroup == "given":
            return self._group(Role.IF, text)
        role = Role(opening.lastgroup or "if")
        return self._group(role, text[opening.end() - opening.start() :])

    def _group(self, role: Role, text: str, head: str = "", *, either: bool = False) -> Group:
        text = text.strip(" ,")
        if not text:
            raise NotUnderstood("A condition of it is empty.")
        if ROLES.search(text) and not ROLES.match(text):
            raise NotUnderstood("A condition of it has a condition itself; write two sentences.")
        ored = [each.strip(" ,") for each in WORDS.parts.split(text)]
        anded = [each.strip(" ,") for each in re.split(rf",?\s{WORDS.joins.pattern}\s|,\s", text)]
        if either:
            ored = [part for each in ored for part in re.split(rf",?\s{WORDS.joins.pattern}\s|,\s", each)]
            anded = [text]
        if len(ored) > 1 and len(anded) > 1:
            raise NotUnderstood('It joins conditions by "and" and by "or"; write a sentence for each case.')
        parts = ored if len(ored) > 1 else anded
        whole = [text] if min(len(stems(self._words(each))) + len(_SIGN.findall(each)) for each in parts) < 1 else parts
        return Group(
            role, tuple(atom for each in whole for atom in self._atoms(each, head)), len(ored) > 1 and len(whole) > 1
        )

    def _atoms(self, text: str, head: str) -> Iterator[Atom]:
        amounts = [self._amounts[ord(each) - _FIRST] for each in _SIGN.findall(text)]
        words = self._words(text)
        affirmed, true = self._affirmed(words)
        none = not true and nothing(words) and mood(words) == Mood.FACT
        plain = _SIGN.sub(" ", self._words(text, bare=True)) if amounts else affirmed
        about, of = stems(plain), stems(head)
        if _MEASURED.match(text) or not stems(WORDS.measures.sub("", plain)):
            about, of = stems(WORDS.measures.sub("", plain, count=1)) | of, frozenset()
        if amounts and not true:
            amounts = [_denied(amounts)]
        if len({each.counts for each in amounts}) > 1:
            raise NotUnderstood(f'"{amounts[1].text}" stands beside another amount; write a sentence for each.')
        if not about and not amounts:
            raise NotUnderstood(f'"{words.strip()}" says nothing by itself.')
        said = " ".join(f"{head} {affirmed}".split())
        values: Sequence[bool | Quantity] = amounts or [true]
        for value in values:
            yield Atom(said, about, value, mood(words), none, of, not true)

    def _conclusions(self, head: str, predicate: str) -> Iterator[Atom]:
        parts = re.split(rf"\s{WORDS.joins.pattern}\s", predicate)
        apart = len(parts) > 1 and all(len(stems(self._words(each))) > 1 or _SIGN.search(each) for each in parts)
        for each in parts if apart else [predicate]:
            yield from self._atoms(each, head)

    def _words(self, text: str, *, bare: bool = False) -> str:
        """A text with its amounts as they stand, but for their numbers; where it is to be `bare`, without units too."""

        def words(found: re.Match[str]) -> str:
            amount = self._amounts[ord(found[0]) - _FIRST]
            between = (each for each in WORD.findall(amount.bare) if not numeral(each.casefold()))
            kept = " ".join(each for each in between if not bare or each.casefold() != amount.unit)
            return amount.text.replace(amount.bare, f"... {kept}")

        return _SIGN.sub(words, text)

    def _affirmed(self, text: str) -> tuple[str, bool]:
        """What a text is about without what denies it, and whether it says that it is so."""
        text, denied = WORDS.denials.subn(" ", _CANNOT.sub(r"\1 not", text))
        text, forbidden = WORDS.forbidden.subn("allowed", text)
        text, verboten = WORDS.verboten.subn("erlaubt", text)
        words, undone = [], 0
        for each in text.split():
            bare = _UN.sub("", each, count=1)
            turned = bare != each and bare.casefold().strip(".,") in self._known
            free = each.casefold().strip(".,") in NOTHING
            undone += turned or free
            words += [] if free else [bare if turned else each]
        turns = denied + forbidden + verboten + undone
        if turns > 1:
            raise NotUnderstood("A part of it is denied twice; say what is so.")
        return " ".join(words), not turns


def _denied(amounts: Sequence[Quantity]) -> Quantity:
    if len(amounts) > 1 or amounts[0].relation == "=":
        raise NotUnderstood(f'It denies "{amounts[0].text}"; say what is so.')
    return amounts[0].denied


def _allowed(atom: Atom) -> Atom:
    """What is allowed is an amount at most: "may borrow 5 books"."""
    if not isinstance(atom.value, Quantity) or atom.mood != Mood.PERMISSION or atom.denied:
        return atom
    if atom.value.relation in (">", ">="):
        raise NotUnderstood(f'It allows "{atom.value.text}"; say what is allowed at most, or what follows from it.')
    return replace(atom, value=replace(atom.value, relation="<=")) if atom.value.relation == "=" else atom


def _opens(front: str) -> bool:
    return bool(WORDS.narrows.match(front) or WORDS.opens.match(front) or WORDS.inverted.match(front))
