import { expect, test } from "vitest";
import { byName } from "./order";

test("2 comes before 10, and Ö is no letter behind Z", () => {
  const sorted = ["zebra", "öl 10", "öl 2", "anker"].toSorted(byName((name) => name));
  expect(sorted).toEqual(["anker", "öl 2", "öl 10", "zebra"]);
});
