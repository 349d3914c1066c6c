/** A filter on metadata, in rows or as JSON. */

import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { type Condition, conditionsIn, filterIn, filterOf, type Operator, OPERATORS } from "./filter";
import { useTestingTexts } from "./texts";

export function FilterFields({ json, onChange }: { json: string; onChange: (json: string) => void }) {
  const own = useTestingTexts();
  const filter = filterIn(json);
  const written = filter === undefined ? null : conditionsIn(filter);
  const [form, setForm] = useState<"rows" | "json">(written ? "rows" : "json");
  const [rows, setRows] = useState<Condition[]>(written ?? []);

  function change(changed: Condition[]): void {
    setRows(changed);
    const made = filterOf(changed);
    onChange(made ? JSON.stringify(made) : "");
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
          setRows(written ?? []);
          setForm(detail.selectedId === "json" ? "json" : "rows");
        }}
      />
      {form === "rows" ? (
        <Rows rows={rows} onChange={change} />
      ) : (
        <FormField label={own.asJson} stretch errorText={filter === undefined && own.jsonWrong} constraintText={filter && written === null && own.jsonOnly}>
          <Textarea
            value={json}
            rows={4}
            spellcheck={false}
            placeholder={'{"andAll": [{"greaterThan": {"key": "year", "value": 2022}}, {"equals": {"key": "author", "value": "Ada"}}]}'}
            onChange={({ detail }) => onChange(detail.value)}
          />
        </FormField>
      )}
    </SpaceBetween>
  );
}

function Rows({ rows, onChange }: { rows: Condition[]; onChange: (rows: Condition[]) => void }) {
  const own = useTestingTexts();
  const change = (place: number, changes: Partial<Condition>) => onChange(rows.map((row, at) => (at === place ? { ...row, ...changes } : row)));
  return (
    <SpaceBetween size="xs">
      <Box variant="small" color="text-body-secondary">
        {own.filterText}
      </Box>
      <AttributeEditor<Condition>
        items={rows}
        addButtonText={own.addRow}
        removeButtonText={own.removeRow}
        empty={own.noRows}
        onAddButtonClick={() => onChange([...rows, { key: "", operator: "equals", value: "" }])}
        onRemoveButtonClick={({ detail }) => onChange(rows.filter((_, at) => at !== detail.itemIndex))}
        definition={[
          {
            label: own.key,
            control: ({ key }, place) => <Input value={key} placeholder="year" spellcheck={false} onChange={({ detail }) => change(place, { key: detail.value })} />,
          },
          {
            label: own.operator,
            control: ({ operator }, place) => (
              <Select
                selectedOption={{ value: operator, label: operator }}
                options={OPERATORS.map((value) => ({ value, label: value }))}
                onChange={({ detail }) => change(place, { operator: detail.selectedOption.value as Operator })}
              />
            ),
          },
          {
            label: own.value,
            control: ({ value }, place) => <Input value={value} placeholder="2024" spellcheck={false} onChange={({ detail }) => change(place, { value: detail.value })} />,
          },
        ]}
      />
    </SpaceBetween>
  );
}
