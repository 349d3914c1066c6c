/** One request: what became of it and why, its steps, what was said. */

import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useCallback, useState } from "react";
import type { Call } from "../../api/call";
import { useCall } from "../../api/polling";
import type { GetRequestResponse } from "../../api/shapes";
import { href } from "../../app/address";
import { Page } from "../../app/Page";
import { useSession } from "../../app/session";
import { ApiCall } from "../../parts/ApiCall";
import { Failed } from "../../parts/Failed";
import { useTexts } from "../../texts/texts";
import { useNames } from "../../parts/names";
import { About } from "./one/About";
import { Asked } from "./one/Asked";
import { Play } from "./one/Play";
import { Said } from "./one/Said";
import { Waterfall } from "./one/Waterfall";
import { Why } from "./one/Why";
import { useRequestsTexts } from "./texts";
import { operationOf } from "./words";
import "./requests.css";

/** While it runs, or its record is on its way. */
const EVERY = 1500;

function unfinished({ outcome, content }: GetRequestResponse): boolean {
  return outcome === "RUNNING" || content.status === "NOT_YET";
}

export default function Request({ id }: { id: string }) {
  const { screens } = useTexts();
  const texts = useRequestsTexts();
  const { api } = useSession();
  const names = useNames();
  const [going, setGoing] = useState(false);
  const ask = useCallback(
    async (signal: AbortSignal) => {
      const told = await api.craton("GetRequest", { requestId: id }, signal);
      setGoing(unfinished(told));
      return told;
    },
    [api, id],
  );
  const { answer, failure, again } = useCall(ask, going ? EVERY : undefined);
  const call: Call = { service: "craton", operation: "GetRequest", input: { requestId: id } };
  return (
    <Page
      title={answer ? operationOf(answer.operation) : texts.one}
      above={[{ text: screens.requests, href: href("/requests") }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <ApiCall calls={[call]} />
          {answer && <Play request={answer} />}
        </SpaceBetween>
      }
    >
      {failure && <Failed failure={failure} onAgain={again} />}
      {!failure && !answer && <Spinner size="large" />}
      {answer && (
        <SpaceBetween size="l">
          <Why request={answer} />
          <About request={answer} names={names} />
          <Container header={<Header variant="h2" description={texts.waterfall.text}>{texts.waterfall.title}</Header>}>
            <Waterfall spans={answer.spans} total={answer.latencyMs} />
          </Container>
          {answer.invocations.length > 0 && <Asked request={answer} names={names} />}
          <Said request={answer} onLogging={again} />
        </SpaceBetween>
      )}
    </Page>
  );
}
