/** An error in the page: what the API said, and the id by which the request is found. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useContext } from "react";
import { BROKE_OFF, type Failure, UNREACHED } from "../api/failure";
import { SignedIn } from "../app/session";
import type { Texts } from "../texts/en";
import { useTexts } from "../texts/texts";

/** Credentials that hold no more: those of API keys are told by the message alone. */
function isOver({ code, message }: Failure): boolean {
  if (code === "ExpiredTokenException" || code === "UnrecognizedClientException") return true;
  return code === "AccessDeniedException" && /^(Bearer Token has expired|Authentication failed)/.test(message);
}

/** What the server did not say itself. */
function lostBy({ code }: Failure, { failure }: Texts): { what: string; text: string } | null {
  if (code === UNREACHED) return { what: failure.unreached, text: failure.unreachedText };
  return code === BROKE_OFF ? { what: failure.brokeOff, text: failure.brokeOffText } : null;
}

interface Shown {
  failure: Failure;
  /** What did not work, where the API's name for why says less. */
  what?: string;
  onAgain?: () => void;
}

export function Failed({ failure, what, onAgain }: Shown) {
  const texts = useTexts();
  const session = useContext(SignedIn);
  const { code, message, requestId } = failure;
  // Of a wrong signature the API tells all that it computed.
  const [summary, ...details] = message.split("\n\n");
  const lost = lostBy(failure, texts);
  const over = session !== null && isOver(failure);
  const denied = !over && code === "AccessDeniedException";
  return (
    <Alert
      type={denied ? "warning" : "error"}
      header={lost ? lost.what : (what ?? (denied ? texts.failure.denied : over ? texts.failure.over : code))}
      action={over ? <Button onClick={session.signOut}>{texts.failure.signIn}</Button> : onAgain && <Button onClick={onAgain}>{texts.again}</Button>}
    >
      <SpaceBetween size="xs">
        <div className="told">{lost ? lost.text : summary}</div>
        {!lost && details.length > 0 && (
          <ExpandableSection headerText={texts.failure.details} variant="footer">
            <div className="told">{details.join("\n\n")}</div>
          </ExpandableSection>
        )}
        {(what || denied || over) && !lost && (
          <Box variant="small" color="text-body-secondary">
            {code}
          </Box>
        )}
        {requestId && (
          <Box variant="small" color="text-body-secondary">
            {texts.failure.requestId}{" "}
            <CopyToClipboard
              variant="inline"
              textToCopy={requestId}
              copyButtonAriaLabel={`${texts.copy}: ${texts.failure.requestId}`}
              copySuccessText={texts.copied}
              copyErrorText={texts.notCopied}
            />
          </Box>
        )}
      </SpaceBetween>
    </Alert>
  );
}
