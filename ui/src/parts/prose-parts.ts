/** What a model writes, in parts: text, and code between fences. A fence that is not yet closed is open to the end. */

import type { CodeLanguage } from "../code/highlight";

export type Part = { kind: "text"; text: string } | { kind: "code"; text: string; language: CodeLanguage | null };

const LANGUAGES: Record<string, CodeLanguage> = {
  bash: "shell",
  console: "shell",
  javascript: "javascript",
  js: "javascript",
  py: "python",
  python: "python",
  sh: "shell",
  shell: "shell",
  ts: "javascript",
  typescript: "javascript",
};

export function parts(text: string): Part[] {
  const all: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(/^```([\w+-]*)[^\n`]*\n([\s\S]*?)(?:^```[ \t]*$\n?|(?![\s\S]))/gm)) {
    add(text.slice(from, match.index));
    all.push({ kind: "code", text: (match[2] ?? "").replace(/\n$/, ""), language: LANGUAGES[(match[1] ?? "").toLowerCase()] ?? null });
    from = match.index + match[0].length;
  }
  add(text.slice(from));
  return all;

  function add(plain: string): void {
    const trimmed = plain.replace(/^\n+|\s+$/g, "");
    if (trimmed) all.push({ kind: "text", text: trimmed });
  }
}

export type Span = { kind: "plain" | "strong" | "code"; text: string };

/** Longer texts, in characters, stay as they are: thousands of spans would halt the page. */
const LONGEST = 50_000;

/** `**strong**` and `` `code` `` within a text. */
export function spans(text: string): Span[] {
  if (text.length > LONGEST) return [{ kind: "plain", text }];
  const all: Span[] = [];
  let from = 0;
  for (const match of text.matchAll(/`([^`\n]+)`|\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*/g)) {
    if (match.index > from) all.push({ kind: "plain", text: text.slice(from, match.index) });
    all.push(match[1] === undefined ? { kind: "strong", text: match[2] ?? "" } : { kind: "code", text: match[1] });
    from = match.index + match[0].length;
  }
  if (from < text.length) all.push({ kind: "plain", text: text.slice(from) });
  return all;
}
