/** Where files are dropped, or chosen. */

import Box from "@cloudscape-design/components/box";
import FileDropzone from "@cloudscape-design/components/file-dropzone";
import FileInput from "@cloudscape-design/components/file-input";
import Icon from "@cloudscape-design/components/icon";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useDocumentsTexts } from "./texts";

export function Dropzone({ onFiles }: { onFiles: (files: File[]) => void }) {
  const own = useDocumentsTexts();
  return (
    <div className="knowledge-drop">
      <FileDropzone onChange={({ detail }) => onFiles(detail.value)}>
        <Box textAlign="center" padding={{ vertical: "m", horizontal: "s" }}>
          <SpaceBetween size="xs">
            <Box variant="h3" tagOverride="div" padding="n">
              <Icon name="upload" /> {own.drop}
            </Box>
            <Box color="text-body-secondary">{own.dropText}</Box>
            <FileInput multiple value={[]} onChange={({ detail }) => onFiles(detail.value)} ariaLabel={own.choose}>
              {own.choose}
            </FileInput>
          </SpaceBetween>
        </Box>
      </FileDropzone>
    </div>
  );
}
