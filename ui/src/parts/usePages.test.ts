import { expect, test } from "vitest";
import { pageIn } from "./usePages";

test("an address that names no page means the first", () => {
  expect(["3", "0", "-1", "x", "1e9", null].map(pageIn)).toEqual([3, 1, 1, 1, 1, 1]);
});
