/** Asks before something is done: a form, or whether it is really meant. What fails is told in it, and it stays open. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal, { type ModalProps } from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type ReactNode, useId, useState } from "react";
import { type Failure, failureOf } from "../api/failure";
import { textsOf } from "../texts/texts";
import { Failed } from "./Failed";

const useDialogTexts = textsOf({ en: { cancel: "Cancel" }, de: { cancel: "Abbrechen" } });

interface Shown {
  title: string;
  /** What the button is called that does it. */
  action: string;
  /** When it is done, the dialog is closed by whoever shows it. */
  onAction: () => Promise<void>;
  onClose: () => void;
  disabled?: boolean;
  size?: ModalProps.Size;
  children: ReactNode;
}

export function Dialog({ title, action, onAction, onClose, disabled = false, size = "medium", children }: Shown) {
  const { cancel } = useDialogTexts();
  const form = useId();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function act(): Promise<void> {
    setBusy(true);
    setFailure(null);
    try {
      await onAction();
    } catch (error) {
      setFailure(failureOf(error));
    }
    setBusy(false);
  }

  return (
    <Modal
      visible
      size={size}
      header={title}
      onDismiss={() => !busy && onClose()}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose} disabled={busy}>
              {cancel}
            </Button>
            <Button variant="primary" formAction="submit" form={form} loading={busy} disabled={disabled}>
              {action}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && !disabled) void act();
        }}
      >
        <SpaceBetween size="m">
          {children}
          {failure && <Failed failure={failure} />}
        </SpaceBetween>
      </form>
    </Modal>
  );
}
