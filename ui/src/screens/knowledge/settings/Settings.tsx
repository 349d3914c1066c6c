/** What a knowledge base is made of, and what can be done with all of it. */

import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { go } from "../../../app/address";
import { ApiCall } from "../../../parts/ApiCall";
import { useFormats, useTexts } from "../../../texts/texts";
import { type Base, embeddingOf } from "../asking";
import { DeleteBase } from "./DeleteBase";
import { Naming } from "./Naming";
import { Rebuild } from "./Rebuild";
import { useSettingsTexts } from "./texts";

interface Shown {
  base: Base;
  onChange: () => void;
}

export function Settings({ base, onChange }: Shown) {
  const own = useSettingsTexts();
  const [asking, setAsking] = useState<"rebuild" | "delete" | null>(null);
  const [rebuilding, setRebuilding] = useState(false);
  const { knowledgeBaseId, knowledgeBaseConfiguration } = base.told;
  return (
    <SpaceBetween size="l">
      <About base={base} />
      <Naming key={String(base.told.updatedAt)} base={base} onChange={onChange} />
      {knowledgeBaseConfiguration?.type !== "SQL" && (
        <Container
          header={
            <Header
              variant="h2"
              description={own.rebuildText}
              actions={
                <SpaceBetween direction="horizontal" size="xs">
                  <ApiCall calls={[{ service: "craton", operation: "RebuildKnowledgeBase", input: { knowledgeBaseId } }]} />
                  <Button onClick={() => setAsking("rebuild")}>{own.rebuild}</Button>
                </SpaceBetween>
              }
            >
              {own.rebuild}
            </Header>
          }
        >
          {rebuilding && <StatusIndicator type="in-progress">{own.rebuilding}</StatusIndicator>}
        </Container>
      )}
      <Container
        header={
          <Header variant="h2" description={own.deleteText} actions={<Button onClick={() => setAsking("delete")}>{own.delete}</Button>}>
            {own.delete}
          </Header>
        }
      />
      {asking === "rebuild" && (
        <Rebuild
          baseId={knowledgeBaseId ?? ""}
          onEnd={(done) => {
            setAsking(null);
            setRebuilding(done);
          }}
        />
      )}
      {asking === "delete" && (
        <DeleteBase
          base={base}
          onEnd={(done) => {
            setAsking(null);
            if (done) go("/knowledge");
          }}
        />
      )}
    </SpaceBetween>
  );
}

function About({ base }: { base: Base }) {
  const own = useSettingsTexts();
  const formats = useFormats();
  const { told } = base;
  const { knowledgeBaseId = "", knowledgeBaseArn = "", knowledgeBaseConfiguration, storageConfiguration, roleArn = "", createdAt, updatedAt } = told;
  const type = knowledgeBaseConfiguration?.type ?? "VECTOR";
  const dimensions = knowledgeBaseConfiguration?.vectorKnowledgeBaseConfiguration?.embeddingModelConfiguration?.bedrockEmbeddingModelConfiguration?.dimensions;
  return (
    <Container header={<Header variant="h2">{own.about}</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          { label: own.id, value: <Copied name={own.id} text={knowledgeBaseId} /> },
          { label: own.kind, value: (own.kinds as Record<string, string>)[type] ?? type },
          ...(type === "SQL" ? [] : [{ label: own.embedding, value: embeddingOf(told) || own.byServer }]),
          ...(dimensions ? [{ label: own.dimensions, value: formats.number(dimensions) }] : []),
          { label: own.storage, value: storageConfiguration?.type ?? own.here },
          { label: own.created, value: createdAt ? formats.time(createdAt) : "–" },
          { label: own.changed, value: updatedAt ? formats.time(updatedAt) : "–" },
          { label: own.arn, value: <Copied name={own.arn} text={knowledgeBaseArn} /> },
          {
            label: own.role,
            value: (
              <>
                <Copied name={own.role} text={roleArn} />
                <div className="under">{own.roleText}</div>
              </>
            ),
          },
        ]}
      />
    </Container>
  );
}

function Copied({ name, text }: { name: string; text: string }) {
  const texts = useTexts();
  return (
    <CopyToClipboard
      variant="inline"
      wrapText
      textToCopy={text}
      copyButtonAriaLabel={`${texts.copy}: ${name}`}
      copySuccessText={texts.copied}
      copyErrorText={texts.notCopied}
    />
  );
}
