/** Where a message is written, and files are added to it: picked, pasted or dropped. */

import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import FileDropzone, { useFilesDragging } from "@cloudscape-design/components/file-dropzone";
import FileInput from "@cloudscape-design/components/file-input";
import FileTokenGroup from "@cloudscape-design/components/file-token-group";
import PromptInput, { type PromptInputProps } from "@cloudscape-design/components/prompt-input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type ClipboardEvent, type Ref, useRef, useState } from "react";
import { useFormats } from "../../texts/texts";
import { ACCEPTED, type Attachment, attachmentOf, fileFrom, problemsOf } from "./files/files";
import type { Said } from "./talk/conversation";
import { usePlaygroundTexts } from "./texts/texts";

interface Shown {
  said: Said;
  label: string;
  sendLabel: string;
  hint?: string;
  autoFocus?: boolean;
  /** Whether all chosen models see pictures. */
  sighted: boolean;
  /** Files that are in the conversation already. */
  earlier: Attachment[];
  ready: boolean;
  /** While answers come, the button stops them. */
  onStop?: (() => void) | undefined;
  stopLabel?: string;
  onChange: (changed: Partial<Said>) => void;
  onAttached: (files: Attachment[]) => void;
  onSend: (said: Said) => void;
  onCancel?: () => void;
  /** The arrow up, in an empty message. */
  onUp?: () => void;
  ref?: Ref<PromptInputProps.Ref>;
}

export function Composer(shown: Shown) {
  const { said, label, sendLabel, hint = "", autoFocus = false, sighted, earlier, ready, onStop, stopLabel, onChange, onCancel, onUp, ref } = shown;
  const { files: texts, message } = usePlaygroundTexts();
  const [unknown, setUnknown] = useState<string[]>([]);
  const { areFilesDragging } = useFilesDragging();
  const entered = useRef(false);
  const problems = problemsOf(said.files, sighted, earlier);
  const sendable = said.text.trim() !== "" && ready && problems.every((problem) => problem === null);

  async function attach(given: readonly File[]): Promise<void> {
    const read: Attachment[] = [];
    const left: string[] = [];
    for (const file of given) {
      const attachment = await attachmentOf(file, [...earlier, ...said.files, ...read]);
      if (attachment) read.push(attachment);
      else left.push(file.name);
    }
    setUnknown(left);
    if (read.length > 0) shown.onAttached(read);
  }

  function paste(event: ClipboardEvent): void {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0) return;
    event.preventDefault();
    void attach(pasted);
  }

  function act(): void {
    const byEnter = entered.current;
    entered.current = false;
    // Enter sends; whoever writes on while answers come does not mean to stop them.
    if (onStop && !byEnter) onStop();
    else if (!onStop && sendable) shown.onSend({ ...said, text: said.text.trim() });
  }

  const onKey: NonNullable<PromptInputProps["onKeyDown"]> = (event) => {
    const { key, isComposing } = event.detail;
    if (isComposing) return;
    entered.current = key === "Enter";
    if (key === "Escape" && onCancel) onCancel();
    if (key === "ArrowUp" && onUp && !said.text) {
      event.preventDefault();
      onUp();
    }
  };

  return (
    <div onPaste={paste}>
      <SpaceBetween size="xs">
        {unknown.map((name) => (
          <Alert key={name} type="warning" dismissible onDismiss={() => setUnknown([])}>
            {texts.unknown(name)}
          </Alert>
        ))}
        <PromptInput
          ref={ref ?? null}
          value={said.text}
          ariaLabel={label}
          placeholder={hint}
          autoFocus={autoFocus}
          minRows={2}
          maxRows={10}
          actionButtonIconName={onStop ? "stop-circle" : "send"}
          actionButtonAriaLabel={onStop && stopLabel ? stopLabel : sendLabel}
          disableActionButton={!onStop && !sendable}
          onChange={({ detail }) => onChange({ text: detail.value })}
          onAction={act}
          onKeyDown={onKey}
          disableSecondaryActionsPaddings
          secondaryActions={
            <FileInput variant="icon" multiple accept={ACCEPTED} value={[]} ariaLabel={texts.add} onChange={({ detail }) => void attach(detail.value)}>
              {texts.add}
            </FileInput>
          }
          secondaryContent={
            areFilesDragging ? (
              <FileDropzone onChange={({ detail }) => void attach(detail.value)}>{texts.drop}</FileDropzone>
            ) : (
              said.files.length > 0 && <Added {...shown} problems={problems} />
            )
          }
        />
        {onCancel && (
          <Button variant="link" onClick={onCancel}>
            {message.cancel}
          </Button>
        )}
      </SpaceBetween>
    </div>
  );
}

function Added({ said, onChange, problems }: Shown & { problems: ReturnType<typeof problemsOf> }) {
  const { files: texts } = usePlaygroundTexts();
  const formats = useFormats();
  return (
    <FileTokenGroup
      alignment="horizontal"
      showFileSize
      showFileThumbnail
      items={said.files.map((file, place) => {
        const problem = problems[place];
        return { file: fileFrom(file), ...(problem && { errorText: texts.problems[problem](file.kind) }) };
      })}
      onDismiss={({ detail }) => onChange({ files: said.files.filter((_, place) => place !== detail.fileIndex) })}
      i18nStrings={{
        removeFileAriaLabel: (_, name) => texts.remove(name),
        limitShowFewer: texts.fewer,
        limitShowMore: texts.more,
        errorIconAriaLabel: texts.mistake,
        formatFileSize: (bytes) => formats.bytes(bytes),
      }}
    />
  );
}
