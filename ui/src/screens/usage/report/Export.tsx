/** All of what a report is about, as a file. */

import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Flashbar from "@cloudscape-design/components/flashbar";
import { useState } from "react";
import { type Failure, failureOf } from "../../../api/failure";
import { useSession } from "../../../app/session";
import { Failed } from "../../../parts/Failed";
import { useFormats } from "../../../texts/texts";
import { type Asked, selection } from "../asked/asked";
import { useUsageTexts } from "../texts";

const FORMATS = ["CSV", "CUR", "FOCUS"] as const;
type Format = (typeof FORMATS)[number];

export function Export({ asked }: { asked: Asked }) {
  const texts = useUsageTexts();
  const formats = useFormats();
  const { api } = useSession();
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<number | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function make(format: Format): Promise<void> {
    setBusy(true);
    setDone(null);
    setFailure(null);
    try {
      const { body } = await api.craton("ExportUsage", { format, ...selection(asked, new Date()) });
      download(body, `craton-usage-${new Date().toISOString().slice(0, 10)}.${format.toLowerCase()}${format === "CSV" ? "" : ".csv"}`);
      setDone(body.size);
    } catch (error) {
      setFailure(failureOf(error));
    }
    setBusy(false);
  }

  return (
    <>
      <ButtonDropdown
        items={FORMATS.map((id) => ({ id, text: texts.export[id] }))}
        loading={busy}
        onItemClick={({ detail }) => void make(detail.id as Format)}
        expandToViewport
      >
        {texts.export.name}
      </ButtonDropdown>
      {(done !== null || failure) && (
        <div className="asking-told">
          {failure ? (
            <Failed failure={failure} />
          ) : (
            <Flashbar
              items={[
                {
                  type: "success",
                  content: texts.export.done(formats.bytes(done ?? 0)),
                  dismissible: true,
                  dismissLabel: texts.export.dismiss,
                  onDismiss: () => setDone(null),
                },
              ]}
            />
          )}
        </div>
      )}
    </>
  );
}

/** The browser keeps it where it keeps downloads. */
function download(body: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(body);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
