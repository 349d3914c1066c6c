/** The texts of one model. */

import { textsOf } from "../../../texts/texts";

const en = {
  machine: {
    title: "On this machine",
    needs: "Memory it needs",
    budget: "Memory for models",
    disk: "Free disk",
    resident: "Memory in use",
    active: "Requests at this moment",
    speed: "Speed",
    rate: (rate: string) => `${rate} tokens/s`,
    first: "First token after",
    fromAnswers: (count: string, until: string) => `Over its last answers (${count}), until ${until}`,
    measured: (at: string) => `Measured ${at}`,
    never: "Not measured yet",
    toolScore: "Tool score",
    toolScoreText: (questions: string) =>
      `How many of ${questions} questions of each category of the Berkeley Function-Calling Leaderboard were answered with just the right calls.`,
    jsonScore: "JSON schema score",
    jsonScoreText: "Of the structured answers that ended by themselves, those that keep to the schema.",
  },
  leads: {
    title: "Ids that lead here",
    text: "Programs may name the model by any of these.",
    itself: "The model itself",
    arn: "Its ARN",
    standIn: "Stands in for",
    more: (count: string) => `${count} more`,
  },
  deletion: {
    title: (name: string) => `Delete ${name}?`,
    text: (size: string) => `Its files are deleted from the server's disk, which frees ${size}. Programs that ask it are refused until it is fetched again.`,
    loaded: "It is in memory and is unloaded first.",
    standIn: (ids: string) => `It stands in for ${ids}: those ids then have nobody to answer.`,
  },
};

const de: typeof en = {
  machine: {
    title: "Auf dieser Maschine",
    needs: "Benötigter Speicher",
    budget: "Speicher für Modelle",
    disk: "Freier Plattenplatz",
    resident: "Belegter Speicher",
    active: "Anfragen in diesem Moment",
    speed: "Tempo",
    rate: (rate) => `${rate} Tokens/s`,
    first: "Erstes Token nach",
    fromAnswers: (count, until) => `Aus den letzten Antworten (${count}), bis ${until}`,
    measured: (at) => `Gemessen ${at}`,
    never: "Noch nicht gemessen",
    toolScore: "Werkzeug-Wertung",
    toolScoreText: (questions) =>
      `Wie viele von je ${questions} Fragen jeder Kategorie des Berkeley Function-Calling Leaderboard mit genau den richtigen Aufrufen beantwortet wurden.`,
    jsonScore: "JSON-Schema-Wertung",
    jsonScoreText: "Der Anteil der strukturierten Antworten, die von selbst endeten und dem Schema entsprechen.",
  },
  leads: {
    title: "IDs, die hierher führen",
    text: "Programme können das Modell unter jeder davon ansprechen.",
    itself: "Das Modell selbst",
    arn: "Sein ARN",
    standIn: "Vertritt",
    more: (count) => `${count} weitere`,
  },
  deletion: {
    title: (name) => `${name} löschen?`,
    text: (size) => `Die Dateien werden von der Platte des Servers gelöscht; das gibt ${size} frei. Programme, die das Modell fragen, werden abgewiesen, bis es wieder geholt ist.`,
    loaded: "Es liegt im Speicher und wird zuerst entladen.",
    standIn: (ids) => `Es vertritt ${ids}: Für diese IDs antwortet danach niemand.`,
  },
};

export const useModelTexts = textsOf({ en, de });
