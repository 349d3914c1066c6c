/** A filter: one of several, or any. */

import Select from "@cloudscape-design/components/select";

interface Shown {
  /** What "any" is called. */
  any: string;
  label: string;
  options: { value: string; label: string }[];
  value: string | null;
  onChange: (value: string | null) => void;
}

export function Choice({ any, label, options, value, onChange }: Shown) {
  const all = [{ value: "", label: any }, ...options];
  return (
    <Select
      ariaLabel={label}
      selectedOption={all.find((option) => option.value === (value ?? "")) ?? null}
      options={all}
      onChange={({ detail }) => onChange(detail.selectedOption.value || null)}
    />
  );
}
