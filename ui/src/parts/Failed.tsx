/** An error in the page: what the API said, and the id by which the request is found. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type Failure, UNREACHED } from "../api/failure";
import { useTexts } from "../texts/texts";

export function Failed({ failure, onAgain }: { failure: Failure; onAgain?: () => void }) {
  const texts = useTexts();
  const { code, message, requestId } = failure;
  // Of a wrong signature the API tells all that it computed.
  const [summary, ...details] = message.split("\n\n");
  const unreached = code === UNREACHED;
  const denied = code === "AccessDeniedException";
  return (
    <Alert
      type={denied ? "warning" : "error"}
      header={unreached ? texts.failure.unreached : denied ? texts.failure.denied : code}
      action={onAgain && <Button onClick={onAgain}>{texts.again}</Button>}
    >
      <SpaceBetween size="xs">
        <div className="told">{unreached ? texts.failure.unreachedText : summary}</div>
        {!unreached && details.length > 0 && (
          <ExpandableSection headerText={texts.failure.details} variant="footer">
            <div className="told">{details.join("\n\n")}</div>
          </ExpandableSection>
        )}
        {denied && (
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
