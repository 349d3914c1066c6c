/** How a model does on this machine: whether it fits, how fast it is, and how well it uses tools. */

import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs, { type KeyValuePairsProps } from "@cloudscape-design/components/key-value-pairs";
import Popover from "@cloudscape-design/components/popover";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { ReactNode } from "react";
import type { Model } from "../../../api/models";
import type { DescribeServerResponse, LocalModel } from "../../../api/shapes";
import { useFormats } from "../../../texts/texts";
import { Fit } from "../parts/Fit";
import { useNames } from "../parts/names";
import type { Acting } from "../parts/useActing";
import { useModelsTexts } from "../texts";
import { useModelTexts } from "./texts";

interface Shown {
  model: Model;
  local: LocalModel;
  server: DescribeServerResponse | null;
  acting: Acting;
  operator: boolean;
}

export function Machine({ model, local, server, acting, operator }: Shown) {
  const texts = useModelsTexts();
  const formats = useFormats();
  const names = useNames();
  const { machine } = useModelTexts();
  const { memoryNeededBytes, residentBytes, activeRequests, engine, engines, fit, scores } = local;
  const generates = local.task === "TEXT_GENERATION";
  const items: KeyValuePairsProps.Item[] = [
    { label: texts.fit, value: <Fit model={model} /> },
    { label: texts.engine, value: engine ?? engines?.join(", ") ?? "–" },
    residentBytes
      ? { label: machine.resident, value: formats.bytes(residentBytes) }
      : { label: machine.needs, value: memoryNeededBytes ? formats.bytes(memoryNeededBytes) : "–" },
    local.loaded
      ? { label: machine.active, value: formats.number(activeRequests ?? 0) }
      : fit === "TOO_LITTLE_DISK"
        ? { label: machine.disk, value: server ? formats.bytes(server.disk.freeBytes) : "–" }
        : { label: machine.budget, value: server ? formats.bytes(server.memory.modelBudgetBytes) : "–" },
  ];
  if (generates) {
    items.push(
      { label: machine.speed, value: <Speed local={local} /> },
      { label: machine.first, value: local.speed?.timeToFirstTokenMs ? formats.duration(local.speed.timeToFirstTokenMs) : "–" },
      {
        label: <Explained what={machine.toolScore} text={machine.toolScoreText(formats.number(scores?.questions ?? 0))} shown={scores !== undefined} />,
        value: scores ? names.share(scores.functionCalling) : "–",
      },
      {
        label: <Explained what={machine.jsonScore} text={machine.jsonScoreText} shown={scores !== undefined} />,
        value: scores ? names.share(scores.jsonSchema) : "–",
      },
    );
  }
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            operator &&
            generates &&
            local.installed && (
              <Button
                loading={local.measuring || acting.busy?.act === "measure"}
                loadingText={texts.progress.measuring}
                onClick={() => void acting.act("measure", model.id)}
              >
                {texts.measure}
              </Button>
            )
          }
        >
          {machine.title}
        </Header>
      }
    >
      <KeyValuePairs columns={4} items={items} />
    </Container>
  );
}

function Speed({ local: { speed, measuring } }: { local: LocalModel }) {
  const texts = useModelsTexts();
  const formats = useFormats();
  const { machine } = useModelTexts();
  if (measuring) return <StatusIndicator type="loading">{texts.progress.measuring}</StatusIndicator>;
  if (!speed) return <>{machine.never}</>;
  const { tokensPerSecond, source, answers, measuredAt } = speed;
  const at = formats.time(new Date(measuredAt));
  return (
    <>
      <span>{machine.rate(formats.number(tokensPerSecond, tokensPerSecond < 10 ? 1 : 0))}</span>
      <div className="under">{source === "ANSWERS" ? machine.fromAnswers(formats.number(answers ?? 0), at) : machine.measured(at)}</div>
    </>
  );
}

function Explained({ what, text, shown }: { what: string; text: string; shown: boolean }): ReactNode {
  if (!shown) return what;
  return (
    <Popover content={text} dismissButton={false} triggerType="text-inline" position="top">
      {what}
    </Popover>
  );
}
