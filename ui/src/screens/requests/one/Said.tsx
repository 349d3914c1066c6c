/** What was asked and answered, from the invocation log; else why not, and how it would be. */

import { PutModelInvocationLoggingConfigurationCommand } from "@aws-sdk/client-bedrock";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import type { Call } from "../../../api/call";
import type { GetRequestResponse } from "../../../api/shapes";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Code } from "../../../parts/Code";
import { Dialog } from "../../../parts/Dialog";
import { useRequestsTexts } from "../texts";
import { readable } from "./conversed";

const GROUP = "/craton/invocations";

export function Said({ request, onLogging }: { request: GetRequestResponse; onLogging: () => void }) {
  const { said } = useRequestsTexts();
  const { status, message, input, output } = request.content;
  if (status === "NO_MODEL") return null;
  return (
    <Container header={<Header variant="h2">{said.title}</Header>}>
      <SpaceBetween size="m">
        {status === "LOGGED" && (
          <>
            <Body label={said.input} text={input} />
            <Body label={said.output} text={output} />
            {message && <Alert type="info">{message}</Alert>}
          </>
        )}
        {status === "NOT_YET" && <StatusIndicator type="in-progress">{said.notYet}</StatusIndicator>}
        {status === "NOT_LOGGED" && <Box color="text-body-secondary">{said.notLogged}</Box>}
        {status === "DENIED" && (
          <Alert type="warning" header={said.denied}>
            <div className="told" lang="en">
              {message}
            </div>
          </Alert>
        )}
        {status === "LOGGING_OFF" && <Off region={request.region} onLogging={onLogging} />}
      </SpaceBetween>
    </Container>
  );
}

function Body({ label, text }: { label: string; text: string | undefined }) {
  const { said } = useRequestsTexts();
  return (
    <SpaceBetween size="xxs">
      <Box variant="awsui-key-label">{label}</Box>
      {text ? (
        <div className="requests-body">
          <Code code={readable(text)} copied={text} language="javascript" label={label} />
        </div>
      ) : (
        <Box color="text-body-secondary">{said.nothing}</Box>
      )}
    </SpaceBetween>
  );
}

/** Logging is turned on for the region that one is signed in to. */
function Off({ region, onLogging }: { region: string; onLogging: () => void }) {
  const { said } = useRequestsTexts();
  const { api, caller } = useSession();
  const [asking, setAsking] = useState(false);
  const [on, setOn] = useState(false);
  const roleArn = `arn:aws:iam::${caller.account}:role/invocation-logs`;
  const input = { loggingConfig: { cloudWatchConfig: { logGroupName: GROUP, roleArn } } };
  const call: Call = { service: "bedrock", operation: "PutModelInvocationLoggingConfiguration", input };

  async function turnOn(): Promise<void> {
    await api.bedrock.send(new PutModelInvocationLoggingConfigurationCommand(input));
    setAsking(false);
    setOn(true);
    onLogging();
  }

  if (on) return <StatusIndicator type="success">{said.on}</StatusIndicator>;
  return (
    <SpaceBetween size="s">
      <Box color="text-body-secondary">{said.off(region)}</Box>
      <SpaceBetween direction="horizontal" size="xs">
        {region === api.region && <Button onClick={() => setAsking(true)}>{said.turnOn}</Button>}
        <ApiCall calls={[call]} />
      </SpaceBetween>
      {asking && (
        <Dialog title={said.turnOn} action={said.turnOn} onAction={turnOn} onClose={() => setAsking(false)}>
          <Box>{said.turnOnText(region, GROUP)}</Box>
        </Dialog>
      )}
    </SpaceBetween>
  );
}
