// A guardrail from nothing: made and refused, tried, frozen as a version, compared, used by a program, enforced, deleted.
import { execFileSync } from "node:child_process";
import { findings, shot, signIn, travel } from "./browser.mjs";

const TEXT = "Is durian sold? Write to orla@example.org.";

await travel(async (page) => {
  const found = {};
  await signIn(page, "/console/guardrails");
  await page.getByText("No guardrails yet").waitFor();
  found.empty = await findings(page);
  await page.getByRole("link", { name: "Create guardrail" }).first().click();

  const verdict = page.locator(".verdict");
  const section = (name) => page.getByRole("button", { name, exact: true });
  const choose = async (name, option) => {
    await page.getByRole("button", { name }).click();
    await page.getByRole("option", { name: option, exact: true }).click();
  };
  await page.getByLabel("Name", { exact: true }).fill("help desk");
  await section("Words").click();
  await page.getByLabel("Words to add").fill("durian\nmango");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await section("Sensitive information").click();
  await page.getByLabel("Find kinds of personal data").fill("mail");
  await choose("E-mail addresses: Prompts", "Mask");
  await choose("E-mail addresses: Answers", "Mask");
  await page.getByLabel("Text", { exact: true }).fill(TEXT);
  await page.getByRole("button", { name: "Create and test" }).click();
  const refused = await page.getByText("Member must satisfy regular expression pattern").first().innerText();
  const requestId = await page.getByText("Request id").count();
  found.refused = await findings(page);
  await shot(page, "guardrail-refused");

  await page.getByLabel("Name", { exact: true }).fill("help-desk");
  await page.getByRole("button", { name: "Create and test" }).click();
  await verdict.waitFor();
  const blocked = await verdict.innerText();
  const marks = await page.locator("mark").allInnerTexts();
  const address = new URL(page.url()).pathname;
  found.blocked = await findings(page);
  await shot(page, "guardrail-blocked");

  await page.getByLabel("Text", { exact: true }).fill("Write to orla@example.org.");
  await page.getByLabel("Text", { exact: true }).press("Control+Enter");
  await page.locator(".verdict-masked").waitFor();
  const masked = await verdict.innerText();

  await page.getByRole("tab", { name: /^Versions/ }).click();
  await page.getByRole("button", { name: "Create version" }).click();
  await page.getByRole("dialog").getByLabel("Description").fill("The first");
  await page.getByRole("dialog").getByRole("button", { name: "Create version" }).click();
  await page.getByText("The first").waitFor();

  await page.getByRole("tab", { name: "Policies" }).click();
  await section("Words").click();
  await page.getByRole("button", { name: "Remove durian" }).click();
  const unsaved = await page.getByText("Changes not saved").count();
  await page.getByLabel("Text", { exact: true }).fill(TEXT);
  await page.getByRole("button", { name: "Save and test" }).click();
  await page.locator(".verdict-masked").getByText("durian", { exact: false }).first().waitFor();
  const after = await verdict.innerText();
  await page.getByRole("tab", { name: /^Versions/ }).click();
  await page.getByRole("button", { name: "Compare", exact: true }).click();
  const compared = await page.getByRole("table", { name: "What differs" }).innerText();
  await page.getByRole("button", { name: "Test version 1" }).click();
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await page.locator(".verdict-blocked").waitFor();
  const tested = page.url();
  found.versions = await findings(page);
  await shot(page, "guardrail-versions");

  await page.getByRole("tab", { name: "Use it" }).click();
  await page.getByRole("button", { name: "Copy: Without a model, boto3" }).click();
  const program = await page.evaluate(() => navigator.clipboard.readText());
  const printed = execFileSync(process.env.PYTHON, ["-c", program], { encoding: "utf8" });
  found.use = await findings(page);
  await page.getByRole("link", { name: "Chat with it in the playground" }).click();
  await page.getByRole("textbox", { name: "Your message" }).fill("Is durian sold?");
  await page.keyboard.press("Enter");
  await page.getByText("I cannot talk about this.").waitFor();
  const chat = await page.getByRole("group", { name: /^Answer of/ }).innerText();

  await page.getByRole("link", { name: "Guardrails", exact: true }).first().click();
  await page.getByRole("button", { name: "Enforce a guardrail" }).click();
  await page.getByRole("dialog").getByText("Version 1").waitFor();
  found.enforcing = await findings(page);
  await page.getByRole("dialog").getByRole("button", { name: "Enforce a guardrail" }).click();
  await page.getByText("judges every answer of this account").waitFor();
  await shot(page, "guardrail-enforced");

  const removal = async () => {
    await page.getByRole("link", { name: "help-desk" }).first().click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    const said = await page.getByRole("dialog").innerText();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    return said;
  };
  const goes = await removal();
  await page.getByRole("dialog").getByText("ResourceInUseException").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("link", { name: "Guardrails", exact: true }).first().click();
  await page.getByRole("button", { name: "Stop enforcing" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Stop enforcing" }).click();
  await page.getByText("No guardrail is enforced").waitFor();
  await removal();
  await page.getByText("No guardrails yet").waitFor();
  return { found, refused, requestId, blocked, marks, address, masked, unsaved, after, compared, tested, printed, chat, goes };
});
