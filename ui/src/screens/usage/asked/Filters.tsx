/** Filters of a report: several values of one dimension are alternatives, and those of several must all hold. */

import PropertyFilter, { type PropertyFilterProps } from "@cloudscape-design/components/property-filter";
import { useState } from "react";
import { useHash } from "../../../app/address";
import { useSession } from "../../../app/session";
import { type Asked, DIMENSIONS, selection } from "./asked";
import type { Names } from "../../../parts/names";
import { dimensionName, useUsageTexts } from "../texts";

interface Shown {
  asked: Asked;
  names: Names;
  /** Dimensions besides those that every invocation has. */
  more: string[];
}

export function Filters({ asked, names, more }: Shown) {
  const texts = useUsageTexts();
  const { api } = useSession();
  const [, change] = useHash();
  const [found, setFound] = useState<Record<string, string[]>>({});
  const [status, setStatus] = useState<"pending" | "loading" | "finished" | "error">("pending");
  const { filters } = asked;
  const all = [...new Set([...DIMENSIONS, ...more, ...Object.keys(filters)])];
  const values = (name: string) => [...new Set([...(found[name] ?? []), ...(filters[name] ?? [])])];

  async function load(name: string): Promise<void> {
    setStatus("loading");
    try {
      const { groups } = await api.craton("GetUsage", { ...selection({ ...asked, filters: {} }, new Date()), groupBy: [name] });
      setFound((before) => ({ ...before, [name]: groups.map((group) => group.values[name] ?? "").filter(Boolean) }));
      setStatus("finished");
    } catch {
      setStatus("error"); // which the filter tells
    }
  }

  return (
    <PropertyFilter
      query={{ operation: "and", tokens: Object.entries(filters).map(([propertyKey, value]) => ({ propertyKey, operator: "=", value })) }}
      filteringProperties={all.map((key) => ({
        key,
        propertyLabel: dimensionName(texts, key),
        groupValuesLabel: dimensionName(texts, key),
        operators: [{ operator: "=", tokenType: "enum" }],
        group: key.includes(":") ? key.slice(0, key.indexOf(":")) : "own",
      }))}
      customGroupsText={[
        { group: "own", properties: texts.groups.own, values: texts.groups.own },
        { group: "tag", properties: texts.groups.tags, values: texts.groups.tags },
        { group: "metadata", properties: texts.groups.metadata, values: texts.groups.metadata },
      ]}
      filteringOptions={all.flatMap((key) => values(key).map((value) => ({ propertyKey: key, value, label: names.full(key, value) })))}
      filteringStatusType={status}
      onLoadItems={({ detail: { filteringProperty, firstPage } }) => {
        if (filteringProperty && firstPage && !found[filteringProperty.key]) void load(filteringProperty.key);
        else setStatus("finished");
      }}
      onChange={({ detail }) => change(changed(filters, detail))}
      hideOperations
      disableFreeTextFiltering
      expandToViewport
      filteringPlaceholder={texts.filter}
      filteringAriaLabel={texts.filter}
      i18nStrings={{ clearFiltersText: texts.clear }}
    />
  );
}

/** The names of the address that change. */
function changed(before: Record<string, string[]>, { tokens }: PropertyFilterProps.Query): Record<string, string[] | null> {
  const gone = Object.fromEntries(Object.keys(before).map((name) => [name, null]));
  const now: Record<string, string[]> = {};
  for (const { propertyKey, value } of tokens) {
    const values = [value as string | string[] | null].flat().filter((each) => each !== null);
    if (propertyKey && values.length > 0) now[propertyKey] = [...new Set([...(now[propertyKey] ?? []), ...values])];
  }
  return { ...gone, ...now };
}
