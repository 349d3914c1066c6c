import { expect, test } from "vitest";
import { rowAfter, rowsIn, scrolledTo } from "./window";

test("what is seen of a long list, and a few rows around it", () => {
  expect(rowsIn(0, 400, 40, 10_000)).toEqual({ first: 0, end: 14 });
  expect(rowsIn(40_000, 400, 40, 10_000)).toEqual({ first: 996, end: 1014 });
  expect(rowsIn(0, 400, 40, 3)).toEqual({ first: 0, end: 3 });
  expect(rowsIn(9000, 400, 40, 0)).toEqual({ first: 0, end: 0 });
});

test("a row is scrolled to only as far as it must be", () => {
  expect(scrolledTo(5, 0, 400, 40, 30)).toBeNull();
  expect(scrolledTo(9, 0, 400, 40, 30)).toBe(30);
  expect(scrolledTo(2, 200, 400, 40, 30)).toBe(80);
});

test("keys lead from row to row and stay in the list", () => {
  expect(rowAfter("ArrowDown", 3, 10, 5)).toBe(4);
  expect(rowAfter("PageDown", 3, 10, 5)).toBe(4);
  expect(rowAfter("ArrowUp", 0, 10, 5)).toBe(0);
  expect(rowAfter("Home", 4, 10, 5)).toBe(0);
  expect(rowAfter("a", 4, 10, 5)).toBeNull();
});
