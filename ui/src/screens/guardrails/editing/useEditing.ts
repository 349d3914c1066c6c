/** The form of one guardrail while it is edited: what differs from what is saved, and saving it. */

import { CreateGuardrailCommand, UpdateGuardrailCommand } from "@aws-sdk/client-bedrock";
import { useEffect, useState } from "react";
import type { Api } from "../../../api/api";
import type { Call } from "../../../api/call";
import { type Failure, failureOf } from "../../../api/failure";
import { useEditorTexts } from "../editor/texts";
import type { Form } from "../form/form";
import { lacking, type Mistakes, told } from "../form/mistakes";
import { alike, inputOf } from "../form/writing";
import { editsOf, keepEdits } from "./drafts";

export const NEW = "new";

export interface Editing {
  form: Form;
  unsaved: boolean;
  saving: boolean;
  mistakes: Mistakes;
  failure: Failure | null;
  /** The call that saving makes. */
  call: Call;
  change: (part: Partial<Form>) => void;
  discard: () => void;
  /** The id of what is saved; null where it was refused. */
  save: () => Promise<string | null>;
}

/** `id` is NEW for one that is yet to be created; `saved` must keep its identity. */
export function useEditing(api: Api, id: string, saved: Form): Editing {
  const texts = useEditorTexts();
  const [form, setForm] = useState(() => editsOf(api, id) ?? saved);
  const [base, setBase] = useState(saved);
  const [saving, setSaving] = useState(false);
  const [mistakes, setMistakes] = useState<Mistakes>({});
  const [failure, setFailure] = useState<Failure | null>(null);
  const unsaved = !alike(form, base);
  const fresh = id === NEW;

  useEffect(() => {
    keepEdits(api, id, unsaved ? form : null);
    if (!unsaved) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [api, id, form, unsaved]);

  function change(part: Partial<Form>): void {
    setForm((before) => ({ ...before, ...part }));
  }

  function discard(): void {
    setForm(base);
    setMistakes({});
    setFailure(null);
  }

  async function save(): Promise<string | null> {
    const missing = lacking(form, texts);
    setMistakes(missing);
    setFailure(null);
    if (Object.keys(missing).length > 0) return null;
    setSaving(true);
    try {
      const input = inputOf(form);
      const made = fresh
        ? await api.bedrock.send(new CreateGuardrailCommand(input))
        : await api.bedrock.send(new UpdateGuardrailCommand({ guardrailIdentifier: id, ...input }));
      keepEdits(api, id, null);
      setBase(form);
      return made.guardrailId ?? null;
    } catch (error) {
      const refused = failureOf(error);
      setFailure(refused);
      setMistakes(told(refused.message, form));
      return null;
    } finally {
      setSaving(false);
    }
  }

  const call: Call = fresh
    ? { service: "bedrock", operation: "CreateGuardrail", input: inputOf(form) }
    : { service: "bedrock", operation: "UpdateGuardrail", input: { guardrailIdentifier: id, ...inputOf(form) } };
  return { form, unsaved, saving, mistakes, failure, call, change, discard, save };
}
