import type { DataSourceConfiguration } from "@aws-sdk/client-bedrock-agent";
import { expect, test } from "vitest";
import { type Source, sourceOf } from "../../asking";
import { countsAtSync, editOf, meaningsOf, mistakesIn, updateOf } from "./editing";

const CHUNKING = { chunkingConfiguration: { chunkingStrategy: "NONE" as const } };

function sourceWith(dataSourceConfiguration: DataSourceConfiguration): Source {
  const told = { knowledgeBaseId: "B", dataSourceId: "S", name: "island", description: "All of it", dataDeletionPolicy: "RETAIN", vectorIngestionConfiguration: CHUNKING };
  return sourceOf({ ...told, dataSourceConfiguration } as Parameters<typeof sourceOf>[0]);
}

const BUCKET = sourceWith({ type: "S3", s3Configuration: { bucketArn: "arn:aws:s3:::island", inclusionPrefixes: ["2024/"], bucketOwnerAccountId: "1" } });
const WEB = sourceWith({
  type: "WEB",
  webConfiguration: {
    sourceConfiguration: { urlConfiguration: { seedUrls: [{ url: "https://a.example/" }] } },
    crawlerConfiguration: { scope: "HOST_ONLY", userAgent: "me", inclusionFilters: [".*/en/.*"], crawlerLimits: { rateLimit: 60, maxPages: 10 } },
  },
});

test("what nobody has changed is sent as it was told, with all that this console does not know", () => {
  for (const source of [BUCKET, WEB]) {
    const { dataSourceConfiguration, vectorIngestionConfiguration } = source.told;
    expect(updateOf(source, editOf(source))).toEqual({
      dataSourceId: "S",
      name: "island",
      description: "All of it",
      dataDeletionPolicy: "RETAIN",
      dataSourceConfiguration,
      vectorIngestionConfiguration,
    });
    expect(meaningsOf(source, editOf(source))).toEqual([]);
  }
});

test("a bucket is changed to another place, and the description away", () => {
  const edit = { ...editOf(BUCKET), bucket: "s3://mainland/", description: " " };
  expect(updateOf(BUCKET, edit)).toMatchObject({ dataSourceConfiguration: { s3Configuration: { bucketArn: "arn:aws:s3:::mainland", bucketOwnerAccountId: "1" } } });
  expect(updateOf(BUCKET, edit)).not.toHaveProperty("description");
  expect(updateOf(BUCKET, edit).dataSourceConfiguration?.s3Configuration).not.toHaveProperty("inclusionPrefixes");
  expect(meaningsOf(BUCKET, edit)).toEqual(["name", "bucket"]);
});

test("a crawler keeps what is not said of it", () => {
  const edit = { ...editOf(WEB), scope: "PATH" as const, exclusion: "/old/\n\n", inclusion: "", maxPages: "", pages: "https://a.example/ https://b.example/" };
  expect(updateOf(WEB, edit).dataSourceConfiguration?.webConfiguration).toEqual({
    sourceConfiguration: { urlConfiguration: { seedUrls: [{ url: "https://a.example/" }, { url: "https://b.example/" }] } },
    crawlerConfiguration: { userAgent: "me", exclusionFilters: ["/old/"], crawlerLimits: { rateLimit: 60 } },
  });
  expect(meaningsOf(WEB, edit)).toEqual(["pages", "maxPages"]);
});

test("a connector is a bucket too", () => {
  const connectorParameters = { type: "S3", version: "1", aclEnabled: true, connectionConfiguration: { bucketName: "island" }, filterConfiguration: { inclusionPrefixes: ["a/"] } };
  const source = sourceWith({ type: "MANAGED_KNOWLEDGE_BASE_CONNECTOR", managedKnowledgeBaseConnectorConfiguration: { connectorParameters } });
  const edit = { ...editOf(source), bucket: "s3://island/b/" };
  expect(editOf(source).bucket).toBe("s3://island/a/");
  expect(updateOf(source, edit).dataSourceConfiguration?.managedKnowledgeBaseConnectorConfiguration?.connectorParameters).toEqual({
    ...connectorParameters,
    filterConfiguration: { inclusionPrefixes: ["b/"] },
  });
});

test("names and policies count at once, places with the next sync", () => {
  expect([["name", "policy"] as const, ["policy", "rate"] as const].map((meanings) => countsAtSync([...meanings]))).toEqual([false, true]);
  expect(mistakesIn({ ...editOf(WEB), name: "", rate: "301", pages: "" })).toEqual(["pages", "name", "rate"]);
});
