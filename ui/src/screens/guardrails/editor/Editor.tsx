/** All policies of a guardrail, one below the other. Knows the form, and nothing of how it is saved. */

import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Section as Name } from "../form/mistakes";
import { Content } from "./Content";
import type { Part } from "./fields/part";
import { Section } from "./fields/Section";
import { General } from "./General";
import { Grounding } from "./Grounding";
import { Reasoning } from "./Reasoning";
import { Entities } from "./sensitive/Entities";
import { Regexes } from "./sensitive/Regexes";
import { useSummaries } from "./summaries";
import { Topics } from "./Topics";
import { Words } from "./Words";

export function Editor(part: Part & { fresh: boolean }) {
  const summaries = useSummaries(part.form);
  const section = (name: Name) => ({ name, summary: summaries[name], mistakes: part.mistakes });
  return (
    <SpaceBetween size="s">
      <Section {...section("general")} startsOpen={part.fresh}>
        <General {...part} />
      </Section>
      <Section {...section("content")}>
        <Content {...part} />
      </Section>
      <Section {...section("topics")}>
        <Topics {...part} />
      </Section>
      <Section {...section("words")}>
        <Words {...part} />
      </Section>
      <Section {...section("sensitive")}>
        <Entities {...part} />
        <Regexes {...part} />
      </Section>
      <Section {...section("grounding")}>
        <Grounding {...part} />
      </Section>
      <Section {...section("reasoning")}>
        <Reasoning {...part} />
      </Section>
    </SpaceBetween>
  );
}
