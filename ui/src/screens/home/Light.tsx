/** A light that turns green when the first call of a model arrives, and then tells of the last one. */

import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useCallback } from "react";
import { type Call } from "../../api/call";
import type { Craton } from "../../api/craton";
import { useCall } from "../../api/polling";
import type { UsageInvocation } from "../../api/shapes";
import { useSession } from "../../app/session";
import { ApiCall } from "../../parts/ApiCall";
import { Failed } from "../../parts/Failed";
import { useFormats } from "../../texts/texts";
import { useHomeTexts } from "./texts";

const EVERY = 2000;
const LAST = { maxResults: 1 };

interface Last {
  invocation: UsageInvocation;
  /** What the client calls itself, where the request is still remembered. */
  client: string | null;
}

export function Light() {
  const { light } = useHomeTexts();
  const { api } = useSession();
  const { answer, failure, loading, again } = useCall(
    useCallback((signal: AbortSignal) => last(api.craton, signal), [api]),
    EVERY,
  );
  const calls: Call[] = [{ service: "craton", operation: "ListInvocations", input: LAST }];
  if (answer) calls.push({ service: "craton", operation: "GetRequest", input: { requestId: answer.invocation.requestId } });
  return (
    <Container
      fitHeight
      header={
        <Header variant="h2" actions={<ApiCall calls={calls} variant="inline-link" />}>
          {light.title}
        </Header>
      }
    >
      {failure ? (
        <Failed failure={failure} onAgain={again} />
      ) : (
        <SpaceBetween size="m">
          <div className={`light ${answer ? (fine(answer) ? "light-on" : "light-bad") : ""}`} role="status">
            <span className="light-bulb" aria-hidden="true" />
            <Box variant="h3" tagOverride="span">
              {loading ? "…" : answer ? (fine(answer) ? light.arrived : light.failed) : light.waiting}
            </Box>
          </div>
          {answer ? <Told last={answer} /> : !loading && <Box color="text-body-secondary">{light.waitingText}</Box>}
        </SpaceBetween>
      )}
    </Container>
  );
}

/** One that its client broke off has worked. */
function fine({ invocation: { status } }: Last): boolean {
  return status === "OK" || status === "CANCELLED";
}

function Told({ last }: { last: Last }) {
  const { light } = useHomeTexts();
  const formats = useFormats();
  const { invocation, client } = last;
  const { startedAt, modelId, operation, inputTokens, outputTokens, latencyMs } = invocation;
  const tokens = light.tokensOf(formats.number(inputTokens ?? 0), formats.number(outputTokens ?? 0));
  return (
    <KeyValuePairs
      columns={2}
      minColumnWidth={170}
      items={[
        {
          label: light.last,
          value: (
            <StatusIndicator type={fine(last) ? "success" : "error"}>
              {formats.time(new Date(startedAt))}
            </StatusIndicator>
          ),
        },
        { label: light.operation, value: <span className="told">{operation}</span> },
        { label: light.model, value: <span className="told">{modelId}</span> },
        { label: light.tokens, value: tokens },
        { label: light.took, value: formats.duration(latencyMs ?? 0) },
        { label: light.client, value: <span className="told">{client ? shortened(client) : "–"}</span> },
      ]}
    />
  );
}

/** The newest call of a model, and who made it. */
async function last(craton: Craton, signal: AbortSignal): Promise<Last | null> {
  const { invocations } = await craton("ListInvocations", LAST, signal);
  const [invocation] = invocations;
  if (!invocation) return null;
  if (known?.requestId === invocation.requestId) return { invocation, client: known.client };
  const client = await craton("GetRequest", { requestId: invocation.requestId }, signal).then(
    (request) => request.userAgent ?? null,
    () => null, // it is forgotten, or the caller may not see it
  );
  if (!signal.aborted) known = { requestId: invocation.requestId, client };
  return { invocation, client };
}

/** Asked for once a request. */
let known: { requestId: string; client: string | null } | null = null;

/** Of "Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1 ..." the first word; a browser's name is at the end. */
function shortened(client: string): string {
  const words = client.split(" ");
  const word = client.startsWith("Mozilla/") ? (words.findLast((each) => /^(Firefox|Edg|HeadlessChrome|Chrome|Version)\//.test(each)) ?? words[0]) : words[0];
  return word ?? client;
}
