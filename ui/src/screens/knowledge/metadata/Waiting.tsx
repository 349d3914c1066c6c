/** Files that were dropped and wait until it is said what is special about each. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useFormats } from "../../../texts/texts";
import { type Draft, isWrong, metadataOf } from "./metadata";
import { MetadataFields } from "./MetadataFields";
import { Told } from "./Told";
import { useMetadataTexts } from "./texts";

export interface Prepared {
  file: File;
  /** What is told of it; nothing where that is what is told of all. */
  draft: Draft | null;
}

interface Shown {
  prepared: Prepared[];
  /** What is told of all. */
  common: Draft;
  onChange: (prepared: Prepared[]) => void;
  onSend: () => void;
}

export function Waiting({ prepared, common, onChange, onSend }: Shown) {
  const own = useMetadataTexts();
  const [tried, setTried] = useState(false);
  const wrong = prepared.some(({ draft }) => isWrong(draft ?? common));
  return (
    <Container
      header={
        <Header variant="h3" description={own.waitingText} counter={`(${prepared.length})`}>
          {own.waiting}
        </Header>
      }
      footer={
        <SpaceBetween direction="horizontal" size="xs" alignItems="center">
          <Button variant="primary" onClick={() => (wrong ? setTried(true) : onSend())}>
            {own.send(prepared.length)}
          </Button>
          <Button variant="link" onClick={() => onChange([])}>
            {own.discard}
          </Button>
          {tried && wrong && <Box color="text-status-error">{own.wrong}</Box>}
        </SpaceBetween>
      }
    >
      <ul className="knowledge-uploads">
        {prepared.map(({ file, draft }, place) => (
          <li key={`${place} ${file.name}`}>
            <One
              file={file}
              draft={draft ?? common}
              tried={tried && draft !== null}
              onChange={(changed) => onChange(prepared.map((each, at) => (at === place ? { file, draft: changed } : each)))}
              onRemove={() => onChange(prepared.filter((_, at) => at !== place))}
            />
          </li>
        ))}
      </ul>
    </Container>
  );
}

interface OneShown {
  file: File;
  draft: Draft;
  tried: boolean;
  onChange: (draft: Draft) => void;
  onRemove: () => void;
}

function One({ file, draft, tried, onChange, onRemove }: OneShown) {
  const own = useMetadataTexts();
  const formats = useFormats();
  const wrong = isWrong(draft);
  const [open, setOpen] = useState(false);
  return (
    <SpaceBetween size="xxs">
      <div className="row">
        <Box>
          <span className="told">{file.name}</span>{" "}
          <Box variant="small" color="text-body-secondary" display="inline">
            {formats.bytes(file.size)}
          </Box>
        </Box>
        <Button variant="inline-icon" iconName="close" ariaLabel={own.drop(file.name)} onClick={onRemove} />
      </div>
      {!wrong && <Told metadata={metadataOf(draft)} />}
      <ExpandableSection
        variant="footer"
        headerText={own.title}
        headerAriaLabel={own.special(file.name)}
        expanded={open || (tried && wrong)}
        onChange={({ detail }) => setOpen(detail.expanded)}
      >
        <MetadataFields draft={draft} tried={tried} onChange={onChange} />
      </ExpandableSection>
    </SpaceBetween>
  );
}
