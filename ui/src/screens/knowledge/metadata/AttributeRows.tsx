/** Attributes of a document, one a row: a name, a type, and a value that is typed as the type wants it. */

import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import Textarea from "@cloudscape-design/components/textarea";
import { mistakesIn, MOST_ROWS, NO_ROW, type Row, type Type, TYPES } from "./metadata";
import { useMetadataTexts } from "./texts";

interface Shown {
  rows: Row[];
  /** Whether what is wrong is told. */
  tried: boolean;
  onChange: (rows: Row[]) => void;
}

export function AttributeRows({ rows, tried, onChange }: Shown) {
  const own = useMetadataTexts();
  const mistakes = tried ? mistakesIn(rows) : [];
  const change = (place: number, changes: Partial<Row>) => onChange(rows.map((row, at) => (at === place ? { ...row, ...changes } : row)));
  return (
    <AttributeEditor<Row>
      items={rows}
      addButtonText={own.add}
      removeButtonText={own.remove}
      removeButtonAriaLabel={({ key }) => own.removeNamed(key)}
      empty={own.none}
      disableAddButton={rows.length >= MOST_ROWS}
      additionalInfo={rows.length >= MOST_ROWS && own.most}
      onAddButtonClick={() => onChange([...rows, NO_ROW])}
      onRemoveButtonClick={({ detail }) => onChange(rows.filter((_, at) => at !== detail.itemIndex))}
      definition={[
        {
          label: own.key,
          control: ({ key }, place) => <Input value={key} placeholder={own.keyHint} spellcheck={false} onChange={({ detail }) => change(place, { key: detail.value })} />,
          errorText: (_, place) => mistake(own.keyMistakes, mistakes[place]?.key),
        },
        {
          label: own.type,
          control: ({ type }, place) => (
            <Select
              selectedOption={{ value: type, label: own.types[type] }}
              options={TYPES.map((value) => ({ value, label: own.types[value] }))}
              onChange={({ detail }) => change(place, { type: detail.selectedOption.value as Type })}
            />
          ),
        },
        {
          label: own.value,
          control: (row, place) => <Value row={row} onChange={(value) => change(place, { value })} />,
          errorText: (_, place) => mistake(own.valueMistakes, mistakes[place]?.value),
        },
      ]}
    />
  );
}

function mistake<Name extends string>(texts: Record<Name, string>, name: Name | undefined): string | null {
  return name === undefined ? null : texts[name];
}

function Value({ row: { type, value }, onChange }: { row: Row; onChange: (value: string) => void }) {
  const own = useMetadataTexts();
  if (type === "BOOLEAN") {
    const options = [{ value: "true", label: own.yes }, { value: "false", label: own.no }];
    return (
      <Select
        selectedOption={options.find((option) => option.value === value) ?? options[1] ?? null}
        options={options}
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? "")}
      />
    );
  }
  if (type === "STRING_LIST") return <Textarea value={value} rows={3} placeholder={own.listHint} onChange={({ detail }) => onChange(detail.value)} />;
  return <Input value={value} inputMode={type === "NUMBER" ? "decimal" : "text"} placeholder={type === "NUMBER" ? "2024" : ""} onChange={({ detail }) => onChange(detail.value)} />;
}
