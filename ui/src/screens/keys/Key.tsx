/** One key: what it may, how its limits stand, what it used, and what was refused. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useCallback, useState } from "react";
import { useCall } from "../../api/polling";
import { follow, go, href } from "../../app/address";
import { Page } from "../../app/Page";
import { useSession } from "../../app/session";
import { ApiCall } from "../../parts/ApiCall";
import { Empty } from "../../parts/Empty";
import { Failed } from "../../parts/Failed";
import { useFormats, useTexts } from "../../texts/texts";
import { useWhom } from "../usage/limits/whom/useWhom";
import { ChangeLimits } from "./limits/ChangeLimits";
import { KeyActs } from "./key/KeyActs";
import { type Key as Told, listKeys } from "./keys";
import { MadeKey } from "./create/MadeKey";
import type { Made } from "./create/making";
import { Reach, useReaches } from "./reach/Reach";
import { Refused } from "./key/Refused";
import { Standing } from "./limits/Standing";
import { Expires, LastUsed, Status } from "./key/Status";
import { useKeyTexts } from "./texts";
import { Used } from "./key/Used";

export default function Key({ id }: { id: string }) {
  const { screens } = useTexts();
  const texts = useKeyTexts();
  const { api } = useSession();
  const { answer, failure, again } = useCall(useCallback((signal: AbortSignal) => listKeys(api, signal), [api]));
  const [made, setMade] = useState<Made | null>(null);
  const key = answer?.find(({ keyId }) => keyId === id);
  const only = key?.userName !== "root" && answer?.filter(({ userName }) => userName === key?.userName).length === 1;
  return (
    <Page
      title={key?.userName ?? id}
      above={[{ text: screens.keys, href: href("/keys") }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <ApiCall calls={[{ service: "craton", operation: "ListKeys", input: { maxResults: 1000 } }]} />
          {key && (
            <KeyActs of={key} only={only} variant="normal" onMade={setMade} onDone={(act) => (act === "delete" ? go("/keys") : again())} />
          )}
        </SpaceBetween>
      }
    >
      {failure && <Failed failure={failure} onAgain={again} />}
      {!answer && !failure && <Spinner size="large" />}
      {answer && !key && (
        <Empty title={texts.one.unknownTitle} text={texts.one.unknown(id)}>
          <Button href={href("/keys")} onFollow={follow}>
            {texts.one.back}
          </Button>
        </Empty>
      )}
      {key && <Details of={key} again={again} />}
      {made && (
        <MadeKey
          made={made}
          onClose={() => {
            setMade(null);
            go(`/keys/${encodeURIComponent(made.keyId)}`);
          }}
        />
      )}
    </Page>
  );
}

function Details({ of: key, again }: { of: Told; again: () => void }) {
  const shared = useTexts();
  const texts = useKeyTexts();
  const formats = useFormats();
  const whom = useWhom();
  const [changing, setChanging] = useState(false);
  const { keyId, userName = "", type } = key;
  const reaches = useReaches([userName]);
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{texts.one.about}</Header>}>
        <KeyValuePairs
          columns={4}
          minColumnWidth={170}
          items={[
            {
              label: texts.key,
              value: (
                <CopyToClipboard
                  variant="inline"
                  textToCopy={keyId}
                  wrapText
                  copyButtonAriaLabel={`${shared.copy}: ${texts.key}`}
                  copySuccessText={shared.copied}
                  copyErrorText={shared.notCopied}
                />
              ),
            },
            { label: texts.create.kind, value: texts.types[type] },
            { label: texts.status, value: <Status of={key} /> },
            { label: texts.user, value: <Holder userName={userName} /> },
            { label: texts.may, value: <Reach of={reaches.get(userName)} /> },
            { label: texts.created, value: formats.time(new Date(key.createdAt)) },
            { label: texts.expires, value: <Expires of={key} /> },
            { label: texts.lastUsed, value: <LastUsed of={key} /> },
          ]}
        />
      </Container>
      <Container
        header={
          <Header variant="h2" actions={<Button onClick={() => setChanging(true)}>{texts.one.change}</Button>}>
            {texts.one.standing}
          </Header>
        }
      >
        <Standing of={key} />
      </Container>
      <Used keyId={keyId} />
      <Refused keyId={keyId} />
      {changing && (
        <ChangeLimits
          of={key}
          whom={whom}
          onClose={() => setChanging(false)}
          onDone={() => {
            setChanging(false);
            again();
          }}
        />
      )}
    </SpaceBetween>
  );
}

function Holder({ userName }: { userName: string }) {
  if (!userName) return "–";
  if (userName === "root") return <Box>{userName}</Box>;
  return (
    <Link href={href(`/people/users/${encodeURIComponent(userName)}`)} onFollow={follow}>
      {userName}
    </Link>
  );
}
