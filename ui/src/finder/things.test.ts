import { expect, test } from "vitest";
import { isRequestId, matching, type Thing } from "./things";

test("all words of what was typed are in the name or the id, and of each kind only some are told", () => {
  const named = (name: string): Thing => ({ kind: "models", name, id: name, address: "" });
  const all = ["Qwen Coder 1.5B", "Qwen Coder 0.5B", "SmolLM2"].map(named);
  expect(matching(all, "coder  qwen").map(({ name }) => name)).toEqual(["Qwen Coder 1.5B", "Qwen Coder 0.5B"]);
  expect(matching(Array.from({ length: 60 }, (_, number) => named(`m${number}`)), "m")).toHaveLength(8);
});

test("the id of a request is known by its form", () => {
  expect(isRequestId(" 7d6b3a5e-0c1f-4e53-9a52-0f6f2f1a9b10 ")).toBe(true);
  expect(["", "qwen", "7d6b3a5e-0c1f-4e53-9a52"].some(isRequestId)).toBe(false);
});
