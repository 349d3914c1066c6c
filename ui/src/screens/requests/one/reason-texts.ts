/** Why requests fail, and what helps, in the words of people. */

import type { Reason } from "./reasons";

export interface Told {
  action: string;
  limit: string;
}

type Reasons = Record<Reason, { what: (told: Told) => string; help: (told: Told) => string }>;

const plain = (what: string, help: string) => ({ what: () => what, help: () => help });

export const EN: Reasons = {
  denied: {
    what: ({ action }) => `The caller may not do ${action}`,
    help: () => "No policy allows it. Attach one to the caller, or to a role that the caller takes on. This one is enough:",
  },
  explicitlyDenied: {
    what: ({ action }) => `A policy denies the caller ${action}`,
    help: () => "What one policy denies no other can allow. Change the policy that denies it, or call as somebody else.",
  },
  noAccess: plain("This model is not to be had here", "Nothing on this server stands in for it, or it belongs to another account. Name a model that answers here, or set up a stand-in."),
  quota: {
    what: ({ limit }) => `The quota “${limit}” was used up`,
    help: () => "Wait as long as the answer's Retry-After says, send smaller requests, or raise the quota.",
  },
  budget: {
    what: ({ limit }) => `The budget “${limit}” let it not through`,
    help: () => "Waiting does not help before the next month begins. Raise the budget, or ask a model that costs less.",
  },
  throttled: plain("Too much was asked at once", "Wait a moment and send the request again; the SDKs of AWS do so by themselves."),
  invalid: plain("The request was not valid", "The message below says what is wrong with it and what to send instead. Sent again unchanged it fails again."),
  tooLong: plain("The input was too long for the model", "Send less, or ask a model that takes more tokens."),
  missing: plain("What the request names does not exist", "Check the id and the region: resources are kept by region, and each account sees its own only."),
  conflict: plain("It did not fit the present state of the resource", "Somebody else may have changed it, or it is still being worked on. Look at its state, then send the request again."),
  tooLarge: plain("The request was too large", "Send less at once, or put files into a bucket and name them."),
  unserved: plain("This server does not serve the operation", "API coverage tells which operations are served."),
  cancelled: plain("The client left before it had its answer", "It closed the connection: a timeout of its own, or somebody stopped it. What was made until then is counted."),
  expired: plain("The credentials had expired", "Take new ones, or give the key a later end."),
  notReady: plain("The model was not ready", "It is being loaded or could not be. Send the request again in a while; the models' screen tells how it stands."),
  timeout: plain("It took too long", "Send the request again, ask for a shorter answer, or take a smaller model."),
  dependency: plain("Something that it depends on failed", "A provider, a database or a model in between did not do its part; the message says which."),
  brokeOff: plain("The answer broke off", "It had begun when the model failed, so it was sent with status 200. Send the request again."),
  model: plain("The model failed", "Send the request again. If that happens often, the server's log says more."),
  unavailable: plain("The server could not take it", "It was ending, or lacked memory or disk. Send the request again."),
  failed: plain("The server failed", "The server's log says why, under this request id."),
  refused: plain("The request was refused", "The message below says why."),
};

export const DE: Reasons = {
  denied: {
    what: ({ action }) => `Der Aufrufer darf ${action} nicht`,
    help: () => "Keine Richtlinie erlaubt es. Hängen Sie eine an den Aufrufer an oder an eine Rolle, die er annimmt. Diese genügt:",
  },
  explicitlyDenied: {
    what: ({ action }) => `Eine Richtlinie verbietet dem Aufrufer ${action}`,
    help: () => "Was eine Richtlinie verbietet, kann keine andere erlauben. Ändern Sie die verbietende Richtlinie, oder rufen Sie als jemand anderes auf.",
  },
  noAccess: plain("Dieses Modell gibt es hier nicht", "Nichts auf diesem Server springt dafür ein, oder es gehört einem anderen Konto. Nennen Sie ein Modell, das hier antwortet, oder richten Sie einen Ersatz ein."),
  quota: {
    what: ({ limit }) => `Das Kontingent „${limit}“ war erschöpft`,
    help: () => "Warten Sie so lange, wie Retry-After in der Antwort sagt, senden Sie kleinere Anfragen, oder erhöhen Sie das Kontingent.",
  },
  budget: {
    what: ({ limit }) => `Das Budget „${limit}“ ließ sie nicht durch`,
    help: () => "Warten hilft erst im nächsten Monat. Erhöhen Sie das Budget, oder fragen Sie ein günstigeres Modell.",
  },
  throttled: plain("Es wurde zu viel auf einmal gefragt", "Warten Sie einen Moment, und senden Sie die Anfrage noch einmal; die SDKs von AWS tun das von selbst."),
  invalid: plain("Die Anfrage war nicht gültig", "Die Meldung unten sagt, was daran falsch ist und was stattdessen zu senden ist. Unverändert scheitert sie wieder."),
  tooLong: plain("Die Eingabe war für das Modell zu lang", "Senden Sie weniger, oder fragen Sie ein Modell, das mehr Tokens nimmt."),
  missing: plain("Was die Anfrage nennt, gibt es nicht", "Prüfen Sie ID und Region: Ressourcen sind nach Regionen getrennt, und jedes Konto sieht nur seine eigenen."),
  conflict: plain("Sie passte nicht zum Zustand der Ressource", "Vielleicht hat jemand anderes sie geändert, oder es wird noch daran gearbeitet. Sehen Sie nach ihrem Zustand, und senden Sie die Anfrage dann noch einmal."),
  tooLarge: plain("Die Anfrage war zu groß", "Senden Sie weniger auf einmal, oder legen Sie Dateien in einen Bucket, und nennen Sie sie."),
  unserved: plain("Dieser Server bedient die Operation nicht", "Die API-Abdeckung zeigt, welche Operationen bedient werden."),
  cancelled: plain("Der Client ging, bevor er seine Antwort hatte", "Er schloss die Verbindung: durch eigene Zeitüberschreitung, oder jemand brach ab. Was bis dahin entstand, wird gezählt."),
  expired: plain("Die Zugangsdaten waren abgelaufen", "Holen Sie neue, oder geben Sie dem Schlüssel ein späteres Ende."),
  notReady: plain("Das Modell war nicht bereit", "Es wird noch geladen, oder das Laden ist misslungen. Senden Sie die Anfrage später noch einmal; die Seite der Modelle zeigt, wie es darum steht."),
  timeout: plain("Es dauerte zu lange", "Senden Sie die Anfrage noch einmal, verlangen Sie eine kürzere Antwort, oder nehmen Sie ein kleineres Modell."),
  dependency: plain("Etwas, das sie braucht, ist ausgefallen", "Ein Anbieter, eine Datenbank oder ein Modell dazwischen tat seinen Teil nicht; die Meldung sagt, welches."),
  brokeOff: plain("Die Antwort brach ab", "Sie hatte schon begonnen, als das Modell ausfiel, darum ging sie mit Status 200 hinaus. Senden Sie die Anfrage noch einmal."),
  model: plain("Das Modell ist ausgefallen", "Senden Sie die Anfrage noch einmal. Geschieht es öfter, sagt das Protokoll des Servers mehr."),
  unavailable: plain("Der Server konnte sie nicht annehmen", "Er wurde gerade beendet, oder ihm fehlte Speicher oder Platz. Senden Sie die Anfrage noch einmal."),
  failed: plain("Der Server hat versagt", "Sein Protokoll sagt unter dieser Anfrage-ID, warum."),
  refused: plain("Die Anfrage wurde abgelehnt", "Die Meldung unten sagt, warum."),
};
