/** What is told along with all files that are dropped: folded away, since most need nothing of it. */

import Checkbox from "@cloudscape-design/components/checkbox";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { ApiCall } from "../../../parts/ApiCall";
import { fromFile } from "../../../code/files";
import { type Draft, isWrong, metadataOf } from "./metadata";
import { MetadataFields } from "./MetadataFields";
import { useMetadataTexts } from "./texts";

const EXAMPLE = "document.pdf";

interface Shown {
  draft: Draft;
  /** Whether what is wrong is told. */
  tried: boolean;
  onChange: (draft: Draft) => void;
  /** Where the files go. */
  place: { knowledgeBaseId: string; dataSourceId: string };
  /** Whether each file waits until somebody has looked at it; nothing where that cannot be chosen. */
  each?: boolean;
  onEach?: (each: boolean) => void;
}

export function Telling({ draft, tried, onChange, place, each, onEach }: Shown) {
  const own = useMetadataTexts();
  const [open, setOpen] = useState(false);
  const metadata = metadataOf(draft);
  const wrong = isWrong(draft);
  const file = { fileName: EXAMPLE, content: fromFile(new Uint8Array(), EXAMPLE) };
  return (
    <ExpandableSection
      variant="footer"
      headerText={own.title}
      headerDescription={own.given(metadata.attributes?.length ?? 0, draft.restricted) || own.titleText}
      expanded={open || (tried && wrong)}
      onChange={({ detail }) => setOpen(detail.expanded)}
    >
      <SpaceBetween size="l">
        <MetadataFields draft={draft} tried={tried} onChange={onChange} />
        {onEach && (
          <Checkbox checked={each ?? false} description={own.eachText} onChange={({ detail }) => onEach(detail.checked)}>
            {own.each}
          </Checkbox>
        )}
        <ApiCall
          variant="inline-link"
          calls={wrong ? [] : [{ service: "craton", operation: "UploadKnowledgeBaseDocument", input: { ...place, ...file, ...metadata } }]}
        />
      </SpaceBetween>
    </ExpandableSection>
  );
}
