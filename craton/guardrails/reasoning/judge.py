"""The automated reasoning policies of a guardrail as a judge: it detects, and blocks nothing.

Knows nothing of where policies are stored. https://docs.aws.amazon.com/bedrock/latest/userguide/integrate-automated-reasoning-checks.html
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from craton.guardrails.findings import Action, Answered, Finding, Source, Undecided, WholeJudge
from craton.guardrails.means import Means
from craton.guardrails.reasoning.definition import Policy, PolicyError
from craton.guardrails.reasoning.findings import RuleKey, finding
from craton.guardrails.reasoning.language.translation import DEFAULT_THRESHOLD, translated
from craton.guardrails.reasoning.solver import Solver, SolverMissing
from craton.guardrails.reasoning.verdicts import Verdict, checked

POLICY, GROUP = "automatedReasoningPolicy", "findings"
MAX_FINDINGS = 20

# The definition of a version of a policy, by its ARN; raises Undecided where it is gone.
Policies = Callable[[str], Awaitable[Mapping[str, object]]]


def judge(
    policy: Mapping[str, object], source: Source, means: Means, policies: Policies, solver: Solver | None = None
) -> WholeJudge | None:
    """The judge of a guardrail's `automatedReasoningPolicy`; None where it names no policy.

    Texts of both sources are judged alike: what a user asks may be checked as well as what a model answers.
    """
    arns = cast("Sequence[str]", policy.get("policies", ()))
    threshold = cast("float", policy.get("confidenceThreshold", DEFAULT_THRESHOLD))
    return ReasoningJudge(arns, threshold, means, policies, solver or Solver()) if arns else None


@dataclass(frozen=True, slots=True)
class ReasoningJudge:
    arns: Sequence[str]
    threshold: float
    means: Means
    policies: Policies
    solver: Solver

    @property
    def policy(self) -> str:
        return POLICY

    async def judge(self, answered: Answered, *, full: bool = False) -> list[Finding]:
        found = []
        for arn in self.arns:
            try:
                policy = Policy.of(await self.policies(arn))
                verdicts = await judged(policy, answered.text, answered.query, self.means, self.solver, self.threshold)
            except (PolicyError, SolverMissing) as error:
                raise Undecided(str(error)) from error
            for verdict in verdicts:
                found.append(Finding(POLICY, GROUP, finding(verdict, arn, RuleKey.ASSESSMENT), Action.NONE))
        return found


async def judged(
    policy: Policy, text: str, query: str, means: Means, solver: Solver, threshold: float
) -> list[Verdict]:
    """The verdicts on a text, at most as many as an assessment holds. Raises Undecided and SolverMissing."""
    translations, others = await translated(policy, text, query, means, solver, threshold)
    return [*await checked(policy, translations, solver), *others][:MAX_FINDINGS]
