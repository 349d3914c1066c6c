"""A stamp that also holds the request's body, for the families whose answers repeat some of it. Knows no family."""

from dataclasses import dataclass, field

from craton.dialects.body import Json
from craton.dialects.converse import Stamp


@dataclass(frozen=True, slots=True)
class Asked(Stamp):
    """What native bodies say of an answer beyond its content, and what was asked."""

    body: Json = field(default_factory=dict)
