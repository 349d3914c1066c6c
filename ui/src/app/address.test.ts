import { expect, test } from "vitest";
import { decoded } from "./address";

test("a part of an address that is written wrongly stands for itself", () => {
  expect(["a%2Fb", "%", "%E0%A4%A", "50%"].map(decoded)).toEqual(["a/b", "%", "%E0%A4%A", "50%"]);
});
