/**
 * The form of one guardrail while it is edited: what differs from what is saved, and saving it. Saving writes all of
 * it, so what somebody else has saved meanwhile is looked for first, and only overwritten by who means it.
 */

import { CreateGuardrailCommand, UpdateGuardrailCommand } from "@aws-sdk/client-bedrock";
import { useEffect, useState } from "react";
import type { Api } from "../../../api/api";
import type { Call } from "../../../api/call";
import { type Failure, failureOf } from "../../../api/failure";
import { useEditorTexts } from "../editor/texts";
import type { Form } from "../form/form";
import { lacking, type Mistakes, told } from "../form/mistakes";
import { formOf } from "../form/reading";
import { alike, inputOf } from "../form/writing";
import { DRAFT, getGuardrail } from "../calls";
import { editsOf, keepEdits } from "./drafts";

export const NEW = "new";

export interface Editing {
  form: Form;
  unsaved: boolean;
  saving: boolean;
  mistakes: Mistakes;
  failure: Failure | null;
  /** What somebody else has saved since the edits began; null where nobody did. */
  theirs: Form | null;
  /** The call that saving makes. */
  call: Call;
  change: (part: Partial<Form>) => void;
  discard: () => void;
  /** The id of what is saved; null where it was refused, or where there is `theirs`, unless that is to be overwritten. */
  save: (overwriting?: boolean) => Promise<string | null>;
}

/** `id` is NEW for one that is yet to be created; `savedAt` is when `saved` was saved, in milliseconds since 1970. */
export function useEditing(api: Api, id: string, saved: Form, savedAt: number): Editing {
  const texts = useEditorTexts();
  const [begun] = useState(() => editsOf(api, id) ?? { form: saved, base: saved, at: savedAt });
  const [form, setForm] = useState(begun.form);
  const [base, setBase] = useState(begun.base);
  const [at, setAt] = useState(begun.at);
  const [theirs, setTheirs] = useState<Form | null>(null);
  const [saving, setSaving] = useState(false);
  const [mistakes, setMistakes] = useState<Mistakes>({});
  const [failure, setFailure] = useState<Failure | null>(null);
  const unsaved = !alike(form, base);
  const fresh = id === NEW;

  useEffect(() => {
    keepEdits(api, id, unsaved ? { form, base, at } : null);
    if (!unsaved) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [api, id, form, base, at, unsaved]);

  function change(part: Partial<Form>): void {
    setForm((before) => ({ ...before, ...part }));
  }

  function discard(): void {
    setForm(theirs ?? base);
    setBase(theirs ?? base);
    setTheirs(null);
    setMistakes({});
    setFailure(null);
  }

  /** What was saved since, where that is neither what the edits began with nor what they come to. */
  async function meanwhile(): Promise<Form | null> {
    const told = await getGuardrail(api, id, DRAFT, new AbortController().signal);
    const now = formOf(told);
    const same = told.updatedAt?.getTime() === at || alike(now, base) || alike(now, form);
    return same ? null : now;
  }

  async function save(overwriting = false): Promise<string | null> {
    const missing = lacking(form, texts);
    setMistakes(missing);
    setFailure(null);
    if (Object.keys(missing).length > 0) return null;
    setSaving(true);
    try {
      const others = fresh || overwriting ? null : await meanwhile();
      setTheirs(others);
      if (others) return null;
      const input = inputOf(form);
      const made = fresh
        ? await api.bedrock.send(new CreateGuardrailCommand(input))
        : await api.bedrock.send(new UpdateGuardrailCommand({ guardrailIdentifier: id, ...input }));
      keepEdits(api, id, null);
      setBase(form);
      if ("updatedAt" in made) setAt(made.updatedAt?.getTime() ?? 0);
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
  return { form, unsaved, saving, mistakes, failure, theirs, call, change, discard, save };
}
