/** What kinds of data sources there are, and where each has its documents from. */

import type { DataSourceConfiguration } from "@aws-sdk/client-bedrock-agent";

/** Documents are handed in; a bucket; web pages; tables of a database. */
export type Kind = "upload" | "bucket" | "web" | "tables";

interface Connector {
  type?: string;
  connectionConfiguration?: { bucketName?: string };
}

export function kindOf(configuration: DataSourceConfiguration | undefined): Kind {
  const type = connectorIn(configuration)?.type ?? configuration?.type;
  if (type === "S3") return "bucket";
  if (type === "WEB") return "web";
  return type === "REDSHIFT_METADATA" ? "tables" : "upload";
}

export function whereOf(configuration: DataSourceConfiguration | undefined): string {
  const { s3Configuration: bucket, webConfiguration: web } = configuration ?? {};
  if (bucket) return `s3://${(bucket.bucketArn ?? "").split(":::")[1]}/${bucket.inclusionPrefixes?.[0] ?? ""}`;
  if (web) return (web.sourceConfiguration?.urlConfiguration?.seedUrls ?? []).map(({ url }) => url).join(", ");
  const name = connectorIn(configuration)?.connectionConfiguration?.bucketName;
  return name ? `s3://${name}/` : "";
}

function connectorIn(configuration: DataSourceConfiguration | undefined): Connector | undefined {
  return configuration?.managedKnowledgeBaseConnectorConfiguration?.connectorParameters as Connector | undefined;
}

/** Whether its documents are fetched by an ingestion job. */
export function isSynced(kind: Kind): boolean {
  return kind !== "upload";
}
