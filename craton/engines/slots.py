"""Which slot of an engine an answer takes: the one whose cache holds most of its prompt. Knows no engine."""

# A cache that holds less of a prompt than this is worth more to whom it was made for.
_WORTHWHILE = 0.1


class Slots:
    """Slots by number, each with the text its cache holds."""

    def __init__(self, count: int) -> None:
        self._free = dict.fromkeys(range(count), "")

    def take(self, prompt: str) -> int:
        """A free slot, of which there must be one: the one that shares the most with the prompt, or else the one that
        was given back longest ago.
        """
        shared = {slot: _shared(text, prompt) for slot, text in self._free.items()}
        best = max(shared, key=lambda slot: shared[slot])
        if shared[best] < _WORTHWHILE * len(prompt):
            best = next(iter(self._free))
        del self._free[best]
        return best

    def give_back(self, slot: int, text: str) -> None:
        self._free[slot] = text


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one.startswith(other[low:middle], low):
            low = middle
        else:
            high = middle - 1
    return low
