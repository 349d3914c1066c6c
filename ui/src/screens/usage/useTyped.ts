/** What was typed into several fields of one form, by name. */

import { useState } from "react";

export function useTyped<Name extends string>(names: readonly Name[], before: { [Key in Name]?: unknown } | null) {
  const [typed, setTyped] = useState(() => Object.fromEntries(names.map((name) => [name, String(before?.[name] ?? "")])) as Record<Name, string>);
  return [typed, (name: Name, text: string) => setTyped((now) => ({ ...now, [name]: text }))] as const;
}
