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
import { type Failure, failureOf } from "../../../api/failure";
import type { User } from "../../../api/shapes";
import { useSession } from "../../../app/session";
import { Dialog } from "../../../parts/Dialog";
import { Failed } from "../../../parts/Failed";
import { usePeopleTexts } from "../texts";

export function UserTags({ user: { userName, tags = [] }, onChanged }: { user: User; onChanged: () => void }) {
  const texts = usePeopleTexts();
  const { api } = useSession();
  const [adding, setAdding] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function remove(key: string): Promise<void> {
    try {
      await api.craton("UntagUser", { userName, tagKeys: [key] });
      onChanged();
    } catch (error) {
      setFailure(failureOf(error));
    }
  }

  return (
    <Container
      header={
        <Header variant="h2" description={texts.user.tagText} actions={<Button onClick={() => setAdding(true)}>{texts.user.addTag}</Button>}>
          {texts.tags}
        </Header>
      }
    >
      {failure && <Failed failure={failure} />}
      {tags.length === 0 && <Box color="text-body-secondary">{texts.user.noTags}</Box>}
      <TokenGroup
        items={tags.map(({ key, value }) => ({ label: `${key} = ${value}`, dismissLabel: texts.user.removeTag(key) }))}
        onDismiss={({ detail }) => void remove(tags[detail.itemIndex]?.key ?? "")}
      />
      {adding && (
        <Adding
          userName={userName}
          onClose={() => setAdding(false)}
          onDone={() => {
            setAdding(false);
            onChanged();
          }}
        />
      )}
    </Container>
  );
}

function Adding({ userName, onDone, onClose }: { userName: string; onDone: () => void; onClose: () => void }) {
  const texts = usePeopleTexts();
  const { api } = useSession();
  const [tag, setTag] = useState({ key: "", value: "" });
  return (
    <Dialog
      title={texts.user.addTag}
      action={texts.user.addTag}
      disabled={tag.key === ""}
      onClose={onClose}
      onAction={async () => {
        await api.craton("TagUser", { userName, tags: [tag] });
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
