/** Code in pieces by kind, for colours. Knows just enough of the languages that the console shows. */

export type CodeLanguage = "python" | "shell" | "javascript";
export type Kind = "comment" | "string" | "word" | "number" | "plain";

const COMMENTS: Record<CodeLanguage, string> = {
  python: "#[^\\n]*",
  shell: "(?<![^\\s])#[^\\n]*",
  javascript: "//[^\\n]*",
};
const WORDS: Record<CodeLanguage, string> = {
  python: "import|from|for|in|as|def|return|with|None|True|False",
  shell: "export|curl|aws|craton|pip|npm",
  javascript: "import|from|const|new|await|for|of|true|false|null",
};
const STRINGS: Record<CodeLanguage, string> = {
  python: '"(?:[^"\\\\\\n]|\\\\.)*"',
  shell: "'[^']*'|\"[^\"]*\"",
  javascript: '"(?:[^"\\\\\\n]|\\\\.)*"',
};
/** In a shell, numbers are parts of words. */
const NUMBERS: Record<CodeLanguage, string> = {
  python: "\\d+(?:\\.\\d+)?",
  shell: "(?!)",
  javascript: "\\d+(?:\\.\\d+)?",
};
const KINDS: Kind[] = ["comment", "string", "word", "number"];

/** Longer code, in characters, has no colours: thousands of pieces would halt the page. */
const LONGEST = 50_000;

export function pieces(code: string, language: CodeLanguage): [Kind, string][] {
  if (code.length > LONGEST) return [["plain", code]];
  const found = new RegExp(
    `(${COMMENTS[language]})|(${STRINGS[language]})|(?<![\\w.-])(${WORDS[language]})(?![\\w-])|(?<![\\w.-])(${NUMBERS[language]})(?![\\w.-])`,
    "g",
  );
  const all: [Kind, string][] = [];
  let from = 0;
  for (const match of code.matchAll(found)) {
    if (match.index > from) all.push(["plain", code.slice(from, match.index)]);
    all.push([KINDS[match.slice(1).findIndex((group) => group !== undefined)] ?? "plain", match[0]]);
    from = match.index + match[0].length;
  }
  if (from < code.length) all.push(["plain", code.slice(from)]);
  return all;
}
