/** Opens in the playground what was asked, where that is known and a conversation; else the model that was asked. */

import Button from "@cloudscape-design/components/button";
import { useState } from "react";
import type { GetRequestResponse } from "../../../api/shapes";
import { go } from "../../../app/address";
import { addressOf } from "../../playground/link";
import { useRequestsTexts } from "../texts";
import { converseOf } from "./conversed";

export function Play({ request: { operation = "", modelId, content } }: { request: GetRequestResponse }) {
  const texts = useRequestsTexts();
  const [opening, setOpening] = useState(false);
  const asked = content.modelId ?? modelId;
  const body = asked && content.input ? converseOf(operation, asked, content.input) : null;
  if (body === null) return null;

  async function open(of: object): Promise<void> {
    setOpening(true);
    go(await addressOf(of));
  }

  return (
    <Button variant="primary" loading={opening} onClick={() => void open(body)}>
      {texts.play}
    </Button>
  );
}
