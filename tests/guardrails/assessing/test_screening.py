"""A text that comes in pieces goes out masked, never ahead of what is to be masked, and judged as if it were whole."""

import random
import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from craton.core.trace import GUARDRAIL, Trace
from craton.guardrails.assessing.screening import Screening
from craton.guardrails.assessing.segments import LONGEST, REACH
from craton.guardrails.assessing.verdict import Terms, Verdict
from craton.guardrails.findings import Action, Finding, Source, Window
from craton.guardrails.guard import Judges
from tests.guardrails.assessing.judges import Broken, Grounded, Pattern, Tone, guard, judges

TEXTS = 1000

# Tokens as the texts hold them, none longer than what may not leak; the key is as long as that.
TOKENS = {
    "EMAIL": r"\b[\w.]{1,40}@[\w.]{1,40}\b",
    "PIN": r"\b\d{6}\b",
    "CARD": r"\b\d{4}(?: \d{4}){3}\b",
    "KEY": r"\bkey-[a-z0-9]{120,196}\b",
    "FLAG": r"🇩🇪(?:🇩🇪)*",
}
EXAMPLES = {
    "EMAIL": "jo.lange@post.example",
    "PIN": "493021",
    "CARD": "4000 0012 3456 7899",
    "KEY": "key-" + "a1b2" * 49,
    "FLAG": "🇩🇪",
}
STOP = r"\bhalt\d{3}\b"

WORDS = [
    "the",
    "Brücke",
    "naïve",
    "e\u0301tude",
    "👩‍👩‍👧",
    "1234567",
    "12345",
    "x@",
    "@y",
    "4000 0012",
    "日本語",
    "a" * 90,
]
GLUE = [" ", " ", " ", " ", ". ", "! ", "\n", ", ", " (", ") ", "。", "-", "\u200d", ""]


def made(random: random.Random, *, stops: bool) -> str:
    """Prose, code-like runs without white space, and tokens at random."""
    wanted = random.choice([30, 300, 700, 1500])
    names = [*EXAMPLES]
    parts: list[str] = []
    while sum(map(len, parts)) < wanted:
        kind = random.random()
        if kind < 0.1:
            parts += [random.choice([" ", "(", "\n", "。"]), EXAMPLES[random.choice(names)], random.choice(" ,)\n")]
        elif kind < 0.13:
            parts.append("".join(random.choices(string.ascii_letters + string.digits, k=random.randrange(300))))
        elif stops and kind < 0.14:
            parts.append(" halt007 ")
        else:
            parts += [random.choice(WORDS), random.choice(GLUE)]
    return "".join(parts)


def pieces(random: random.Random, text: str) -> Iterator[str]:
    """Anywhere: between a letter and its accent, within an emoji, and now and then nothing."""
    longest = random.choice([2, 9, 60, 900])
    at = 0
    while at < len(text):
        size = random.randrange(longest)
        yield text[at : at + size]
        at += size


def masked(text: str) -> str:
    """What is to become of all of the text: the truth that the test knows from looking at it whole."""
    spans = sorted((*match.span(), name) for name, one in TOKENS.items() for match in re.finditer(one, text))
    out, at = [], 0
    while spans:
        start, end, name = spans.pop(0)
        longest = end - start
        while spans and spans[0][0] < end:
            other = spans.pop(0)
            if other[1] - other[0] > longest:
                longest, name = other[1] - other[0], other[2]
            end = max(end, other[1])
        out += [text[at:start], f"{{{name}}}"]
        at = end
    return "".join([*out, text[at:]])


@dataclass
class Screened:
    released: list[str]
    blocked: bool
    verdict: Verdict

    @property
    def told(self) -> object:
        """All that is decided, without what differs by the clock."""
        assessment = dict(self.verdict.assessment)
        del assessment["invocationMetrics"]
        return (
            "".join(self.released),
            self.blocked,
            self.verdict.action,
            self.verdict.reason,
            self.verdict.outputs,
            assessment,
            self.verdict.units,
            self.verdict.coverage,
        )


async def screened(pieces: Sequence[str], given: Judges, terms: Terms | None = None, **more: object) -> Screened:
    screening = Screening(guard(), Source.OUTPUT, given, terms or Terms(), **more)  # type: ignore[arg-type]
    released = [await screening.feed(piece) for piece in pieces]
    released.append(await screening.end())
    return Screened(released, screening.blocked, screening.verdict)


def token_judges() -> list[Pattern]:
    return [Pattern(name, pattern) for name, pattern in TOKENS.items()]


async def test_whatever_the_chunking_the_masked_text_goes_out_and_the_verdict_is_that_of_the_whole() -> None:
    chance = random.Random(2026)
    for number in range(TEXTS):
        text = made(chance, stops=number % 4 == 0)
        given = judges(*token_judges(), Pattern("STOP", STOP, Action.BLOCK))
        whole = await screened([text], given)
        if whole.blocked:
            assert re.search(STOP, text)
            assert masked(text).startswith("".join(whole.released)), text
        else:
            assert not re.search(STOP, text)
            assert "".join(whole.released) == masked(text), text
        for chunks in ([*pieces(chance, text)], [*text], [*pieces(chance, text)]):
            came = await screened(chunks, given)
            assert came.told == whole.told, (text, chunks)


async def test_a_match_of_the_promised_length_is_masked_wherever_a_cut_falls() -> None:
    key = EXAMPLES["KEY"]
    assert len(key) == REACH
    for before in range(350, 420):
        text = "-" * before + key + "-" * 700
        came = await screened([*text], judges(Pattern("KEY", TOKENS["KEY"])))
        assert "".join(came.released) == "-" * before + "{KEY}" + "-" * 700
        assert [entry["match"] for entry in entries(came, "sensitiveInformationPolicy", "regexes")] == [key]


async def test_what_is_much_longer_than_promised_is_masked_as_far_as_it_is_seen() -> None:
    text = "Key: " + "0" * 5000 + " end."
    came = await screened([*text], judges(Pattern("LONG", r"\d{50,}")))
    assert "".join(came.released) == "Key: {LONG} end."


async def test_only_the_promised_length_is_held_back() -> None:
    text = "Nothing to hide in here. " * 200
    screening = Screening(guard(), Source.OUTPUT, judges(*token_judges()), Terms())
    released = 0
    for arrived, character in enumerate(text, start=1):
        released += len(await screening.feed(character))
        assert arrived - released <= LONGEST + REACH
    assert released > len(text) - LONGEST - REACH


def entries(came: Screened, policy: str, group: str) -> list[dict[str, object]]:
    held: dict[str, list[dict[str, object]]] = came.verdict.assessment[policy]  # type: ignore[assignment]
    return held[group]


async def test_of_overlapping_masks_the_longest_stands_for_all_of_it() -> None:
    came = await screened(
        ["Write to jo@post.example now."],
        judges(Pattern("HOST", r"post\.example"), Pattern("EMAIL", r"\w+@\w+"), Pattern("DOT", r"\.")),
    )
    assert "".join(came.released) == "Write to {HOST} now{DOT}"
    assert len(entries(came, "sensitiveInformationPolicy", "regexes")) == 4


async def test_what_blocks_stays_in_with_all_that_follows_and_what_came_before_is_out() -> None:
    before, after = "All is well so far. " * 40, "More of the same. " * 40
    given = judges(Pattern("STOP", STOP, Action.BLOCK), Pattern("EMAIL", TOKENS["EMAIL"]))
    came = await screened([before + "halt007 a@b.example " + after], given)
    released = "".join(came.released)
    assert came.blocked
    assert released and before.startswith(released)
    assert came.verdict.action == "GUARDRAIL_INTERVENED"
    assert came.verdict.reason == "Guardrail blocked."
    assert came.verdict.outputs == ["I would rather not say."]
    assert [entry["action"] for entry in entries(came, "sensitiveInformationPolicy", "regexes")] == [
        "BLOCKED",
        "ANONYMIZED",
    ]


async def test_who_stops_at_what_blocks_has_the_same_verdict_whatever_the_chunking() -> None:
    text = "Mail a@b.example, they say. " * 30 + "Now halt007 at once. " + "Mail c@d.example. " * 200
    given = judges(Pattern("STOP", STOP, Action.BLOCK), Pattern("EMAIL", TOKENS["EMAIL"]))

    async def stopped(chunks: Sequence[str]) -> object:
        screening, released = Screening(guard(), Source.OUTPUT, given, Terms()), []
        for chunk in chunks:
            released.append(await screening.feed(chunk))
            if screening.blocked:
                break
        return Screened(released, screening.blocked, screening.verdict).told

    at_once = await stopped([text])
    chance = random.Random(1)
    assert await stopped([*text]) == at_once == await stopped([*pieces(chance, text)])
    assert at_once != (await screened([text], given)).told, "there is more to find for who goes on"


async def test_what_is_only_detected_changes_nothing() -> None:
    came = await screened(["Call 493021."], judges(Pattern("PIN", TOKENS["PIN"], Action.NONE)))
    assert "".join(came.released) == "Call 493021."
    assert (came.verdict.action, came.verdict.reason, came.verdict.outputs) == ("NONE", "No action.", [])
    assert entries(came, "sensitiveInformationPolicy", "regexes") == [
        {"name": "PIN", "match": "493021", "action": "NONE", "detected": True}
    ]


async def test_what_concerns_all_of_a_text_is_told_once_and_at_its_strongest() -> None:
    text = "That was rude. " * 100 + "That was vile. " * 100
    given = judges(Tone("rude", "LOW", Action.NONE), Tone("vile", "HIGH", Action.BLOCK))
    came = await screened([*text], given, Terms(full=True))
    (entry,) = entries(came, "contentPolicy", "filters")
    assert (entry["confidence"], entry["action"], entry["detected"]) == ("HIGH", "BLOCKED", True)
    calm = await screened(["All is well."], given, Terms(full=True))
    (entry,) = entries(calm, "contentPolicy", "filters")
    assert (entry["confidence"], entry["action"], entry["detected"]) == ("NONE", "NONE", False)
    assert calm.verdict.action == "NONE"


async def test_what_cannot_be_judged_is_blocked_or_passes_as_configured_and_the_reason_tells() -> None:
    found = Finding("wordPolicy", "customWords", {"match": "foo", "action": "BLOCKED"}, Action.BLOCK, 0, 3)
    blocked = await screened(["Hello there."], judges(Broken()), Terms(undecided="block"))
    assert (blocked.released, blocked.blocked) == (["", ""], True)
    assert blocked.verdict.outputs == ["I would rather not say."]
    told = "The topicPolicy could not be judged: The model 'm' is not installed. Run `craton pull m`."
    assert blocked.verdict.reason == f"Guardrail blocked. {told}"
    passed = await screened(["Hello there."], judges(Broken()), Terms(undecided="pass"))
    assert "".join(passed.released) == "Hello there."
    assert (passed.verdict.action, passed.verdict.reason) == ("NONE", f"No action. {told}")
    still = await screened(["foo is there."], judges(Broken(found=[found])), Terms(undecided="pass"))
    assert still.blocked, "what it found without its model counts"


async def test_judges_of_whole_answers_let_nothing_out_before_the_end() -> None:
    text, source = "The library opens at nine.", "The library opens at nine. It closes at six."
    given = judges(Pattern("HOUR", "nine|ten"), whole=[Grounded()])
    good = await screened([*text], given, sources=[source], query="When?")
    assert good.released == [""] * len(text) + ["The library opens at {HOUR}."]
    assert good.verdict.units["contextualGroundingPolicyUnits"] == 1
    bad = await screened(["It opens at ten."], given, sources=[source], query="When?")
    assert (bad.released, bad.blocked) == (["", ""], True)
    assert entries(bad, "contextualGroundingPolicy", "filters")[0]["score"] == 0
    long = "Some words that are long. " * 100
    unasked = await screened([*long], given)
    assert "".join(unasked.released[:-1]), "without sources there is nothing to wait for"
    assert unasked.verdict.units["contextualGroundingPolicyUnits"] == 0


async def test_without_judges_a_text_goes_through_at_once() -> None:
    came = await screened(["one ", "two"], judges())
    assert came.released == ["one ", "two", ""]
    assert came.verdict.coverage == {"textCharacters": {"guarded": 7, "total": 7}}


async def test_what_stands_across_a_cut_is_told_of_once_and_by_the_longer_finding() -> None:
    text = "-" * 395 + "0123456789" + "-" * 700

    class Halves(Pattern):
        """In the window that holds it first it sees only its first half."""

        async def judge(self, windows: Sequence[Window], *, full: bool = False) -> list[Finding]:
            found = await super().judge(windows, full=full)
            return [replace(each, end=each.end - 5) for each in found] if not windows[0].offset else found

    for one in (Pattern("PIN", r"\d+"), Halves("PIN", r"\d+")):
        came = await screened([*text], judges(one))
        assert [entry["match"] for entry in entries(came, "sensitiveInformationPolicy", "regexes")] == ["0123456789"]
        assert not re.search(r"\d", "".join(came.released))


async def test_what_goes_on_through_many_windows_is_masked_and_told_of() -> None:
    text = "http://a." * 1000
    came = await screened([text], judges(Pattern("URL", r"http\S+")))
    assert "a" not in "".join(came.released)
    told = [str(entry["match"]) for entry in entries(came, "sensitiveInformationPolicy", "regexes")]
    assert told and all(match in text for match in told)


async def test_the_trace_has_one_span_of_all_the_judging() -> None:
    trace = Trace()
    text = "Mail a@b.example. " * 100
    await screened([*text], judges(Pattern("EMAIL", TOKENS["EMAIL"])), trace=trace)
    (span,) = trace.spans
    assert span.name == GUARDRAIL
    assert span.ended >= span.started > 0
    assert {**span.attributes, "craton.guardrail.latency_ms": 0} == {
        "aws.bedrock.guardrail.id": "abc123def456",
        "craton.guardrail.version": "7",
        "craton.guardrail.source": "OUTPUT",
        "craton.guardrail.intervened": True,
        "craton.guardrail.text_units": 0,
        "craton.guardrail.latency_ms": 0,
    }


async def test_a_judge_that_fails_otherwise_fails_the_request() -> None:
    class Failing(Pattern):
        async def judge(self, windows: object, *, full: bool = False) -> list[Finding]:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await screened(["text"], judges(Failing("F", "f")))
