/** What became of a request, in a list of thousands: Cloudscape's own light takes too long to draw as one scrolls. */

import type { Outcome } from "../filters";
import { useRequestsTexts } from "../texts";
import { errorOf } from "../words";

const SIGNS: Record<Outcome, string> = {
  RUNNING: "M8 3a5 5 0 1 0 5 5",
  SUCCESS: "M5 8l2 2 4-4",
  CLIENT_ERROR: "M8 5v4M8 10.5v1",
  SERVER_ERROR: "M6 6l4 4M10 6l-4 4",
};

export function Light({ outcome, status, error }: { outcome: Outcome; status: number; error?: string | undefined }) {
  const { outcomes, cancelled } = useRequestsTexts();
  return (
    <span className={`requests-light requests-${outcome}`}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        {outcome === "CLIENT_ERROR" ? <path d="M8 2l6.5 12h-13z" /> : outcome !== "RUNNING" && <circle cx="8" cy="8" r="6.5" />}
        <path d={SIGNS[outcome]} />
      </svg>
      {error ? errorOf(error, status, cancelled) : outcomes[outcome]}
    </span>
  );
}
