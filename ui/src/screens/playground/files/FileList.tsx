/** The files of a message that was sent. */

import Icon from "@cloudscape-design/components/icon";
import { useFormats } from "../../../texts/texts";
import { usePlaygroundTexts } from "../texts/texts";
import type { Attachment } from "./files";

export function FileList({ files }: { files: Attachment[] }) {
  const texts = usePlaygroundTexts().files;
  const formats = useFormats();
  return (
    <ul className="file-list" aria-label={texts.list}>
      {files.map(({ fileName, kind, size, bytes }) => (
        <li key={fileName}>
          <Icon name={kind === "image" ? "multiscreen" : "file"} />
          <span>{fileName}</span>
          <span className="under">
            {formats.bytes(size)}
            {!bytes && ` · ${texts.left}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
