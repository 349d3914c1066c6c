/** The ids by which programs may ask a model: its own, its profiles', and those that it stands in for. */

import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useCallback } from "react";
import type { Model } from "../../../api/models";
import { useCall } from "../../../api/polling";
import { follow, href } from "../../../app/address";
import { useSession } from "../../../app/session";
import { Failed } from "../../../parts/Failed";
import { useFormats, useTexts } from "../../../texts/texts";
import { listProfiles, modelArn } from "../profiles/profiles";
import { useProfilesTexts } from "../profiles/texts";
import { useModelsTexts } from "../texts";
import { useModelTexts } from "./texts";

/** Of the ids that it stands in for so many are shown; a pattern may take in a hundred. */
const MOST = 5;

export function Leads({ model }: { model: Model }) {
  const texts = useModelsTexts();
  const { leads } = useModelTexts();
  const { profiles } = useProfilesTexts();
  const { api } = useSession();
  const formats = useFormats();
  const { answer, failure, again } = useCall(useCallback((signal: AbortSignal) => listProfiles(api, signal), [api]));
  const its = (answer ?? []).filter(({ modelIds }) => modelIds.includes(model.id));
  const standsInFor = model.local?.standsInFor ?? [];
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={leads.text}
          actions={
            <Link href={`${href("/models")}#view=profiles`} onFollow={follow}>
              {texts.views.profiles}
            </Link>
          }
        >
          {leads.title}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {failure && <Failed failure={failure} onAgain={again} />}
        <dl className="leads">
          <Lead label={leads.itself} id={model.id} />
          <Lead label={leads.arn} id={modelArn(api.region, model.id)} />
          {its.map(({ arn, id, name, type }) => (
            <Lead key={arn} label={type === "APPLICATION" ? name : (profiles.types[type] ?? type)} id={id} />
          ))}
          {standsInFor.slice(0, MOST).map((id) => (
            <Lead key={id} label={leads.standIn} id={id} />
          ))}
        </dl>
        {standsInFor.length > MOST && (
          <Link href={`${href("/models")}#view=stand-ins`} onFollow={follow}>
            {leads.more(formats.number(standsInFor.length - MOST))}
          </Link>
        )}
      </SpaceBetween>
    </Container>
  );
}

function Lead({ label, id }: { label: string; id: string }) {
  const texts = useTexts();
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <CopyToClipboard
          variant="inline"
          textToCopy={id}
          wrapText
          copyButtonAriaLabel={`${texts.copy}: ${id}`}
          copySuccessText={texts.copied}
          copyErrorText={texts.notCopied}
        />
      </dd>
    </div>
  );
}
