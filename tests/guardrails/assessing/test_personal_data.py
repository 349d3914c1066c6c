"""The judge of personal data within a stream: nothing of it goes out, in whatever pieces a text comes."""

import random
import re
from collections.abc import Sequence
from typing import Any

from craton.guardrails import pii
from craton.guardrails.findings import Source
from craton.guardrails.means import Entity
from tests.guardrails.assessing.judges import judges
from tests.guardrails.assessing.test_screening import pieces, screened

TEXTS = 150
PLANTED = {
    "EMAIL": "jo.lange@post.example",
    "CREDIT_DEBIT_CARD_NUMBER": "4111 1111 1111 1111",
    "INTERNATIONAL_BANK_ACCOUNT_NUMBER": "DE89 3704 0044 0532 0130 00",
    "NAME": "Anna Schmidt",
    "IP_ADDRESS": "192.0.2.17",
    "US_SOCIAL_SECURITY_NUMBER": "123-45-6789",
    "AWS_ACCESS_KEY": "AKIAIOSFODNN7EXAMPLE",
    "VEHICLE_IDENTIFICATION_NUMBER": "1HGCM82633A004352",
}
PROSE = ["the meeting", "was moved", "and so we wait", "for an answer", "of", "it", "und", "dann gehen", "wir", "nach"]


class Names:
    """Knows one given name and one surname."""

    async def entities(self, texts: Sequence[str]) -> Sequence[Sequence[Entity]]:
        labels = {"Anna": "GIVEN_NAME", "Schmidt": "SURNAME"}
        return [
            [Entity(labels[match[0]], *match.span(), 0.99) for match in re.finditer(r"\b(Anna|Schmidt)\b", text)]
            for text in texts
        ]


def made(chance: random.Random) -> str:
    wanted = chance.choice([60, 500, 1500])
    parts: list[str] = []
    while sum(map(len, parts)) < wanted:
        if chance.random() < 0.07:
            parts += [chance.choice(" \n("), chance.choice([*PLANTED.values()]), chance.choice([". ", " ", ") "])]
        else:
            parts += [chance.choice(PROSE), chance.choice([" ", " ", " ", ". ", ",\n"])]
    return "".join(parts)


async def test_nothing_of_it_goes_out_in_whatever_pieces_a_text_comes() -> None:
    means: Any = Names()
    policy = {"piiEntities": [{"type": each, "action": "ANONYMIZE"} for each in PLANTED], "regexes": []}
    judge = pii.judge(policy, Source.OUTPUT, means)
    assert judge
    chance = random.Random(7)
    for _ in range(TEXTS):
        text = made(chance)
        whole = await screened([text], judges(judge))
        assert not [planted for planted in PLANTED.values() if planted in "".join(whole.released)]
        held = whole.verdict.assessment.get("sensitiveInformationPolicy", {"piiEntities": []})
        found = " | ".join(entry["match"] for entry in held["piiEntities"])  # type: ignore[index]
        planted = "|".join(map(re.escape, PLANTED.values()))
        assert re.findall(planted, found) == re.findall(planted, text)
        for chunks in ([*pieces(chance, text)], [*text]):
            assert (await screened(chunks, judges(judge))).told == whole.told
