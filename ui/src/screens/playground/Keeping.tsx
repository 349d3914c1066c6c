/** A conversation that is begun anew, shared as a link, or kept in a file. */

import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect, useRef, useState } from "react";
import { useTexts } from "../../texts/texts";
import { linkTo } from "./link";
import { type Conversation, filesOf } from "./talk/conversation";
import { keptOf, opened } from "./talk/kept";
import { usePlaygroundTexts } from "./texts/texts";

interface Shown {
  conversation: Conversation;
  onOpen: (conversation: Conversation) => void;
  onClear: () => void;
  /** A file that is none of ours. */
  onStrange: (name: string) => void;
}

export function Keeping({ conversation, onOpen, onClear, onStrange }: Shown) {
  const { keeping } = usePlaygroundTexts();
  const picking = useRef<HTMLInputElement>(null);
  const begun = conversation.turns.length > 0;

  async function open(file: File | undefined): Promise<void> {
    if (!file) return;
    try {
      onOpen(opened(JSON.parse(await file.text())));
    } catch {
      onStrange(file.name);
    }
  }

  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Share conversation={conversation} />
      <ButtonDropdown
        items={[
          { id: "clear", text: keeping.clear, iconName: "add-plus", disabled: !begun },
          { id: "save", text: keeping.save, iconName: "download", disabled: !begun },
          { id: "open", text: keeping.open, iconName: "upload" },
        ]}
        onItemClick={({ detail }) => {
          if (detail.id === "clear") onClear();
          else if (detail.id === "save") save(conversation, keeping.fileName);
          else picking.current?.click();
        }}
      >
        {keeping.more}
      </ButtonDropdown>
      <input
        ref={picking}
        type="file"
        hidden
        accept=".json"
        aria-label={keeping.open}
        onChange={({ target }) => {
          void open(target.files?.[0]);
          target.value = "";
        }}
      />
    </SpaceBetween>
  );
}

/** With all its files and figures. */
function save(conversation: Conversation, name: string): void {
  const text = JSON.stringify(keptOf(conversation, true), null, 1);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `${name}-${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000); // the browser has begun to save it by then
}

/** The link is made as the conversation changes, so that a click copies it at once, as browsers want. */
function Share({ conversation }: { conversation: Conversation }) {
  const texts = useTexts();
  const { keeping } = usePlaygroundTexts();
  const [link, setLink] = useState("");
  useEffect(() => {
    let wanted = true;
    const waiting = setTimeout(() => void linkTo(conversation, location.href).then((made) => wanted && setLink(made)), 200);
    return () => {
      wanted = false;
      clearTimeout(waiting);
    };
  }, [conversation]);
  const files = filesOf(conversation).length + conversation.draft.files.length > 0;
  return (
    <CopyToClipboard
      variant="button"
      copyButtonText={keeping.share}
      textToCopy={link}
      copySuccessText={files ? keeping.filesLeft : keeping.shared}
      copyErrorText={texts.notCopied}
    />
  );
}

/** That another conversation was here before, and the way back to it. */
export function Replaced({ onBack, onDismiss }: { onBack: () => void; onDismiss: () => void }) {
  const { keeping } = usePlaygroundTexts();
  return (
    <Alert
      type="info"
      dismissible
      dismissAriaLabel={keeping.dismiss}
      onDismiss={onDismiss}
      action={<Button onClick={onBack}>{keeping.back}</Button>}
    >
      {keeping.replaced}
    </Alert>
  );
}

/** What went missing on the way here, until it was read. `strange` is the name of a file, and nothing where it was a link. */
export function Notes({ lost, strange, onDismiss }: { lost: string[]; strange: string | null; onDismiss: () => void }) {
  const { keeping } = usePlaygroundTexts();
  const common = { dismissible: true, dismissAriaLabel: keeping.dismiss, onDismiss };
  return (
    <>
      {strange !== null && (
        <Alert type="error" {...common}>
          {keeping.notOpened(strange || keeping.link)}
        </Alert>
      )}
      {lost.length > 0 && (
        <Alert type="warning" header={keeping.lost} {...common}>
          {keeping.lostText}{" "}
          {lost.map((path, place) => (
            <span key={path}>
              {place > 0 && ", "}
              <code className="inline-code">{path}</code>
            </span>
          ))}
        </Alert>
      )}
    </>
  );
}

/** Where sending is refused: why, and the way to mend it. */
export function SettingsWrong({ onOpen }: { onOpen: () => void }) {
  const { settings } = usePlaygroundTexts();
  return (
    <Alert type="error" action={<Button onClick={onOpen}>{settings.mend}</Button>}>
      {settings.wrong}
    </Alert>
  );
}
