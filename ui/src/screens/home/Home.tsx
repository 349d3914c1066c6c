/** The first screen: where the server is, whether a call has arrived, what answers, and a program to begin with. */

import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useCallback } from "react";
import { answersWithText, listModels } from "../../api/models";
import { useCall } from "../../api/polling";
import { Page } from "../../app/Page";
import { useSession } from "../../app/session";
import { useTexts } from "../../texts/texts";
import { Installed } from "./Installed";
import { Light } from "./Light";
import { Programs } from "./Programs";

/** Models are loaded and fetched while one looks. */
const EVERY = 10_000;

export function Home() {
  const texts = useTexts();
  const { api } = useSession();
  const models = useCall(
    useCallback((signal: AbortSignal) => listModels(api, signal), [api]),
    EVERY,
  );
  return (
    <Page title={texts.screens.home} description={texts.home.text}>
      <SpaceBetween size="l">
        <Server />
        <div className="pair">
          <Light />
          <Installed models={models} />
        </div>
        <Programs models={(models.answer ?? []).filter(answersWithText)} />
      </SpaceBetween>
    </Page>
  );
}

async function healthz(signal: AbortSignal): Promise<{ craton: string }> {
  return (await fetch("/healthz", { signal, cache: "no-store" })).json();
}

function Server() {
  const texts = useTexts();
  const { api, caller } = useSession();
  const { answer } = useCall(healthz);
  const { server } = texts.home;
  return (
    <Container header={<Header variant="h2">{server.title}</Header>}>
        <KeyValuePairs
          columns={4}
          items={[
            {
              label: server.endpoint,
              value: (
                <CopyToClipboard
                  variant="inline"
                  textToCopy={api.endpoint}
                  copyButtonAriaLabel={`${texts.copy}: ${server.endpoint}`}
                  copySuccessText={texts.copied}
                  copyErrorText={texts.notCopied}
                />
              ),
            },
            { label: server.region, value: api.region },
            { label: server.caller, value: <span className="told">{caller.arn}</span> },
            { label: server.version, value: answer ? `Craton ${answer.craton}` : "–" },
          ]}
        />
    </Container>
  );
}
