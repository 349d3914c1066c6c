/** One more data source for a knowledge base. */

import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useCallback, useState } from "react";
import { type Failure, failureOf } from "../../../api/failure";
import { useCall } from "../../../api/polling";
import { follow, go, href } from "../../../app/address";
import { Page } from "../../../app/Page";
import { ApiCall } from "../../../parts/ApiCall";
import { Failed } from "../../../parts/Failed";
import { useTexts } from "../../../texts/texts";
import { getBase } from "../asking";
import { useClients } from "../clients";
import { baseAt } from "../tabs";
import { useKnowledgeTexts } from "../texts";
import { type Draft, EMPTY, sourceFor, wrong } from "./draft";
import { createSource } from "./making";
import { KINDS, SourceFields } from "./SourceFields";
import { useSourcesTexts } from "./texts";

export function NewSource({ baseId }: { baseId: string }) {
  const texts = useTexts();
  const known = useKnowledgeTexts();
  const own = useSourcesTexts();
  const clients = useClients();
  const { answer } = useCall(useCallback((signal: AbortSignal) => getBase(clients, baseId, signal), [clients, baseId]));
  const [draft, setDraft] = useState<Draft>({ ...EMPTY, kind: "bucket" });
  const [tried, setTried] = useState(false);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const type = answer?.told.knowledgeBaseConfiguration?.type;
  const bad = wrong(draft);

  async function create(): Promise<void> {
    setTried(true);
    if (bad.length > 0) return;
    setRunning(true);
    setFailure(null);
    try {
      await createSource(clients, baseId, draft, type);
      go(baseAt(baseId, "sources"));
    } catch (error) {
      setFailure(failureOf(error));
      setRunning(false);
    }
  }

  return (
    <Page
      title={own.addTitle}
      above={[
        { text: texts.screens.knowledge, href: href("/knowledge") },
        { text: answer?.told.name ?? baseId, href: href(baseAt(baseId, "sources")) },
      ]}
      actions={
        <ApiCall
          calls={bad.length > 0 ? [] : [{ service: "bedrock-agent", operation: "CreateDataSource", input: { knowledgeBaseId: baseId, ...sourceFor(draft, type) } }]}
        />
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button formAction="none" variant="link" href={href(baseAt(baseId, "sources"))} onFollow={follow}>
                {known.cancel}
              </Button>
              <Button variant="primary" loading={running}>
                {draft.kind === "upload" ? own.createUpload : own.create}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="m">
            {failure && <Failed failure={failure} />}
            <Container>
              <SourceFields draft={draft} bad={tried ? bad : []} kinds={type === "MANAGED" ? ["upload", "bucket"] : KINDS} onChange={setDraft} />
            </Container>
          </SpaceBetween>
        </Form>
      </form>
    </Page>
  );
}
