/** Asks whether a data source is to be deleted, and says what its policy takes along. */

import { DeleteDataSourceCommand } from "@aws-sdk/client-bedrock-agent";
import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Dialog } from "../../../parts/Dialog";
import type { Source } from "../asking";
import { useClients } from "../clients";
import { isSynced } from "../kinds";
import { useSourcesTexts } from "./texts";

interface Shown {
  baseId: string;
  source: Source;
  onEnd: (done: boolean) => void;
}

export function DeleteSource({ baseId, source, onEnd }: Shown) {
  const own = useSourcesTexts();
  const { agent } = useClients();
  const { id, name, kind, told } = source;
  const input = { knowledgeBaseId: baseId, dataSourceId: id };

  async function remove(): Promise<void> {
    await agent.send(new DeleteDataSourceCommand(input));
    onEnd(true);
  }

  return (
    <Dialog
      title={own.deleteTitle(name)}
      action={own.delete}
      calls={[{ service: "bedrock-agent", operation: "DeleteDataSource", input }]}
      onAction={remove}
      onClose={() => onEnd(false)}
    >
      <SpaceBetween size="s">
        <Box>{own.deleteText}</Box>
        <Box>{told.dataDeletionPolicy === "RETAIN" ? own.retainChunks : own.deleteChunks}</Box>
        {isSynced(kind) && <Box>{own.deleteOutside}</Box>}
      </SpaceBetween>
    </Dialog>
  );
}
