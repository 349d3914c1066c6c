"""Additional response fields: the caller gets what it names, where it stood, and nothing else."""

import pytest

from craton.errors import ValidationException
from craton.runtime.fields import check, with_fields

STOP = {
    "stopReason": "stop_sequence",
    "additionalModelResponseFields": {"stop_sequence": "END", "a/b": {"c~d": 1, "e": 2}, "list": [1]},
}


@pytest.mark.parametrize(
    ("pointers", "kept"),
    [
        ([], None),
        (["/nothing"], None),
        (["/list/0"], None),
        (["/stop_sequence"], {"stop_sequence": "END"}),
        (["/a~1b/c~0d"], {"a/b": {"c~d": 1}}),
        (["/a~1b/c~0d", "/a~1b/e", "/list"], {"a/b": {"c~d": 1, "e": 2}, "list": [1]}),
    ],
)
def test_what_is_named_is_kept(pointers: list[str], kept: object) -> None:
    assert with_fields(STOP, pointers).get("additionalModelResponseFields") == kept
    assert with_fields(STOP, pointers)["stopReason"] == "stop_sequence"


def test_what_is_no_pointer_is_refused() -> None:
    check(["/stop_sequence"])
    with pytest.raises(ValidationException, match="one starts with '/'"):
        check(["stop_sequence"])
