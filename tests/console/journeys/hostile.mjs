// What comes from elsewhere and means harm: answers, links, addresses, another tab; and a server that sends no screen.
import { endpoint, signIn, travel } from "./browser.mjs";

const { GUARDRAIL, SEARCH } = process.env;

await travel(async (page, context) => {
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const title = (name) => page.getByRole("heading", { level: 1, name }).last().waitFor();

  await signIn(page, "/console/models/%", { keep: true });
  await page.getByText("No model").or(page.getByText("%")).first().waitFor();
  const wrong = await page.locator("#content").innerText();

  await page.goto(endpoint + SEARCH);
  await page.getByText("A link brought this search").waitFor();
  const unasked = asked.filter((path) => path.endsWith("/retrieve")).length;
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await page.getByRole("group", { name: "Result 1" }).waitFor();
  const searched = asked.filter((path) => path.endsWith("/retrieve")).length;
  await page.reload();
  await page.getByRole("group", { name: "Result 1" }).waitFor();

  await page.goto(`${endpoint}/console/playground#model=craton.scripted-v1:0`);
  await page.getByRole("textbox", { name: "Your message" }).fill("Be hostile.");
  await page.keyboard.press("Enter");
  await page.locator(".figures").waitFor();
  const said = await page.locator(".prose").innerText();
  const made = await page.evaluate(() => ({
    ran: globalThis.harm ?? null,
    led: [...document.querySelectorAll("a")].map(({ href }) => href).filter((href) => href && !href.startsWith(location.origin)),
    drawn: document.querySelectorAll(".prose img, .prose a, .prose iframe").length,
  }));
  // By the page itself: the debugger is bound by no policy.
  const evaluated = await page.evaluate(() => new Promise((told) => setTimeout(() => { try { told(eval("1")); } catch { told(null); } })));

  await page.route(/assets\/People-/, (route) => route.abort());
  await page.getByRole("link", { name: "People", exact: true }).click();
  await title("This page could not be shown");
  const attempts = asked.filter((path) => path.includes("/assets/People-") && path.endsWith(".js")).length;
  await page.unroute(/assets\/People-/);
  await page.getByRole("button", { name: "Try again" }).last().click();
  await title("People");

  // A server that is away for a while, twice: while a list is followed, and when somebody comes back.
  const away = page.getByText("The server cannot be reached").first();
  await page.goto(`${endpoint}/console/requests`);
  await page.locator(".requests-line").first().waitFor();
  await page.route(/_craton/, (route) => route.abort());
  await away.waitFor();
  await page.unroute(/_craton/);
  await away.waitFor({ state: "detached" });
  await page.route(/_craton/, (route) => route.fulfill({ status: 503, body: "<html>" }));
  await page.reload();
  await page.getByText("HTTP 503").first().waitFor();
  await page.unroute(/_craton/);
  await page.getByRole("button", { name: "Try again" }).click();
  await title("Requests");

  // Two who change one guardrail, of whom neither knows of the other.
  const describe = async (tab, text) => {
    await tab.getByRole("button", { name: /^Name and messages/ }).first().click();
    await tab.getByLabel(/^Description/).fill(text);
  };
  const save = (tab) => tab.getByRole("button", { name: "Save draft" }).click();
  const other = await context.newPage();
  await signIn(other, `/console/guardrails/${GUARDRAIL}`);
  await page.goto(`${endpoint}/console/guardrails/${GUARDRAIL}`);
  await describe(page, "Mine.");
  await describe(other, "Theirs.");
  await save(other);
  await other.getByText("Draft saved").first().waitFor();
  await other.getByLabel(/^Description/).fill("Theirs, twice.");
  await save(other);
  await other.getByText("Draft saved").first().waitFor();
  const alarms = await other.getByText("Somebody else has saved").count();
  await save(page);
  await page.getByText("Somebody else has saved").waitFor();
  await page.getByRole("button", { name: /^Take over theirs/ }).click();
  const taken = await page.getByLabel(/^Description/).inputValue();

  await page.evaluate(() => (globalThis.here = true));
  await page.getByRole("button", { name: /^Signed in/ }).click();
  await page.getByText("Sign out").click();
  await page.getByLabel("Secret access key").waitFor();
  const left = await page.evaluate(() => [globalThis.here ?? null, sessionStorage.length]);
  return { wrong, unasked, searched, said, made, evaluated, attempts, alarms, taken, left };
});
