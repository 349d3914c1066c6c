"""How faithfully a policy says what its documents say: which statements ground which rules and variables, and how well.

What grounds what is found by meaning; how accurate that is, the text model judges. Knows no solver.
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_AutomatedReasoningPolicyFidelityReport.html
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from craton.guardrails.means import Means
from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.language.translation import parted
from craton.guardrails.reasoning.logic.writing import cut, sentence

# How near a statement must be to ground something, and how many may.
NEAR = 0.35
MAX_GROUNDS = 3
# From when a score means that the statements say what the policy says.
SAID = 0.5
_LINE = 256
_CHOICES = ("yes", "partly", "no")


@dataclass(frozen=True, slots=True)
class Document:
    """A source document as text, in which `\\f` parts pages; `digest` is the SHA-256 of the file that it was."""

    name: str
    text: str
    description: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    document: str
    id: str
    text: str
    lines: tuple[int, ...]

    @property
    def reference(self) -> dict[str, str]:
        return {"documentId": self.document, "statementId": self.id}


async def report(policy: Policy, documents: Sequence[Document], means: Means) -> dict[str, object]:
    """An AutomatedReasoningPolicyFidelityReport. Raises Undecided where a model is missing."""
    by_document = [_statements(number, each) for number, each in enumerate(documents, 1)]
    statements = [each for found in by_document for each in found]
    rules = [(rule.id, sentence(rule.term)) for rule in policy.rules]
    told = [(name, f"{name}: {policy.descriptions.get(name, '')}") for name in policy.variables]
    vectors = await means.vectors([*(each.text for each in statements), *(text for _, text in [*rules, *told])])
    meant, sought = vectors[: len(statements)], vectors[len(statements) :]
    grounded: set[Statement] = set()
    reports: list[dict[str, object]] = []
    for (name, text), vector in zip([*rules, *told], sought, strict=True):
        near = _near(statements, meant, vector)
        score = await _score(text, near, means)
        grounded.update(near if score >= SAID else ())
        reports.append({"name": name, **_grounds(near, score)})
    of_rules, of_variables = reports[: len(rules)], reports[len(rules) :]
    return {
        "coverageScore": round(len(grounded) / len(statements), 4) if statements else 0.0,
        "accuracyScore": _mean(of_rules),
        "ruleReports": {str(each.pop("name")): {"rule": rules[at][0], **each} for at, each in enumerate(of_rules)},
        "variableReports": {
            str(each.pop("name")): {"policyVariable": told[at][0], **each} for at, each in enumerate(of_variables)
        },
        "documentSources": [
            _source(number, document, found)
            for number, (document, found) in enumerate(zip(documents, by_document, strict=True), 1)
        ],
    }


def _mean(reports: Sequence[dict[str, object]]) -> float:
    scores = [float(str(each["accuracyScore"])) for each in reports]
    return round(sum(scores) / len(scores), 4) if scores else 0.0


def _statements(number: int, document: Document) -> list[Statement]:
    found: list[Statement] = []
    for line, text in enumerate(_lines(document.text), 1):
        for each in parted(text):
            found.append(Statement(f"D{number}", f"S{len(found) + 1}", cut(each, 1024), (line,)))
    return found


def _lines(text: str) -> list[str]:
    """Lines as the report numbers them: those of the document, parted where they are longer than it may hold."""
    lines = []
    for line in text.replace("\f", "\n").split("\n"):
        while len(line) > _LINE:
            at = line.rfind(" ", 1, _LINE) if " " in line[1:_LINE] else _LINE
            lines.append(line[:at])
            line = line[at:].lstrip()
        lines.append(line)
    return lines


def _near(
    statements: Sequence[Statement], meant: Sequence[Sequence[float]], vector: Sequence[float]
) -> list[Statement]:
    nearness = [sum(a * b for a, b in zip(each, vector, strict=True)) for each in meant]
    order = sorted(range(len(statements)), key=lambda at: -nearness[at])[:MAX_GROUNDS]
    return [statements[at] for at in order if nearness[at] >= NEAR]


async def _score(text: str, near: Sequence[Statement], means: Means) -> float:
    if not near:
        return 0.0
    said = "\n".join(f"- {each.text}" for each in near)
    odds = await means.choose(
        f"Statements of a document:\n{said}\n\nA policy says: {text}\n\n"
        "Do the statements say or need what the policy says?",
        _CHOICES,
    )
    return round(odds["yes"] + odds["partly"] / 2, 4)


def _grounds(near: Sequence[Statement], score: float) -> dict[str, object]:
    why = "The statements say this." if score >= SAID else "No statement says this, or only in part."
    return {
        "groundingStatements": [each.reference for each in near],
        "groundingJustifications": [f"{each.id} is near in meaning: {cut(each.text, 900)}" for each in near],
        "accuracyScore": score,
        "accuracyJustification": why,
    }


def _source(number: int, document: Document, found: Sequence[Statement]) -> dict[str, object]:
    content = [
        {"line": {"lineNumber": line, "lineText": text}} for line, text in enumerate(_lines(document.text), 1) if text
    ]
    return {
        "documentName": document.name,
        "documentHash": document.digest or hashlib.sha256(document.text.encode()).hexdigest(),
        "documentId": f"D{number}",
        "atomicStatements": [
            {"id": each.id, "text": each.text, "location": {"lines": list(each.lines)}} for each in found
        ],
        "documentContent": [{"content": content}],
    }
