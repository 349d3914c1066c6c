/** The policies of a guardrail beside the tester. Which tab is open, and which version is tested, stands behind the #. */

import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useRef, useState } from "react";
import { go, href, useHash } from "../../app/address";
import { Page } from "../../app/Page";
import { useSession } from "../../app/session";
import { ApiCall } from "../../parts/ApiCall";
import { useTexts } from "../../texts/texts";
import { callsFor, DRAFT, type Whole } from "./calls";
import { Details } from "./details/Details";
import { Saving } from "./editing/Saving";
import { NEW, useEditing } from "./editing/useEditing";
import { Editor } from "./editor/Editor";
import type { Form } from "./form/form";
import { Removal } from "./Removal";
import { Tester } from "./tester/Tester";
import { testLater } from "./tester/useTesting";
import { useGuardrailsTexts } from "./texts";
import { Use } from "./versions/Use";
import { Versions } from "./versions/Versions";

interface Shown {
  id: string | null;
  saved: Form;
  whole: Whole | null;
  again: () => void;
}

export function Workbench({ id, saved, whole, again }: Shown) {
  const shared = useTexts();
  const texts = useGuardrailsTexts();
  const { api } = useSession();
  const [held, hold] = useHash();
  const [removing, setRemoving] = useState(false);
  const tester = useRef<HTMLDivElement>(null);
  const editing = useEditing(api, id ?? NEW, saved, whole?.draft.updatedAt?.getTime() ?? 0);
  const versions = (whole?.versions ?? []).map(({ version = "" }) => version);
  const asked = held.get("version") ?? DRAFT;
  const version = versions.includes(asked) ? asked : DRAFT;
  const { comparisons } = editing.form;

  async function save(overwriting = false): Promise<string | null> {
    const made = await editing.save(overwriting);
    if (made === null) return null;
    if (id === null) go(`/guardrails/${made}`);
    else again();
    return made;
  }

  const test = (chosen: string) => {
    hold({ version: chosen === DRAFT ? null : chosen });
    tester.current?.scrollIntoView({ block: "nearest" });
  };
  const policies = (
    <SpaceBetween size="s">
      <Editor form={editing.form} mistakes={editing.mistakes} change={editing.change} fresh={id === null} />
      <Saving editing={editing} fresh={id === null} onSave={(overwriting) => void save(overwriting)} />
    </SpaceBetween>
  );
  const known = id !== null && whole !== null;
  return (
    <Page
      title={known ? (whole.draft.name ?? id) : texts.new}
      description={known ? whole.draft.description : texts.text}
      above={[{ text: shared.screens.guardrails, href: href("/guardrails") }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <div className="to-tester">
            <Button iconName="angle-down" onClick={() => tester.current?.scrollIntoView({ block: "start" })}>
              {texts.toTester}
            </Button>
          </div>
          <ApiCall calls={known ? callsFor(id) : [editing.call]} />
          {known && <Button onClick={() => setRemoving(true)}>{texts.remove}</Button>}
        </SpaceBetween>
      }
    >
      <div className="workbench">
        <div className="workbench-policies">
          {known ? (
            <Tabs
              activeTabId={held.get("tab") ?? "policies"}
              onChange={({ detail }) => hold({ tab: detail.activeTabId === "policies" ? null : detail.activeTabId })}
              tabs={[
                { id: "policies", label: texts.tabs.policies, content: policies },
                {
                  id: "versions",
                  label: `${texts.tabs.versions} (${versions.length})`,
                  content: <Versions id={id} whole={whole} unsaved={editing.unsaved} tested={version} onTest={test} onChanged={again} />,
                },
                { id: "use", label: texts.tabs.use, content: <Use id={id} versions={versions} /> },
                { id: "details", label: texts.tabs.details, content: <Details whole={whole} /> },
              ]}
            />
          ) : (
            policies
          )}
        </div>
        <div className="workbench-tester" ref={tester}>
          <Tester
            id={id}
            version={version}
            versions={versions}
            onVersion={test}
            unsaved={editing.unsaved}
            saving={editing.saving}
            save={async () => {
              if (id === null) testLater(api, true);
              const made = await save();
              if (made === null) testLater(api, false);
              return made;
            }}
            compares={comparisons.GROUNDING.on || comparisons.RELEVANCE.on}
          />
        </div>
      </div>
      {removing && known && (
        <Removal id={id} name={whole.draft.name ?? id} versions={versions} onClose={() => setRemoving(false)} />
      )}
    </Page>
  );
}
