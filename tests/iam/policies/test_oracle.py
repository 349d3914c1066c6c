"""Decisions on 100,000 requests under generated policies agree with the oracle's, which is slow and shares no code."""

import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from tests.iam.policies.comparison import OUTCOMES, compare

REQUESTS = 100_000
BATCH = 2_500  # scenes, each of two requests


def test_the_oracle_agrees() -> None:
    shares: Counter[tuple[str, str]] = Counter()
    policies = 0
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for batch, count, differ in pool.map(partial(compare, scenes=BATCH), range(REQUESTS // BATCH // 2)):
            assert not differ, f"{len(differ)} differ, the first: {differ[0]}"
            shares += batch
            policies += count
    table = {" by ".join(decision): f"{share / REQUESTS:.2%}" for decision, share in shares.most_common()}
    print(f"{REQUESTS:,} requests under {policies:,} policies: {table}", file=sys.stderr)
    assert policies >= 100_000
    for outcome in OUTCOMES.values():
        assert sum(share for (each, _), share in shares.items() if each == outcome) >= REQUESTS * 0.15, table
    assert len(shares) == 5 + 5 + 4 and min(shares.values()) >= REQUESTS * 0.002, table
