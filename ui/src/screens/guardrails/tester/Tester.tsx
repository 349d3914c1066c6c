/** A text, put to the saved draft or a version of a guardrail, and what it says of it. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Failed } from "../../../parts/Failed";
import { DRAFT } from "../calls";
import { inputFor, type Source } from "./asked";
import { Compared } from "./Compared";
import { Examples } from "./Examples";
import { useTesterTexts } from "./texts";
import { useTesting } from "./useTesting";
import { Verdict } from "./Verdict";

interface Shown {
  /** None: it is yet to be created. */
  id: string | null;
  version: string;
  versions: string[];
  onVersion: (version: string) => void;
  unsaved: boolean;
  saving: boolean;
  /** The id of what is saved; null where it was refused. */
  save: () => Promise<string | null>;
  /** Whether answers need a source and a question to be judged. */
  compares: boolean;
}

export function Tester({ id, version, versions, onVersion, unsaved, saving, save, compares }: Shown) {
  const texts = useTesterTexts();
  const { api } = useSession();
  const [live, setLive] = useState(false);
  const [refused, setRefused] = useState(false);
  const stale = id === null || (unsaved && version === DRAFT);
  const { asked, judged, failure, judging, ask, test } = useTesting(api, id ?? "", version, live && !stale);
  const ready = asked.text.trim() !== "";

  async function start(): Promise<void> {
    if (!ready || saving) return;
    const made = stale ? await save() : id;
    setRefused(made === null);
    if (made !== null && id !== null) test();
  }

  return (
    <Container header={<Header variant="h2" actions={<Called {...{ asked, id, version, ready }} />}>{texts.title}</Header>}>
      <div onKeyDown={({ key, ctrlKey, metaKey }) => key === "Enter" && (ctrlKey || metaKey) && void start()}>
        <SpaceBetween size="m">
          {id !== null && (
            <Select
              inlineLabelText={texts.against}
              ariaLabel={texts.against}
              selectedOption={{ value: version, label: version === DRAFT ? texts.draft : texts.version(version) }}
              options={[DRAFT, ...versions].map((value) => ({ value, label: value === DRAFT ? texts.draft : texts.version(value) }))}
              onChange={({ detail }) => onVersion(detail.selectedOption.value ?? DRAFT)}
            />
          )}
          <SegmentedControl
            label={texts.source}
            selectedId={asked.source}
            options={(["INPUT", "OUTPUT"] as const).map((source) => ({ id: source, text: texts.sources[source] }))}
            onChange={({ detail }) => ask({ source: detail.selectedId as Source })}
          />
          {asked.source === "OUTPUT" && <Compared asked={asked} needed={compares} onAsk={ask} />}
          <FormField label={texts.text} stretch>
            <Textarea value={asked.text} rows={4} placeholder={texts.hint[asked.source]} onChange={({ detail }) => ask({ text: detail.value })} />
          </FormField>
          {refused && stale ? (
            <Alert type="error">{texts.refused}</Alert>
          ) : (
            stale && id !== null && <Alert type="info">{texts.unsaved}</Alert>
          )}
          <div className="tester-acts">
            <Button variant="primary" loading={saving || judging} disabled={!ready} onClick={() => void start()}>
              {id === null ? texts.createAndTest : stale ? texts.saveAndTest : texts.test}
            </Button>
            {stale && id !== null && (
              <Button disabled={!ready || judging} onClick={() => test()}>
                {texts.testSaved}
              </Button>
            )}
            {id !== null && (
              <Checkbox checked={live} onChange={({ detail }) => setLive(detail.checked)}>
                {texts.live}
              </Checkbox>
            )}
          </div>
          {!judged && !failure && (
            <Examples
              source={asked.source}
              onChoose={(text) => {
                const now = { ...asked, text };
                if (stale) ask(now);
                else test(now);
              }}
            />
          )}
          {failure && <Failed failure={failure} />}
          {judged && <Verdict judged={judged} stale={judged.asked !== asked || judged.version !== version} />}
          <Box variant="small" color="text-body-secondary">
            {texts.keys}
          </Box>
        </SpaceBetween>
      </div>
    </Container>
  );
}

function Called({ asked, id, version, ready }: { asked: Parameters<typeof inputFor>[0]; id: string | null; version: string; ready: boolean }) {
  const calls = id && ready ? [{ service: "bedrock-runtime" as const, operation: "ApplyGuardrail", input: inputFor(asked, id, version) }] : [];
  return <ApiCall variant="icon" calls={calls} />;
}
