"""A policy about parental leave that the tests share, and a text model that answers as it is told."""

from collections.abc import Callable, Mapping, Sequence

from craton.guardrails.findings import Image, Undecided
from craton.guardrails.means import Entity

ARN = "arn:aws:bedrock:us-east-1:000000000000:automated-reasoning-policy/abcdefgh1234:1"
ELIGIBLE, CARER, PAY = "ELIGIBLE0001", "CARER0000001", "PAY000000001"

DEFINITION: dict[str, object] = {
    "version": "1.0",
    "types": [
        {
            "name": "LeaveType",
            "description": "The kind of leave.",
            "values": [
                {"value": "PARENTAL", "description": "After a birth; Elternzeit."},
                {"value": "MEDICAL", "description": "Illness."},
                {"value": "LeaveType_OTHER"},
            ],
        }
    ],
    "variables": [
        {"name": "isFullTime", "type": "BOOL", "description": "Whether the employee works full time (Vollzeit)."},
        {"name": "tenureMonths", "type": "INT", "description": "Months of employment; a year is 12."},
        {"name": "eligibleForParentalLeave", "type": "BOOL", "description": "May take parental leave (Elternzeit)."},
        {"name": "leaveType", "type": "LeaveType", "description": "The leave that is asked for."},
        {"name": "payShare", "type": "NUMBER", "description": "Share of the pay during leave; 0.5 is half."},
        {"name": "parkingSpace", "type": "INT", "description": "The number of the parking space."},
        {"name": "hasCar", "type": "BOOL", "description": "Whether the employee has a car."},
    ],
    "rules": [
        {"id": ELIGIBLE, "expression": "(=> (and isFullTime (> tenureMonths 12)) eligibleForParentalLeave)"},
        {"id": CARER, "expression": "(=> (or (not isFullTime) (<= tenureMonths 12)) (not eligibleForParentalLeave))"},
        {"id": PAY, "expression": "(=> (= leaveType PARENTAL) (= payShare 0.65))"},
        {"id": "PARKING00001", "expression": "(=> (not hasCar) (= parkingSpace 0))"},
    ],
}


class Writes:
    """Means whose text model writes what a function of the instruction and the schema gives; all else is missing."""

    asks = True

    def __init__(self, write: Callable[[str, Mapping[str, object]], object] | None = None) -> None:
        self._write = write
        self.instructions: list[str] = []
        self.schemas: list[Mapping[str, object]] = []
        self.answers: dict[str, dict[str, float]] = {}

    async def write(self, instruction: str, schema: Mapping[str, object], task: str = "") -> object:
        self.instructions.append(instruction)
        self.schemas.append(schema)
        if self._write is None:
            raise Undecided("No model judges here; name one in guardrails.judge.")
        return self._write(instruction, schema)

    async def choose(self, question: str, choices: Sequence[str]) -> Mapping[str, float]:
        for part, odds in self.answers.items():
            if part in question:
                return odds
        return {choice: float(choice == choices[0]) for choice in choices}

    async def vectors(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """Texts are as near as they share words."""
        split = [set(text.lower().replace(".", " ").split()) for text in texts]
        words = sorted(set().union(*split))
        rows = [[float(word in each) for word in words] for each in split]
        return [[value / (sum(row) ** 0.5 or 1.0) for value in row] for row in rows]

    async def entities(self, texts: Sequence[str]) -> Sequence[Sequence[Entity]]:
        raise NotImplementedError

    async def attacks(self, texts: Sequence[str]) -> Sequence[float]:
        raise NotImplementedError

    async def indecency(self, images: Sequence[Image]) -> Sequence[float]:
        raise NotImplementedError


def said(
    sentence: int, then: Sequence[tuple[object, ...]], role: str = "claim", when: Sequence[tuple[object, ...]] = ()
) -> dict[str, object]:
    """A statement as the model writes it; a condition is (name, value) or (name, relation, value)."""
    return {"sentence": sentence, "role": role, "when": conditions(when), "then": conditions(then)}


def conditions(of: Sequence[tuple[object, ...]]) -> list[dict[str, object]]:
    return [
        {"variable": each[0], "value": each[1]}
        if len(each) == 2
        else {"variable": each[0], "relation": each[1], "value": each[2]}
        for each in of
    ]
