/** The denied topics. */

import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Textarea from "@cloudscape-design/components/textarea";
import { Empty } from "../../../parts/Empty";
import { BLOCKING, type Topic } from "../form/form";
import { DeedsChoice } from "./fields/DeedsChoice";
import { Lines } from "./fields/Lines";
import type { Part } from "./fields/part";
import { TierChoice } from "./fields/TierChoice";
import { useEditorTexts } from "./texts";

const MOST = 30;

export function Topics(part: Part) {
  const { topic: texts } = useEditorTexts();
  const { form, change } = part;
  const { topics } = form;
  const set = (place: number, changed: Partial<Topic>) =>
    change({ topics: topics.map((topic, at) => (at === place ? { ...topic, ...changed } : topic)) });
  const add = (
    <Button
      iconName="add-plus"
      disabled={topics.length >= MOST}
      onClick={() => change({ topics: [...topics, { name: "", definition: "", examples: [], deeds: BLOCKING }] })}
    >
      {texts.add}
    </Button>
  );
  if (topics.length === 0) {
    return (
      <Empty title={texts.none} text={texts.noneText}>
        {add}
      </Empty>
    );
  }
  return (
    <>
      <TierChoice {...part} policy="topics" />
      <div className="policy-rows">
        {topics.map((topic, place) => (
          <OneTopic
            key={place}
            topic={topic}
            place={place}
            mistakes={part.mistakes}
            onChange={(changed) => set(place, changed)}
            onRemove={() => change({ topics: topics.filter((_, at) => at !== place) })}
          />
        ))}
      </div>
      <div>{add}</div>
    </>
  );
}

interface Shown {
  topic: Topic;
  place: number;
  mistakes: Part["mistakes"];
  onChange: (changed: Partial<Topic>) => void;
  onRemove: () => void;
}

function OneTopic({ topic, place, mistakes, onChange, onRemove }: Shown) {
  const { topic: texts } = useEditorTexts();
  const called = topic.name || texts.untitled;
  return (
    <div className="policy-entry" role="group" aria-label={called}>
      <div className="policy-entry-head">
        <FormField label={texts.name} errorText={mistakes[`topics.${place}.name`] ?? ""} stretch>
          <Input value={topic.name} autoFocus={topic.name === "" && topic.definition === ""} onChange={({ detail }) => onChange({ name: detail.value })} />
        </FormField>
        <Button variant="icon" iconName="remove" ariaLabel={texts.remove(called)} onClick={onRemove} />
      </div>
      <FormField label={texts.definition} description={texts.definitionText} errorText={mistakes[`topics.${place}.definition`] ?? ""} stretch>
        <Textarea
          value={topic.definition}
          rows={2}
          placeholder={texts.definitionHint}
          onChange={({ detail }) => onChange({ definition: detail.value })}
        />
      </FormField>
      <FormField label={texts.examples} description={texts.examplesText} errorText={mistakes[`topics.${place}.examples`] ?? ""} stretch>
        <Lines value={topic.examples} onChange={(examples) => onChange({ examples })} />
      </FormField>
      <DeedsChoice of={called} deeds={topic.deeds} onChange={(deeds) => onChange({ deeds })} />
    </div>
  );
}
