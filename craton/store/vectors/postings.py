"""Words as PostgreSQL keeps them, and BM25 over them, which it lacks. Knows no connection.

A posting says how often a word, by a digest, stands in a chunk, and how many words that chunk has. Parameters and idf
are Lucene's: k1 1.2, b 0.75, ln(1 + (N - n + 0.5) / (n + 0.5)); see Robertson and Zaragoza, The Probabilistic
Relevance Framework, 2009.
"""

from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b

_K1, _B = 1.2, 0.75

# The best chunks of {chunks} for the terms of a query, by the postings in {postings}; {where} is a filter.
BEST = f"""
WITH about AS MATERIALIZED (
    SELECT chunks::float8, greatest(words, 1)::float8 / greatest(chunks, 1) AS mean FROM {{about}} WHERE name = %(name)s
), found AS MATERIALIZED (
    SELECT term, chunk, count, length FROM {{postings}} WHERE term = ANY(%(terms)s::bigint[])
), rare AS (
    SELECT term, ln(1 + ((SELECT chunks FROM about) - count(*) + 0.5) / (count(*) + 0.5)) AS weight
    FROM found GROUP BY term
), scored AS (
    SELECT chunk AS number, sum(
        weight * count * {_K1 + 1} / (count + {_K1} * ({1 - _B} + {_B} * length / (SELECT mean FROM about)))
    ) AS score
    FROM found JOIN rare USING (term) GROUP BY chunk
)
SELECT body, score FROM (SELECT number, score FROM scored ORDER BY score DESC, number) AS ranked
JOIN {{chunks}} USING (number) WHERE {{where}} ORDER BY score DESC, number LIMIT %(limit)s
"""


def terms(words: Sequence[str]) -> dict[int, int]:
    """How often each word stands there, by a digest of 64 bits."""
    return {
        int.from_bytes(
            blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True
        ): count
        for word, count in Counter(words).items()
    }
