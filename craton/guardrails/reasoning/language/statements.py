"""What a sentence of a document says, taken apart: conditions and what follows from them. Knows no language."""

from dataclasses import dataclass
from enum import StrEnum

from craton.guardrails.amounts.quantities import Quantity


class Role(StrEnum):
    """What a group of conditions is to what follows: it follows if they hold, unless they do, only if they do."""

    IF = "if"
    UNLESS = "unless"
    ONLY = "only"


class Mood(StrEnum):
    """Whether something is so, is allowed, or must be."""

    FACT = "fact"
    PERMISSION = "permission"
    DEMAND = "demand"


@dataclass(frozen=True, slots=True)
class Atom:
    """One fact. `text` is what it is about, affirmed; `about` are the beginnings of its words that tell so, `of` those
    of what it is said of. `value` is whether it is so, or what amount it is; `none`: there may be none of it.
    """

    text: str
    about: frozenset[str]
    value: bool | Quantity
    mood: Mood = Mood.FACT
    none: bool = False
    of: frozenset[str] = frozenset()
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions that hold together; where `either`, one of them is enough."""

    role: Role
    atoms: tuple[Atom, ...]
    either: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence: `then` follows where its conditions allow it; where it is the `rest`, in no case that the sentence
    before it spoke of. `subject` is what `then` is said of, as a condition; whether that is one, other sentences tell.
    """

    text: str
    when: tuple[Group, ...]
    then: tuple[Atom, ...]
    subject: Group | None = None
    rest: bool = False
    given: str = ""

    @property
    def demands(self) -> bool:
        """Whether it says how much something must be, and not only how much it is."""
        return any(each.mood == Mood.DEMAND and isinstance(each.value, Quantity) for each in self.then)


class NotUnderstood(ValueError):
    """A sentence whose parts cannot be told. The message says why."""
