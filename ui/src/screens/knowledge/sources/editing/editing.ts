/** A data source that is being changed: what of it can be, what is sent, and what that means. Knows no API. */

import type { DataSource, DataSourceConfiguration, UpdateDataSourceRequest } from "@aws-sdk/client-bedrock-agent";
import type { Source } from "../../asking";
import { type Draft, EMPTY, isName, isWithin, pagesOf, placeOf, type Scope, SCOPES, wrong } from "../draft";

export interface Edit extends Draft {
  description: string;
  /** Pages a minute. */
  rate: string;
  /** Regular expressions, one a line. */
  inclusion: string;
  exclusion: string;
}

export const FASTEST = 300;

interface Parameters {
  connectionConfiguration?: { bucketName?: string };
  filterConfiguration?: { inclusionPrefixes?: string[] };
}

/** How chunks are made cannot be changed, so nothing of that is in it. */
export function editOf({ kind, told }: Source): Edit {
  const crawler = told.dataSourceConfiguration?.webConfiguration?.crawlerConfiguration;
  const seeds = told.dataSourceConfiguration?.webConfiguration?.sourceConfiguration?.urlConfiguration?.seedUrls ?? [];
  return {
    ...EMPTY,
    kind: kind === "bucket" || kind === "web" ? kind : "upload",
    name: told.name ?? "",
    description: told.description ?? "",
    policy: told.dataDeletionPolicy === "RETAIN" ? "RETAIN" : "DELETE",
    bucket: bucketIn(told.dataSourceConfiguration),
    pages: seeds.map(({ url }) => url).join("\n"),
    scope: SCOPES.find((each): each is Scope => each === crawler?.scope) ?? "PATH",
    maxPages: String(crawler?.crawlerLimits?.maxPages ?? ""),
    rate: String(crawler?.crawlerLimits?.rateLimit ?? ""),
    inclusion: (crawler?.inclusionFilters ?? []).join("\n"),
    exclusion: (crawler?.exclusionFilters ?? []).join("\n"),
  };
}

function bucketIn(configuration: DataSourceConfiguration | undefined): string {
  const { bucketArn = "", inclusionPrefixes = [] } = configuration?.s3Configuration ?? {};
  const { connectionConfiguration, filterConfiguration } = parametersIn(configuration);
  const bucket = bucketArn.split(":::")[1] ?? connectionConfiguration?.bucketName;
  return bucket ? `s3://${bucket}/${inclusionPrefixes[0] ?? filterConfiguration?.inclusionPrefixes?.[0] ?? ""}` : "";
}

function parametersIn(configuration: DataSourceConfiguration | undefined): Parameters {
  return (configuration?.managedKnowledgeBaseConnectorConfiguration?.connectorParameters ?? {}) as Parameters;
}

/** The members that cannot be sent as they are. */
export function mistakesIn(edit: Edit): (keyof Edit)[] {
  const bad: (keyof Edit)[] = wrong(edit);
  if (!isName(edit.name.trim())) bad.push("name");
  if (edit.kind === "web" && edit.rate.trim() && !isWithin(edit.rate, 1, FASTEST)) bad.push("rate");
  return bad;
}

export type Meaning = "name" | "policy" | "bucket" | "pages" | "maxPages" | "rate";

/** What the changes mean: one for each that means something of its own. */
export function meaningsOf(source: Source, edit: Edit): Meaning[] {
  const before = editOf(source);
  const changed = (...members: (keyof Edit)[]) => members.some((member) => before[member].trim() !== edit[member].trim());
  return [
    ...(changed("name", "description") ? ["name" as const] : []),
    ...(changed("policy") ? ["policy" as const] : []),
    ...(changed("bucket") ? ["bucket" as const] : []),
    ...(changed("pages", "scope", "inclusion", "exclusion") ? ["pages" as const] : []),
    ...(changed("maxPages") ? ["maxPages" as const] : []),
    ...(changed("rate") ? ["rate" as const] : []),
  ];
}

/** Whether the next sync does something else than the last. */
export function countsAtSync(meanings: Meaning[]): boolean {
  return meanings.some((meaning) => meaning !== "name" && meaning !== "policy");
}

/** All of it, as what is left out is gone. What this console knows nothing of stays as it is. */
export function updateOf(source: Source, edit: Edit): Omit<UpdateDataSourceRequest, "knowledgeBaseId"> {
  const { dataSourceId, dataSourceConfiguration, serverSideEncryptionConfiguration, vectorIngestionConfiguration }: Partial<DataSource> = source.told;
  return {
    dataSourceId,
    name: edit.name.trim(),
    ...(edit.description.trim() && { description: edit.description.trim() }),
    dataSourceConfiguration: configured(source, dataSourceConfiguration, edit),
    dataDeletionPolicy: edit.policy,
    ...(serverSideEncryptionConfiguration && { serverSideEncryptionConfiguration }),
    ...(vectorIngestionConfiguration && { vectorIngestionConfiguration }),
  };
}

function configured(source: Source, told: DataSourceConfiguration | undefined, edit: Edit): DataSourceConfiguration | undefined {
  const meanings = meaningsOf(source, edit);
  if (!told || !countsAtSync(meanings)) return told;
  if (told.webConfiguration) return { ...told, webConfiguration: crawled(told.webConfiguration, edit) };
  const { bucket, prefix } = placeOf(edit);
  if (told.s3Configuration) {
    const kept = without(told.s3Configuration, "inclusionPrefixes");
    return { ...told, s3Configuration: { ...kept, bucketArn: `arn:aws:s3:::${bucket}`, ...(prefix && { inclusionPrefixes: [prefix] }) } };
  }
  const { filterConfiguration, connectionConfiguration, ...parameters } = parametersIn(told);
  const narrowed = { ...without(filterConfiguration ?? {}, "inclusionPrefixes"), ...(prefix && { inclusionPrefixes: [prefix] }) };
  const connectorParameters = {
    ...parameters,
    connectionConfiguration: { ...connectionConfiguration, bucketName: bucket },
    ...(Object.keys(narrowed).length > 0 && { filterConfiguration: narrowed }),
  };
  return { ...told, managedKnowledgeBaseConnectorConfiguration: { ...told.managedKnowledgeBaseConnectorConfiguration, connectorParameters } };
}

type Web = NonNullable<DataSourceConfiguration["webConfiguration"]>;

function crawled(web: Web, edit: Edit): Web {
  const { crawlerConfiguration = {}, ...rest } = web;
  const limits = {
    ...without(crawlerConfiguration.crawlerLimits ?? {}, "maxPages", "rateLimit"),
    ...(edit.maxPages.trim() && { maxPages: Number(edit.maxPages) }),
    ...(edit.rate.trim() && { rateLimit: Number(edit.rate) }),
  };
  const [inclusion, exclusion] = [expressionsIn(edit.inclusion), expressionsIn(edit.exclusion)];
  const crawling = {
    ...without(crawlerConfiguration, "crawlerLimits", "scope", "inclusionFilters", "exclusionFilters"),
    ...(edit.scope !== "PATH" && { scope: edit.scope }),
    ...(inclusion.length > 0 && { inclusionFilters: inclusion }),
    ...(exclusion.length > 0 && { exclusionFilters: exclusion }),
    ...(Object.keys(limits).length > 0 && { crawlerLimits: limits }),
  };
  const seeds = { ...web.sourceConfiguration?.urlConfiguration, seedUrls: pagesOf(edit).map((url) => ({ url })) };
  return {
    ...rest,
    sourceConfiguration: { ...web.sourceConfiguration, urlConfiguration: seeds },
    ...(Object.keys(crawling).length > 0 && { crawlerConfiguration: crawling }),
  };
}

function without<Whole extends object, Name extends keyof Whole>(whole: Whole, ...names: Name[]): Omit<Whole, Name> {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !names.includes(name as Name))) as Omit<Whole, Name>;
}

function expressionsIn(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter(Boolean);
}
