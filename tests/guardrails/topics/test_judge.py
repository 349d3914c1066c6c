import pytest

from craton.guardrails.findings import Action, Source, Window
from craton.guardrails.topics import judge
from craton.guardrails.topics.likeness import background
from tests.conftest import ROOT, pulled
from tests.guardrails.faked import WIDTH, FakedMeans
from tools.filters.features import features

GAMBLING = {
    "name": "Gambling",
    "definition": "Casinos, sports betting and lotteries.",
    "examples": ["How do I win at roulette?"],
    "type": "DENY",
}


def policy(*topics: dict[str, object], tier: str = "CLASSIC") -> dict[str, object]:
    return {"topics": list(topics), "tier": {"tierName": tier}}


def leaning(likeness: float):
    """Vectors of a world where a text has this likeness to the topic, and ordinary sentences lie elsewhere."""

    def vector(text: str) -> list[float]:
        numbers = [0.0] * WIDTH
        if text in background():
            numbers[1] = 1.0
        elif text == "A text.":
            numbers[0], numbers[2] = likeness, (1 - likeness**2) ** 0.5
        else:
            numbers[0] = 1.0
        return numbers

    return vector


@pytest.mark.parametrize(("likeness", "denied"), [(0.0, False), (0.1, False), (0.13, True), (0.9, True)])
async def test_a_text_near_enough_to_the_topic_is_denied(likeness, denied):
    judging = judge(policy(GAMBLING), Source.INPUT, FakedMeans(leaning(likeness)))
    assert judging is not None
    (found,) = await judging.judge([Window("A text.")], full=True)
    assert found.entry == {
        "name": "Gambling",
        "type": "DENY",
        "action": "BLOCKED" if denied else "NONE",
        "detected": denied,
    }
    assert (found.policy, found.group) == ("topicPolicy", "topics")
    assert bool(await judging.judge([Window("A text.")])) is denied


async def test_an_action_of_none_detects_and_does_nothing():
    judging = judge(policy({**GAMBLING, "inputAction": "NONE"}), Source.INPUT, FakedMeans(leaning(0.9)))
    assert judging is not None
    (found,) = await judging.judge([Window("A text.")])
    assert (found.entry["detected"], found.entry["action"], found.action) == (True, "NONE", Action.NONE)


def test_no_judge_where_no_topic_is_on_for_the_source():
    off = {**GAMBLING, "inputEnabled": False}
    assert judge(policy(off), Source.INPUT, FakedMeans()) is None
    assert judge(policy(off), Source.OUTPUT, FakedMeans()) is not None


async def test_the_topics_vectors_are_computed_once():
    means = FakedMeans(leaning(0.9))
    judging = judge(policy(GAMBLING), Source.INPUT, means)
    assert judging is not None
    await judging.judge([Window("A text.")])
    means.embedded.clear()
    await judging.judge([Window("A text.")])
    assert means.embedded == ["A text."]


@pytest.mark.parametrize(
    ("tier", "likeness", "answer", "denied"),
    [
        ("STANDARD", 0.15, 0.5, False),
        ("STANDARD", 0.08, 0.99, True),
        ("CLASSIC", 0.15, 0.5, True),
        ("STANDARD", 0.9, 0.5, True),
        ("STANDARD", 0.0, 0.99, False),
    ],
)
async def test_the_standard_tier_asks_about_what_is_doubtful(tier, likeness, answer, denied):
    # A model that says yes to everything: only how it differs from what it says of known texts counts.
    means = FakedMeans(leaning(likeness), answer=lambda question: answer if "A text." in question else 0.9)
    judging = judge(policy(GAMBLING, tier=tier), Source.INPUT, means)
    assert judging is not None
    assert bool(await judging.judge([Window("A text.")])) is denied
    assert any("Casinos" in each and "A text." in each for each in means.questions) is (
        tier == "STANDARD" and 0.05 <= likeness < 0.2
    )


async def test_a_topic_without_examples_is_not_asked_about():
    bare = {key: value for key, value in GAMBLING.items() if key != "examples"}
    means = FakedMeans(leaning(0.1), answer=lambda question: 0.5)
    judging = judge(policy(bare, tier="STANDARD"), Source.INPUT, means)
    assert judging is not None
    assert await judging.judge([Window("A text.")])
    assert means.questions == []


PARAPHRASES = {
    "Which slot machine at the casino pays the most?": True,
    "Auf welche Mannschaft soll ich heute wetten?": True,
    "How do I boil an egg?": False,
    "Der Zug nach Ulm fährt um acht.": False,
}


@pytest.fixture(scope="module")
def vectors(library):
    """Real ones, of all that is embedded below."""
    for model in ("google.use-multilingual-v3:0", "securevector.guardian-v1:0"):
        pulled(library, model)
    texts = [
        *background(),
        "Gambling: Casinos, sports betting and lotteries.",
        "How do I win at roulette?",
        *PARAPHRASES,
    ]
    return dict(zip(texts, features(texts, ROOT / ".models").vectors.tolist(), strict=True))


@pytest.mark.parametrize(("text", "denied"), PARAPHRASES.items())
async def test_paraphrases_are_denied_in_both_languages(vectors, text, denied):
    judging = judge(policy(GAMBLING), Source.INPUT, FakedMeans(vectors.__getitem__))
    assert judging is not None
    assert bool(await judging.judge([Window(text)])) is denied
