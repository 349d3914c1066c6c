// Each screen in German, dark and on a phone; and in English at a desk.
import { endpoint, findings, GERMAN, shot, signIn, travel } from "./browser.mjs";

const german = process.env.LOOK === "german";
const look = german
  ? { locale: "de-DE", colorScheme: "dark", viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
  : {};
const SCREENS = {
  "/": german ? "Start" : "Home",
  "/playground": "Playground",
  "/models": german ? "Modelle" : "Models",
  "/models/huggingface.smollm2-135m-instruct-v1%3A0": "SmolLM2 135M",
  "/knowledge": german ? "Wissensdatenbanken" : "Knowledge bases",
  "/knowledge/new": german ? "Wissensdatenbank erstellen" : "Create knowledge base",
  "/guardrails": "Guardrails",
  "/guardrails/new": german ? "Neue Guardrail" : "New guardrail",
  "/requests": german ? "Anfragen" : "Requests",
  "/usage": german ? "Nutzung und Kosten" : "Usage and cost",
  "/keys": german ? "Schlüssel" : "Keys",
  "/people": german ? "Personen" : "People",
  "/coverage": german ? "API-Abdeckung" : "API coverage",
  "/nowhere": german ? "Diese Seite gibt es nicht" : "There is no such page",
};

await travel(async (page) => {
  const found = {};
  const widths = {};
  const titles = {};
  await signIn(page, "/console/", { keep: true, ...(german && { labels: GERMAN }) });
  await page.getByRole("heading", { level: 1, name: SCREENS["/"] }).waitFor();
  for (const [path, title] of Object.entries(SCREENS)) {
    await page.goto(`${endpoint}/console${path}`);
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
    await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => {}); // Home asks again and again
    found[path] = await findings(page);
    widths[path] = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    titles[path] = await page.title();
    await shot(page, `${german ? "de" : "en"}${path.replaceAll(/[^a-z]+/g, "-")}`);
  }
  const language = await page.evaluate(() => document.documentElement.lang);
  const dark = await page.evaluate(() => document.body.classList.contains("awsui-dark-mode"));
  return { found, widths, titles, language, dark };
}, look);
