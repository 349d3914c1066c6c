// A headless Chromium at the console of a running Craton, and what every journey does there.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../../ui/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, CHROMIUM, SHOTS } = process.env;
export const endpoint = AWS_ENDPOINT_URL;

/** `journey` gets a page; what it returns is printed, with all that the browser complained of. */
export async function travel(journey, options = {}) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  const complaints = [];
  const hosts = new Set();
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-US", ...options });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const page = await context.newPage();
    page.setDefaultTimeout(Number(process.env.PATIENCE ?? 60_000));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    // What the page has made itself, such as the picture of a file, comes from nowhere.
    page.on("request", (request) => request.url().startsWith("blob:") || hosts.add(new URL(request.url()).host));
    const told = await journey(page, context).catch(async (error) => {
      console.error(await page.innerText("body").catch(() => ""), complaints);
      await shot(page, "failed");
      throw error;
    });
    console.log(JSON.stringify({ ...told, complaints, hosts: [...hosts] }));
  } finally {
    await browser.close();
  }
}

/** Without `keep` a reload signs out. `before` is done once the form is there. */
export async function signIn(page, at = "/console/", { keep = false, labels = ENGLISH, secret, before } = {}) {
  await page.goto(endpoint + at);
  await page.getByLabel(labels.id).waitFor();
  await before?.();
  await page.getByLabel(labels.id).fill(AWS_ACCESS_KEY_ID);
  await page.getByLabel(labels.secret).fill(secret ?? AWS_SECRET_ACCESS_KEY);
  if (keep) await page.getByLabel(labels.keep).check();
  await page.getByRole("button", { name: labels.submit, exact: true }).click();
}

const ENGLISH = { id: "Access key id", secret: "Secret access key", keep: /^Stay signed in/, submit: "Sign in" };
export const GERMAN = {
  id: "Zugriffsschlüssel-ID",
  secret: "Geheimer Zugriffsschlüssel",
  keep: /^Angemeldet bleiben/,
  submit: "Anmelden",
};

/** What axe finds that is serious or worse. Its script is put in past the page's policy, by the debugger. */
export async function findings(page) {
  // What is still fading in is too pale for a moment.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().filter(({ effect }) => Number.isFinite(effect.getComputedTiming().endTime)).map(({ finished }) => finished)));
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).slice(0, 3).join(", ")}`);
}

/** A picture of the page, where a folder for them was named. */
export async function shot(page, name) {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png` });
}
