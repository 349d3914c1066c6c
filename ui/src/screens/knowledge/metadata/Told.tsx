/** What was told of a file, in a line. */

import { type Metadata } from "./metadata";
import { useMetadataTexts } from "./texts";

export function Told({ metadata: { attributes = [], accessControlList } }: { metadata: Metadata }) {
  const own = useMetadataTexts();
  const users = (access: string) => (accessControlList ?? []).filter((entry) => entry.access === access).map(({ name }) => name).join(", ");
  const words = [
    ...attributes.map(({ key, value }) => {
      const { booleanValue, numberValue, stringValue, stringListValue } = value;
      const truth = booleanValue === undefined ? undefined : booleanValue ? own.yes : own.no;
      return `${key} = ${truth ?? numberValue ?? stringValue ?? (stringListValue ?? []).join(", ")}`;
    }),
    ...(accessControlList ? [own.onlyFor(users("ALLOW"))] : []),
    ...(users("DENY") ? [own.never(users("DENY"))] : []),
  ];
  if (words.length === 0) return null;
  return <div className="under told">{words.join(" · ")}</div>;
}
