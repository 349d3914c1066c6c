/** A filter: one of several, or any. */

import Select from "@cloudscape-design/components/select";
import { useSearchable } from "./useSearchable";

interface Shown {
  /** What "any" is called. */
  any: string;
  label: string;
  options: { value: string; label: string }[];
  value: string | null;
  onChange: (value: string | null) => void;
}

export function Choice({ any, label, options, value, onChange }: Shown) {
  const search = useSearchable(options.length);
  const all = [{ value: "", label: any }, ...options];
  return (
    <Select
      ariaLabel={label}
      selectedOption={all.find((option) => option.value === (value ?? "")) ?? null}
      options={all}
      {...search}
      onChange={({ detail }) => onChange(detail.selectedOption.value || null)}
    />
  );
}
