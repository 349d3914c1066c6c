/** Fetching a model that the catalogue does not have. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Dialog } from "../../../parts/Dialog";
import { callOf } from "../parts/useActing";
import { useModelsTexts } from "../texts";

const FILE = /^hf:[\w.-]+\/[\w.-]+\/[^@]+\.gguf(@[\w./-]+)?$/;

export function FetchOther({ onFetch }: { onFetch: () => void }) {
  const { other } = useModelsTexts();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button iconName="download" onClick={() => setOpen(true)}>
        {other.open}
      </Button>
      {open && (
        <Fetching
          onClose={() => setOpen(false)}
          onFetch={() => {
            setOpen(false);
            onFetch();
          }}
        />
      )}
    </>
  );
}

function Fetching({ onClose, onFetch }: { onClose: () => void; onFetch: () => void }) {
  const texts = useModelsTexts();
  const { other } = texts;
  const { api } = useSession();
  const [name, setName] = useState("");
  const [tried, setTried] = useState(false);
  const trimmed = name.trim();
  const wrong = trimmed === "" ? other.needed : trimmed.includes("/") && !FILE.test(trimmed) ? other.refusal : "";

  async function fetch(): Promise<void> {
    setTried(true);
    if (wrong) return;
    await api.craton("StartModelPull", { modelId: trimmed });
    onFetch();
  }

  return (
    <Dialog title={other.title} action={texts.fetch} onAction={fetch} onClose={onClose}>
      <Box color="text-body-secondary">{other.text}</Box>
      <FormField label={other.field} constraintText={other.hint} errorText={tried && wrong}>
        <Input value={name} autoComplete={false} spellcheck={false} autoFocus onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <ApiCall calls={wrong ? [] : [callOf("fetch", trimmed)]} variant="inline-link" />
    </Dialog>
  );
}
