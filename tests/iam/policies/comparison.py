"""Compares the decisions on generated scenes with the oracle's."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import astuple

from craton.iam.policies import ALLOWED, EXPLICIT_DENY, IMPLICIT_DENY, NOBODY, Asked, Policy, Principal, decide
from craton.iam.policies.policy import Kind
from tests.iam.policies import oracle
from tests.iam.policies.scenes import Generator, Scene

OUTCOMES = {ALLOWED: "allow", EXPLICIT_DENY: "deny", IMPLICIT_DENY: "no"}


def principal(request: oracle.Request) -> Principal:
    if request.type == "AWS":
        return Principal.of(request.who, issuer=request.via)
    if request.type == "Service":
        return Principal.service(request.who)
    return Principal.federated(request.who) if request.type else NOBODY


def parsed(texts: Sequence[str], kind: Kind) -> list[Policy]:
    return [Policy.parse(text, kind=kind) for text in texts]


def decided(scene: Scene) -> Iterator[tuple[str, str]]:
    policies = scene.policies
    identity = parsed(policies.identity, "identity")
    resource = parsed(policies.resource, "resource") + parsed(policies.trust, "trust")
    boundary = None if policies.boundary is None else parsed(policies.boundary, "identity")
    session = None if policies.session is None else parsed(policies.session, "identity")
    for request in scene.requests:
        asked = Asked(principal(request), request.action, request.resource, request.keys)
        decision = decide(asked, identity=identity, resource=resource, boundary=boundary, session=session)
        yield OUTCOMES[decision.outcome], decision.source


def compare(seed: int, scenes: int) -> tuple[Counter[tuple[str, str]], int, list[str]]:
    """Of a batch of scenes: how often each decision was come to, how many policies there were, and what differed."""
    generator = Generator(seed)
    shares: Counter[tuple[str, str]] = Counter()
    policies = 0
    differ: list[str] = []
    for _ in range(scenes):
        scene = generator.scene()
        policies += sum(len(texts or ()) for texts in astuple(scene.policies))
        for request, got in zip(scene.requests, decided(scene), strict=True):
            expected = oracle.decide(request, scene.policies)
            shares[expected] += 1
            if got != expected:
                differ.append(f"{got}, but the oracle says {expected}, of {request} under {scene.policies}")
    return shares, policies, differ
