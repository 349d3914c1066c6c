/** What a new data source is asked for. */

import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import Tiles from "@cloudscape-design/components/tiles";
import type { ReactNode } from "react";
import { useKnowledgeTexts } from "../texts";
import { ChunkingFields } from "./ChunkingFields";
import { type Draft, type Fillable, SCOPES, type Scope } from "./draft";
import { useSourcesTexts } from "./texts";

interface Shown {
  draft: Draft;
  /** The members that cannot be sent, once somebody has tried. */
  bad: (keyof Draft)[];
  /** What a knowledge base takes. */
  kinds: readonly Fillable[];
  onChange: (draft: Draft) => void;
  /** What is shown for files to upload. */
  children?: ReactNode;
  /** More that is folded away. */
  more?: ReactNode;
}

export const KINDS: readonly Fillable[] = ["upload", "bucket", "web"];

export function SourceFields({ draft, bad, kinds, onChange, children, more }: Shown) {
  const known = useKnowledgeTexts();
  const own = useSourcesTexts();
  const change = (changes: Partial<Draft>) => onChange({ ...draft, ...changes });
  return (
    <SpaceBetween size="l">
      <FormField label={own.kind} stretch>
        <Tiles
          value={draft.kind}
          ariaLabel={own.kind}
          columns={kinds.length}
          items={kinds.map((kind) => ({ value: kind, label: known.kinds[kind], description: known.kindTexts[kind] }))}
          onChange={({ detail }) => change({ kind: detail.value as Fillable })}
        />
      </FormField>
      {draft.kind === "upload" && children}
      {draft.kind === "bucket" && (
        <FormField label={own.bucket} description={own.bucketText} errorText={bad.includes("bucket") && own.bucketWrong}>
          <Input value={draft.bucket} placeholder="s3://handbook/" spellcheck={false} onChange={({ detail }) => change({ bucket: detail.value })} />
        </FormField>
      )}
      {draft.kind === "web" && <Pages draft={draft} bad={bad} change={change} />}
      <ExpandableSection headerText={own.advanced} {...(bad.some((name) => !["bucket", "pages"].includes(name)) && { expanded: true })}>
        <SpaceBetween size="l">
          <ChunkingFields draft={draft} bad={bad} change={change} />
          <FormField label={own.policy}>
            <RadioGroup
              value={draft.policy}
              ariaLabel={own.policy}
              items={(["DELETE", "RETAIN"] as const).map((value) => ({ value, label: own.policies[value] }))}
              onChange={({ detail }) => change({ policy: detail.value as Draft["policy"] })}
            />
          </FormField>
          {draft.kind !== "upload" && (
            <FormField label={own.name} description={own.nameText} errorText={bad.includes("name") && own.nameWrong}>
              <Input value={draft.name} spellcheck={false} onChange={({ detail }) => change({ name: detail.value })} />
            </FormField>
          )}
          {more}
        </SpaceBetween>
      </ExpandableSection>
    </SpaceBetween>
  );
}

export function Pages({ draft, bad, change }: { draft: Draft; bad: string[]; change: (changes: Partial<Draft>) => void }) {
  const own = useSourcesTexts();
  return (
    <SpaceBetween size="l">
      <FormField label={own.pages} description={own.pagesText} errorText={bad.includes("pages") && own.pagesWrong}>
        <Textarea value={draft.pages} rows={3} placeholder="https://docs.example.com/" spellcheck={false} onChange={({ detail }) => change({ pages: detail.value })} />
      </FormField>
      <div className="pair">
        <FormField label={own.scope}>
          <Select
            selectedOption={{ value: draft.scope, label: own.scopes[draft.scope] }}
            options={SCOPES.map((value) => ({ value, label: own.scopes[value] }))}
            onChange={({ detail }) => change({ scope: detail.selectedOption.value as Scope })}
          />
        </FormField>
        <FormField label={own.maxPages} constraintText={own.maxPagesText} errorText={bad.includes("maxPages") && own.number(1, 25_000)}>
          <Input value={draft.maxPages} inputMode="numeric" placeholder="25000" onChange={({ detail }) => change({ maxPages: detail.value })} />
        </FormField>
      </div>
    </SpaceBetween>
  );
}
