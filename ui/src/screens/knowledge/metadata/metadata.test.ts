import { expect, test } from "vitest";
import { isWrong, metadataOf, mistakesIn, NO_ROW, NOTHING, numberIn, type Row } from "./metadata";

const row = (key: string, type: Row["type"], value: string): Row => ({ key, type, value });

test("attributes have the type that was chosen, whatever they look like", () => {
  const rows = [row(" year ", "NUMBER", "20,5"), row("code", "STRING", "2024"), row("draft", "BOOLEAN", ""), row("topics", "STRING_LIST", "loans\n\n a, b "), NO_ROW];
  expect(mistakesIn(rows)).toEqual([{}, {}, {}, {}, {}]);
  expect(metadataOf({ ...NOTHING, rows })).toEqual({
    attributes: [
      { key: "year", value: { type: "NUMBER", numberValue: 20.5 } },
      { key: "code", value: { type: "STRING", stringValue: "2024" } },
      { key: "draft", value: { type: "BOOLEAN", booleanValue: false } },
      { key: "topics", value: { type: "STRING_LIST", stringListValue: ["loans", "a, b"] } },
    ],
  });
  expect(metadataOf(NOTHING)).toEqual({});
});

test("what the server would refuse is told at its row", () => {
  const many = Array.from({ length: 11 }, (_, place) => `t${place}`).join("\n");
  const rows = [row("", "STRING", "x"), row("a", "NUMBER", "many"), row("a", "STRING", ""), row("x-amz-bedrock-kb-page", "BOOLEAN", "true"), row("l", "STRING_LIST", many)];
  expect(mistakesIn(rows)).toEqual([{ key: "missing" }, { key: "twice", value: "number" }, { key: "twice", value: "missing" }, { key: "taken" }, { value: "many" }]);
  expect(isWrong({ ...NOTHING, rows })).toBe(true);
  expect([numberIn("1e3"), numberIn("0x10"), numberIn("1e999"), numberIn("")]).toEqual([1000, undefined, undefined, undefined]);
});

test("a list of users is sent only where the document is not everybody's, and then it must allow somebody", () => {
  const named = { ...NOTHING, allowed: "ada@example.com\n", denied: "bob@example.com" };
  expect(metadataOf(named)).toEqual({});
  expect(metadataOf({ ...named, restricted: true })).toEqual({
    accessControlList: [
      { name: "ada@example.com", type: "USER", access: "ALLOW" },
      { name: "bob@example.com", type: "USER", access: "DENY" },
    ],
  });
  expect([named, { ...named, restricted: true }, { ...named, restricted: true, allowed: " " }].map(isWrong)).toEqual([false, false, true]);
});
