/** One user: what it may, its tags and its keys. */

import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useCallback, useState } from "react";
import { useCall } from "../../api/polling";
import type { User as Told } from "../../api/shapes";
import { follow, go, href } from "../../app/address";
import { Page } from "../../app/Page";
import { useSession } from "../../app/session";
import { ApiCall } from "../../parts/ApiCall";
import { Dialog } from "../../parts/Dialog";
import { Failed } from "../../parts/Failed";
import { useFormats, useTexts } from "../../texts/texts";
import { Reach, useReaches } from "../keys/reach/Reach";
import { HolderPolicies } from "./policies/HolderPolicies";
import { usePeopleTexts } from "./texts";
import { UserKeys } from "./users/UserKeys";
import { UserTags } from "./users/UserTags";

export default function User({ name }: { name: string }) {
  const { screens } = useTexts();
  const texts = usePeopleTexts();
  const { api } = useSession();
  const { answer, failure, again } = useCall(useCallback((signal: AbortSignal) => api.craton("GetUser", { userName: name }, signal), [api, name]));
  const [leaving, setLeaving] = useState(false);
  return (
    <Page
      title={name}
      above={[{ text: screens.people, href: href("/people") }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <ApiCall calls={[{ service: "craton", operation: "GetUser", input: { userName: name } }]} />
          {answer && <Button onClick={() => setLeaving(true)}>{texts.user.delete}</Button>}
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        {failure && <Failed failure={failure} onAgain={again} />}
        {failure?.status === 404 && (
          <Button href={href("/people")} onFollow={follow}>
            {texts.user.back}
          </Button>
        )}
        {!answer && !failure && <Spinner size="large" />}
        {answer && <Details user={answer.user} onChanged={again} />}
      </SpaceBetween>
      {leaving && <Leaving name={name} onClose={() => setLeaving(false)} />}
    </Page>
  );
}

function Details({ user, onChanged }: { user: Told; onChanged: () => void }) {
  const texts = usePeopleTexts();
  const formats = useFormats();
  const { userName, arn, createdAt, permissionsBoundary } = user;
  // What the user may is read anew where its policies changed.
  const [round, setRound] = useState(0);
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{texts.user.about}</Header>}>
        <KeyValuePairs
          columns={4}
          minColumnWidth={170}
          items={[
            { label: texts.may, value: <About key={round} userName={userName} /> },
            { label: texts.user.arn, value: <span className="told">{arn}</span> },
            { label: texts.created, value: formats.time(new Date(createdAt)) },
            { label: texts.user.boundary, value: permissionsBoundary?.slice(permissionsBoundary.lastIndexOf("/") + 1) ?? texts.none },
          ]}
        />
      </Container>
      <UserKeys userName={userName} />
      <HolderPolicies kind="user" name={userName} onChanged={() => setRound(round + 1)} />
      <UserTags user={user} onChanged={onChanged} />
    </SpaceBetween>
  );
}

function Leaving({ name, onClose }: { name: string; onClose: () => void }) {
  const texts = usePeopleTexts();
  const { api } = useSession();
  const input = { userName: name };
  const { answer } = useCall(useCallback((signal: AbortSignal) => api.craton("ListKeys", { userName: name }, signal), [api, name]));
  return (
    <Dialog
      title={texts.user.deleteTitle(name)}
      action={texts.user.delete}
      disabled={!answer}
      calls={[{ service: "craton", operation: "DeleteUser", input }]}
      onClose={onClose}
      onAction={async () => {
        await api.craton("DeleteUser", input);
        go("/people");
      }}
    >
      {answer && texts.user.deleteText(answer.keys.length)}
    </Dialog>
  );
}

function About({ userName }: { userName: string }) {
  return <Reach of={useReaches([userName]).get(userName)} />;
}
