// Writes src/api/shapes.ts: the routes and types of Craton's own operations, from the service model that the server reads.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const folder = new URL("../../craton/admin/data/craton/", import.meta.url);
const [version] = readdirSync(folder);
const { operations, shapes } = JSON.parse(readFileSync(new URL(`${version}/service-2.json`, folder), "utf8"));

const PLAIN = {
  blob: "Blob",
  boolean: "boolean",
  double: "number",
  float: "number",
  integer: "number",
  long: "number",
  string: "string",
  timestamp: "string",
};

function typeOf({ shape: name }) {
  const shape = shapes[name];
  if (shape.type === "structure") return shape.document ? "unknown" : name;
  if (shape.type === "list") return `${typeOf(shape.member)}[]`.replace(/^(.* \| .*)\[\]$/, "($1)[]");
  if (shape.type === "map") return `Record<string, ${typeOf(shape.value)}>`;
  if (shape.enum) return shape.enum.map((value) => JSON.stringify(value)).join(" | ");
  return PLAIN[shape.type];
}

function structure([name, shape]) {
  const required = new Set(shape.required);
  const members = Object.entries(shape.members ?? {}).map(
    ([member, its]) => `  ${member}${required.has(member) ? "" : "?"}: ${typeOf(its)};\n`,
  );
  return members.length ? `export interface ${name} {\n${members.join("")}}\n` : `export type ${name} = Record<never, never>;\n`;
}

function route([name, { http, input }]) {
  const members = Object.entries(input ? (shapes[input.shape].members ?? {}) : {});
  const at = (location) => members.filter(([, its]) => its.location === location).map(([member]) => member);
  const payload = input && shapes[input.shape].payload;
  const query = members.filter(([, its]) => its.location === "querystring");
  for (const [member, its] of [...query, ...members.filter(([, its]) => its.location === "uri")])
    if (its.locationName !== member) throw new Error(`${name} calls ${member} ${its.locationName} on the wire`);
  const said = { method: http.method, path: http.requestUri, query: at("querystring"), payload: payload ?? null };
  return `  ${name}: ${JSON.stringify(said)},\n`;
}

const written = [
  `// Made by tools/shapes.mjs from the service model of ${version}. Change that instead.\n\n`,
  ...Object.entries(shapes)
    .filter(([, shape]) => shape.type === "structure" && !shape.exception && !shape.document)
    .map(structure),
  "\nexport interface Operations {\n",
  ...Object.entries(operations).map(
    ([name, { input, output }]) =>
      `  ${name}: { input: ${input ? typeOf(input) : "Record<never, never>"}; output: ${output ? typeOf(output) : "Record<never, never>"} };\n`,
  ),
  "}\n\nexport interface Route {\n  method: string;\n  path: string;\n  query: string[];\n  payload: string | null;\n}\n",
  "\nexport const routes: Record<keyof Operations, Route> = {\n",
  ...Object.entries(operations).map(route),
  "};\n",
].join("");

const target = new URL("../src/api/shapes.ts", import.meta.url);
writeFileSync(target, written);
