/** Which models answer for the ids of others. */

import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import type { Model } from "../../../api/models";
import { follow, href } from "../../../app/address";
import { Code } from "../../../parts/Code";
import { Empty } from "../../../parts/Empty";
import { useModelsTexts } from "../texts";

interface StandIn {
  pattern: string;
  model: Model;
}

/** What an example names where nothing is installed. */
const SMALL = "smollm2-135m";

export function StandIns({ models }: { models: Model[] }) {
  const texts = useModelsTexts();
  const { standIns } = texts;
  const all = models.flatMap((model): StandIn[] => (model.local?.standsInFor ?? []).map((pattern) => ({ pattern, model })));
  const name = models.find(({ task, state }) => task === "TEXT_GENERATION" && (state === "loaded" || state === "installed"))?.local?.shortName ?? SMALL;
  const example = `[stand_ins]\n"anthropic.claude-*" = "${name}"`;
  return (
    <SpaceBetween size="l">
      <Table<StandIn>
        items={all}
        trackBy="pattern"
        variant="container"
        wrapLines
        enableKeyboardNavigation
        ariaLabels={{ tableLabel: texts.views.standIns }}
        header={<Header description={standIns.text}>{texts.views.standIns}</Header>}
        empty={<Empty title={standIns.none} text={standIns.noneText} />}
        columnDefinitions={[
          { id: "pattern", header: standIns.patterns, isRowHeader: true, cell: ({ pattern }) => <code className="inline-code">{pattern}</code> },
          {
            id: "model",
            header: standIns.model,
            cell: ({ model }) => (
              <Link href={href(`/models/${encodeURIComponent(model.id)}`)} onFollow={follow}>
                {model.name}
              </Link>
            ),
          },
        ]}
      />
      <Container header={<Header description={standIns.howText}>{standIns.how}</Header>}>
        <SpaceBetween size="s">
          <Code code={example} language={null} label="craton.toml" />
          <Code code={`craton serve --stand-in 'anthropic.claude-*=${name}'`} language="shell" label="craton serve" />
          <Box color="text-body-secondary" variant="small">
            {standIns.restart}
          </Box>
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}
