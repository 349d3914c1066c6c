/** Opens what a document holds, at the address that the server gives out for a few minutes. */

import { GetDocumentContentCommand } from "@aws-sdk/client-bedrock-agent-runtime";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import { useState } from "react";
import { type Failure, failureOf } from "../../../api/failure";
import { Failed } from "../../../parts/Failed";
import { useClients } from "../clients";
import { useDocumentsTexts } from "./texts";

interface Named {
  baseId: string;
  sourceId: string;
  id: string;
}

export function Contents({ baseId, sourceId, id }: Named) {
  const own = useDocumentsTexts();
  const { searching } = useClients();
  const [failure, setFailure] = useState<Failure | null>(null);

  async function open(outputFormat: "RAW" | "EXTRACTED"): Promise<void> {
    setFailure(null);
    try {
      const asked = { knowledgeBaseId: baseId, dataSourceId: sourceId, documentId: id, outputFormat };
      const { presignedUrl } = await searching.send(new GetDocumentContentCommand(asked));
      globalThis.open(presignedUrl, "_blank", "noopener");
    } catch (error) {
      setFailure(failureOf(error));
    }
  }

  return (
    <>
      <ButtonDropdown
        items={[{ id: "EXTRACTED", text: own.extracted }]}
        mainAction={{ text: own.original, onClick: () => void open("RAW") }}
        ariaLabel={own.extracted}
        onItemClick={() => void open("EXTRACTED")}
      />
      {failure && <Failed failure={failure} />}
    </>
  );
}
