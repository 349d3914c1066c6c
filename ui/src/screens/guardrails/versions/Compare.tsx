/** Two states of a guardrail side by side: what differs. */

import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import Spinner from "@cloudscape-design/components/spinner";
import Table from "@cloudscape-design/components/table";
import { useCallback } from "react";
import { useCall } from "../../../api/polling";
import { useSession } from "../../../app/session";
import { Failed } from "../../../parts/Failed";
import { DRAFT, getGuardrail } from "../calls";
import { useEditorTexts } from "../editor/texts";
import { formOf } from "../form/reading";
import { differences } from "./differences";
import { useVersionsTexts } from "./texts";
import { useCalled } from "./useCalled";

export interface Pair {
  from: string;
  to: string;
}

interface Shown {
  id: string;
  pair: Pair;
  versions: string[];
  onChange: (pair: Pair) => void;
}

export function Compare({ id, pair, versions, onChange }: Shown) {
  const texts = useVersionsTexts();
  const { sections } = useEditorTexts();
  const called = useCalled();
  const { api } = useSession();
  const { from, to } = pair;
  const { answer, failure, again } = useCall(
    useCallback(
      async (signal: AbortSignal) => {
        const [then, now] = await Promise.all([getGuardrail(api, id, from, signal), getGuardrail(api, id, to, signal)]);
        return { from, to, forms: [formOf(then), formOf(now)] as const };
      },
      [api, id, from, to],
    ),
  );
  const name = (version: string) => (version === DRAFT ? texts.draft : texts.number(version));
  const options = [DRAFT, ...versions].map((value) => ({ value, label: name(value) }));
  const fresh = answer?.from === from && answer.to === to ? answer : null;
  return (
    <Container header={<Header variant="h2">{texts.comparing}</Header>}>
      <div className="compared">
        {(["from", "to"] as const).map((end) => (
          <Select
            key={end}
            inlineLabelText={texts[end]}
            ariaLabel={texts[end]}
            selectedOption={{ value: pair[end], label: name(pair[end]) }}
            options={options}
            onChange={({ detail }) => onChange({ ...pair, [end]: detail.selectedOption.value ?? DRAFT })}
          />
        ))}
      </div>
      {failure && <Failed failure={failure} onAgain={again} />}
      {!fresh && !failure && <Spinner />}
      {fresh && (
        <Table
          variant="embedded"
          wrapLines
          items={differences(...fresh.forms, called)}
          empty={<Box padding="m">{texts.alike}</Box>}
          ariaLabels={{ tableLabel: texts.comparing }}
          columnDefinitions={[
            {
              id: "what",
              header: texts.what,
              isRowHeader: true,
              cell: ({ section, what }) => (
                <>
                  <strong>{what}</strong>
                  <div className="under">{sections[section]}</div>
                </>
              ),
            },
            { id: "before", header: name(from), cell: ({ before }) => <State text={before} gone={before !== ""} /> },
            { id: "after", header: name(to), cell: ({ after }) => <State text={after} made={after !== ""} /> },
          ]}
        />
      )}
    </Container>
  );
}

function State({ text, gone = false, made = false }: { text: string; gone?: boolean; made?: boolean }) {
  const { absent } = useVersionsTexts();
  return <div className={`told ${gone ? "state-before" : made ? "state-after" : ""}`}>{text || absent}</div>;
}
