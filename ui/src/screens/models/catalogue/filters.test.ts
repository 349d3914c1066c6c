import { expect, test } from "vitest";
import type { Model } from "../../../api/models";
import type { LocalModel } from "../../../api/shapes";
import { choicesIn, CLEARED, countOf, type Filters, filtersIn, passes } from "./filters";

function model(id: string, about: Partial<Model>, local?: Partial<LocalModel>): Model {
  const its = local && ({ modelId: id, fits: true, shortName: id, ...local } as LocalModel);
  return { id, name: id, state: "installed", task: "TEXT_GENERATION", takes: ["TEXT"], makes: ["TEXT"], ...about, ...(its && { local: its }) };
}

const ALL = [
  model("a.small", { provider: "Ada" }, { sizeBytes: 98e6, licence: "MIT", languages: ["en"] }),
  model("b.large", { provider: "Bee" }, { sizeBytes: 5e9, licence: "Apache-2.0", languages: ["de", "en"], fits: false }),
  model("c.vectors", { task: "EMBEDDING", state: "fetchable", provider: "Ada" }, { sizeBytes: 300e6, licence: "MIT", languages: ["de"] }),
  model("d.far", { state: "remote", provider: "Dee" }),
];

function shown(hash: string): string[] {
  const filters: Filters = filtersIn(new URLSearchParams(hash));
  return ALL.filter((each) => passes(each, filters)).map(({ id }) => id);
}

test("each filter keeps what it says", () => {
  expect(shown("")).toHaveLength(4);
  expect(shown("task=EMBEDDING")).toEqual(["c.vectors"]);
  expect(shown("state=remote")).toEqual(["d.far"]);
  expect(shown("language=de")).toEqual(["b.large", "c.vectors"]);
  expect(shown("size=500000000")).toEqual(["a.small", "c.vectors"]);
  expect(shown("licence=MIT")).toEqual(["a.small", "c.vectors"]);
  expect(shown("provider=Ada&task=TEXT_GENERATION")).toEqual(["a.small"]);
  expect(shown("fits=1")).toEqual(["a.small", "c.vectors", "d.far"]);
  expect(shown("q=ADA+vec")).toEqual(["c.vectors"]);
});

test("only what there is can be chosen", () => {
  expect(choicesIn(ALL)).toEqual({
    task: ["TEXT_GENERATION", "EMBEDDING"],
    state: ["installed", "remote", "fetchable"],
    language: ["de", "en"],
    size: ["250000000", "500000000", "1000000000", "2000000000", "4000000000"],
    licence: ["Apache-2.0", "MIT"],
    provider: ["Ada", "Bee", "Dee"],
  });
  expect(choicesIn([]).size).toEqual([]);
});

test("what is chosen is counted, and cleared by name", () => {
  const filters = filtersIn(new URLSearchParams("task=EMBEDDING&fits=1&q=x"));
  expect(countOf(filters)).toBe(2);
  expect(Object.keys(CLEARED)).toEqual(Object.keys(CLEARED).filter((name) => name in filters));
});
