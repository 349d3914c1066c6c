/** Which models answer for the ids of others. */

import { useCollection } from "@cloudscape-design/collection-hooks";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useMemo } from "react";
import { answersWithText, type Model } from "../../../api/models";
import { follow, href } from "../../../app/address";
import { Code } from "../../../parts/Code";
import { Empty } from "../../../parts/Empty";
import { type Column, Listing, PAGE } from "../parts/Listing";
import { useModelsTexts } from "../texts";
import { type ProfilesTexts, useProfilesTexts } from "./texts";

interface StandIn {
  id: string;
  modelId: string;
  name: string;
}

/** What an example names where nothing is installed. */
const SMALL = "smollm2-135m";

export function StandIns({ models }: { models: Model[] }) {
  const texts = useModelsTexts();
  const { views } = texts;
  const { standIns } = useProfilesTexts();
  const all = useMemo(() => models.flatMap(standInsOf), [models]);
  const columns = useMemo(() => columnsIn(standIns), [standIns]);
  const { items, collectionProps, paginationProps, filterProps, filteredItemsCount, actions } = useCollection(all, {
    filtering: {
      fields: ["id", "name"],
      empty: <Empty title={standIns.none} text={standIns.noneText} />,
      noMatch: (
        <Empty title={texts.noMatch} text={texts.noMatchText}>
          <Button onClick={() => actions.setFiltering("")}>{texts.clear}</Button>
        </Empty>
      ),
    },
    pagination: { pageSize: PAGE },
    sorting: {},
  });
  return (
    <SpaceBetween size="l">
      <Listing<StandIn>
        label={views.standIns}
        columns={columns}
        items={items}
        itemId="id"
        count={filteredItemsCount ?? all.length}
        collection={collectionProps}
        pages={paginationProps}
        header={<Header description={standIns.text}>{views.standIns}</Header>}
        filter={
          all.length > 0 && (
            <TextFilter {...filterProps} filteringPlaceholder={standIns.find} filteringAriaLabel={standIns.find} filteringClearAriaLabel={texts.clear} />
          )
        }
      />
      <HowTo name={models.find((model) => answersWithText(model) && model.local)?.local?.shortName ?? SMALL} />
    </SpaceBetween>
  );
}

function standInsOf({ id: modelId, name, local }: Model): StandIn[] {
  return (local?.standsInFor ?? []).map((id) => ({ id, modelId, name }));
}

function columnsIn(standIns: ProfilesTexts["standIns"]): Column<StandIn>[] {
  return [
    { id: "id", header: standIns.ids, sortingField: "id", isRowHeader: true, cell: ({ id }) => <span className="told">{id}</span> },
    {
      id: "model",
      header: standIns.model,
      sortingField: "name",
      wide: true,
      cell: ({ modelId, name }) => (
        <Link href={href(`/models/${encodeURIComponent(modelId)}`)} onFollow={follow}>
          {name}
        </Link>
      ),
    },
  ];
}

function HowTo({ name }: { name: string }) {
  const { standIns } = useProfilesTexts();
  return (
    <Container header={<Header description={standIns.howText}>{standIns.how}</Header>}>
      <SpaceBetween size="s">
        <Code code={`[stand_ins]\n"anthropic.claude-*" = "${name}"`} language={null} label="craton.toml" />
        <Code code={`craton serve --stand-in 'anthropic.claude-*=${name}'`} language="shell" label="craton serve" />
        <Box color="text-body-secondary" variant="small">
          {standIns.restart}
        </Box>
      </SpaceBetween>
    </Container>
  );
}
