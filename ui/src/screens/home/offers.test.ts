import { expect, test } from "vitest";
import type { Model, State } from "../../api/models";
import type { LocalModel } from "../../api/shapes";
import { offersIn } from "./offers";

function model(id: string, state: State, local: Partial<LocalModel>): Model {
  const its = { modelId: id, fits: true, recommended: false, ...local } as LocalModel;
  return { id, name: id, state, task: "TEXT_GENERATION", takes: [], makes: ["TEXT"], local: its };
}

function offered(...models: Model[]): (string | null)[][] {
  return offersIn(models).map(({ model: { id }, why }) => [id, why]);
}

const SMALL = { sizeBytes: 1 };
const GOOD = { sizeBytes: 5, recommended: true };

test("an empty machine is offered the best that fits, and the soonest", () => {
  const large = model("large", "fetchable", { sizeBytes: 9, fits: false });
  expect(offered(large, model("good", "fetchable", GOOD), model("small", "fetchable", SMALL))).toEqual([
    ["good", "recommended"],
    ["small", "quickest"],
  ]);
  expect(offered(model("only", "fetchable", { sizeBytes: 1, recommended: true }))).toEqual([["only", "recommended"]]);
});

test("once one answers only a better one is offered", () => {
  expect(offered(model("small", "installed", SMALL), model("good", "fetchable", GOOD))).toEqual([["good", "recommended"]]);
  expect(offered(model("small", "fetchable", SMALL), model("good", "loaded", GOOD))).toEqual([]);
});

test("what somebody chose is seen until it is here", () => {
  const chosen = model("chosen", "fetching", { sizeBytes: 3 });
  expect(offered(model("small", "fetchable", SMALL), model("good", "fetchable", GOOD), chosen)).toEqual([
    ["good", "recommended"],
    ["small", "quickest"],
    ["chosen", null],
  ]);
});
