import { expect, test } from "vitest";
import { answersWithText, isBringing, isUnderWay, joined, newestPulls } from "./models";
import type { LocalModel, ModelPull } from "./shapes";

function local(modelId: string, about: Partial<LocalModel> = {}): LocalModel {
  return {
    modelId,
    installed: false,
    loaded: false,
    shortName: modelId,
    task: "TEXT_GENERATION",
    inputModalities: ["TEXT"],
    outputModalities: ["TEXT"],
    status: "FETCHABLE",
    fits: true,
    fit: "FITS",
    recommended: false,
    standsInFor: [],
    inferenceProfiles: [],
    ...about,
  };
}

function pull(pullId: string, name: string, status: ModelPull["status"], modelId?: string): ModelPull {
  return { pullId, name, ...(modelId && { modelId }), status, bytesDone: 0, startedAt: "2026-01-01T00:00:00Z" };
}

test("models that answer are joined with those of the machine", () => {
  const models = joined(
    [
      { modelArn: "", modelId: "here", outputModalities: ["TEXT"] },
      { modelArn: "", modelId: "there", outputModalities: ["EMBEDDING"] },
    ],
    [local("here", { status: "LOADED" }), local("other"), local("coming", { pullId: "p" }), local("judge", { task: "GUARDRAIL", status: "INSTALLED", outputModalities: ["LABELS"] })],
  );
  expect(models.map(({ id, state, task }) => [id, state, task])).toEqual([
    ["here", "loaded", "TEXT_GENERATION"],
    ["there", "remote", "EMBEDDING"],
    ["other", "fetchable", "TEXT_GENERATION"],
    ["coming", "fetching", "TEXT_GENERATION"],
    ["judge", "installed", "GUARDRAIL"],
  ]);
  expect(models.filter(answersWithText).map(({ id }) => id)).toEqual(["here"]);
  expect(models.filter(isUnderWay).map(({ id }) => id)).toEqual(["coming"]);
});

test("of a model's pulls the newest counts", () => {
  const newest = newestPulls([
    pull("4", "hf:o/r/f.gguf", "COMPLETED", "o.f-v1:0"),
    pull("3", "a", "FETCHING", "a"),
    pull("2", "hf:o/r/f.gguf", "FAILED"),
    pull("1", "hf:o/r/g.gguf", "FAILED"),
    pull("0", "a", "FAILED", "a"),
  ]);
  expect([...newest].map(([id, { pullId }]) => [id, pullId])).toEqual([
    ["o.f-v1:0", "4"],
    ["a", "3"],
    ["hf:o/r/g.gguf", "1"],
  ]);
  expect([...newest.values()].filter(isBringing).map(({ pullId }) => pullId)).toEqual(["3"]);
});
