/** Files on their way into knowledge bases. They go on while their person looks at another screen. */

import { type DocumentIdentifier, GetKnowledgeBaseDocumentsCommand } from "@aws-sdk/client-bedrock-agent";
import { type Failure, failureOf, isRefused } from "../../../api/failure";
import { isWorking } from "../asking";
import type { Clients } from "../clients";
import type { Metadata } from "../metadata/metadata";

/** Waits for its turn; is sent; is read by the server; and how it ended, in the words of the API. */
export type Stage = "waiting" | "sending" | "reading" | "ended" | "refused";

export interface Upload {
  id: number;
  file: File;
  stage: Stage;
  /** Of the document, once the server has it. */
  status: string;
  reason: string;
  failure: Failure | null;
  sourceId: string;
  metadata: Metadata;
}

/** So many are sent at once. */
const AT_ONCE = 2;
/** How often the server is asked how far it is, in milliseconds; and the most documents it tells of at once. */
const ASKED_EVERY = 600;
const ASKED_AT_ONCE = 10;

export class Uploads {
  private all: readonly Upload[] = [];
  private readonly listeners = new Set<() => void>();
  private next = 0;
  private watching = false;

  constructor(
    private readonly clients: Clients,
    private readonly baseId: string,
  ) {}

  readonly listen = (changed: () => void): (() => void) => {
    this.listeners.add(changed);
    return () => this.listeners.delete(changed);
  };

  readonly now = (): readonly Upload[] => this.all;

  /** `metadata` is told of each of them. */
  add(files: readonly File[], sourceId: string, metadata: Metadata = {}): void {
    const fresh = { stage: "waiting", status: "", reason: "", failure: null, sourceId, metadata } as const;
    const made = files.map((file): Upload => ({ id: this.next++, file, ...fresh }));
    this.become([...this.all, ...made]);
    this.go();
  }

  again(id: number): void {
    this.change(id, { stage: "waiting", failure: null, status: "", reason: "" });
    this.go();
  }

  /** Forgets those that have ended. */
  clear(): void {
    this.become(this.all.filter(isUnderWay));
  }

  private go(): void {
    const sending = this.all.filter(({ stage }) => stage === "sending").length;
    for (const upload of this.all.filter(({ stage }) => stage === "waiting").slice(0, AT_ONCE - sending)) void this.send(upload);
  }

  private async send({ id, file, sourceId, metadata }: Upload): Promise<void> {
    this.change(id, { stage: "sending" });
    try {
      const asked = { knowledgeBaseId: this.baseId, dataSourceId: sourceId, fileName: file.name, content: file };
      const { status, statusReason = "" } = await this.clients.craton("UploadKnowledgeBaseDocument", {
        ...asked,
        ...(file.type && { mediaType: file.type }),
        ...metadata,
      });
      this.change(id, { stage: "reading", status, reason: statusReason });
      void this.watch();
    } catch (error) {
      this.change(id, { stage: "refused", failure: failureOf(error) });
    }
    this.go();
  }

  /** Asks how far the server is with what it reads, until it has read all. */
  private async watch(): Promise<void> {
    if (this.watching) return;
    this.watching = true;
    for (let reading = this.reading(); reading.length > 0; reading = this.reading()) {
      await new Promise((done) => setTimeout(done, ASKED_EVERY));
      const sourceId = reading[0]?.sourceId ?? "";
      await this.look(sourceId, reading.filter((upload) => upload.sourceId === sourceId).slice(0, ASKED_AT_ONCE));
    }
    this.watching = false;
  }

  private async look(dataSourceId: string, uploads: Upload[]): Promise<void> {
    const names = [...new Set(uploads.map(({ file }) => file.name))];
    const documentIdentifiers = names.map((id): DocumentIdentifier => ({ dataSourceType: "CUSTOM", custom: { id } }));
    try {
      const asked = new GetKnowledgeBaseDocumentsCommand({ knowledgeBaseId: this.baseId, dataSourceId, documentIdentifiers });
      const { documentDetails = [] } = await this.clients.agent.send(asked);
      const told = new Map(documentDetails.map((detail) => [detail.identifier?.custom?.id, detail]));
      for (const { id, file } of uploads) {
        const { status = "NOT_FOUND", statusReason = "" } = told.get(file.name) ?? {};
        this.change(id, { stage: isWorking({ status }) ? "reading" : "ended", status, reason: statusReason, failure: null });
      }
    } catch (error) {
      const failure = failureOf(error);
      // The server has the file. Where it is only away it will tell of it later.
      for (const { id } of uploads) this.change(id, { failure, ...(isRefused(failure) && { stage: "refused" }) });
    }
  }

  private reading(): Upload[] {
    return this.all.filter(({ stage }) => stage === "reading");
  }

  private change(id: number, changes: Partial<Upload>): void {
    this.become(this.all.map((upload) => (upload.id === id ? { ...upload, ...changes } : upload)));
  }

  private become(all: readonly Upload[]): void {
    this.all = all;
    for (const changed of this.listeners) changed();
  }
}

/** What the server reads it reads without this page. */
function needsPage({ stage }: Upload): boolean {
  return stage === "waiting" || stage === "sending";
}

export function isUnderWay({ stage }: Upload): boolean {
  return stage === "waiting" || stage === "sending" || stage === "reading";
}

const made = new WeakMap<Clients, Map<string, Uploads>>();

/** Those of one knowledge base. */
export function uploadsOf(clients: Clients, baseId: string): Uploads {
  const bases = made.get(clients) ?? new Map<string, Uploads>();
  made.set(clients, bases);
  const uploads = bases.get(baseId) ?? watched(new Uploads(clients, baseId));
  bases.set(baseId, uploads);
  return uploads;
}

/** Whoever leaves the page while files wait to be sent is asked whether that is meant. */
function watched(uploads: Uploads): Uploads {
  addEventListener("beforeunload", (event) => uploads.now().some(needsPage) && event.preventDefault());
  return uploads;
}
