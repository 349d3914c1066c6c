/** One policy of the editor: folded to a line that tells what is on, and opened by whoever wants it, or by a mistake in it. */

import Alert from "@cloudscape-design/components/alert";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { type ReactNode, useEffect, useState } from "react";
import type { Mistakes, Section as Name } from "../../form/mistakes";
import { sectionOf } from "../../form/mistakes";
import { useEditorTexts } from "../texts";

interface Shown {
  name: Name;
  /** Nothing: it is off. */
  summary: string;
  mistakes: Mistakes;
  startsOpen?: boolean;
  children: ReactNode;
}

export function Section({ name, summary, mistakes, startsOpen = false, children }: Shown) {
  const texts = useEditorTexts();
  const [open, setOpen] = useState(startsOpen);
  const wrong = Object.keys(mistakes).some((field) => sectionOf(field) === name);
  useEffect(() => {
    if (wrong) setOpen(true);
  }, [wrong, mistakes]);
  return (
    <ExpandableSection
      variant="container"
      headerText={texts.sections[name]}
      headerDescription={texts.about[name]}
      headerActions={
        wrong ? (
          <StatusIndicator type="error">{texts.mistakes}</StatusIndicator>
        ) : name === "general" ? undefined : (
          <StatusIndicator type={summary ? "success" : "stopped"}>{summary || texts.off}</StatusIndicator>
        )
      }
      expanded={open}
      onChange={({ detail }) => setOpen(detail.expanded)}
    >
      {open && (
        <div className="policy-parts">
          {mistakes[name] && <Alert type="error">{mistakes[name]}</Alert>}
          {children}
        </div>
      )}
    </ExpandableSection>
  );
}
