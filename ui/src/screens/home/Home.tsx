/** The first screen: where the server is, whether a call has arrived, what answers, and a program to begin with. */

import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useCallback } from "react";
import { useCall } from "../../api/polling";
import { Page } from "../../app/Page";
import { useSession } from "../../app/session";
import { useTexts } from "../../texts/texts";
import { Installed } from "./Installed";
import { Light } from "./Light";
import { Programs } from "./Programs";

/** Models are loaded and fetched while one looks. */
const EVERY = 5000;

export function Home() {
  const texts = useTexts();
  const { api } = useSession();
  const models = useCall(
    useCallback((signal: AbortSignal) => api.craton("ListLocalModels", {}, signal), [api]),
    EVERY,
  );
  return (
    <Page title={texts.screens.home} description={texts.home.text}>
      <SpaceBetween size="l">
        <Server />
        <Grid gridDefinition={[{ colspan: { default: 12, m: 6 } }, { colspan: { default: 12, m: 6 } }]}>
          <Light />
          <Installed models={models} />
        </Grid>
        <Programs models={(models.answer?.models ?? []).filter((model) => model.installed)} />
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
      <ColumnLayout>
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
      </ColumnLayout>
    </Container>
  );
}
