/** What can be done with a key: rotate, revoke, delete. Each is confirmed, and tells what goes with it. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import Spinner from "@cloudscape-design/components/spinner";
import { useCallback, useRef, useState } from "react";
import { useCall } from "../../../api/polling";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Dialog } from "../../../parts/Dialog";
import { deleteCalls, rotate, rotateCall } from "./acting";
import type { Key } from "../keys";
import { type Made, send } from "../create/making";
import { useKeyTexts } from "../texts";

type Act = "rotate" | "revoke" | "delete";

interface Shown {
  of: Key;
  /** Whether its user has no other, and may go with it. */
  only: boolean;
  variant: "normal" | "icon";
  onMade: (made: Made) => void;
  onDone: (act: Act) => void;
}

export function KeyActs({ of: key, only, variant, onMade, onDone }: Shown) {
  const texts = useKeyTexts();
  const { act } = texts;
  const [doing, setDoing] = useState<Act | null>(null);
  const active = key.status === "ACTIVE";
  const close = () => setDoing(null);
  const done = (what: Act) => () => {
    close();
    onDone(what);
  };
  return (
    <>
      <ButtonDropdown
        variant={variant}
        ariaLabel={`${act.name}: ${key.userName ?? ""} ${key.keyId}`}
        expandToViewport
        items={[
          { id: "rotate", text: act.rotate, disabled: !active },
          { id: "revoke", text: act.revoke, disabled: !active },
          { id: "delete", text: act.delete },
        ]}
        onItemClick={({ detail }) => setDoing(detail.id as Act)}
      >
        {variant === "normal" && act.name}
      </ButtonDropdown>
      {doing === "rotate" && (
        <Rotating
          of={key}
          onClose={close}
          onMade={(made) => {
            done("rotate")();
            onMade(made);
          }}
        />
      )}
      {doing === "revoke" && <Revoking of={key} onClose={close} onDone={done("revoke")} />}
      {doing === "delete" && <Deleting of={key} only={only} onClose={close} onDone={done("delete")} />}
    </>
  );
}

/** By its holder, with the end of its id: a holder may have several. */
function called({ keyId, userName }: Key): string {
  return userName ? `${userName} (…${keyId.slice(-4)})` : keyId;
}

type Seconds = "0" | "3600" | "86400" | "604800" | "2592000";

function Rotating({ of: key, onClose, onMade }: { of: Key; onClose: () => void; onMade: (made: Made) => void }) {
  const { act } = useKeyTexts();
  const { api } = useSession();
  const [grace, setGrace] = useState<Seconds>("86400");
  const options = (Object.keys(act.graces) as Seconds[]).map((value) => ({ value, label: act.graces[value] }));
  return (
    <Dialog title={act.rotateTitle(called(key))} action={act.rotate} onClose={onClose} onAction={async () => onMade(await rotate(api, key, Number(grace)))}>
      <Box>{act.rotateText}</Box>
      <FormField label={act.grace}>
        <Select
          selectedOption={options.find(({ value }) => value === grace) ?? null}
          options={options}
          expandToViewport
          onChange={({ detail }) => setGrace(detail.selectedOption.value as Seconds)}
        />
      </FormField>
      <ApiCall variant="inline-link" calls={[rotateCall(key.keyId, Number(grace))]} />
    </Dialog>
  );
}

function Revoking({ of: key, onClose, onDone }: { of: Key; onClose: () => void; onDone: () => void }) {
  const { act } = useKeyTexts();
  const { keyId } = key;
  const { api } = useSession();
  return (
    <Dialog
      title={act.revokeTitle(called(key))}
      action={act.revoke}
      onClose={onClose}
      onAction={async () => {
        await api.craton("RevokeKey", { keyId });
        onDone();
      }}
    >
      <Box>{act.revokeText}</Box>
      <Own keyId={keyId} />
      <ApiCall variant="inline-link" calls={[{ service: "craton", operation: "RevokeKey", input: { keyId } }]} />
    </Dialog>
  );
}

/** Whoever ends the key they are signed in with ends their own session. */
function Own({ keyId }: { keyId: string }) {
  const { act } = useKeyTexts();
  const { credentials } = useSession().api;
  return credentials.kind === "accessKey" && credentials.accessKeyId === keyId ? <Alert type="warning">{act.own}</Alert> : null;
}

function Deleting({ of: key, only, onClose, onDone }: { of: Key; only: boolean; onClose: () => void; onDone: () => void }) {
  const { act } = useKeyTexts();
  const { api } = useSession();
  const [withUser, setWithUser] = useState(false);
  const ended = useRef(0);
  const { answer, loading } = useCall(useCallback((signal: AbortSignal) => api.craton("DescribeServer", {}, signal), [api]));
  const calls = deleteCalls(key, withUser, answer?.operator ?? false);
  const limits = calls.filter(({ operation }) => operation === "DeleteQuota" || operation === "DeleteBudget").length;
  return (
    <Dialog
      title={act.deleteTitle(called(key))}
      action={act.delete}
      disabled={loading}
      onClose={onClose}
      onAction={async () => {
        // What one try has done another one goes on from.
        for (const call of calls.slice(ended.current)) {
          await send(api, call);
          ended.current += 1;
        }
        onDone();
      }}
    >
      <Box>{act.deleteText}</Box>
      <Own keyId={key.keyId} />
      {loading ? <Spinner /> : limits > 0 && <Box>{act.withLimits(limits)}</Box>}
      {key.beside.length > 0 && <Box>{act.limitsStay(key.beside.join(", "))}</Box>}
      {only && key.userName && (
        <Checkbox checked={withUser} onChange={({ detail }) => setWithUser(detail.checked)}>
          {act.withUser(key.userName)}
        </Checkbox>
      )}
      <ApiCall variant="inline-link" calls={calls} />
    </Dialog>
  );
}
