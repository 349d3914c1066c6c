/** The keys of one user. */

import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useCallback, useState } from "react";
import { useCall } from "../../../api/polling";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Empty } from "../../../parts/Empty";
import { Failed } from "../../../parts/Failed";
import { CreateKey } from "../../keys/create/CreateKey";
import { listKeys } from "../../keys/keys";
import { KeysTable } from "../../keys/KeysTable";
import { MadeKey } from "../../keys/create/MadeKey";
import type { Made } from "../../keys/create/making";
import { useWhom } from "../../usage/limits/whom/useWhom";
import { usePeopleTexts } from "../texts";

export function UserKeys({ userName }: { userName: string }) {
  const { user } = usePeopleTexts();
  const { api } = useSession();
  const whom = useWhom();
  const { answer, failure, loading, again } = useCall(useCallback((signal: AbortSignal) => listKeys(api, signal, userName), [api, userName]));
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<Made | null>(null);
  const shown = (key: Made) => {
    setCreating(false);
    setMade(key);
    again();
  };
  return (
    <>
      {failure && <Failed failure={failure} onAgain={again} />}
      <KeysTable
        keys={answer ?? []}
        loading={loading && !answer}
        withUser={false}
        onMade={shown}
        onDone={again}
        empty={<Empty title={user.keysNone} text={user.keysNoneText} />}
        header={
          <Header
            variant="h2"
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <ApiCall calls={[{ service: "craton", operation: "ListKeys", input: { userName } }]} />
                <Button onClick={() => setCreating(true)}>{user.createKey}</Button>
              </SpaceBetween>
            }
          >
            {user.keys}
          </Header>
        }
      />
      {creating && <CreateKey whom={whom} user={userName} onMade={shown} onClose={() => setCreating(false)} />}
      {made && <MadeKey made={made} onClose={() => setMade(null)} />}
    </>
  );
}
