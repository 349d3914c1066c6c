import { expect, test } from "vitest";
import { addressOf, asked, filtered, keyOf } from "./filters";

const hash = (text: string) => new URLSearchParams(text);

test("what stands in the address is asked for, by the names of the API", () => {
  expect(asked(hash("model=m&key=AKIA&error=ValidationException&outcome=RUNNING&reads=1"), 0)).toEqual({
    modelId: "m",
    accessKeyId: "AKIA",
    errorCode: "ValidationException",
    outcome: "RUNNING",
  });
});

test("the last hour is counted from now, and goes before other times", () => {
  expect(asked(hash("last=1h&since=2026-01-01T00:00:00Z"), 3_600_000)).toEqual({ since: "1970-01-01T00:00:00.000Z" });
});

test("what no request can have is not asked for", () => {
  expect(asked(hash("outcome=MAYBE&since=yesterday&until=&last=never"), 0)).toEqual({});
});

test("other things in the address change nothing that is asked for", () => {
  expect(keyOf(hash("reads=1&model=m"))).toBe(keyOf(hash("model=m")));
  expect([filtered(hash("reads=1")), filtered(hash("last=1h"))]).toEqual([false, true]);
});

test("the address of a filter leads to it", () => {
  expect(addressOf({ principal: "arn:aws:iam::1:user/ada" })).toBe("/requests#principal=arn%3Aaws%3Aiam%3A%3A1%3Auser%2Fada");
});
