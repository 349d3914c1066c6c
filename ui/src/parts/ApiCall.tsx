/** The calls behind a screen, as programs that make just the same. */

import Box from "@cloudscape-design/components/box";
import Button, { type ButtonProps } from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useEffect, useState } from "react";
import type { Call } from "../api/call";
import { useSession } from "../app/session";
import { javascript } from "../code/javascript";
import { python } from "../code/python";
import { shell } from "../code/shell";
import { useTexts } from "../texts/texts";
import { Code } from "./Code";

interface Shown {
  calls: Call[];
  variant?: ButtonProps.Variant;
  text?: string;
}

export function ApiCall({ calls, variant = "normal", text }: Shown) {
  const { apiCall } = useTexts();
  const [open, setOpen] = useState(false);
  const named = text ?? apiCall.open;
  useEffect(() => {
    if (!open) return;
    // A click on a tab leaves the focus nowhere, and there the dialog hears no key.
    const close = ({ key }: KeyboardEvent) => key === "Escape" && setOpen(false);
    addEventListener("keydown", close);
    return () => removeEventListener("keydown", close);
  }, [open]);
  return (
    <>
      <Button
        variant={variant}
        iconName="script"
        formAction="none"
        disabled={calls.length === 0}
        onClick={() => setOpen(true)}
        ariaLabel={named}
      >
        {variant === "icon" || variant === "inline-icon" ? undefined : named}
      </Button>
      {open && (
        // Where it stands above another dialog, Escape closes this one alone.
        <div onKeyDown={(event) => event.key === "Escape" && event.stopPropagation()}>
          <Modal visible size="large" header={apiCall.title} onDismiss={() => setOpen(false)}>
            <SpaceBetween size="l">
              <Box color="text-body-secondary">{apiCall.text}</Box>
              {calls.map((call, place) => (
                <Programs key={place} call={call} />
              ))}
            </SpaceBetween>
          </Modal>
        </div>
      )}
    </>
  );
}

function Programs({ call }: { call: Call }) {
  const { apiCall } = useTexts();
  const { api } = useSession();
  const name = apiCall.nameOf(call.service, call.operation);
  const script = javascript(call, api.endpoint, api.region);
  const forms = [
    { id: "python", label: "boto3", code: python(call, api.endpoint, api.region), language: "python" },
    { id: "shell", label: "AWS CLI", code: shell(call, api.endpoint, api.region), language: "shell" },
    ...(script === null ? [] : [{ id: "javascript", label: "JavaScript", code: script, language: "javascript" } as const]),
  ] as const;
  return (
    <Tabs
      variant="container"
      ariaLabel={name}
      tabs={forms.map(({ id, label, code, language }) => ({
        id,
        label,
        content: (
          <SpaceBetween size="xs">
            <Box variant="h4">{name}</Box>
            <Code code={code} language={language} label={`${name}, ${label}`} />
          </SpaceBetween>
        ),
      }))}
    />
  );
}
