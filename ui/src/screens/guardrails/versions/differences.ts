/** What differs between two states of a guardrail, fact by fact. */

import { COMPARISONS, type Deeds, type Filter, FILTERS, type Form, isOn, judges, type Side } from "../form/form";
import type { Section } from "../form/mistakes";

/** One thing that a guardrail is told to do. */
export interface Fact {
  section: Section;
  what: string;
  value: string;
}

export interface Difference {
  section: Section;
  what: string;
  /** Empty where it is not there. */
  before: string;
  after: string;
}

/** How things are called, in the person's language. */
export interface Called {
  filter: (type: string) => string;
  entity: (type: string) => string;
  side: (side: Side) => string;
  deed: (deed: string) => string;
  strength: (strength: string) => string;
  profanity: string;
  tier: string;
  fields: Record<"name" | "blockedInput" | "blockedOutput" | "profile" | "reasoning" | "threshold", string>;
}

export function differences(before: Form, after: Form, called: Called): Difference[] {
  const then = facts(before, called);
  const now = facts(after, called);
  const keys = [...new Set([...then.keys(), ...now.keys()])];
  return keys.flatMap((key): Difference[] => {
    const [old, fresh] = [then.get(key), now.get(key)];
    const { section, what } = (old ?? fresh) as Fact;
    const differs = old?.value !== fresh?.value;
    return differs ? [{ section, what, before: old?.value ?? "", after: fresh?.value ?? "" }] : [];
  });
}

function facts(form: Form, called: Called): Map<string, Fact> {
  const told = new Map<string, Fact>();
  const tell = (section: Section, what: string, value: string) => {
    if (value) told.set(JSON.stringify([section, what]), { section, what, value });
  };
  const deeds = ({ input, output }: Deeds) =>
    input === output ? called.deed(input) : `${called.side("input")}: ${called.deed(input)}, ${called.side("output")}: ${called.deed(output)}`;

  // A version has a description of its own: what it says is no difference in what it does.
  for (const field of ["name", "blockedInput", "blockedOutput", "profile"] as const) {
    tell("general", called.fields[field], form[field]);
  }
  for (const type of FILTERS.filter((each) => judges(form.filters[each]))) {
    tell("content", called.filter(type), strengths(form.filters[type], called));
  }
  for (const { name, definition, examples, deeds: done } of form.topics) {
    tell("topics", name, [definition, ...examples.map((example) => `– ${example}`), deeds(done)].join("\n"));
  }
  if (isOn(form.profanity)) tell("words", called.profanity, deeds(form.profanity));
  for (const { text, deeds: done } of form.words) tell("words", text, deeds(done));
  for (const [type, done] of Object.entries(form.entities)) {
    if (isOn(done)) tell("sensitive", called.entity(type), deeds(done));
  }
  for (const { name, pattern, description, deeds: done } of form.regexes) {
    tell("sensitive", name, [pattern, description, deeds(done)].filter(Boolean).join("\n"));
  }
  for (const type of COMPARISONS) {
    const { on, threshold, action } = form.comparisons[type];
    if (on) tell("grounding", called.filter(type), `${threshold}, ${called.deed(action)}`);
  }
  tell("reasoning", called.fields.reasoning, form.reasoning.policies.join("\n"));
  tell("reasoning", called.fields.threshold, form.reasoning.threshold);
  for (const policy of ["content", "topics", "grounding"] as const) {
    if (form.tiers[policy] !== "CLASSIC") tell(policy, called.tier, form.tiers[policy]);
  }
  return told;
}

function strengths(filter: Filter, called: Called): string {
  return (["input", "output"] as const)
    .filter((side) => filter[side].strength !== "NONE")
    .map((side) => {
      const { strength, action, images } = filter[side];
      return `${called.side(side)}: ${called.strength(strength)}, ${called.deed(action)}${images ? ", IMAGE" : ""}`;
    })
    .join("\n");
}
