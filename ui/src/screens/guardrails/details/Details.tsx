/** What is known of a guardrail beside its policies: its names, dates and tags. */

import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useFormats, useTexts } from "../../../texts/texts";
import type { Whole } from "../calls";
import { useGuardrailsTexts } from "../texts";
import { Tags } from "./Tags";

export function Details({ whole: { draft } }: { whole: Whole }) {
  const texts = useGuardrailsTexts();
  const formats = useFormats();
  const { guardrailId = "", guardrailArn = "", createdAt, updatedAt } = draft;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{texts.tabs.details}</Header>}>
        <KeyValuePairs
          columns={2}
          items={[
            { label: texts.id, value: <Copied text={guardrailId} label={texts.id} /> },
            { label: texts.arn, value: <Copied text={guardrailArn} label={texts.arn} /> },
            { label: texts.createdAt, value: createdAt ? formats.time(createdAt) : "–" },
            { label: texts.updatedAt, value: updatedAt ? formats.time(updatedAt) : "–" },
          ]}
        />
      </Container>
      <Tags arn={guardrailArn} />
    </SpaceBetween>
  );
}

function Copied({ text, label }: { text: string; label: string }) {
  const { copy, copied, notCopied } = useTexts();
  return (
    <CopyToClipboard
      variant="inline"
      textToCopy={text}
      wrapText
      copyButtonAriaLabel={`${copy}: ${label}`}
      copySuccessText={copied}
      copyErrorText={notCopied}
    />
  );
}
