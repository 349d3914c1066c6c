/** The beginning. */

import "@cloudscape-design/global-styles/index.css";
import "./style.css";
import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
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

createRoot(document.getElementById("console") as HTMLElement).render(
  <StrictMode>
    <Preferences>
      <Suspense>
        <Speaking />
      </Suspense>
    </Preferences>
  </StrictMode>,
);
