/** Tags, to read. */

import type { Tag } from "../../api/shapes";
import { usePeopleTexts } from "./texts";

export function Tags({ tags }: { tags: Tag[] | undefined }) {
  const texts = usePeopleTexts();
  if (!tags?.length) return texts.none;
  return tags.map(({ key, value }) => (
    <div key={key} className="told">
      <bdi>{key}</bdi> = <bdi>{value}</bdi>
    </div>
  ));
}
