// A list that follows what others ask; a refusal explained; a stream told while it runs; one request's steps, and the playground.
import { endpoint, findings, GERMAN, shot, signIn, travel } from "./browser.mjs";

const { FAILED, SAID, RUNNING } = process.env;
const german = process.env.LOOK === "german";
const look = german
  ? { locale: "de-DE", colorScheme: "dark", viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
  : {};

async function english(page) {
  const found = {};
  await signIn(page, "/console/requests", { keep: true });
  await page.locator(".requests-link").first().waitFor();
  await page.locator(`.requests-link[href$="${RUNNING}"]`).waitFor();
  const running = await page.locator(".requests-line", { has: page.locator(`[href$="${RUNNING}"]`) }).innerText();
  const first = await page.locator(".requests-link").first().getAttribute("href");
  found.list = await findings(page);
  await shot(page, "requests");
  const before = await page.getByRole("grid").getAttribute("aria-rowcount");
  await page.locator(".requests-link").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  const last = await page.evaluate(() => document.activeElement?.closest('[role="row"]')?.getAttribute("aria-rowindex"));
  await page.keyboard.press("Home");

  await page.goto(`${endpoint}/console/requests#outcome=CLIENT_ERROR`);
  await page.locator(`.requests-link[href$="${FAILED}"]`).waitFor();
  const errors = await page.locator(".requests-line .requests-outcome").allInnerTexts();
  await page.locator(`.requests-link[href$="${FAILED}"]`).focus();
  await page.keyboard.press("Enter");
  await page.getByText("The caller may not do bedrock:InvokeModel").waitFor();
  const why = await page.locator("#content").innerText();
  found.failed = await findings(page);
  await shot(page, "request-refused");
  const back = await page.goBack().then(() => page.evaluate(() => location.hash));

  await page.goto(`${endpoint}/console/requests/${SAID}`);
  const step = page.getByRole("button", { name: /^Guardrail on the input/ });
  await step.waitFor();
  const steps = await page.locator(".waterfall-name").evaluateAll((all) => all.map((each) => each.childNodes[1].textContent));
  await step.focus();
  await page.keyboard.press("Enter");
  const told = await page.locator(".waterfall-more").innerText();
  await page.getByRole("button", { name: "Open in the playground" }).waitFor();
  const said = await page.locator("#content").innerText();
  found.said = await findings(page);
  await shot(page, "request");
  await page.getByRole("button", { name: "Open in the playground" }).click();
  await page.getByText("What is a pear?").first().waitFor();
  const play = await page.evaluate(() => location.pathname);
  return { found, running, first, before, last, errors, why, back, steps, told, said, play };
}

async function onAPhone(page) {
  const found = {};
  const widths = {};
  await signIn(page, "/console/requests", { keep: true, labels: GERMAN });
  for (const path of ["/requests", `/requests/${FAILED}`, `/requests/${SAID}`, "/coverage"]) {
    await page.goto(`${endpoint}/console${path}`);
    await page.getByRole("heading", { level: 2 }).first().waitFor();
    found[path] = await findings(page);
    widths[path] = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    await shot(page, `de-phone${path.replaceAll(/[^a-z]+/g, "-")}`);
  }
  return { found, widths };
}

await travel((page) => (german ? onAPhone(page) : english(page)), look);
