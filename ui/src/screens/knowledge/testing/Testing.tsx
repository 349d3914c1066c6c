/** Tries what a search of a knowledge base finds. */

import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useHash } from "../../../app/address";
import { ApiCall } from "../../../parts/ApiCall";
import { Empty } from "../../../parts/Empty";
import type { Base } from "../asking";
import { useClients } from "../clients";
import { knownAttributes } from "../metadata/known";
import { type Asked, askedIn, changesFor, inputFor, MOST, type SearchType, TYPES } from "./asked";
import { filterIn } from "./filter";
import { FilterFields } from "./FilterFields";
import { Results } from "./Results";
import { useTestingTexts } from "./texts";

export function Testing({ base }: { base: Base }) {
  const own = useTestingTexts();
  const [hash, change] = useHash();
  const asked = askedIn(hash);
  const kind = base.told.knowledgeBaseConfiguration?.type ?? "VECTOR";
  const baseId = base.told.knowledgeBaseId ?? "";
  const [round, setRound] = useState(0);
  const input = inputFor(baseId, asked, kind);
  return (
    <SpaceBetween size="m">
      <Container>
        <Question
          key={hash.toString()}
          baseId={baseId}
          first={asked}
          kind={kind}
          onAsk={(now) => {
            change(changesFor(now));
            remember();
            setRound(round + 1);
          }}
        />
      </Container>
      {asked.query && !wasAsked() ? (
        <Empty title={own.linked} text={own.linkedText} />
      ) : asked.query ? (
        <Results
          key={`${round} ${hash.toString()}`}
          baseId={baseId}
          input={input}
          actions={<ApiCall calls={[{ service: "bedrock-agent-runtime", operation: "Retrieve", input }]} />}
        />
      ) : (
        <Empty title={own.empty} text={own.emptyText} />
      )}
    </SpaceBetween>
  );
}

/** The search that stands in the address was asked here, so that a reload and a way back repeat it. */
function remember(): void {
  history.replaceState({ ...history.state, searched: location.hash }, "");
}

/** A link that somebody else made asks nothing in the name of whoever opens it: a search costs, and may run a model. */
function wasAsked(): boolean {
  return (history.state as { searched?: string } | null)?.searched === location.hash;
}

function Question({ baseId, first, kind, onAsk }: { baseId: string; first: Asked; kind: string; onAsk: (asked: Asked) => void }) {
  const own = useTestingTexts();
  const [draft, setDraft] = useState(first);
  const [results, setResults] = useState(String(first.results));
  const [filterWrong, setFilterWrong] = useState(false);
  const clients = useClients();
  const count = Number(results);
  const countWrong = !(Number.isInteger(count) && count >= 1 && count <= MOST);
  const ready = draft.query.trim() !== "" && !countWrong && !filterWrong && filterIn(draft.filter) !== undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onAsk({ ...draft, query: draft.query.trim(), results: count });
      }}
    >
      <SpaceBetween size="m">
        <div className="knowledge-ask">
          <FormField label={own.query} stretch>
            <Input value={draft.query} type="search" placeholder={own.queryHint} onChange={({ detail }) => setDraft({ ...draft, query: detail.value })} />
          </FormField>
          <Button variant="primary" disabled={!ready}>
            {own.search}
          </Button>
        </div>
        {kind !== "SQL" && (
          <div className="filters">
            <FormField label={own.results} errorText={countWrong && own.resultsWrong}>
              <Input value={results} inputMode="numeric" onChange={({ detail }) => setResults(detail.value)} />
            </FormField>
            {kind === "VECTOR" && (
              <FormField label={own.type}>
                <Select
                  selectedOption={{ value: draft.type, label: own.types[draft.type] }}
                  options={TYPES.map((value) => ({ value, label: own.types[value] }))}
                  onChange={({ detail }) => setDraft({ ...draft, type: detail.selectedOption.value as SearchType })}
                />
              </FormField>
            )}
          </div>
        )}
        {kind !== "SQL" && (
          <ExpandableSection headerText={own.filter} defaultExpanded={Boolean(first.filter || first.user)}>
            <SpaceBetween size="m">
              <FilterFields
                json={draft.filter}
                known={knownAttributes(clients, baseId)}
                onChange={(filter) => {
                  setFilterWrong(filter === null);
                  if (filter !== null) setDraft({ ...draft, filter });
                }}
              />
              <FormField label={own.user} description={own.userText}>
                <Input value={draft.user} spellcheck={false} onChange={({ detail }) => setDraft({ ...draft, user: detail.value })} />
              </FormField>
              <ApiCall
                variant="inline-link"
                calls={ready ? [{ service: "bedrock-agent-runtime", operation: "Retrieve", input: inputFor(baseId, { ...draft, results: count }, kind) }] : []}
              />
            </SpaceBetween>
          </ExpandableSection>
        )}
      </SpaceBetween>
    </form>
  );
}
