"""Trains the heads and writes `craton/guardrails/content/heads.json`, and prints what they find.

    python -m tools.filters [--home .] [--check]

`--home` is a folder whose library has the models of guardrails. With `--check` nothing is written; it exits with 1
where the file is not what the sentences give.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from craton.guardrails.content.categories import Category
from craton.guardrails.content.heads import Head, Trained
from craton.guardrails.content.levels import Tier
from craton.guardrails.sentences import views
from tools.filters.examples import checksum, examples
from tools.filters.features import features
from tools.filters.figures import strangers, table
from tools.filters.training import POSITIVE, Labelled, strange, trained

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "craton" / "guardrails" / "content" / "heads.json"
PROVENANCE = (
    "Logistic regressions over vectors of USE multilingual v3 and grams, trained by tools/filters from sentences that "
    "were written for this project."
)
# Of which it is told how heads find families that they never saw.
TOLD = (Category.PROMPT_ATTACK,)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=ROOT / ".models")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    data = _labelled(arguments.home)
    made = {tier: {category: trained(category, tier, data) for category in POSITIVE} for tier in Tier}
    heads = {tier: {category: head for category, (head, _) in each.items()} for tier, each in made.items()}
    if arguments.check:
        return int(not _alike(msgspec.json.decode(FILE.read_bytes(), type=Trained), heads))
    written = msgspec.json.encode(Trained(PROVENANCE, checksum(), heads))
    FILE.write_bytes(written.replace(b'"weights":[', b'\n"weights":[') + b"\n")
    for tier, each in made.items():
        print(*table(tier, each, data), sep="\n")
    for category in TOLD:
        head, _ = made[Tier.STANDARD][category]
        print(*strangers(Tier.STANDARD, category, head, strange(category, Tier.STANDARD, data), data), sep="\n")
    return 0


def _labelled(home: Path) -> Labelled:
    every = examples()
    parts = [views(each.text) for each in every]
    places = {part: place for place, part in enumerate(dict.fromkeys(part for each in parts for part in each))}
    return Labelled.of(every, [[places[part] for part in each] for each in parts], features([*places], home))


def _alike(kept: Trained, made: Mapping[Tier, Mapping[Category, Head]]) -> bool:
    """Whether the heads are the same but for what a machine's rounding may change."""
    if kept.data != checksum() or kept.tiers.keys() != made.keys():
        return False
    for tier, heads in made.items():
        for category, each in heads.items():
            other = kept.tiers[tier][category]
            pairs = zip((*each.weights, each.bias, each.low), (*other.weights, other.bias, other.low), strict=True)
            grams = zip(each.grams, other.grams, strict=True)
            if any(abs(one - two) > 0.02 for one, two in pairs) or any(abs(one - two) > 2 for one, two in grams):
                return False
    return True


if __name__ == "__main__":
    sys.exit(main())
