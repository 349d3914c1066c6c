/** What is said where anything is found by its name. */

import { textsOf } from "../texts/texts";

export const useFinderTexts = textsOf({
  en: {
    title: "Go to",
    label: "Page, model, guardrail, knowledge base, user or request id",
    text: "Type a part of the name, choose with the arrows, and open it with Enter.",
    groups: { screens: "Pages", models: "Models", guardrails: "Guardrails", knowledge: "Knowledge bases", users: "Users", requests: "Requests" },
    request: (id: string) => `Request ${id}`,
    none: "Nothing here is called that",
  },
  de: {
    title: "Gehe zu",
    label: "Seite, Modell, Guardrail, Wissensdatenbank, Benutzer oder Anfrage-ID",
    text: "Tippen Sie einen Teil des Namens, wählen Sie mit den Pfeiltasten, und öffnen Sie mit Enter.",
    groups: { screens: "Seiten", models: "Modelle", guardrails: "Guardrails", knowledge: "Wissensdatenbanken", users: "Benutzer", requests: "Anfragen" },
    request: (id) => `Anfrage ${id}`,
    none: "Nichts hier heißt so",
  },
});
