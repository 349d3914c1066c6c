/** The server: where it is, who one is to it, and what its machine has. */

import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Call } from "../../api/call";
import type { Loaded } from "../../api/polling";
import type { DescribeServerResponse } from "../../api/shapes";
import { useSession } from "../../app/session";
import { ApiCall } from "../../parts/ApiCall";
import { Failed } from "../../parts/Failed";
import { useFormats, useTexts } from "../../texts/texts";
import { useHomeTexts } from "./texts";

const CALLS: Call[] = [
  { service: "craton", operation: "GetCallerIdentity", input: {} },
  { service: "craton", operation: "DescribeServer", input: {} },
];

export function Server({ server: { answer, failure } }: { server: Loaded<DescribeServerResponse> }) {
  const texts = useTexts();
  const { server } = useHomeTexts();
  const { api, caller } = useSession();
  const items = [
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
    { label: server.version, value: answer ? `Craton ${answer.version}` : "–" },
  ];
  return (
    <Container header={<Header variant="h2" actions={<ApiCall calls={CALLS} variant="inline-link" />}>{server.title}</Header>}>
      <SpaceBetween size="l">
        <KeyValuePairs columns={4} items={items} />
        {failure && !answer ? <Failed failure={failure} /> : <Hardware found={answer} />}
      </SpaceBetween>
    </Container>
  );
}

function Hardware({ found }: { found: DescribeServerResponse | null }) {
  const { server } = useHomeTexts();
  const { number, bytes } = useFormats();
  if (!found) return <KeyValuePairs columns={4} items={[server.processor, server.memory, server.graphics, server.disk].map((label) => ({ label, value: "–" }))} />;
  const { processor, memory, gpus, disk, platform } = found;
  const items = [
    { label: server.processor, value: <Told text={processor.model ?? platform.architecture} under={server.cores(number(processor.usableCores, 1))} /> },
    {
      label: server.memory,
      value: (
        <Told
          text={server.memoryOf(bytes(memory.availableBytes), bytes(memory.totalBytes))}
          under={
            memory.modelUsedBytes
              ? server.modelMemory(bytes(memory.modelUsedBytes), bytes(memory.modelBudgetBytes))
              : server.modelBudget(bytes(memory.modelBudgetBytes))
          }
        />
      ),
    },
    {
      label: server.graphics,
      value:
        gpus.length === 0
          ? server.noGraphics
          : gpus.map(({ name, totalBytes }, place) => <Told key={place} text={name} under={totalBytes ? bytes(totalBytes) : ""} />),
    },
    { label: server.disk, value: <Told text={server.diskOf(bytes(disk.freeBytes), bytes(disk.totalBytes))} under={disk.modelBytes ? server.modelDisk(bytes(disk.modelBytes)) : ""} /> },
  ];
  return <KeyValuePairs columns={4} items={items} />;
}

function Told({ text, under }: { text: string; under: string }) {
  return (
    <>
      <span className="told">{text}</span>
      {under && <div className="under">{under}</div>}
    </>
  );
}
