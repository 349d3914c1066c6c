/** One guardrail, or one yet to be created: its policies beside a tester, its versions, and how it is used. */

import Spinner from "@cloudscape-design/components/spinner";
import { useCallback, useMemo } from "react";
import { useCall } from "../../api/polling";
import { href } from "../../app/address";
import { Page } from "../../app/Page";
import { useSession } from "../../app/session";
import { Failed } from "../../parts/Failed";
import { useTexts } from "../../texts/texts";
import { getWhole } from "./calls";
import { emptyForm } from "./form/form";
import { formOf } from "./form/reading";
import { useGuardrailsTexts } from "./texts";
import { Workbench } from "./Workbench";

export function Guardrail({ id }: { id: string | null }) {
  return id === null ? <Fresh /> : <Known id={id} />;
}

function Fresh() {
  const { messages } = useGuardrailsTexts();
  const saved = useMemo(() => emptyForm(messages), [messages]);
  return <Workbench id={null} saved={saved} whole={null} again={() => {}} />;
}

function Known({ id }: { id: string }) {
  const { screens } = useTexts();
  const { api } = useSession();
  const { answer, failure, again } = useCall(useCallback((signal: AbortSignal) => getWhole(api, id, signal), [api, id]));
  const saved = useMemo(() => answer && formOf(answer.draft), [answer]);
  if (answer && saved) return <Workbench id={id} saved={saved} whole={answer} again={again} />;
  return (
    <Page title={id} above={[{ text: screens.guardrails, href: href("/guardrails") }]}>
      {failure ? <Failed failure={failure} onAgain={again} /> : <Spinner size="large" />}
    </Page>
  );
}
