/** Inference profiles: those of the system, and one's own, which can be made and deleted. */

import { useCollection } from "@cloudscape-design/collection-hooks";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useCallback, useMemo, useState } from "react";
import { isHere, type Model } from "../../../api/models";
import { useCall } from "../../../api/polling";
import { follow, href, useHash } from "../../../app/address";
import { useSession } from "../../../app/session";
import { Choice } from "../../../parts/Choice";
import { Empty } from "../../../parts/Empty";
import { Failed } from "../../../parts/Failed";
import { useFormats, useTexts } from "../../../texts/texts";
import { type Column, Listing, PAGE } from "../parts/Listing";
import { useModelsTexts } from "../texts";
import { CreateProfile } from "./CreateProfile";
import { DeleteProfile } from "./DeleteProfile";
import { listProfiles, type Profile } from "./profiles";
import { useProfilesTexts } from "./texts";

export { PROFILES_CALL } from "./profiles";

const TYPES = ["APPLICATION", "SYSTEM_DEFINED"];

export function ProfilesView({ models }: { models: Model[] }) {
  const shared = useTexts();
  const texts = useModelsTexts();
  const { profiles } = useProfilesTexts();
  const { api } = useSession();
  const [hash, change] = useHash();
  const { answer, failure, loading, again } = useCall(useCallback((signal: AbortSignal) => listProfiles(api, signal), [api]));
  const [creating, setCreating] = useState(false);
  const [leaving, setLeaving] = useState<Profile | null>(null);
  const type = hash.get("kind");
  const passing = useMemo(() => (answer ?? []).filter((profile) => type === null || profile.type === type), [answer, type]);
  const columns = useColumns(models, setLeaving);
  const { items, collectionProps, paginationProps, filteredItemsCount, filterProps, actions } = useCollection(passing, {
    filtering: {
      fields: ["name", "id", "modelIds"],
      empty:
        type === "APPLICATION" ? (
          <Empty title={profiles.noneOwn} text={profiles.noneOwnText} />
        ) : (
          <Empty title={profiles.none} text={profiles.noneText} />
        ),
      noMatch: (
        <Empty title={texts.noMatch} text={texts.noMatchText}>
          <Button onClick={() => actions.setFiltering("")}>{texts.clear}</Button>
        </Empty>
      ),
    },
    pagination: { pageSize: PAGE },
    sorting: { defaultState: { sortingColumn: columns[2] as (typeof columns)[number] } },
  });
  const answering = models.filter((model) => model.task !== "GUARDRAIL" && (isHere(model) || model.state === "remote"));

  function changed(): void {
    setCreating(false);
    setLeaving(null);
    again();
  }

  return (
    <SpaceBetween size="m">
      {failure && <Failed failure={failure} onAgain={again} />}
      <Listing<Profile>
        label={texts.views.profiles}
        columns={columns}
        items={items}
        itemId="arn"
        count={filteredItemsCount ?? passing.length}
        collection={collectionProps}
        pages={paginationProps}
        loadingText={loading && !answer && shared.loading}
        header={
          <Header
            description={profiles.text}
            actions={
              <Button disabled={answering.length === 0} onClick={() => setCreating(true)}>
                {profiles.create}
              </Button>
            }
          >
            {texts.views.profiles}
          </Header>
        }
        filter={
          <div className="filters">
            <TextFilter {...filterProps} filteringPlaceholder={profiles.find} filteringAriaLabel={profiles.find} filteringClearAriaLabel={texts.clear} />
            <Choice
              any={profiles.anyType}
              label={profiles.type}
              options={TYPES.map((value) => ({ value, label: profiles.types[value] ?? value }))}
              value={type}
              onChange={(value) => change({ kind: value })}
            />
          </div>
        }
      />
      {creating && <CreateProfile models={answering} onClose={() => setCreating(false)} onCreated={changed} />}
      {leaving && <DeleteProfile profile={leaving} onClose={() => setLeaving(null)} onDeleted={changed} />}
    </SpaceBetween>
  );
}

function useColumns(models: Model[], onDelete: (profile: Profile) => void): Column<Profile>[] {
  const shared = useTexts();
  const texts = useModelsTexts();
  const formats = useFormats();
  const { profiles } = useProfilesTexts();
  const names = useMemo(() => new Map(models.map(({ id, name }) => [id, name])), [models]);
  return [
    {
      id: "name",
      header: profiles.name,
      sortingField: "name",
      isRowHeader: true,
      minWidth: 180,
      cell: ({ name, description }: Profile) => (
        <>
          <span className="told">{name}</span>
          {description && <div className="under">{description}</div>}
        </>
      ),
    },
    {
      id: "model",
      header: profiles.model,
      minWidth: 170,
      cell: ({ modelIds }: Profile) =>
        modelIds.map((id) => (
          <div key={id}>
            <Link href={href(`/models/${encodeURIComponent(id)}`)} onFollow={follow}>
              {names.get(id) ?? id}
            </Link>
          </div>
        )),
    },
    { id: "type", header: profiles.type, sortingField: "type", minWidth: 120, cell: ({ type }: Profile) => profiles.types[type] ?? type },
    {
      id: "id",
      header: profiles.id,
      minWidth: 260,
      wide: true,
      cell: ({ id, name }: Profile) => (
        <CopyToClipboard
          variant="inline"
          textToCopy={id}
          wrapText
          copyButtonAriaLabel={`${shared.copy}: ${profiles.id}, ${name}`}
          copySuccessText={shared.copied}
          copyErrorText={shared.notCopied}
        />
      ),
    },
    {
      id: "made",
      header: profiles.made,
      minWidth: 130,
      cell: ({ createdAt, type }: Profile) => (type === "APPLICATION" && createdAt ? formats.minute(createdAt) : "–"),
    },
    {
      id: "act",
      header: texts.actions,
      minWidth: 90,
      cell: (profile: Profile) =>
        profile.type === "APPLICATION" ? (
          <Button variant="inline-link" ariaLabel={texts.actOn(texts.remove, profile.name)} onClick={() => onDelete(profile)}>
            {texts.remove}
          </Button>
        ) : (
          <Box color="text-body-secondary">–</Box>
        ),
    },
  ];
}
