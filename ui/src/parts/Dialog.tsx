/** Asks before something is done: a form, or whether it is really meant. What fails is told in it, and it stays open. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal, { type ModalProps } from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type ReactNode, useEffect, useId, useState } from "react";
import type { Call } from "../api/call";
import { type Failure, failureOf } from "../api/failure";
import { textsOf } from "../texts/texts";
import { ApiCall } from "./ApiCall";
import { Failed } from "./Failed";

const useDialogTexts = textsOf({ en: { cancel: "Cancel" }, de: { cancel: "Abbrechen" } });

/** In which one types, and that open nothing by themselves. */
const FIELDS = "input:not([type=radio], [type=checkbox], [role=combobox], :disabled), textarea:not(:disabled)";

const TOUCHED = matchMedia("(pointer: coarse)");

interface Shown {
  title: string;
  /** What the button is called that does it. */
  action: string;
  /** When it is done, the dialog is closed by whoever shows it. */
  onAction: () => Promise<void>;
  onClose: () => void;
  disabled?: boolean;
  size?: ModalProps.Size;
  /** Those that the button makes; none while it cannot. */
  calls?: Call[];
  children: ReactNode;
}

export function Dialog({ title, action, onAction, onClose, disabled = false, size = "medium", calls, children }: Shown) {
  const { cancel } = useDialogTexts();
  const form = useId();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  // The dialog itself gives the focus to its first button, which closes it. On a phone a field would bring up its keyboard.
  useEffect(() => {
    if (TOUCHED.matches) return;
    const soon = requestAnimationFrame(() => document.querySelector<HTMLElement>(`[id="${form}"] :is(${FIELDS})`)?.focus());
    return () => cancelAnimationFrame(soon);
  }, [form]);

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
      // A click beside it loses nothing that was typed.
      onDismiss={({ detail }) => detail.reason !== "overlay" && !busy && onClose()}
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
          {calls && <ApiCall variant="inline-link" calls={disabled ? [] : calls} />}
          {failure && <Failed failure={failure} />}
        </SpaceBetween>
      </form>
    </Modal>
  );
}
