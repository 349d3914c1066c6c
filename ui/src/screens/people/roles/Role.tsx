/** One role: whom it trusts, what it may, and the end of it. */

import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useCallback, useState } from "react";
import type { Call } from "../../../api/call";
import { useCall } from "../../../api/polling";
import type { Role as Told } from "../../../api/shapes";
import { follow, go, href } from "../../../app/address";
import { Page } from "../../../app/Page";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Dialog } from "../../../parts/Dialog";
import { Failed } from "../../../parts/Failed";
import { useFormats, useTexts } from "../../../texts/texts";
import { send } from "../../keys/create/making";
import { HolderPolicies } from "../policies/HolderPolicies";
import { Tags } from "../Tags";
import { usePeopleTexts } from "../texts";
import { hoursIn } from "./hours";
import { useRoleTexts } from "./texts";
import { TrustView } from "./TrustView";

export function Role({ name }: { name: string }) {
  const { screens } = useTexts();
  const texts = usePeopleTexts();
  const own = useRoleTexts();
  const { api } = useSession();
  const { answer, failure, again } = useCall(useCallback((signal: AbortSignal) => api.craton("GetRole", { roleName: name }, signal), [api, name]));
  const [doing, setDoing] = useState<"edit" | "delete" | null>(null);
  const close = () => setDoing(null);
  return (
    <Page
      title={name}
      above={[
        { text: screens.people, href: href("/people") },
        { text: texts.tabs.roles, href: href("/people/roles") },
      ]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <ApiCall calls={[{ service: "craton", operation: "GetRole", input: { roleName: name } }]} />
          {answer && <Button onClick={() => setDoing("edit")}>{own.edit}</Button>}
          {answer && <Button onClick={() => setDoing("delete")}>{own.delete}</Button>}
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        {failure && <Failed failure={failure} onAgain={again} />}
        {failure?.status === 404 && (
          <Button href={href("/people/roles")} onFollow={follow}>
            {own.unknown}
          </Button>
        )}
        {!answer && !failure && <Spinner size="large" />}
        {answer && <About role={answer.role} />}
        {answer && <TrustView role={answer.role} onChanged={again} />}
        {answer && <HolderPolicies kind="role" name={name} onChanged={again} />}
      </SpaceBetween>
      {doing === "edit" && answer && (
        <Editing
          role={answer.role}
          onClose={close}
          onDone={() => {
            close();
            again();
          }}
        />
      )}
      {doing === "delete" && <Deleting name={name} onClose={close} />}
    </Page>
  );
}

function About({ role: { arn, createdAt, description, maxSessionDuration, permissionsBoundary, tags, lastUsedAt } }: { role: Told }) {
  const texts = usePeopleTexts();
  const own = useRoleTexts();
  const formats = useFormats();
  return (
    <Container header={<Header variant="h2">{own.about}</Header>}>
      <KeyValuePairs
        columns={4}
        minColumnWidth={170}
        items={[
          { label: own.description, value: description || texts.none },
          { label: own.session, value: own.hours(formats.number(maxSessionDuration / 3600, 1)) },
          { label: own.lastUsed, value: lastUsedAt ? formats.time(new Date(lastUsedAt)) : own.notYet },
          { label: texts.created, value: formats.time(new Date(createdAt)) },
          { label: texts.user.arn, value: <span className="told">{arn}</span> },
          { label: texts.user.boundary, value: permissionsBoundary?.slice(permissionsBoundary.lastIndexOf("/") + 1) ?? texts.none },
          { label: texts.tags, value: <Tags tags={tags} /> },
        ]}
      />
    </Container>
  );
}

interface Acting {
  role: Told;
  onDone: () => void;
  onClose: () => void;
}

function Editing({ role: { roleName, description = "", maxSessionDuration }, onDone, onClose }: Acting) {
  const own = useRoleTexts();
  const texts = usePeopleTexts();
  const formats = useFormats();
  const { api } = useSession();
  const [said, setSaid] = useState(description);
  const [hours, setHours] = useState(() => formats.number(maxSessionDuration / 3600, 2));
  const seconds = hoursIn(hours);
  const call: Call = { service: "craton", operation: "UpdateRole", input: { roleName, description: said, maxSessionDuration: seconds } };
  return (
    <Dialog
      title={own.editTitle(roleName)}
      action={texts.save}
      disabled={seconds === null}
      onClose={onClose}
      onAction={async () => {
        await send(api, call);
        onDone();
      }}
    >
      <FormField label={own.description}>
        <Input value={said} onChange={({ detail }) => setSaid(detail.value)} />
      </FormField>
      <FormField label={own.session} description={own.sessionText} errorText={seconds === null && own.notHours}>
        <Input value={hours} inputMode="decimal" onChange={({ detail }) => setHours(detail.value)} />
      </FormField>
      <ApiCall variant="inline-link" calls={seconds === null ? [] : [call]} />
    </Dialog>
  );
}

function Deleting({ name, onClose }: { name: string; onClose: () => void }) {
  const own = useRoleTexts();
  const { api } = useSession();
  const call: Call = { service: "craton", operation: "DeleteRole", input: { roleName: name } };
  return (
    <Dialog
      title={own.deleteTitle(name)}
      action={own.delete}
      onClose={onClose}
      onAction={async () => {
        await send(api, call);
        go("/people/roles");
      }}
    >
      {own.deleteText}
      <ApiCall variant="inline-link" calls={[call]} />
    </Dialog>
  );
}
