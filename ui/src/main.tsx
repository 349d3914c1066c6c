/** The beginning. */

import "@cloudscape-design/global-styles/index.css";
import "./style.css";
import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { Unbroken } from "./app/Broken";
import { Console } from "./app/Console";
import { Preferences, usePreferences } from "./app/preferences";
import { Spoken } from "./texts/texts";

function Speaking() {
  return (
    <Spoken language={usePreferences().language}>
      <Console />
    </Spoken>
  );
}

/** Where not even the texts of a language could be fetched. */
function Unbegun() {
  return (
    <main className="sign-in">
      <p>The console could not be loaded. Is the server still there?</p>
      <p lang="de">Die Konsole ließ sich nicht laden. Läuft der Server noch?</p>
      <button type="button" onClick={() => location.reload()}>
        Load the page anew / Seite neu laden
      </button>
    </main>
  );
}

createRoot(document.getElementById("console") as HTMLElement).render(
  <StrictMode>
    <Unbroken at="" instead={<Unbegun />}>
      <Preferences>
        <Suspense>
          <Speaking />
        </Suspense>
      </Preferences>
    </Unbroken>
  </StrictMode>,
);
