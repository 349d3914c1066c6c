/** What is not saved yet, and saving it: below the policies, in sight while there is something to save. */

import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { ApiCall } from "../../../parts/ApiCall";
import { Failed } from "../../../parts/Failed";
import { useGuardrailsTexts } from "../texts";
import type { Editing } from "./useEditing";

export function Saving({ editing, fresh, onSave }: { editing: Editing; fresh: boolean; onSave: (overwriting: boolean) => void }) {
  const texts = useGuardrailsTexts();
  const { unsaved, saving, failure, theirs, call, discard } = editing;
  const [tried, setTried] = useState(false);

  function save(overwriting: boolean): void {
    setTried(true);
    onSave(overwriting);
  }

  if (!unsaved && !fresh) {
    return tried && !failure ? <StatusIndicator type="success">{`${texts.saved}. ${texts.savedText}`}</StatusIndicator> : null;
  }
  return (
    <div className="saving">
      <SpaceBetween size="s">
        {failure && <Failed failure={failure} />}
        {theirs && (
          <Alert
            type="warning"
            header={texts.theirs}
            action={
              <SpaceBetween direction="horizontal" size="xs">
                <Button onClick={discard}>{texts.takeTheirs}</Button>
                <Button loading={saving} onClick={() => save(true)}>
                  {texts.overwrite}
                </Button>
              </SpaceBetween>
            }
          >
            {texts.theirsText}
          </Alert>
        )}
        <div className="row">
          <div className="saving-state">
            {!fresh && (
              <>
                <StatusIndicator type="pending">{texts.unsaved}</StatusIndicator>
                <div className="under">{texts.unsavedText}</div>
              </>
            )}
          </div>
          <SpaceBetween direction="horizontal" size="xs">
            <ApiCall variant="icon" calls={[call]} />
            {!fresh && <Button onClick={discard}>{texts.discard}</Button>}
            <Button variant="primary" loading={saving} loadingText={texts.saving} onClick={() => save(false)}>
              {fresh ? texts.createNow : texts.save}
            </Button>
          </SpaceBetween>
        </div>
      </SpaceBetween>
    </div>
  );
}
