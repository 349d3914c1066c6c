/** What automated reasoning found, as lines to show; guardrails and tests of policies tell it in the same shape. */

interface Statement {
  logic?: string | undefined;
  naturalLanguage?: string | undefined;
}

interface Translation {
  premises?: Statement[] | undefined;
  claims?: Statement[] | undefined;
  untranslatedPremises?: { text?: string | undefined }[] | undefined;
  untranslatedClaims?: { text?: string | undefined }[] | undefined;
  confidence?: number | undefined;
}

interface Scenario {
  statements?: Statement[] | undefined;
}

interface Rule {
  identifier?: string | undefined;
  id?: string | undefined;
}

/** The members of all kinds of findings. */
interface Body {
  translation?: Translation | undefined;
  options?: { translations?: Translation[] | undefined }[] | undefined;
  claimsTrueScenario?: Scenario | undefined;
  claimsFalseScenario?: Scenario | undefined;
  differenceScenarios?: Scenario[] | undefined;
  supportingRules?: Rule[] | undefined;
  contradictingRules?: Rule[] | undefined;
}

export const LINES = ["premises", "claims", "untranslated", "supporting", "contradicting", "trueWhen", "falseWhen", "differs"] as const;
export type Lines = Record<(typeof LINES)[number], string[]>;

export function linesOf(finding: object): Lines {
  const body = (Object.values(finding)[0] ?? {}) as Body;
  const readings = [body.translation, ...(body.options ?? []).flatMap(({ translations }) => translations ?? [])];
  const read = readings.filter((reading) => reading !== undefined);
  return {
    premises: read.flatMap(({ premises }) => told(premises)),
    claims: read.flatMap(({ claims }) => told(claims)),
    untranslated: read.flatMap(({ untranslatedPremises = [], untranslatedClaims = [] }) =>
      [...untranslatedPremises, ...untranslatedClaims].map(({ text }) => text ?? ""),
    ),
    supporting: named(body.supportingRules),
    contradicting: named(body.contradictingRules),
    trueWhen: told(body.claimsTrueScenario?.statements),
    falseWhen: told(body.claimsFalseScenario?.statements),
    differs: (body.differenceScenarios ?? []).flatMap(({ statements }) => told(statements)),
  };
}

function told(statements: Statement[] = []): string[] {
  return statements.map(({ logic, naturalLanguage }) => naturalLanguage ?? logic ?? "");
}

function named(rules: Rule[] = []): string[] {
  return rules.map(({ identifier, id }) => identifier ?? id ?? "");
}
