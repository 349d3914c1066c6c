/** How far each uploaded file is, and what the server said of those that it did not take. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import LiveRegion from "@cloudscape-design/components/live-region";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { UNREACHED } from "../../../api/failure";
import { useFormats } from "../../../texts/texts";
import { Told } from "../metadata/Told";
import { Status } from "../Status";
import { useDocumentsTexts } from "./texts";
import { isUnderWay, type Upload, type Uploads } from "./uploads";

/** What the server takes as the body of a request, in bytes of the file: base64 makes four of three. */
const ENDS_AT = 18 << 20;

export function UploadsView({ uploads, all }: { uploads: Uploads; all: readonly Upload[] }) {
  const own = useDocumentsTexts();
  const ended = all.filter((upload) => !isUnderWay(upload)).length;
  return (
    <Container
      header={
        <Header
          variant="h3"
          counter={own.uploadsCount(ended, all.length)}
          actions={
            <Button disabled={ended === 0} onClick={() => uploads.clear()}>
              {own.clear}
            </Button>
          }
        >
          {own.uploads}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <LiveRegion hidden>{own.progressOf(ended, all.length)}</LiveRegion>
        {ended < all.length && <ProgressBar value={(100 * ended) / all.length} ariaLabel={own.uploads} />}
        <ul className="knowledge-uploads">
          {all.map((upload) => (
            <li key={upload.id}>
              <Row upload={upload} onAgain={() => uploads.again(upload.id)} />
            </li>
          ))}
        </ul>
      </SpaceBetween>
    </Container>
  );
}

function Row({ upload, onAgain }: { upload: Upload; onAgain: () => void }) {
  const own = useDocumentsTexts();
  const formats = useFormats();
  const { file, stage, status, reason, metadata } = upload;
  return (
    <>
      <div className="row">
        <Box>
          <span className="told">{file.name}</span>{" "}
          <Box variant="small" color="text-body-secondary" display="inline">
            {formats.bytes(file.size)}
          </Box>
        </Box>
        <SpaceBetween direction="horizontal" size="xs" alignItems="center">
          {stage === "ended" ? (
            <Status status={status} />
          ) : (
            <StatusIndicator type={stage === "refused" ? "error" : stage === "waiting" ? "pending" : "in-progress"}>{own.stages[stage]}</StatusIndicator>
          )}
          {(stage === "refused" || (stage === "ended" && status === "FAILED")) && (
            <Button variant="inline-icon" iconName="refresh" ariaLabel={`${own.again}: ${file.name}`} onClick={onAgain} />
          )}
        </SpaceBetween>
      </div>
      <Told metadata={metadata} />
      {reason && <div className="under">{reason}</div>}
      <Refused upload={upload} />
    </>
  );
}

function Refused({ upload: { failure, file } }: { upload: Upload }) {
  const own = useDocumentsTexts();
  const formats = useFormats();
  if (!failure) return null;
  const { code, message, requestId } = failure;
  if (code === UNREACHED) return <div className="under">{file.size > ENDS_AT ? own.tooLarge(formats.bytes(file.size)) : own.unreached}</div>;
  return (
    <div className="under">
      {message}
      <div>{requestId ? own.refusedBy(code, requestId) : code}</div>
    </div>
  );
}
