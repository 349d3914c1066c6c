/** Pulls of what the catalogue does not have: how far they are, and why they brought nothing. */

import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { isBringing, type Model } from "../../../api/models";
import type { ModelPull } from "../../../api/shapes";
import { Pulling } from "../parts/State";
import type { Acting } from "../parts/useActing";
import { useModelsTexts } from "../texts";

interface Shown {
  models: Model[];
  pulls: Map<string, ModelPull>;
  acting: Acting;
}

/** Failures that somebody has read, until the page is loaded anew. */
const read = new Set<string>();

export function Others({ models, pulls, acting }: Shown) {
  const texts = useModelsTexts();
  const [, setRead] = useState(0);
  const ids = new Set(models.map(({ id }) => id));
  const others = [...pulls].filter(([id]) => !ids.has(id)).map(([, pull]) => pull);
  const failed = others.filter(({ pullId, status }) => status === "FAILED" && !read.has(pullId));

  function dismiss(pullId: string): void {
    read.add(pullId);
    setRead(read.size);
  }

  return (
    <>
      {others.filter(isBringing).map((pull) => (
        <Container key={pull.pullId}>
          <SpaceBetween size="s">
            <Pulling pull={pull} name={pull.name} told />
            <Button
              ariaLabel={texts.actOn(texts.stop, pull.name)}
              disabled={pull.status === "STOPPING"}
              loading={acting.busy?.id === pull.pullId}
              onClick={() => void acting.act("stop", pull.pullId)}
            >
              {texts.stop}
            </Button>
          </SpaceBetween>
        </Container>
      ))}
      {failed.map(({ pullId, name, statusReason }) => (
        <Alert
          key={pullId}
          type="error"
          header={<span className="told">{texts.notFetched(name)}</span>}
          dismissible
          dismissAriaLabel={texts.dismiss}
          onDismiss={() => dismiss(pullId)}
          action={<Button onClick={() => void acting.act("fetch", name)}>{texts.again}</Button>}
        >
          <span className="told">{statusReason}</span>
        </Alert>
      ))}
    </>
  );
}
