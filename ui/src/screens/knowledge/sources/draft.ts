/** A data source that is being thought up, and what of it is sent. Knows no API. */

import type { ChunkingConfiguration, CreateDataSourceRequest, DataSourceConfiguration } from "@aws-sdk/client-bedrock-agent";

export const STRATEGIES = ["DEFAULT", "FIXED_SIZE", "HIERARCHICAL", "SEMANTIC", "NONE"] as const;
export type Strategy = (typeof STRATEGIES)[number];
export const SCOPES = ["PATH", "HOST_ONLY", "SUBDOMAINS"] as const;
export type Scope = (typeof SCOPES)[number];
export type Fillable = "upload" | "bucket" | "web";

/** Figures are as they were typed. */
export interface Draft {
  kind: Fillable;
  name: string;
  bucket: string;
  /** Addresses, one a line. */
  pages: string;
  scope: Scope;
  maxPages: string;
  strategy: Strategy;
  maxTokens: string;
  overlapPercentage: string;
  parentTokens: string;
  childTokens: string;
  overlapTokens: string;
  bufferSize: string;
  threshold: string;
  policy: "DELETE" | "RETAIN";
}

/** The figures are those that AWS suggests. */
export const EMPTY: Draft = {
  kind: "upload",
  name: "",
  bucket: "",
  pages: "",
  scope: "PATH",
  maxPages: "",
  strategy: "DEFAULT",
  maxTokens: "300",
  overlapPercentage: "20",
  parentTokens: "1500",
  childTokens: "300",
  overlapTokens: "60",
  bufferSize: "1",
  threshold: "95",
  policy: "DELETE",
};

const BUCKET = /^(?:s3:\/\/|arn:aws:s3:::)?([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/;
const NAME = /^(?:[0-9a-zA-Z][_-]?){1,100}$/;

/** Which numbers each strategy takes, from and to. */
export const FIGURES: Record<Strategy, [keyof Draft & ("maxTokens" | "overlapPercentage" | "parentTokens" | "childTokens" | "overlapTokens" | "bufferSize" | "threshold"), number, number][]> = {
  DEFAULT: [],
  FIXED_SIZE: [["maxTokens", 1, 8192], ["overlapPercentage", 1, 99]],
  HIERARCHICAL: [["parentTokens", 1, 8192], ["childTokens", 1, 8192], ["overlapTokens", 1, 8192]],
  SEMANTIC: [["maxTokens", 1, 8192], ["bufferSize", 0, 1], ["threshold", 50, 99]],
  NONE: [],
};

/** The members that cannot be sent as they are. */
export function wrong(draft: Draft): (keyof Draft)[] {
  const bad: (keyof Draft)[] = [];
  if (draft.name.trim() && !isName(draft.name.trim())) bad.push("name");
  if (draft.kind === "bucket" && !BUCKET.test(draft.bucket.trim())) bad.push("bucket");
  if (draft.kind === "web" && (pagesOf(draft).length === 0 || !pagesOf(draft).every((page) => /^https?:\/\/[A-Za-z0-9]\S*$/.test(page)))) bad.push("pages");
  if (draft.kind === "web" && draft.maxPages.trim() && !isWithin(draft.maxPages, 1, 25_000)) bad.push("maxPages");
  return [...bad, ...FIGURES[draft.strategy].filter(([name, low, high]) => !isWithin(draft[name], low, high)).map(([name]) => name)];
}

export function isName(name: string): boolean {
  return NAME.test(name);
}

const WRITTEN: Record<string, string> = { ä: "ae", ö: "oe", ü: "ue", Ä: "Ae", Ö: "Oe", Ü: "Ue", ß: "ss" };

/** What the API takes as a name, made of any text. */
export function nameFor(text: string): string {
  const plain = text.normalize("NFC").replace(/[äöüÄÖÜß]/g, (sign) => WRITTEN[sign] ?? sign).normalize("NFKD").replace(/\p{M}/gu, "");
  return plain.replace(/[^0-9a-zA-Z]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60);
}

export function isWithin(text: string, low: number, high: number): boolean {
  return /^\d+$/.test(text.trim()) && Number(text) >= low && Number(text) <= high;
}

export function pagesOf({ pages }: Draft): string[] {
  return pages.split(/\s+/).filter(Boolean);
}

/** `type` is that of the knowledge base. */
export function sourceFor(draft: Draft, type = "VECTOR"): Omit<CreateDataSourceRequest, "knowledgeBaseId"> {
  const chunking = chunkingOf(draft);
  return {
    name: draft.name.trim() || named(draft),
    dataSourceConfiguration: type === "MANAGED" ? connectorOf(draft) : configurationOf(draft),
    ...(draft.policy === "RETAIN" && { dataDeletionPolicy: "RETAIN" }),
    ...(chunking && { vectorIngestionConfiguration: { chunkingConfiguration: chunking } }),
  };
}

function named(draft: Draft): string {
  if (draft.kind === "bucket") return nameFor(placeOf(draft).bucket) || "bucket";
  if (draft.kind === "web") return nameFor((pagesOf(draft)[0] ?? "").replace(/^https?:\/\//, "").split("/")[0] ?? "") || "web";
  return "uploads";
}

export function placeOf({ bucket: text }: Draft): { bucket: string; prefix: string } {
  const [, bucket = "", prefix = ""] = BUCKET.exec(text.trim()) ?? [];
  return { bucket, prefix };
}

function configurationOf(draft: Draft): DataSourceConfiguration {
  if (draft.kind === "upload") return { type: "CUSTOM" };
  if (draft.kind === "bucket") {
    const { bucket, prefix } = placeOf(draft);
    return { type: "S3", s3Configuration: { bucketArn: `arn:aws:s3:::${bucket}`, ...(prefix && { inclusionPrefixes: [prefix] }) } };
  }
  const crawling = {
    ...(draft.scope !== "PATH" && { scope: draft.scope }),
    ...(draft.maxPages.trim() && { crawlerLimits: { maxPages: Number(draft.maxPages) } }),
  };
  return {
    type: "WEB",
    webConfiguration: {
      sourceConfiguration: { urlConfiguration: { seedUrls: pagesOf(draft).map((url) => ({ url })) } },
      ...(Object.keys(crawling).length > 0 && { crawlerConfiguration: crawling }),
    },
  };
}

/** A managed knowledge base has connectors. */
function connectorOf(draft: Draft): DataSourceConfiguration {
  const { bucket, prefix } = placeOf(draft);
  const from = {
    connectionConfiguration: { bucketName: bucket },
    ...(prefix && { filterConfiguration: { inclusionPrefixes: [prefix] } }),
  };
  const connectorParameters = { type: draft.kind === "bucket" ? "S3" : "CUSTOM", version: "1", ...(draft.kind === "bucket" && from) };
  return { type: "MANAGED_KNOWLEDGE_BASE_CONNECTOR", managedKnowledgeBaseConnectorConfiguration: { connectorParameters } };
}

function chunkingOf(draft: Draft): ChunkingConfiguration | null {
  const { strategy } = draft;
  if (strategy === "DEFAULT") return null;
  if (strategy === "NONE") return { chunkingStrategy: "NONE" };
  if (strategy === "FIXED_SIZE") {
    const { maxTokens, overlapPercentage } = draft;
    return {
      chunkingStrategy: strategy,
      fixedSizeChunkingConfiguration: { maxTokens: Number(maxTokens), overlapPercentage: Number(overlapPercentage) },
    };
  }
  if (strategy === "HIERARCHICAL") {
    const levelConfigurations = [draft.parentTokens, draft.childTokens].map((tokens) => ({ maxTokens: Number(tokens) }));
    return { chunkingStrategy: strategy, hierarchicalChunkingConfiguration: { levelConfigurations, overlapTokens: Number(draft.overlapTokens) } };
  }
  const semantic = { maxTokens: Number(draft.maxTokens), bufferSize: Number(draft.bufferSize), breakpointPercentileThreshold: Number(draft.threshold) };
  return { chunkingStrategy: strategy, semanticChunkingConfiguration: semantic };
}
