/** All models: those that answer, those that could, and the names under which they do. */

import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useMemo } from "react";
import { MODELS_CALLS, PULLS_CALL } from "../../api/models";
import { useHash } from "../../app/address";
import { Page } from "../../app/Page";
import { ApiCall } from "../../parts/ApiCall";
import { Failed } from "../../parts/Failed";
import { useTexts } from "../../texts/texts";
import { CatalogueView } from "./catalogue/CatalogueView";
import { FetchOther } from "./catalogue/FetchOther";
import { filtersIn, passes } from "./catalogue/filters";
import "./models.css";
import { useActing } from "./parts/useActing";
import { useCatalogue } from "./parts/useCatalogue";
import { ProfilesView, PROFILES_CALL } from "./profiles/ProfilesView";
import { StandIns } from "./profiles/StandIns";
import { useModelsTexts } from "./texts";

const VIEW = "view";
const PROFILES = "profiles";
const STAND_INS = "stand-ins";

export default function Models() {
  const texts = useModelsTexts();
  const { screens } = useTexts();
  const [hash, change] = useHash();
  const catalogue = useCatalogue();
  const acting = useActing(catalogue.again);
  const view = hash.get(VIEW) ?? "";
  const { answer, failure, loading, operator } = catalogue;
  const shown = useMemo(() => answer?.filter((model) => passes(model, filtersIn(hash))).length, [answer, hash]);
  return (
    <Page
      title={screens.models}
      part={view === PROFILES ? texts.views.profiles : view === STAND_INS ? texts.views.standIns : undefined}
      description={texts.text}
      counter={answer && !view ? texts.count(shown ?? 0, answer.length) : ""}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button iconName="refresh" ariaLabel={texts.refresh} loading={loading} onClick={catalogue.again} />
          <ApiCall calls={view === PROFILES ? [PROFILES_CALL] : operator ? [...MODELS_CALLS, PULLS_CALL] : MODELS_CALLS} />
          {operator && <FetchOther onFetch={catalogue.again} />}
        </SpaceBetween>
      }
    >
      <Tabs
        ariaLabel={texts.views.name}
        activeTabId={view}
        onChange={({ detail }) => change({ [VIEW]: detail.activeTabId || null })}
        tabs={[
          { id: "", label: texts.views.models, content: <CatalogueView catalogue={catalogue} acting={acting} /> },
          { id: PROFILES, label: texts.views.profiles, content: <ProfilesView models={answer ?? []} /> },
          { id: STAND_INS, label: texts.views.standIns, content: answer || !failure ? <StandIns models={answer ?? []} /> : <Failed failure={failure} onAgain={catalogue.again} /> },
        ]}
      />
    </Page>
  );
}
