// Usage, keys and people in German, dark and on a phone.
import { endpoint, findings, GERMAN, shot, signIn, travel } from "./browser.mjs";

const SCREENS = {
  "/usage": "Nutzung und Kosten",
  "/usage/budgets": "Nutzung und Kosten",
  "/keys": "Schlüssel",
  "/people": "Personen",
  "/people/users/ada": "ada",
  "/people/roles": "Personen",
  "/people/accounts": "Personen",
};
const phone = { locale: "de-DE", colorScheme: "dark", viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

await travel(async (page) => {
  const found = {};
  const widths = {};
  const told = {};
  await signIn(page, "/console/keys", { keep: true, labels: GERMAN });
  await page.getByRole("heading", { level: 1, name: "Schlüssel" }).waitFor();
  for (const [path, title] of Object.entries(SCREENS)) {
    await page.goto(`${endpoint}/console${path}`);
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
    await page.locator("#content table tbody tr, #content [class*=chart]").first().waitFor();
    found[path] = await findings(page);
    widths[path] = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    told[path] = await page.locator("#content").innerText();
    await shot(page, `de${path.replaceAll(/[^a-z]+/g, "-")}`);
  }
  await page.goto(`${endpoint}/console/people/users/ada`);
  await page.getByRole("button", { name: "Richtlinie anhängen" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: /^Richtlinie/ }).first().click();
  await page.getByRole("option", { name: /AmazonBedrockReadOnly/ }).click();
  found.attach = await findings(page);
  await dialog.getByRole("button", { name: "Richtlinie anhängen" }).click();
  await page.getByText("Nur ansehen").waitFor();
  return { found, widths, told };
}, phone);
