/** Anything by its name: typed, chosen with the arrows, opened with Enter. */

import Autosuggest, { type AutosuggestProps } from "@cloudscape-design/components/autosuggest";
import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useCallback, useEffect, useRef, useState } from "react";
import { useCall } from "../api/polling";
import { go } from "../app/address";
import { SCREENS } from "../app/Page";
import { useSession } from "../app/session";
import { useTexts } from "../texts/texts";
import { useFinderTexts } from "./texts";
import { isRequestId, type Kind, matching, type Thing, things } from "./things";

const KINDS: Kind[] = ["models", "guardrails", "knowledge", "users"];

export default function Finder({ onClose }: { onClose: () => void }) {
  const { screens, loading } = useTexts();
  const own = useFinderTexts();
  const { api } = useSession();
  const [typed, setTyped] = useState("");
  const field = useRef<AutosuggestProps.Ref>(null);
  // The dialog itself gives the focus to its first button, which closes it.
  useEffect(() => {
    const soon = requestAnimationFrame(() => field.current?.focus());
    return () => cancelAnimationFrame(soon);
  }, []);
  const { answer } = useCall(useCallback((signal: AbortSignal) => things(api, signal), [api]));

  function open(address: string): void {
    onClose();
    go(address);
  }

  const requests = isRequestId(typed) ? [{ value: `/requests/${typed.trim()}`, label: own.request(typed.trim()) }] : [];
  const pages = SCREENS.map(([name, at]) => ({ value: at, label: screens[name] })).filter(({ label }) => label.toLowerCase().includes(typed.trim().toLowerCase()));
  const found = matching(answer ?? [], typed.trim());
  const groups: AutosuggestProps.OptionGroup[] = [
    { label: own.groups.requests, options: requests },
    { label: own.groups.screens, options: pages },
    ...KINDS.map((kind) => ({ label: own.groups[kind], options: found.filter((each) => each.kind === kind).map(optionOf) })),
  ];
  return (
    <Modal visible header={own.title} onDismiss={onClose}>
      <SpaceBetween size="s">
        <FormField label={own.label}>
          <Autosuggest
            ref={field}
            value={typed}
            options={groups.filter(({ options }) => options.length > 0)}
            filteringType="manual"
            expandToViewport
            hideEnteredTextOption
            statusType={answer ? "finished" : "loading"}
            loadingText={loading}
            empty={own.none}
            onChange={({ detail }) => setTyped(detail.value)}
            onSelect={({ detail }) => detail.selectedOption?.value && open(detail.selectedOption.value)}
          />
        </FormField>
        <Box color="text-body-secondary">{own.text}</Box>
      </SpaceBetween>
    </Modal>
  );
}

function optionOf({ id, name, address }: Thing): AutosuggestProps.Option {
  return { value: address, label: name, ...(id !== name && { description: id }) };
}
