"""The guardrail that a request asks for, in each of the ways that APIs have to say so. Knows no guardrail.

Sources: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_GuardrailStreamConfiguration.html,
API_runtime_InvokeModel.html, https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-streaming.html
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Self

from craton.dialects.body import Json
from craton.dialects.converse import Block
from craton.errors import ValidationException

# The member of a native body that says more of the guardrail that a header names.
CONFIG = "amazon-bedrock-guardrailConfig"
IDENTIFIER_HEADER = "x-amzn-bedrock-guardrailidentifier"
VERSION_HEADER = "x-amzn-bedrock-guardrailversion"
TRACE_HEADER = "x-amzn-bedrock-trace"

_IDENTIFIER = re.compile(
    r"[a-z0-9]{1,2048}|arn:aws(?:-[^:]{1,20})?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]{1,2048}"
)
_VERSION = re.compile(r"[1-9][0-9]{0,7}|DRAFT")
_SUFFIX = re.compile(r"[a-zA-Z0-9]{1,20}")


class Trace(StrEnum):
    """How much an answer tells of the assessments."""

    DISABLED = "disabled"
    ENABLED = "enabled"
    ENABLED_FULL = "enabled_full"


class Mode(StrEnum):
    """Whether a stream waits for its judges."""

    SYNC = "sync"
    ASYNC = "async"


_MODES = {"SYNCHRONOUS": Mode.SYNC, "ASYNCHRONOUS": Mode.ASYNC, "SYNC": Mode.SYNC, "ASYNC": Mode.ASYNC}


@dataclass(frozen=True, slots=True)
class Asked:
    """Without an identifier it says only how much to tell of the guardrails that apply to everyone.

    `tag_suffix` is that of the tags around what is to be judged, in texts of native bodies.
    """

    identifier: str = ""
    version: str = ""
    trace: Trace = Trace.DISABLED
    mode: Mode = Mode.SYNC
    tag_suffix: str = ""

    def __post_init__(self) -> None:
        if self.identifier and not self.version:
            raise ValidationException(
                f"The request names the guardrail {self.identifier!r} but none of its versions. Give the number of one "
                "as guardrailVersion, or DRAFT."
            )
        if self.version and not self.identifier:
            raise ValidationException(
                f"The request names the version {self.version!r} of no guardrail. Give guardrailIdentifier too, or "
                "leave out guardrailVersion."
            )

    def record(self) -> Block:
        """As a job keeps it."""
        return asdict(self)

    @classmethod
    def read(cls, record: Mapping[str, str]) -> Self:
        rest = {name: value for name, value in record.items() if name not in ("trace", "mode")}
        return cls(**rest, trace=Trace(record["trace"]), mode=Mode(record["mode"]))


def of_converse(req: Json) -> Asked | None:
    """What a Converse request asks for. Raises ValidationException."""
    config = req.get("guardrailConfig")
    if not config:
        return None
    return Asked(
        config.get("guardrailIdentifier", ""),
        config.get("guardrailVersion", ""),
        Trace(config.get("trace", Trace.DISABLED)),
        Mode(config.get("streamProcessingMode", Mode.SYNC)),
    )


def of_native(req: Json) -> Asked | None:
    """What an InvokeModel request asks for in its headers, as the service model names them. `configured` must follow.

    Raises ValidationException.
    """
    return _named(req.get("guardrailIdentifier", ""), req.get("guardrailVersion", ""), req.get("trace", ""))


def of_headers(header: Callable[[str], str | None]) -> Asked | None:
    """The same of an API without such members; `header` finds one by its name in lower case."""
    identifier, version = header(IDENTIFIER_HEADER) or "", header(VERSION_HEADER) or ""
    if identifier and not _IDENTIFIER.fullmatch(identifier):
        raise ValidationException("The provided guardrail identifier is invalid.")
    if version and not _VERSION.fullmatch(version):
        raise ValidationException(
            f"The guardrail version {version!r} is invalid. Give the number of a version, or DRAFT."
        )
    return _named(identifier, version, header(TRACE_HEADER) or "")


def configured(asked: Asked | None, body: Block) -> Asked | None:
    """The same, with what the body says of it; that member is taken out of the body. Raises ValidationException."""
    if CONFIG not in body:
        return asked
    config = body.pop(CONFIG)
    if asked is None or not asked.identifier:
        raise ValidationException(
            f"The body has {CONFIG!r}, but the request names no guardrail. Name one in the header "
            "X-Amzn-Bedrock-GuardrailIdentifier, or leave the member out."
        )
    suffix, mode = _config(config)
    return replace(asked, tag_suffix=suffix, mode=mode)


def _named(identifier: str, version: str, trace: str) -> Asked | None:
    if not (identifier or version or trace):
        return None
    if trace.lower() not in ("", *Trace):
        raise ValidationException(f"The trace {trace!r} is not known. Ask for ENABLED, ENABLED_FULL or DISABLED.")
    return Asked(identifier, version, Trace(trace.lower() or Trace.DISABLED))


def _config(config: object) -> tuple[str, Mode]:
    """The suffix of the tags, and the mode of streams."""
    if not isinstance(config, dict):
        raise ValidationException(f"{CONFIG!r} must be a JSON object, such as {{'tagSuffix': 'xyz'}}.")
    if unknown := sorted(config.keys() - {"tagSuffix", "streamProcessingMode"}):
        raise ValidationException(
            f"{CONFIG!r} has no member {unknown[0]!r}. It takes tagSuffix and streamProcessingMode."
        )
    suffix, mode = config.get("tagSuffix", ""), config.get("streamProcessingMode", "SYNCHRONOUS")
    if suffix != "" and not (isinstance(suffix, str) and _SUFFIX.fullmatch(suffix)):
        raise ValidationException(f"The tagSuffix {suffix!r} is invalid. Give 1 to 20 letters and digits.")
    if not isinstance(mode, str) or mode.upper() not in _MODES:
        raise ValidationException(
            f"The streamProcessingMode {mode!r} is not known. Ask for SYNCHRONOUS or ASYNCHRONOUS."
        )
    return suffix, _MODES[mode.upper()]
