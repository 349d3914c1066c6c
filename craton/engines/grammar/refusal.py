"""The one error of this folder, and the bounds that keep a schema's grammar small.

Knows no schema, and nothing of whoever asked.
"""

MAX_SIZE = 100_000
"""Symbols of one grammar: more than any hand-written schema needs, and read by both engines within a second."""

MAX_CASES = 256
"""Combinations of branches of anyOf and oneOf that one place may stand for."""

MAX_VALUES = 4096
"""Values of an enum."""

MAX_TEXT = 100_000
"""Characters of all values of an enum together."""

MAX_COUNT = 1_000_000
"""The highest number of characters, items or digits that is counted. A longer text is not written: it needs more
tokens than models have."""

MAX_STATES = 2000
"""States of the automaton of a string that must satisfy several things at once."""


class UnsupportedSchema(ValueError):
    """A JSON schema that no grammar can keep exactly.

    `keyword` is the one that is in the way, `pointer` the JSON Pointer (RFC 6901) of the subschema that has it.
    """

    def __init__(self, keyword: str, pointer: str, sentence: str) -> None:
        super().__init__(f"The JSON schema cannot be enforced because of {keyword!r} at {'#' + pointer!r}: {sentence}")
        self.keyword = keyword
        self.pointer = pointer


def pointer(parent: str, *tokens: str | int) -> str:
    """The JSON Pointer of a member of what stands at `parent`."""
    return parent + "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)
