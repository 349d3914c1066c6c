/** The texts of sensitive information: personal data and patterns. */

import { textsOf } from "../../../../texts/texts";

export const useSensitiveTexts = textsOf({
  en: {
    entities: "Personal data",
    entitiesText: "Masked data becomes its kind in braces, such as {EMAIL}.",
    find: "Find kinds of personal data",
    noMatch: "No kind fits",
    groups: {
      general: "General",
      finance: "Money",
      computing: "Computing",
      us: "United States",
      uk: "United Kingdom",
      canada: "Canada",
    },
    only: "Only those that are on",
    also: "Under numbers of other countries stand the German, Austrian and Swiss ones that mean the same.",
    regexes: "Your patterns",
    regexesText: "Regular expressions of RE2: no look-around and no back-references. Masked text becomes the name in braces.",
    regexName: "Name",
    regexPattern: "Pattern",
    regexDescription: "Description",
    addRegex: "Add a pattern",
    removeRegex: (name: string) => `Remove the pattern ${name}`,
    untitled: "New pattern",
  },
  de: {
    entities: "Persönliche Daten",
    entitiesText: "Maskiertes wird durch seine Art in Klammern ersetzt, etwa {EMAIL}.",
    find: "Arten persönlicher Daten suchen",
    noMatch: "Keine Art passt",
    groups: {
      general: "Allgemein",
      finance: "Geld",
      computing: "Computer",
      us: "USA",
      uk: "Vereinigtes Königreich",
      canada: "Kanada",
    },
    only: "Nur eingeschaltete",
    also: "Unter Nummern anderer Länder stehen auch die deutschen, österreichischen und schweizerischen, die dasselbe bedeuten.",
    regexes: "Ihre Muster",
    regexesText: "Reguläre Ausdrücke von RE2: ohne Look-around und Rückverweise. Maskiertes wird durch den Namen in Klammern ersetzt.",
    regexName: "Name",
    regexPattern: "Muster",
    regexDescription: "Beschreibung",
    addRegex: "Muster hinzufügen",
    removeRegex: (name) => `Muster ${name} entfernen`,
    untitled: "Neues Muster",
  },
});
