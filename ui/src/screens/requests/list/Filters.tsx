/** What is shown of the requests. Each filter stands in the address. */

import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Input from "@cloudscape-design/components/input";
import { memo, useState } from "react";
import { go } from "../../../app/address";
import { Choice } from "../../../parts/Choice";
import { useFormats } from "../../../texts/texts";
import type { Names } from "../../../parts/names";
import { filtered, isLast, LAST, OUTCOMES } from "../filters";
import { useRequestsTexts } from "../texts";
import { useNarrow } from "../useNarrow";
import { operationOf } from "../words";
import type { Seen } from "./feed";

interface Shown {
  hash: URLSearchParams;
  seen: Seen;
  names: Names;
  onChange: (changes: Record<string, string | null>) => void;
}

/** The value that times of the address have in the filter of times. */
const AS_ADDRESSED = "addressed";

export const Filters = memo(function Filters(shown: Shown) {
  const { filters } = useRequestsTexts();
  if (!useNarrow()) return <Fields {...shown} />;
  return (
    <ExpandableSection headerText={filters.title} defaultExpanded={filtered(shown.hash)}>
      <Fields {...shown} />
    </ExpandableSection>
  );
});

function Fields({ hash, seen, names, onChange }: Shown) {
  const { columns, filters, outcomes } = useRequestsTexts();
  const [sought, setSought] = useState("");
  const choice = (name: keyof Seen, label: string, any: string, named: (value: string) => string) => {
    const value = hash.get(name);
    const values = value && !seen[name].includes(value) ? [value, ...seen[name]] : seen[name];
    const options = values.map((each) => ({ value: each, label: named(each) }));
    return <Choice any={any} label={label} options={options} value={value} onChange={(to) => onChange({ [name]: to })} />;
  };
  return (
    <div className="filters">
      <Input
        type="search"
        value={sought}
        placeholder={filters.find}
        ariaLabel={filters.find}
        onChange={({ detail }) => setSought(detail.value)}
        onKeyDown={({ detail }) => detail.key === "Enter" && sought.trim() && go(`/requests/${encodeURIComponent(sought.trim())}`)}
      />
      <Choice
        any={filters.any.outcome}
        label={columns.outcome}
        options={OUTCOMES.map((value) => ({ value, label: outcomes[value] }))}
        value={hash.get("outcome")}
        onChange={(outcome) => onChange({ outcome })}
      />
      {choice("operation", columns.operation, filters.any.operation, operationOf)}
      {choice("model", columns.model, filters.any.model, (value) => names.of("model", value))}
      {choice("principal", columns.who, filters.any.principal, (value) => names.of("principal", value))}
      {choice("key", filters.key, filters.any.key, (value) => names.full("key", value))}
      {choice("error", filters.error, filters.any.error, (value) => value)}
      <Times hash={hash} onChange={onChange} />
    </div>
  );
}

function Times({ hash, onChange }: Pick<Shown, "hash" | "onChange">) {
  const { filters } = useRequestsTexts();
  const formats = useFormats();
  const [since, until, last] = ["since", "until", "last"].map((name) => hash.get(name));
  const addressed = since || until;
  const told = [since, until].map((at) => (at && !Number.isNaN(Date.parse(at)) ? formats.time(new Date(at)) : "…"));
  const options = [
    ...Object.keys(LAST).map((value) => ({ value, label: filters.last[value as keyof typeof LAST] })),
    ...(addressed ? [{ value: AS_ADDRESSED, label: told.join(" – ") }] : []),
  ];
  return (
    <Choice
      any={filters.any.time}
      label={filters.time}
      options={options}
      value={isLast(last ?? null) ? (last ?? null) : addressed ? AS_ADDRESSED : null}
      onChange={(to) => to !== AS_ADDRESSED && onChange({ last: to, since: null, until: null })}
    />
  );
}
