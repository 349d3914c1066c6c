/** What the screen of API coverage says. */

import { textsOf } from "../../texts/texts";

const en = {
  text: "Every operation of the served services, and how it is served: computed by this server from the service models and its own code.",
  find: "Find operations",
  service: "Service",
  services: "Services",
  operation: "Operation",
  operations: "Operations",
  grade: "Grade",
  refuses: "Refused members",
  share: "Served",
  served: (served: number, all: number) => `${served} of ${all}`,
  count: (shown: number, all: number) => (shown === all ? `(${all})` : `(${shown} of ${all})`),
  grades: { full: "Full", partial: "Partial", refused: "Refused" },
  meaning: {
    full: "Every member of the request is honoured.",
    partial: "The members named are refused when they ask for more than the default.",
    refused: "Answers 501 NotImplementedException and names itself.",
  },
  summary: (served: number, all: number) => `${served} of ${all} operations are served`,
  all: { service: "Any service", grade: "Any grade" },
  noMatch: "No operation fits",
  noMatchText: "Nothing passes these filters.",
  clear: "Clear the filters",
  previous: "Previous page",
  next: "Next page",
  page: (number: number) => `Page ${number}`,
};

const de: typeof en = {
  text: "Jede Operation der bedienten Dienste und wie sie bedient wird: von diesem Server aus den Dienstmodellen und seinem Code berechnet.",
  find: "Operationen suchen",
  service: "Dienst",
  services: "Dienste",
  operation: "Operation",
  operations: "Operationen",
  grade: "Grad",
  refuses: "Abgelehnte Angaben",
  share: "Bedient",
  served: (served, all) => `${served} von ${all}`,
  count: (shown, all) => (shown === all ? `(${all})` : `(${shown} von ${all})`),
  grades: { full: "Voll", partial: "Teilweise", refused: "Abgelehnt" },
  meaning: {
    full: "Jede Angabe der Anfrage wird beachtet.",
    partial: "Die genannten Angaben werden abgelehnt, wenn sie mehr als die Vorgabe verlangen.",
    refused: "Antwortet 501 NotImplementedException und nennt sich.",
  },
  summary: (served, all) => `${served} von ${all} Operationen werden bedient`,
  all: { service: "Jeder Dienst", grade: "Jeder Grad" },
  noMatch: "Keine Operation passt",
  noMatchText: "Nichts entspricht diesen Filtern.",
  clear: "Filter löschen",
  previous: "Vorige Seite",
  next: "Nächste Seite",
  page: (number) => `Seite ${number}`,
};

export const useCoverageTexts = textsOf({ en, de });
