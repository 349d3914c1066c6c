/** The tags of a user: added and removed. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import TokenGroup from "@cloudscape-design/components/token-group";
import { useState } from "react";
import type { Tag, User } from "../../../api/shapes";
import { useSession } from "../../../app/session";
import { Dialog } from "../../../parts/Dialog";
import { usePeopleTexts } from "../texts";

export function UserTags({ user: { userName, tags = [] }, onChanged }: { user: User; onChanged: () => void }) {
  const texts = usePeopleTexts();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Tag | null>(null);
  const close = () => {
    setAdding(false);
    setRemoving(null);
  };
  const done = () => {
    close();
    onChanged();
  };
  return (
    <Container
      header={
        <Header variant="h2" description={texts.user.tagText} actions={<Button onClick={() => setAdding(true)}>{texts.user.addTag}</Button>}>
          {texts.tags}
        </Header>
      }
    >
      {tags.length === 0 && <Box color="text-body-secondary">{texts.user.noTags}</Box>}
      <TokenGroup
        items={tags.map(({ key, value }) => ({ label: `${key} = ${value}`, dismissLabel: texts.user.removeTag(key) }))}
        onDismiss={({ detail }) => setRemoving(tags[detail.itemIndex] ?? null)}
      />
      {adding && <Adding userName={userName} onDone={done} onClose={close} />}
      {removing && <Removing userName={userName} tag={removing} onDone={done} onClose={close} />}
    </Container>
  );
}

interface Asked {
  userName: string;
  onDone: () => void;
  onClose: () => void;
}

function Removing({ userName, tag: { key }, onDone, onClose }: Asked & { tag: Tag }) {
  const { user: texts } = usePeopleTexts();
  const { api } = useSession();
  const input = { userName, tagKeys: [key] };
  return (
    <Dialog
      title={texts.removeTagTitle(key)}
      action={texts.remove}
      calls={[{ service: "craton", operation: "UntagUser", input }]}
      onClose={onClose}
      onAction={async () => {
        await api.craton("UntagUser", input);
        onDone();
      }}
    >
      <Box>{texts.removeTagText}</Box>
    </Dialog>
  );
}

function Adding({ userName, onDone, onClose }: Asked) {
  const texts = usePeopleTexts();
  const { api } = useSession();
  const [tag, setTag] = useState({ key: "", value: "" });
  const input = { userName, tags: [tag] };
  return (
    <Dialog
      title={texts.user.addTag}
      action={texts.user.addTag}
      disabled={tag.key === ""}
      calls={[{ service: "craton", operation: "TagUser", input }]}
      onClose={onClose}
      onAction={async () => {
        await api.craton("TagUser", input);
        onDone();
      }}
    >
      <ColumnLayout columns={2}>
        <FormField label={texts.user.tagKey}>
          <Input value={tag.key} autoFocus onChange={({ detail }) => setTag({ ...tag, key: detail.value })} />
        </FormField>
        <FormField label={texts.user.tagValue}>
          <Input value={tag.value} onChange={({ detail }) => setTag({ ...tag, value: detail.value })} />
        </FormField>
      </ColumnLayout>
    </Dialog>
  );
}
