/** What a guardrail said of a text: the decision, who decided and why, what goes on, and what judging took. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Icon, { type IconProps } from "@cloudscape-design/components/icon";
import LiveRegion from "@cloudscape-design/components/live-region";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Evidence } from "../../../parts/evidence/Evidence";
import type { Found, Outcome } from "../../../parts/evidence/evidence";
import { Marked } from "../../../parts/evidence/Marked";
import { useNames } from "../../../parts/evidence/names";
import { called } from "../../../parts/evidence/words";
import { useFormats } from "../../../texts/texts";
import type { Judged } from "./asked";
import { useTesterTexts } from "./texts";

const SIGNS: Record<Outcome, IconProps> = {
  blocked: { name: "status-negative", variant: "error" },
  masked: { name: "status-warning", variant: "warning" },
  noticed: { name: "status-info", variant: "link" },
  passed: { name: "status-positive", variant: "success" },
};

export function Verdict({ judged, stale }: { judged: Judged; stale: boolean }) {
  const texts = useTesterTexts();
  const { outcome, by, found, missing, doubt, outputs, asked } = judged;
  const said = texts.said[outcome](useDeciders(by));
  const sure = !doubt || by.length > 0;
  return (
    <div className={`verdict verdict-${outcome}`} role="group" aria-label={texts.outcomes[outcome]}>
      <LiveRegion hidden>{texts.announced(texts.outcomes[outcome])}</LiveRegion>
      <SpaceBetween size="m">
        <div>
          <div className="verdict-outcome">
            <Icon {...SIGNS[outcome]} />
            {texts.outcomes[outcome]}
          </div>
          {sure && <div>{said}</div>}
          {stale && (
            <Box variant="small" color="text-body-secondary">
              {texts.stale}
            </Box>
          )}
        </div>
        {doubt && (
          <Alert type="warning" header={texts.doubt}>
            {doubt}
          </Alert>
        )}
        {found.some(({ matched }) => matched) && <Marked text={asked.text} found={found} />}
        {found.length > 0 && (
          <div>
            <Box variant="h4">{texts.found}</Box>
            <Evidence found={found} label={texts.found} />
          </div>
        )}
        <div>
          <Box variant="h4">{outcome === "blocked" ? texts.outputBlocked : texts.output[asked.source]}</Box>
          {outputs.length > 0 ? (
            <div className="told verdict-output">{outputs.join("\n")}</div>
          ) : (
            <Box color="text-body-secondary">{texts.unchanged}</Box>
          )}
        </div>
        {missing.length > 0 && (
          <ExpandableSection headerText={texts.notFound(missing.length)}>
            <Evidence found={missing} label={texts.notFound(missing.length)} />
          </ExpandableSection>
        )}
        <Figures judged={judged} />
      </SpaceBetween>
    </div>
  );
}

/** What decided, each once and by its policy: Denied topics (Tax), Words (durian). */
function useDeciders(by: Found[]): string {
  const names = useNames();
  const policies = new Map<string, Set<string>>();
  for (const one of by) {
    const policy = names.policies[one.policy];
    policies.set(policy, (policies.get(policy) ?? new Set()).add(called(one, names)));
  }
  return [...policies].map(([policy, what]) => `${policy} (${[...what].join(", ")})`).join("; ");
}

function Figures({ judged: { milliseconds, guarded, units } }: { judged: Judged }) {
  const texts = useTesterTexts();
  const formats = useFormats();
  const used = units.map(([name, number]) => `${texts.usage[name] ?? name} ${formats.number(number)}`).join(" · ");
  return (
    <dl className="figures">
      <div>
        <dt>{texts.took}</dt>
        <dd>{formats.duration(milliseconds)}</dd>
      </div>
      <div>
        <dt>{texts.covered}</dt>
        <dd>{formats.number(guarded)}</dd>
      </div>
      {used && (
        <div title={texts.unitsText}>
          <dt>{texts.units}</dt>
          <dd>{used}</dd>
        </div>
      )}
    </dl>
  );
}
