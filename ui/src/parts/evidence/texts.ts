/** What was found, in plain words. */

import { textsOf } from "../../texts/texts";

export const useEvidenceTexts = textsOf({
  en: {
    actions: { BLOCKED: "Blocked", ANONYMIZED: "Masked", NONE: "Only noticed" },
    passed: "Let through",
    times: (times: number) => `${times} times`,
    confidence: { NONE: "no", LOW: "low", MEDIUM: "medium", HIGH: "high" } as Record<string, string>,
    content: (confidence: string) => `Judged with ${confidence} confidence.`,
    contentAt: (confidence: string, strength: string, from: string) =>
      `Judged with ${confidence} confidence; at strength ${strength} this filter acts from ${from} confidence on.`,
    topic: "The text is about a topic that is denied.",
    noTopic: "The text is not about this topic.",
    word: "Stands on the guardrail's own list of words.",
    list: "Stands on the list of profanity.",
    entity: "Personal data of this kind.",
    regex: "Matches this regular expression.",
    absent: "Nothing of this kind was found.",
    score: (score: string, threshold: string, enough: boolean) =>
      enough ? `Score ${score}; ${threshold} is needed.` : `Score ${score}, below the ${threshold} that is needed.`,
    found: "Found",
    marked: "The text with what was found",
    reasoned: {
      premises: "Premises, as they were read",
      claims: "Claims, as they were read",
      untranslated: "Not read",
      supporting: "By the rules",
      contradicting: "Against the rules",
      trueWhen: "True, for example, when",
      falseWhen: "False, for example, when",
      differs: "The readings differ when",
    },
  },
  de: {
    actions: { BLOCKED: "Blockiert", ANONYMIZED: "Maskiert", NONE: "Nur gemeldet" },
    passed: "Durchgelassen",
    times: (times) => `${times}-mal`,
    confidence: { NONE: "keiner", LOW: "geringer", MEDIUM: "mittlerer", HIGH: "hoher" },
    content: (confidence) => `Mit ${confidence} Sicherheit erkannt.`,
    contentAt: (confidence, strength, from) =>
      `Mit ${confidence} Sicherheit erkannt; bei ${strength} Stärke greift dieser Filter ab ${from} Sicherheit.`,
    topic: "Der Text handelt von einem verbotenen Thema.",
    noTopic: "Der Text handelt nicht von diesem Thema.",
    word: "Steht auf der Wortliste dieser Guardrail.",
    list: "Steht auf der Liste der Schimpfwörter.",
    entity: "Eine Angabe dieser Art.",
    regex: "Passt auf diesen regulären Ausdruck.",
    absent: "Davon wurde nichts gefunden.",
    score: (score, threshold, enough) =>
      enough ? `Wert ${score}; nötig sind ${threshold}.` : `Wert ${score}, weniger als die nötigen ${threshold}.`,
    found: "Gefunden",
    marked: "Der Text mit dem, was gefunden wurde",
    reasoned: {
      premises: "Voraussetzungen, wie sie gelesen wurden",
      claims: "Aussagen, wie sie gelesen wurden",
      untranslated: "Nicht gelesen",
      supporting: "Nach den Regeln",
      contradicting: "Gegen die Regeln",
      trueWhen: "Wahr zum Beispiel, wenn",
      falseWhen: "Falsch zum Beispiel, wenn",
      differs: "Die Lesarten unterscheiden sich, wenn",
    },
  },
});

export type EvidenceTexts = ReturnType<typeof useEvidenceTexts>;
