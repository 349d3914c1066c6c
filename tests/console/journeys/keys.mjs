// From nothing to a key with a limit, which is then hit; rotated, which makes no fresh limit of it, and deleted with all that was made for it.
import { endpoint, findings, shot, signIn, travel } from "./browser.mjs";

const { MODEL } = process.env;
const ask = (key) =>
  fetch(`${endpoint}/model/${encodeURIComponent(MODEL)}/converse`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ messages: [{ role: "user", content: [{ text: "Say yes." }] }], inferenceConfig: { maxTokens: 4 } }),
  });

await travel(async (page, context) => {
  const found = {};
  const dialog = page.getByRole("dialog");
  const create = page.getByRole("button", { name: "Create key", exact: true });
  const secret = () => dialog.getByRole("group", { name: "Secret", exact: true }).innerText();
  const done = () => dialog.getByRole("button", { name: "Done" }).click();
  await signIn(page, "/console/keys", { keep: true });

  await create.first().click();
  await dialog.getByLabel("Requests a minute").waitFor();
  found.create = await findings(page);
  await dialog.getByRole("button", { name: "Create key" }).click();
  const inTwoClicks = await ask(await secret());
  const code = await dialog.getByRole("group", { name: "For the environment of your program" }).innerText();
  found.made = await findings(page);
  await shot(page, "keys-made");
  await done();

  await create.first().click();
  await dialog.getByLabel("Name").fill("limited-app");
  await dialog.getByLabel("Requests a minute").fill("1");
  await dialog.getByLabel("Tokens a day").fill("many");
  const wrong = await dialog.getByText("A whole number, or nothing.").first().innerText();
  await dialog.getByLabel("Tokens a day").fill("50000");
  await dialog.getByRole("button", { name: "Create key" }).click();
  const limited = await secret();
  await done();
  const row = page.getByRole("row", { name: /limited-app/ });
  await row.getByText("Only ask models").waitFor();
  const listed = await row.innerText();
  await shot(page, "keys");

  const statuses = [(await ask(limited)).status, (await ask(limited)).status];
  const theirs = await context.newPage();
  await theirs.goto(`${endpoint}/console/playground#model=${encodeURIComponent(MODEL)}`);
  await theirs.evaluate(() => sessionStorage.clear());
  await theirs.getByRole("radio", { name: "Bedrock API key" }).or(theirs.getByRole("button", { name: "Bedrock API key" })).first().click();
  await theirs.getByLabel("API key", { exact: true }).fill(limited);
  await theirs.getByRole("button", { name: "Sign in", exact: true }).click();
  await theirs.getByRole("textbox", { name: "Your message" }).fill("Say yes.");
  await theirs.keyboard.press("Enter");
  const refused = await theirs.locator(".turns [class*=awsui_alert]").first().innerText();
  await shot(theirs, "keys-refused");
  await theirs.close();

  await row.getByRole("link", { name: "limited-app" }).click();
  await page.getByText("A limit is reached").waitFor();
  await page.getByText("429 ThrottlingException").first().waitFor();
  await page.getByText("Invocations", { exact: true }).waitFor();
  found.key = await findings(page);
  const shown = await page.locator("#content").innerText();
  await shot(page, "key");

  await page.getByRole("button", { name: /^Actions/ }).click();
  await page.getByRole("menuitem", { name: "Rotate" }).click();
  const told = await dialog.innerText();
  await dialog.getByRole("button", { name: "Rotate" }).click();
  const renewed = await secret();
  await done();
  await page.getByText("Counted together with").waitFor();
  const rotated = { told, at: new URL(page.url()).pathname, shown: await page.locator("#content").innerText(), isKnown: (await ask(renewed)).status !== 403 };
  found.rotated = await findings(page);
  await shot(page, "key-rotated");

  const remove = async (words) => {
    await page.getByRole("button", { name: /^Actions/ }).first().click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await dialog.getByText(words).waitFor();
    const warned = await dialog.innerText();
    found[words] = await findings(page);
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("heading", { level: 1, name: /^Keys/ }).waitFor();
    return warned;
  };
  const stays = await remove("The limits that it shares with");
  await row.getByText("1 requests/min").waitFor();
  await row.getByRole("link", { name: "limited-app" }).click();
  await page.getByText("About this key").waitFor();
  const goes = await remove("goes with it");
  await row.waitFor({ state: "detached" });
  return { found, code, wrong, listed, statuses, refused, shown, rotated, stays, goes, inTwoClicks: inTwoClicks.status };
});
