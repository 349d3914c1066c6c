/** A filter on metadata, in rows or as JSON. */

import FormField from "@cloudscape-design/components/form-field";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import type { KnownAttributes } from "../metadata/known";
import { type Conditions, conditionsIn, filterIn, filterOf, JOINS, type Join, mistakeIn } from "./filter";
import { FilterRows } from "./FilterRows";
import { useTestingTexts } from "./texts";

const EXAMPLE = '{"andAll": [{"greaterThan": {"key": "year", "value": 2022}}, {"equals": {"key": "author", "value": "Ada"}}]}';

interface Shown {
  json: string;
  known: KnownAttributes;
  /** None where the rows say nothing that could be sent. */
  onChange: (json: string | null) => void;
}

export function FilterFields({ json, known, onChange }: Shown) {
  const own = useTestingTexts();
  const filter = filterIn(json);
  const written = filter === undefined ? null : conditionsIn(filter);
  const [form, setForm] = useState<"rows" | "json">(written ? "rows" : "json");
  const [rows, setRows] = useState<Conditions>(written ?? { join: "andAll", all: [] });

  function change(changed: Conditions): void {
    setRows(changed);
    const made = filterOf(changed);
    onChange(changed.all.some(mistakeIn) ? null : made ? JSON.stringify(made) : "");
  }

  return (
    <SpaceBetween size="s">
      <SegmentedControl
        label={own.form}
        selectedId={form}
        options={[
          { id: "rows", text: own.asRows, disabled: written === null },
          { id: "json", text: own.asJson },
        ]}
        onChange={({ detail }) => {
          setRows(written ?? { join: "andAll", all: [] });
          onChange(json);
          setForm(detail.selectedId === "json" ? "json" : "rows");
        }}
      />
      {form === "rows" ? (
        <SpaceBetween size="m">
          {rows.all.length > 1 && (
            <SegmentedControl
              label={own.join}
              selectedId={rows.join}
              options={JOINS.map((id) => ({ id, text: own.joins[id] }))}
              onChange={({ detail }) => change({ ...rows, join: detail.selectedId as Join })}
            />
          )}
          <FilterRows all={rows.all} known={known} onChange={(all) => change({ ...rows, all })} />
        </SpaceBetween>
      ) : (
        <FormField label={own.asJson} stretch errorText={filter === undefined && own.jsonWrong} constraintText={filter && written === null && own.jsonOnly}>
          <Textarea value={json} rows={4} spellcheck={false} placeholder={EXAMPLE} onChange={({ detail }) => onChange(detail.value)} />
        </FormField>
      )}
    </SpaceBetween>
  );
}
