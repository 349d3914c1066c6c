import pytest

from craton.guardrails.content import Category, Tier, detect, judge
from craton.guardrails.content.grams import columns
from craton.guardrails.content.heads import trained
from craton.guardrails.findings import Action, Source, Undecided, Window
from tests.guardrails.faked import FakedMeans, still


def toward(category: Category, score: float, tier: Tier = Tier.CLASSIC, text: str = "A sentence."):
    """A vector with which the head of this category gives this score to the text, by bisection along its weights."""
    head = trained().tiers[tier][category]
    grams = columns(text)
    low, high = -100.0, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        if head.score([weight * middle for weight in head.weights], 0.5, grams) < score:
            low = middle
        else:
            high = middle
    return [weight * high for weight in head.weights]


def policy(*filters: dict[str, object], tier: str = "CLASSIC") -> dict[str, object]:
    return {"filters": list(filters), "tier": {"tierName": tier}}


def hate(strength: str = "HIGH", **more: object) -> dict[str, object]:
    return {"type": "HATE", "inputStrength": strength, "outputStrength": "NONE", **more}


@pytest.mark.parametrize(
    ("score", "confidence", "strengths"),
    [
        (0.3, "NONE", []),
        (0.5, "LOW", ["HIGH"]),
        (0.7, "MEDIUM", ["MEDIUM", "HIGH"]),
        (0.9, "HIGH", ["LOW", "MEDIUM", "HIGH"]),
    ],
)
async def test_the_strength_decides_which_confidence_is_filtered(score, confidence, strengths):
    means = FakedMeans(lambda text: toward(Category.HATE, score))
    for strength in ("LOW", "MEDIUM", "HIGH"):
        judging = judge(policy(hate(strength)), Source.INPUT, means)
        assert judging is not None
        (found,) = await judging.judge([Window("A sentence.")], full=True)
        filtered = strength in strengths
        assert found.entry == {
            "type": "HATE",
            "confidence": confidence,
            "filterStrength": strength,
            "action": "BLOCKED" if filtered else "NONE",
            "detected": filtered,
        }
        assert found.action is (Action.BLOCK if filtered else Action.NONE)
        assert (found.policy, found.group, found.start, found.end) == ("contentPolicy", "filters", 0, 0)
        assert await judging.judge([Window("A sentence.")]) == ([found] if filtered else [])


async def test_an_action_of_none_detects_and_does_nothing():
    means = FakedMeans(lambda text: toward(Category.HATE, 0.9))
    judging = judge(policy(hate(inputAction="NONE")), Source.INPUT, means)
    assert judging is not None
    (found,) = await judging.judge([Window("A sentence.")])
    assert (found.entry["detected"], found.entry["action"], found.action) == (True, "NONE", Action.NONE)


async def test_one_bad_sentence_among_many_is_enough():
    bad = toward(Category.HATE, 0.9, text="This one is vile.")
    means = FakedMeans(lambda text: bad if text == "This one is vile." else still(text))
    judging = judge(policy(hate("LOW")), Source.INPUT, means)
    assert judging is not None
    text = "The sun is shining today. This one is vile. We had a cup of tea."
    assert [found.entry["type"] for found in await judging.judge([Window(text)])] == ["HATE"]
    assert await judging.judge([Window("The sun is shining today. We had a cup of tea.")]) == []


def test_no_judge_where_nothing_is_on_for_the_source():
    means = FakedMeans()
    assert judge(policy(hate("NONE")), Source.INPUT, means) is None
    assert judge(policy(hate()), Source.OUTPUT, means) is None
    assert judge(policy(hate(inputEnabled=False)), Source.INPUT, means) is None
    assert judge(policy(hate(inputModalities=["IMAGE"])), Source.INPUT, means) is None
    both = {"type": "PROMPT_ATTACK", "inputStrength": "HIGH", "outputStrength": "HIGH"}
    assert judge(policy(both), Source.OUTPUT, means) is None
    assert judge(policy(both), Source.INPUT, means) is not None


async def test_the_standard_tier_asks_a_text_model_about_doubtful_scores_and_the_classic_does_not():
    for tier, answer, confidence in [
        (Tier.CLASSIC, 0.99, "LOW"),
        (Tier.STANDARD, 0.99, "MEDIUM"),
        (Tier.STANDARD, 0.5, "NONE"),
        (Tier.STANDARD, None, "LOW"),
    ]:
        doubtful = toward(Category.HATE, 0.5, tier)
        # A model that says yes to everything: only how it differs from what it says of known sentences counts.
        said = None if answer is None else lambda question, p=answer: p if "A sentence." in question else 0.9
        means = FakedMeans(lambda text, vector=doubtful: vector, answer=said)
        judging = judge(policy(hate(), tier=tier.value), Source.INPUT, means)
        assert judging is not None
        (found,) = await judging.judge([Window("A sentence.")], full=True)
        assert found.entry["confidence"] == confidence
        assert bool(means.questions) is (tier is Tier.STANDARD and answer is not None)


async def test_a_score_beyond_doubt_is_not_asked_about():
    for score in (0.05, 0.95):
        certain = toward(Category.HATE, score, Tier.STANDARD)
        means = FakedMeans(lambda text, vector=certain: vector, answer=lambda question: 0.5)
        await detect(["A sentence."], {Category.HATE}, means, Tier.STANDARD)
        assert means.questions == []


async def test_a_missing_model_is_never_a_pass():
    class Missing(FakedMeans):
        async def vectors(self, texts):
            raise Undecided("The model is not installed.")

    judging = judge(policy(hate()), Source.INPUT, Missing())
    assert judging is not None
    with pytest.raises(Undecided):
        await judging.judge([Window("A sentence.")])


async def test_detect_answers_for_each_text_and_category():
    means = FakedMeans(
        lambda text: toward(Category.INSULTS, 0.9, Tier.STANDARD, text) if text == "You fool, you!" else still(text)
    )
    scores = await detect(["You fool, you!", "Good morning, all.", ""], {Category.INSULTS, Category.JAILBREAK}, means)
    assert [set(each) for each in scores] == [{Category.INSULTS, Category.JAILBREAK}] * 3
    assert scores[0][Category.INSULTS] == pytest.approx(0.9, abs=0.01)
    assert scores[1][Category.INSULTS] < 0.4
    assert scores[2] == {Category.INSULTS: 0.0, Category.JAILBREAK: 0.0}
