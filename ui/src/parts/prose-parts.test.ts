import { expect, test } from "vitest";
import { pieces } from "../code/highlight";
import { parts, spans } from "./prose-parts";

test("text and code between fences", () => {
  expect(parts("Look:\n\n```py\nx = 1\n```\nDone.")).toEqual([
    { kind: "text", text: "Look:" },
    { kind: "code", text: "x = 1", language: "python" },
    { kind: "text", text: "Done." },
  ]);
});

test("a fence that is still being written is code to the end", () => {
  expect(parts("```\nif a:\n  b")).toEqual([{ kind: "code", text: "if a:\n  b", language: null }]);
});

test("markup is text", () => {
  expect(parts("<img src=x onerror=alert(1)>")).toEqual([{ kind: "text", text: "<img src=x onerror=alert(1)>" }]);
});

test("strong words and code within a line, and stars that are only stars", () => {
  expect(spans("**Bold** and `a*b*c`, 2 ** 3 ** 4")).toEqual([
    { kind: "strong", text: "Bold" },
    { kind: "plain", text: " and " },
    { kind: "code", text: "a*b*c" },
    { kind: "plain", text: ", 2 ** 3 ** 4" },
  ]);
});

test("what is very long is shown as it is", () => {
  const long = "`a` **b** ".repeat(10_000);
  expect(spans(long)).toEqual([{ kind: "plain", text: long }]);
  expect(pieces("x = 1\n".repeat(10_000), "python")).toHaveLength(1);
});
