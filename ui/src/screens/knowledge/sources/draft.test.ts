import { expect, test } from "vitest";
import { EMPTY, nameFor, sourceFor, wrong } from "./draft";

test("a bucket may be named as an address, an ARN or alone", () => {
  for (const bucket of ["s3://handbook/2024/", "arn:aws:s3:::handbook/2024/", "handbook/2024/"]) {
    const draft = { ...EMPTY, kind: "bucket" as const, bucket };
    expect(wrong(draft)).toEqual([]);
    expect(sourceFor(draft)).toEqual({
      name: "handbook",
      dataSourceConfiguration: { type: "S3", s3Configuration: { bucketArn: "arn:aws:s3:::handbook", inclusionPrefixes: ["2024/"] } },
    });
  }
  expect(wrong({ ...EMPTY, kind: "bucket", bucket: "s3://No Such" })).toEqual(["bucket"]);
});

test("a website is crawled from its addresses, as far as is said", () => {
  const draft = { ...EMPTY, kind: "web" as const, pages: "https://a.example/docs\n https://b.example", scope: "HOST_ONLY" as const, maxPages: "50" };
  expect(sourceFor(draft)).toEqual({
    name: "a-example",
    dataSourceConfiguration: {
      type: "WEB",
      webConfiguration: {
        sourceConfiguration: { urlConfiguration: { seedUrls: [{ url: "https://a.example/docs" }, { url: "https://b.example" }] } },
        crawlerConfiguration: { scope: "HOST_ONLY", crawlerLimits: { maxPages: 50 } },
      },
    },
  });
  expect(wrong({ ...draft, pages: "ftp://x", maxPages: "0" })).toEqual(["pages", "maxPages"]);
});

test("only what differs from the server's default is sent", () => {
  expect(sourceFor(EMPTY)).toEqual({ name: "uploads", dataSourceConfiguration: { type: "CUSTOM" } });
  expect(sourceFor({ ...EMPTY, strategy: "HIERARCHICAL", policy: "RETAIN" })).toMatchObject({
    dataDeletionPolicy: "RETAIN",
    vectorIngestionConfiguration: {
      chunkingConfiguration: {
        chunkingStrategy: "HIERARCHICAL",
        hierarchicalChunkingConfiguration: { levelConfigurations: [{ maxTokens: 1500 }, { maxTokens: 300 }], overlapTokens: 60 },
      },
    },
  });
});

test("figures are checked for the strategy that is chosen, and no other", () => {
  const draft = { ...EMPTY, maxTokens: "many", threshold: "20" };
  expect(wrong(draft)).toEqual([]);
  expect(wrong({ ...draft, strategy: "SEMANTIC" })).toEqual(["maxTokens", "threshold"]);
});

test("a managed knowledge base has connectors", () => {
  expect(sourceFor({ ...EMPTY, kind: "bucket", bucket: "b12" }, "MANAGED").dataSourceConfiguration).toEqual({
    type: "MANAGED_KNOWLEDGE_BASE_CONNECTOR",
    managedKnowledgeBaseConnectorConfiguration: {
      connectorParameters: { type: "S3", version: "1", connectionConfiguration: { bucketName: "b12" } },
    },
  });
});

test("any text makes a name", () => {
  expect(nameFor("Über uns (2024)")).toBe("Ueber-uns-2024");
  expect(nameFor("***")).toBe("");
});
