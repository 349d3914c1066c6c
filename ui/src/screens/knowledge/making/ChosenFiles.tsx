/** The files that a new knowledge base begins with. */

import Box from "@cloudscape-design/components/box";
import FileTokenGroup from "@cloudscape-design/components/file-token-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Dropzone } from "../documents/Dropzone";
import { useDocumentsTexts } from "../documents/texts";
import { useMakingTexts } from "./texts";

export function ChosenFiles({ files, onChange }: { files: File[]; onChange: (files: File[]) => void }) {
  const own = useMakingTexts();
  const documents = useDocumentsTexts();
  return (
    <SpaceBetween size="s">
      <Dropzone onFiles={(more) => onChange([...files.filter(({ name }) => more.every((file) => file.name !== name)), ...more])} />
      <Box variant="small" color="text-body-secondary">
        {files.length === 0 ? own.later : own.chosen(files.length)}
      </Box>
      {files.length > 0 && (
        <FileTokenGroup
          items={files.map((file) => ({ file }))}
          showFileSize
          limit={8}
          i18nStrings={{ removeFileAriaLabel: (_, name) => documents.remove(name) }}
          onDismiss={({ detail }) => onChange(files.filter((_, place) => place !== detail.fileIndex))}
        />
      )}
    </SpaceBetween>
  );
}
