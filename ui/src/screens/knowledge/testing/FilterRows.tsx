/** The conditions of a filter, one a row. */

import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import Textarea from "@cloudscape-design/components/textarea";
import type { KnownAttributes } from "../metadata/known";
import { useMetadataTexts } from "../metadata/texts";
import { type Condition, mistakeIn, OPERATOR_NAMES, type Operator, OPERATORS, takesSeveral, type ValueType, withOperator } from "./filter";
import { useTestingTexts } from "./texts";

const NEW: Condition = { key: "", operator: "equals", type: "text", value: "" };

interface Shown {
  all: Condition[];
  known: KnownAttributes;
  onChange: (all: Condition[]) => void;
}

export function FilterRows({ all, known, onChange }: Shown) {
  const own = useTestingTexts();
  const change = (place: number, changed: Condition) => onChange(all.map((each, at) => (at === place ? changed : each)));
  return (
    <AttributeEditor<Condition>
      items={all}
      addButtonText={own.addRow}
      removeButtonText={own.removeRow}
      empty={own.noRows}
      gridLayout={[{ rows: [[3, 3, 2, 4]], removeButton: { width: "auto" }, breakpoint: "xs" }, { rows: [[1], [1], [1], [1]], removeButton: { ownRow: true } }]}
      onAddButtonClick={() => onChange([...all, NEW])}
      onRemoveButtonClick={({ detail }) => onChange(all.filter((_, at) => at !== detail.itemIndex))}
      definition={[
        {
          label: own.key,
          control: (condition, place) => <Key condition={condition} known={known} onChange={(changed) => change(place, changed)} />,
        },
        {
          label: own.operator,
          control: (condition, place) => (
            <Select
              selectedOption={{ value: condition.operator, label: own.operators[condition.operator] }}
              options={OPERATOR_NAMES.map((value) => ({ value, label: own.operators[value], labelTag: value }))}
              expandToViewport
              onChange={({ detail }) => change(place, withOperator(condition, detail.selectedOption.value as Operator))}
            />
          ),
        },
        {
          label: own.asWhat,
          control: (condition, place) => (
            <Select
              selectedOption={{ value: condition.type, label: own.valueTypes[condition.type] }}
              options={OPERATORS[condition.operator].map((value) => ({ value, label: own.valueTypes[value] }))}
              disabled={OPERATORS[condition.operator].length === 1}
              onChange={({ detail }) => change(place, { ...condition, type: detail.selectedOption.value as ValueType })}
            />
          ),
        },
        {
          label: own.value,
          control: (condition, place) => <Value condition={condition} onChange={(value) => change(place, { ...condition, value })} />,
          errorText: (condition) => {
            const mistake = mistakeIn(condition);
            return mistake ? own.mistakes[mistake] : null;
          },
        },
      ]}
    />
  );
}

/** One that is known is compared as what it is. */
function Key({ condition, known, onChange }: { condition: Condition; known: KnownAttributes; onChange: (changed: Condition) => void }) {
  const own = useTestingTexts();
  const { types } = useMetadataTexts();
  return (
    <Autosuggest
      value={condition.key}
      placeholder="year"
      expandToViewport
      enteredTextLabel={own.entered}
      options={[...known].map(([value, type]) => ({ value, tags: [types[type]] }))}
      onChange={({ detail }) => {
        const type = known.get(detail.value);
        const met = { ...condition, key: detail.value };
        if (type === "STRING_LIST") onChange(withOperator(met, "listContains"));
        else if (type === "NUMBER") onChange(withOperator({ ...met, type: "number" }, condition.operator));
        else if (type === "BOOLEAN") onChange({ ...met, operator: "equals", type: "truth" });
        else onChange(met);
      }}
    />
  );
}

function Value({ condition: { operator, type, value }, onChange }: { condition: Condition; onChange: (value: string) => void }) {
  const { yes, no, listHint } = useMetadataTexts();
  if (type === "truth") {
    const options = [{ value: "true", label: yes }, { value: "false", label: no }];
    return (
      <Select
        selectedOption={options.find((option) => option.value === value) ?? options[1] ?? null}
        options={options}
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? "")}
      />
    );
  }
  if (takesSeveral(operator)) return <Textarea value={value} rows={3} placeholder={listHint} spellcheck={false} onChange={({ detail }) => onChange(detail.value)} />;
  return <Input value={value} inputMode={type === "number" ? "decimal" : "text"} placeholder={type === "number" ? "2024" : ""} spellcheck={false} onChange={({ detail }) => onChange(detail.value)} />;
}
