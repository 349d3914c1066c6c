/** What models take and make, in the person's language. */

import type { Texts } from "../../texts/en";

export function modalities(names: string[], { models }: Texts): string {
  return names.map((name) => (models.modalities as Record<string, string>)[name] ?? name).join(", ") || "–";
}
