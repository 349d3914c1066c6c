/** The document of a policy, on demand. */

import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import { useState } from "react";
import { Code } from "../../parts/Code";
import { usePeopleTexts } from "./texts";

export function Document({ title, text }: { title: string; text: string }) {
  const texts = usePeopleTexts();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="inline-link" onClick={() => setOpen(true)} ariaLabel={`${texts.user.see}: ${title}`}>
        {texts.user.see}
      </Button>
      {open && (
        <Modal visible size="large" header={title} onDismiss={() => setOpen(false)}>
          <Code code={indented(text)} language={null} label={title} />
        </Modal>
      )}
    </>
  );
}

/** As it is where it is no JSON. */
export function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
