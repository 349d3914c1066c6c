// Every address of the guardrails in German, dark and on a phone, with all that folds opened.
import { endpoint, findings, GERMAN, shot, signIn, travel } from "./browser.mjs";

const { GUARDRAIL } = process.env;
const PLACES = {
  list: "/guardrails",
  policies: `/guardrails/${GUARDRAIL}`,
  versions: `/guardrails/${GUARDRAIL}#tab=versions`,
  use: `/guardrails/${GUARDRAIL}#tab=use`,
  details: `/guardrails/${GUARDRAIL}#tab=details`,
  reasoning: "/guardrails/reasoning",
};
const look = { locale: "de-DE", colorScheme: "dark", viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

await travel(async (page) => {
  const found = {};
  const widths = {};
  await signIn(page, "/console/guardrails", { keep: true, labels: GERMAN });
  await page.getByRole("heading", { level: 1, name: "Guardrails" }).waitFor();
  const looked = async (name) => {
    found[name] = await findings(page);
    widths[name] = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    await shot(page, `guardrails-${name}-phone`);
  };
  for (const [name, path] of Object.entries(PLACES)) {
    await page.goto("about:blank");
    await page.goto(`${endpoint}/console${path}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    if (name === "policies") {
      for (const title of ["Inhaltsfilter", "Verbotene Themen", "Wörter", "Vertrauliche Angaben", "Quellentreue und Relevanz"]) {
        await page.getByRole("button", { name: title, exact: true }).click();
      }
      await page.getByLabel("Text", { exact: true }).fill("Das Losungswort ist Schwertfisch, Ticket T-123456.");
      await page.getByRole("button", { name: "Testen", exact: true }).click();
      await page.locator(".verdict-blocked").waitFor();
    }
    if (name === "versions") {
      await page.getByRole("button", { name: "Vergleichen", exact: true }).click();
      await page.getByRole("table", { name: "Was sich unterscheidet" }).waitFor();
    }
    await page.waitForLoadState("networkidle");
    await looked(name);
    if (name === "policies") found.verdict = [await page.locator(".verdict").innerText()].filter((text) => !text.includes("Entschieden von: Wörter"));
  }
  return { found, widths };
}, look);
