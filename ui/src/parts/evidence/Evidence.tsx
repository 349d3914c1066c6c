/** What a guardrail found, line by line: what, why, and what it did about it. */

import Badge, { type BadgeProps } from "@cloudscape-design/components/badge";
import "./evidence.css";
import { useFormats } from "../../texts/texts";
import { counted, type Found } from "./evidence";
import { useNames } from "./names";
import { Reasoned } from "./Reasoned";
import { useEvidenceTexts } from "./texts";
import { called, why } from "./words";

const COLOURS: Record<Found["action"], NonNullable<BadgeProps["color"]>> = { BLOCKED: "red", ANONYMIZED: "severity-medium", NONE: "blue" };

export function Evidence({ found, label }: { found: Found[]; label?: string }) {
  const texts = useEvidenceTexts();
  const names = useNames();
  return (
    <ul className="evidence" aria-label={label ?? texts.found}>
      {counted(found).map(({ found: one, times }, place) => (
        <li key={place}>
          <div className="evidence-did">
            <Badge color={one.detected ? COLOURS[one.action] : "grey"}>{one.detected ? texts.actions[one.action] : texts.passed}</Badge>
          </div>
          <div className="evidence-what">
            <div>
              <strong>{called(one, names)}</strong>
              {one.matched !== undefined && one.group !== "word" && (
                <>
                  {" "}
                  <q className="evidence-match">{one.matched}</q>
                </>
              )}
              {times > 1 && ` · ${texts.times(times)}`}
            </div>
            <Why found={one} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Why({ found }: { found: Found }) {
  const texts = useEvidenceTexts();
  const names = useNames();
  const formats = useFormats();
  return (
    <>
      <div className="under">
        {names.policies[found.policy]}
        {found.finding ? "" : ` · ${why(found, texts, formats)}`}
      </div>
      {found.finding && <Reasoned finding={found.finding} />}
    </>
  );
}
