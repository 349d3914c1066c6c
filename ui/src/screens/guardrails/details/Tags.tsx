/** The tags of a guardrail. */

import { ListTagsForResourceCommand, type Tag, TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-bedrock";
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useCallback, useState } from "react";
import { type Failure, failureOf } from "../../../api/failure";
import { useCall } from "../../../api/polling";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Failed } from "../../../parts/Failed";
import { useGuardrailsTexts } from "../texts";

export function Tags({ arn }: { arn: string }) {
  const texts = useGuardrailsTexts();
  const { api } = useSession();
  const list = useCallback(
    async (signal: AbortSignal) => (await api.bedrock.send(new ListTagsForResourceCommand({ resourceARN: arn }), { abortSignal: signal })).tags ?? [],
    [api, arn],
  );
  const { answer, failure, again } = useCall(list);
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={texts.tagsText}
          actions={<ApiCall variant="icon" calls={[{ service: "bedrock", operation: "ListTagsForResource", input: { resourceARN: arn } }]} />}
        >
          {texts.tags}
        </Header>
      }
    >
      {failure && <Failed failure={failure} onAgain={again} />}
      {!answer && !failure && <Spinner />}
      {answer && <Editing key={JSON.stringify(answer)} arn={arn} saved={answer} onSaved={again} />}
    </Container>
  );
}

function Editing({ arn, saved, onSaved }: { arn: string; saved: Tag[]; onSaved: () => void }) {
  const texts = useGuardrailsTexts();
  const { api } = useSession();
  const [tags, setTags] = useState(() => saved.map(({ key = "", value = "" }) => ({ key, value })));
  const [saving, setSaving] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const set = (place: number, part: Partial<{ key: string; value: string }>) =>
    setTags(tags.map((tag, at) => (at === place ? { ...tag, ...part } : tag)));
  const gone = saved.flatMap(({ key = "" }) => (tags.some((tag) => tag.key === key) ? [] : [key]));
  const tagging = tags.length > 0 ? { resourceARN: arn, tags } : null;
  const untagging = gone.length > 0 ? { resourceARN: arn, tagKeys: gone } : null;

  async function save(): Promise<void> {
    setSaving(true);
    setFailure(null);
    try {
      if (tagging) await api.bedrock.send(new TagResourceCommand(tagging));
      if (untagging) await api.bedrock.send(new UntagResourceCommand(untagging));
      onSaved();
    } catch (error) {
      setFailure(failureOf(error));
    }
    setSaving(false);
  }

  const changed = JSON.stringify(tags) !== JSON.stringify(saved.map(({ key, value }) => ({ key, value })));
  return (
    <SpaceBetween size="m">
      <AttributeEditor
        items={tags}
        empty={texts.noTags}
        addButtonText={texts.addTag}
        removeButtonAriaLabel={({ key }) => texts.removeTag(key)}
        onAddButtonClick={() => setTags([...tags, { key: "", value: "" }])}
        onRemoveButtonClick={({ detail }) => setTags(tags.filter((_, at) => at !== detail.itemIndex))}
        definition={[
          {
            label: texts.tagKey,
            control: ({ key }, place) => <Input value={key} onChange={({ detail }) => set(place, { key: detail.value })} />,
          },
          {
            label: texts.tagValue,
            control: ({ value }, place) => <Input value={value} onChange={({ detail }) => set(place, { value: detail.value })} />,
          },
        ]}
      />
      {failure && <Failed failure={failure} />}
      {changed && (
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="primary" loading={saving} onClick={() => void save()}>
            {texts.saveTags}
          </Button>
          <ApiCall
            variant="icon"
            calls={[
              ...(tagging ? [{ service: "bedrock" as const, operation: "TagResource", input: tagging }] : []),
              ...(untagging ? [{ service: "bedrock" as const, operation: "UntagResource", input: untagging }] : []),
            ]}
          />
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}
