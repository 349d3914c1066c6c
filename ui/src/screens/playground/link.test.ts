import { expect, test } from "vitest";
import { linked, linkTo } from "./link";
import { EMPTY } from "./talk/conversation";

test("a short link that unfolds to more than any conversation opens nothing", async () => {
  const long = { ...EMPTY, turns: [{ id: 0, text: " ".repeat(20 << 20), files: [], answers: {} }] };
  const link = await linkTo(long, "http://craton/console/playground");
  expect(link.length).toBeLessThan(100_000);
  expect(await linked(new URL(link).hash)).toBe("unreadable");
});
