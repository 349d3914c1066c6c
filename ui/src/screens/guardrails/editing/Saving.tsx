/** What is not saved yet, and saving it: below the policies, in sight while there is something to save. */

import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { ApiCall } from "../../../parts/ApiCall";
import { Failed } from "../../../parts/Failed";
import { useGuardrailsTexts } from "../texts";
import type { Editing } from "./useEditing";

export function Saving({ editing, fresh, onSave }: { editing: Editing; fresh: boolean; onSave: () => void }) {
  const texts = useGuardrailsTexts();
  const { unsaved, saving, failure, call, discard } = editing;
  const [tried, setTried] = useState(false);

  function save(): void {
    setTried(true);
    onSave();
  }

  if (!unsaved && !fresh) {
    return tried && !failure ? <StatusIndicator type="success">{`${texts.saved}. ${texts.savedText}`}</StatusIndicator> : null;
  }
  return (
    <div className="saving">
      <SpaceBetween size="s">
        {failure && <Failed failure={failure} />}
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
            <Button variant="primary" loading={saving} loadingText={texts.saving} onClick={save}>
              {fresh ? texts.createNow : texts.save}
            </Button>
          </SpaceBetween>
        </div>
      </SpaceBetween>
    </div>
  );
}
