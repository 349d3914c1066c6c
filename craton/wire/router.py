"""Which operation a request is for, told by its method and raw path, or by `X-Amz-Target`.

Works on the path as sent: labels hold `%2F` and `%3A`, or a literal `/` inside an ARN, and a slash at the end counts.
Knows nothing of bodies but the ARN that decides between services that share a path.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

import msgspec

from craton.errors import SerializationException, UnknownOperationException
from craton.wire.message import Request
from craton.wire.spec import Operation, Service, Shape
from craton.wire.validation.patterns import matcher

LONGEST_ARN = 8
"""Path segments that one ARN with literal slashes may span. A bound, since every label is tried at every length."""

_DOTS = frozenset({".", ".."})
_ARN = re.compile(r"arn(:|%3a)", re.IGNORECASE)
_LABEL = re.compile(r"{(\w+)(\+?)}")
_MALFORMED_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Route:
    """An operation and the decoded labels of its path, keyed by their names in the URI."""

    operation: Operation
    labels: Mapping[str, str]


@dataclass(slots=True)
class _Candidate:
    """An operation with the names of its labels, in the order of the path."""

    operation: Operation
    names: list[str]


@dataclass(slots=True)
class _Node:
    fixed: "dict[str, _Node]" = field(default_factory=dict)
    label: "_Node | None" = None
    greedy: "_Node | None" = None
    methods: dict[str, list[_Candidate]] = field(default_factory=dict)


class Router:
    """A trie of path segments, built once from all services."""

    def __init__(self, services: Iterable[Service]) -> None:
        self._root = _Node()
        self._targets: dict[str, Operation] = {}
        for service in services:
            for operation in service.operations.values():
                if operation.target:
                    self._targets[operation.target] = operation
                else:
                    self._add(operation)

    def match(self, request: Request) -> Route:
        """Raises UnknownOperationException, or SerializationException where a label is not percent-encoded UTF-8."""
        segments = request.path.split("/")[1:]
        if not _DOTS.isdisjoint(segments):
            # Clients sign such a path without these: the signature would hold for another path than the one routed.
            raise UnknownOperationException(
                f"The path {request.path[:200]!r} has segments '.' or '..'. Leave them out."
            )
        for node, values in _walk(self._root, segments, 0):
            if candidates := node.methods.get(request.method):
                labels = [_decode(value) for value in values]
                chosen = candidates[0] if len(candidates) == 1 else _choose(candidates, labels, request)
                return Route(chosen.operation, dict(zip(chosen.names, labels, strict=True)))
        target = request.header("x-amz-target")
        if target is not None and request.method == "POST" and request.path == "/":
            return self._match_target(target)
        raise UnknownOperationException(
            f"No operation answers {request.method} {request.path[:200]!r}. "
            "Check the method, the path and a slash at its end."
        )

    def _match_target(self, target: str) -> Route:
        if operation := self._targets.get(target):
            return Route(operation, {})
        known = ", ".join(sorted({name.partition(".")[0] for name in self._targets}))
        raise UnknownOperationException(
            f"No operation has the X-Amz-Target {target[:200]!r}. "
            f"The target prefixes served here are: {known or 'none'}."
        )

    def _add(self, operation: Operation) -> None:
        node, names = self._root, []
        path = operation.uri.partition("?")[0]
        for segment in path.split("/")[1:]:
            if label := _LABEL.fullmatch(segment):
                names.append(label[1])
                node = _greedy_child(node) if label[2] else _label_child(node)
            else:
                node = node.fixed.setdefault(segment, _Node())
        node.methods.setdefault(operation.method, []).append(_Candidate(operation, names))


def _label_child(node: _Node) -> _Node:
    node.label = node.label or _Node()
    return node.label


def _greedy_child(node: _Node) -> _Node:
    node.greedy = node.greedy or _Node()
    return node.greedy


def _walk(node: _Node, segments: list[str], at: int) -> Iterator[tuple[_Node, list[str]]]:
    """The nodes that the whole path leads to, with the raw labels passed; the most literal reading first."""
    if at == len(segments):
        yield node, []
        return
    segment = segments[at]
    if child := node.fixed.get(segment):
        yield from _walk(child, segments, at + 1)
    if node.label and segment:
        for end in range(at + 1, at + 1 + _span(segments, at)):
            yield from _extend(node.label, segments, at, end)
    if node.greedy and segment:
        for end in range(len(segments), at, -1):
            yield from _extend(node.greedy, segments, at, end)


def _extend(child: _Node, segments: list[str], start: int, end: int) -> Iterator[tuple[_Node, list[str]]]:
    for node, values in _walk(child, segments, end):
        yield node, ["/".join(segments[start:end]), *values]


def _span(segments: list[str], at: int) -> int:
    """How many segments a label may take here: one, unless an ARN begins."""
    return min(LONGEST_ARN, len(segments) - at) if _ARN.match(segments[at]) else 1


def _decode(value: str) -> str:
    if "%" not in value:
        return value
    if _MALFORMED_ESCAPE.search(value):
        raise SerializationException(
            f"The path segment {value[:200]!r} has a '%' that two hexadecimal digits do not follow."
        )
    try:
        return unquote_to_bytes(value).decode()
    except UnicodeDecodeError:
        raise SerializationException(f"The path segment {value[:200]!r} is not percent-encoded UTF-8.") from None


def _choose(candidates: list[_Candidate], labels: list[str], request: Request) -> _Candidate:
    """The first candidate whose model accepts the ARN.

    Only operations on tags and resource policies share a path across services. They mean the same there, and the ARN,
    in the path or in the body, says whose resource it is.
    """
    return next((each for each in candidates if _accepts(each, labels, request)), candidates[0])


def _accepts(candidate: _Candidate, labels: list[str], request: Request) -> bool:
    members = candidate.operation.input.members
    if not labels:
        return any(_fits(members[name].shape, value) for name, value in _texts(request.body) if name in members)
    located = {
        member.location_name or name: member.shape for name, member in members.items() if member.location == "uri"
    }
    return all(_fits(located[name], value) for name, value in zip(candidate.names, labels, strict=True))


def _fits(shape: Shape, value: str) -> bool:
    return shape.pattern is None or matcher(shape.pattern)(value)


def _texts(body: bytes) -> list[tuple[str, str]]:
    """The members of the body that are text; none where the body is malformed, which is for the reader to say."""
    try:
        members = msgspec.json.decode(body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []
    return [(name, value) for name, value in members.items() if isinstance(value, str)]
