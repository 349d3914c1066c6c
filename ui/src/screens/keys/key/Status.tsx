/** Whether a key may be used, and until when. */

import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { KeySummary } from "../../../api/shapes";
import { useFormats } from "../../../texts/texts";
import { useKeyTexts } from "../texts";

const SOON = 7 * 86_400_000;

export function Status({ of: { status } }: { of: KeySummary }) {
  const { statuses } = useKeyTexts();
  return <StatusIndicator type={status === "ACTIVE" ? "success" : status === "REVOKED" ? "stopped" : "error"}>{statuses[status]}</StatusIndicator>;
}

export function Expires({ of: { expiresAt, status } }: { of: KeySummary }) {
  const texts = useKeyTexts();
  const formats = useFormats();
  if (!expiresAt) return texts.never;
  const at = new Date(expiresAt);
  const soon = status === "ACTIVE" && at.getTime() - Date.now() < SOON;
  return soon ? <StatusIndicator type="warning">{formats.minute(at)}</StatusIndicator> : formats.minute(at);
}

export function LastUsed({ of: { lastUsedAt, lastUsedService = "", lastUsedRegion = "" } }: { of: KeySummary }) {
  const texts = useKeyTexts();
  const formats = useFormats();
  if (!lastUsedAt) return <span className="under">{texts.notYet}</span>;
  return (
    <>
      {formats.minute(new Date(lastUsedAt))}
      <div className="under">{texts.usedFor(lastUsedService, lastUsedRegion)}</div>
    </>
  );
}
