/** What the steps of a request are called. Those of other makes keep their own names. */

import type { RequestSpan } from "../../../api/shapes";

type Steps = Record<(typeof NAMES)[number], string>;

const NAMES = [
  "door",
  "admission",
  "queue",
  "parsing",
  "engine",
  "engine.embeddings",
  "engine.prefill",
  "engine.decode",
  "guardrail",
  "guardrail.INPUT",
  "guardrail.OUTPUT",
  "retrieval",
  "retrieval.decomposition",
  "retrieval.implicit_filter",
  "retrieval.embed",
  "retrieval.vector",
  "retrieval.words",
  "retrieval.rerank",
  "retrieval.parents",
  "retrieval.write_sql",
  "retrieval.run_sql",
] as const;

export const EN: Steps = {
  door: "The whole request",
  admission: "Quotas and budgets",
  queue: "Waits for the model",
  parsing: "Reads a document",
  engine: "Model at work",
  "engine.embeddings": "Makes vectors",
  "engine.prefill": "Reads the input",
  "engine.decode": "Writes the answer",
  guardrail: "Guardrail",
  "guardrail.INPUT": "Guardrail on the input",
  "guardrail.OUTPUT": "Guardrail on the answer",
  retrieval: "Knowledge base",
  "retrieval.decomposition": "Takes the question apart",
  "retrieval.implicit_filter": "Writes a filter",
  "retrieval.embed": "Makes a vector of the question",
  "retrieval.vector": "Searches by meaning",
  "retrieval.words": "Searches by words",
  "retrieval.rerank": "Ranks what was found",
  "retrieval.parents": "Fetches the passages",
  "retrieval.write_sql": "Writes a query in SQL",
  "retrieval.run_sql": "Runs the query",
};

export const DE: Steps = {
  door: "Die ganze Anfrage",
  admission: "Kontingente und Budgets",
  queue: "Wartet auf das Modell",
  parsing: "Liest ein Dokument",
  engine: "Modell arbeitet",
  "engine.embeddings": "Erzeugt Vektoren",
  "engine.prefill": "Liest die Eingabe",
  "engine.decode": "Schreibt die Antwort",
  guardrail: "Guardrail",
  "guardrail.INPUT": "Guardrail auf die Eingabe",
  "guardrail.OUTPUT": "Guardrail auf die Antwort",
  retrieval: "Wissensdatenbank",
  "retrieval.decomposition": "Zerlegt die Frage",
  "retrieval.implicit_filter": "Schreibt einen Filter",
  "retrieval.embed": "Erzeugt einen Vektor der Frage",
  "retrieval.vector": "Sucht nach Bedeutung",
  "retrieval.words": "Sucht nach Wörtern",
  "retrieval.rerank": "Ordnet die Treffer",
  "retrieval.parents": "Holt die Passagen",
  "retrieval.write_sql": "Schreibt eine SQL-Abfrage",
  "retrieval.run_sql": "Führt die Abfrage aus",
};

const KINDS = ["craton.guardrail.source", "gen_ai.operation.name"];

/** By what a step says of itself, else by its name. */
export function namer(steps: Steps): (span: RequestSpan) => string {
  const known: Record<string, string | undefined> = steps;
  return ({ name, attributes }) => {
    const finer = KINDS.map((kind) => known[`${name}.${attributes[kind]}`]).find(Boolean);
    return finer ?? known[name] ?? name;
  };
}
