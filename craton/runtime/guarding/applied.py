"""A guardrail as it applies to one request, and what is known of what it judges. Knows no turn and no event."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from craton.core.trace import Trace
from craton.guardrails.assessing.assess import Content, assess
from craton.guardrails.assessing.screening import Screening
from craton.guardrails.assessing.verdict import Terms, Verdict
from craton.guardrails.findings import Image, Source
from craton.guardrails.guard import Guard, Judges
from craton.guardrails.means import Means
from craton.runtime.guarding.asked import Mode
from craton.runtime.guarding.scope import Reach

# What finds the personal data that is masked, by its member of an assessment.
SENSITIVE = "sensitiveInformationPolicy"


@dataclass(slots=True)
class Applied:
    """`inputs` and `outputs` are the verdicts so far, in their order. `sources` and `query` are what an answer is
    compared with.
    """

    guard: Guard
    terms: Terms
    means: Means
    trace: Trace
    reach: Reach = field(default_factory=Reach)
    mode: Mode = Mode.SYNC
    sources: Sequence[str] = ()
    query: str = ""
    inputs: list[Verdict] = field(default_factory=list)
    outputs: list[Verdict] = field(default_factory=list)

    async def judge_input(self, contents: Sequence[Content], images: Sequence[Image]) -> Verdict:
        judges = self.guard.judges(Source.INPUT, self.means)
        verdict = await assess(self.guard, Source.INPUT, judges, contents, images, self.terms, trace=self.trace)
        self.inputs.append(verdict)
        return verdict

    async def judge_output(
        self, texts: Sequence[str], images: Sequence[Image] = (), *, sensitive: bool = False
    ) -> Verdict:
        """What is there whole and no text that is read: `sensitive` has only personal data looked for. What is found is
        noted.
        """
        judges = self.guard.judges(Source.OUTPUT, self.means)
        judges = of_sensitive(judges) if sensitive else Judges(judges.windowed, judges.images)
        contents = [Content(text) for text in texts]
        verdict = await assess(self.guard, Source.OUTPUT, judges, contents, images, self.terms, trace=self.trace)
        if verdict.intervened or not sensitive:
            self.outputs.append(verdict)
        return verdict

    def screening(self, judges: Judges) -> Screening:
        """Of a text of the answer, as it comes."""
        return Screening(
            self.guard, Source.OUTPUT, judges, self.terms, sources=self.sources, query=self.query, trace=self.trace
        )

    @property
    def judges(self) -> Judges:
        """Those of texts of the answer."""
        return self.guard.judges(Source.OUTPUT, self.means)


def of_sensitive(judges: Judges) -> Judges:
    return Judges(windowed=[judge for judge in judges.windowed if judge.policy == SENSITIVE])


def but_sensitive(judges: Judges) -> Judges:
    return Judges(windowed=[judge for judge in judges.windowed if judge.policy != SENSITIVE], whole=judges.whole)
