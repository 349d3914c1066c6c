"""Trains the heads and writes `craton/guardrails/content/heads.json`, and prints what they find.

    python -m tools.filters [--home .] [--check]

`--home` is a folder whose library has the models of guardrails. With `--check` nothing is written; it exits with 1
where the file is not what the sentences give.
"""

import argparse
import sys
from pathlib import Path

import msgspec

from craton.guardrails.content.categories import Category
from craton.guardrails.content.heads import Head, Trained
from craton.guardrails.content.levels import Tier
from tools.filters.examples import checksum, examples
from tools.filters.features import features
from tools.filters.figures import table
from tools.filters.training import POSITIVE, Labelled, head

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "craton" / "guardrails" / "content" / "heads.json"
PROVENANCE = (
    "Logistic regressions over vectors of USE multilingual v3, trained by tools/filters from sentences that were "
    "written for this project."
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=ROOT / ".models")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    every = examples()
    data = Labelled.of(every, features([each.text for each in every], arguments.home))
    tiers: dict[Tier, dict[Category, Head]] = {
        tier: {category: head(category, tier, data) for category in POSITIVE} for tier in Tier
    }
    if arguments.check:
        kept = msgspec.json.decode(FILE.read_bytes(), type=Trained)
        return int(not _alike(kept, tiers))
    written = msgspec.json.encode(Trained(PROVENANCE, checksum(), tiers))
    FILE.write_bytes(written.replace(b'"weights":[', b'\n"weights":[') + b"\n")
    for tier, heads in tiers.items():
        print(*table(tier, heads, data), sep="\n")
    return 0


def _alike(kept: Trained, made: dict[Tier, dict[Category, Head]]) -> bool:
    """Whether the heads are the same but for what a machine's rounding may change."""
    if kept.data != checksum() or kept.tiers.keys() != made.keys():
        return False
    for tier, heads in made.items():
        for category, each in heads.items():
            other = kept.tiers[tier][category]
            pairs = zip((*each.weights, each.bias, each.low), (*other.weights, other.bias, other.low), strict=True)
            if any(abs(one - two) > 0.02 for one, two in pairs):
                return False
    return True


if __name__ == "__main__":
    sys.exit(main())
