import { expect, test } from "vitest";
import type { Document } from "../asking";
import { filtersIn, passes } from "./filters";

const document = (id: string, status: string, reason = "") => ({ id, status, reason, source: { id: "S" } }) as Document;

test("the address says which documents are shown", () => {
  const filters = filtersIn(new URLSearchParams("status=failed&find=LOCKED&source=S"));
  expect(passes(document("s3://b/locked.pdf", "FAILED"), filters)).toBe(true);
  expect(passes(document("s3://b/locked.pdf", "INDEXED"), filters)).toBe(false);
  expect(passes(document("other.pdf", "IGNORED", "it is locked"), filters)).toBe(true);
  expect(passes(document("locked.pdf", "FAILED"), { ...filters, source: "T" })).toBe(false);
});

test("an address that says nonsense shows all", () => {
  expect(filtersIn(new URLSearchParams("status=odd"))).toEqual({ find: "", state: "all", source: "" });
});
