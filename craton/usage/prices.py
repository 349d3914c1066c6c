"""What models cost: by the configuration, and by what the operator set since. Knows no catalogue and no invocation.

Prices stand under the id of a model, or under a pattern (`*`, `?`, `[..]`). The id itself wins, then the longest
pattern that fits; what was set by an operation wins over the configuration. Amounts are exact: a price is an integer of
billionths of its currency for a million tokens.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any

import msgspec

from craton import config
from craton.core.recent import FRESH
from craton.errors import ResourceNotFoundException, ValidationException
from craton.store.documents import Document, Documents, Transaction
from craton.store.records import NOBODY
from craton.usage import money
from craton.usage.records import Counts

PRICE = "model-price"
_TOKENS = 10**6  # that a price is for
_SEARCHES = 10**3


@dataclass(frozen=True, slots=True)
class Price:
    """Billionths of the currency for a million tokens; `search` for a million searches."""

    input: int
    output: int
    cache_read: int
    cache_write: int
    search: int
    currency: str

    @classmethod
    def of(cls, price: config.Price) -> "Price":
        def exact(amount: Decimal | None) -> int:
            return int(((price.input if amount is None else amount) * money.UNIT).to_integral_value())

        search = exact(price.search * (_TOKENS // _SEARCHES))
        return cls(
            exact(price.input),
            exact(price.output),
            exact(price.cache_read),
            exact(price.cache_write),
            search,
            price.currency,
        )

    def most(self, input_tokens: int, output_tokens: int, searches: int) -> int:
        """What so many tokens may cost at most: all of the input may be written to the prompt cache."""
        counts = Counts(output_tokens=output_tokens, searches=searches)
        if self.cache_write > self.input:
            counts.cache_write_tokens = input_tokens
        else:
            counts.input_tokens = input_tokens
        return self.cost(counts)

    def cost(self, counts: Counts) -> int:
        """Billionths of the currency; half a billionth is rounded up."""
        total = (
            counts.input_tokens * self.input
            + counts.output_tokens * self.output
            + counts.cache_read_tokens * self.cache_read
            + counts.cache_write_tokens * self.cache_write
            + counts.searches * self.search
        )
        return (2 * total + _TOKENS) // (2 * _TOKENS)


class Prices:
    """The prices of one home. Other processes on it may set some meanwhile: that is seen within a second."""

    def __init__(self, documents: Documents, configured: Mapping[str, config.Price]) -> None:
        self._documents = documents
        self._configured = configured
        self._stored: dict[str, config.Price] = {}
        self._found: dict[str, Price | None] = {}
        self._until = 0.0

    async def of(self, model: str) -> Price | None:
        """The price of a model by its id; None where it has none and so costs what its machine does."""
        if time.monotonic() >= self._until:
            await self._read()
        if model not in self._found:
            price = _best(self._stored, model) or _best(self._configured, model)
            self._found[model] = None if price is None else Price.of(price)
        return self._found[model]

    async def put(self, pattern: str, members: Mapping[str, Any]) -> config.Price:
        """Set the price of a model, or of all whose ids fit a pattern. Raises ValidationException."""
        try:
            price = msgspec.convert(dict(members), config.Price, strict=False)
        except msgspec.ValidationError as error:
            raise ValidationException(f"The price of {pattern!r} is not valid: {error}.") from None
        body = {name: str(value) for name, value in _members(price).items()}

        def write(t: Transaction) -> None:
            t.put(NOBODY, PRICE, pattern, body)

        await self._documents.transaction(write)
        self._until = 0.0
        return price

    async def delete(self, pattern: str) -> None:
        """Raises ResourceNotFoundException where no operation has set it."""
        if pattern not in await self.stored():
            raise ResourceNotFoundException(
                f"No price was set for {pattern!r}; those of craton.toml are changed there. List the prices to see all."
            )
        await self._documents.delete(NOBODY, PRICE, pattern)
        self._until = 0.0

    async def stored(self) -> dict[str, config.Price]:
        """What operations have set, in the order of their patterns."""
        items = self._documents.look(lambda view: view.listing(NOBODY, PRICE))
        return {item.id: _price(item) for item in sorted(items, key=lambda item: item.id)}

    def configured(self) -> Mapping[str, config.Price]:
        return self._configured

    async def _read(self) -> None:
        self._until = time.monotonic() + FRESH
        stored = await self.stored()
        if stored != self._stored or len(self._found) > 10_000:
            self._stored = stored
            self._found = {}


def _best(prices: Mapping[str, config.Price], model: str) -> config.Price | None:
    if model in prices:
        return prices[model]
    fitting = [pattern for pattern in prices if fnmatchcase(model, pattern)]
    return prices[max(fitting, key=len)] if fitting else None


def _price(document: Document) -> config.Price:
    return msgspec.convert(document.body, config.Price, strict=False)


def _members(price: config.Price) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(price).items() if value is not None}
