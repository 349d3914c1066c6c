/** All keys of the account. */

import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useCallback, useState } from "react";
import { useCall } from "../../api/polling";
import { useHash } from "../../app/address";
import { Page } from "../../app/Page";
import { useSession } from "../../app/session";
import { ApiCall } from "../../parts/ApiCall";
import { Choice } from "../../parts/Choice";
import { Empty } from "../../parts/Empty";
import { Failed } from "../../parts/Failed";
import { useTexts } from "../../texts/texts";
import { useWhom } from "../usage/limits/whom/useWhom";
import { CreateKey } from "./create/CreateKey";
import { type Key, listKeys } from "./keys";
import { KeysTable } from "./KeysTable";
import { MadeKey } from "./create/MadeKey";
import type { Made } from "./create/making";
import { useKeyTexts } from "./texts";

const STATUSES = ["ACTIVE", "REVOKED", "EXPIRED"] as const;
const TYPES = ["ACCESS_KEY", "API_KEY"] as const;
/** When a key was last used changes while one looks. */
const EVERY = 20_000;

export default function Keys() {
  const { screens } = useTexts();
  const texts = useKeyTexts();
  const { api } = useSession();
  const whom = useWhom();
  const { answer, failure, loading, again } = useCall(useCallback((signal: AbortSignal) => listKeys(api, signal), [api]), EVERY);
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<Made | null>(null);
  const [hash, change] = useHash();
  const [find, status, type] = [hash.get("find") ?? "", hash.get("status"), hash.get("type")];
  const all = answer ?? [];
  const passing = all.filter((key) => passes(key, find, status, type));
  const create = (
    <Button variant="primary" onClick={() => setCreating(true)}>
      {texts.create.name}
    </Button>
  );
  const shown = (key: Made) => {
    setCreating(false);
    setMade(key);
    again();
  };
  return (
    <Page
      title={screens.keys}
      description={texts.text}
      counter={answer ? texts.count(passing.length, all.length) : ""}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button iconName="refresh" ariaLabel={texts.refresh} loading={loading} onClick={again} />
          <ApiCall calls={[{ service: "craton", operation: "ListKeys", input: { maxResults: 1000 } }]} />
          {create}
        </SpaceBetween>
      }
    >
      <SpaceBetween size="m">
        {failure && <Failed failure={failure} onAgain={again} />}
        <KeysTable
          keys={passing}
          loading={loading && !answer}
          withUser
          filters={`${find} ${status} ${type}`}
          onMade={shown}
          onDone={again}
          empty={
            all.length > 0 ? (
              <Empty title={texts.noMatch} text={texts.noMatchText}>
                <Button onClick={() => change({ find: null, status: null, type: null })}>{texts.clear}</Button>
              </Empty>
            ) : (
              <Empty title={texts.empty} text={texts.emptyText} />
            )
          }
          filter={
            <div className="filters">
              <TextFilter
                filteringText={find}
                filteringPlaceholder={texts.find}
                filteringAriaLabel={texts.find}
                filteringClearAriaLabel={texts.clear}
                onChange={({ detail }) => change({ find: detail.filteringText || null })}
              />
              <Choice
                any={texts.all.status}
                label={texts.status}
                options={STATUSES.map((value) => ({ value, label: texts.statuses[value] }))}
                value={status}
                onChange={(value) => change({ status: value })}
              />
              <Choice
                any={texts.all.type}
                label={texts.create.kind}
                options={TYPES.map((value) => ({ value, label: texts.types[value] }))}
                value={type}
                onChange={(value) => change({ type: value })}
              />
            </div>
          }
        />
      </SpaceBetween>
      {creating && <CreateKey whom={whom} onMade={shown} onClose={() => setCreating(false)} />}
      {made && <MadeKey made={made} onClose={() => setMade(null)} />}
    </Page>
  );
}

function passes({ keyId, userName = "", ...key }: Key, find: string, status: string | null, type: string | null): boolean {
  const sought = find.toLowerCase();
  const named = keyId.toLowerCase().includes(sought) || userName.toLowerCase().includes(sought);
  return named && (status === null || key.status === status) && (type === null || key.type === type);
}
