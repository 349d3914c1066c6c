// A tool called and answered, an answer in the form of a schema, four models at once, and a link to all of it.
import { findings, shot, signIn, travel } from "./browser.mjs";

await travel(async (page) => {
  const found = {};
  await signIn(page, "/console/playground");
  const message = page.getByRole("textbox", { name: "Your message" });
  const ask = async (text) => {
    await message.fill(text);
    await message.press("Enter");
  };
  await message.waitFor();
  await page.getByRole("button", { name: "Open the settings" }).click();
  await page.getByRole("button", { name: "Tools", exact: true }).click();
  await page.getByLabel("Definitions").fill("[");
  await page.getByText("This is not JSON").waitFor();
  await page.getByText("The settings have a mistake.").waitFor();
  found.mistaken = await findings(page);
  await page.getByRole("button", { name: "Empty it: Tools" }).click();
  await page.getByRole("button", { name: "Insert an example: Tools" }).click();
  await page.getByText("1 tool", { exact: true }).waitFor();

  await ask("How is the weather?");
  const results = page.getByLabel("Result of get_weather");
  await results.nth(1).waitFor();
  await page.locator(".figures").first().getByText("cost").waitFor();
  const calls = await page.getByRole("group", { name: "Input of get_weather" }).allInnerTexts();
  const figures = await page.locator(".figures").first().innerText();
  found.called = await findings(page);
  await shot(page, "playground-tools");
  await results.nth(0).fill('{"sky": "clear"}');
  await results.nth(1).fill("no network");
  await page.getByLabel("The tool failed").nth(1).check();
  await page.getByRole("button", { name: "Send the results" }).click();
  await page.getByText("The sky over Ulm is clear.").waitFor();
  await page.getByText("given as an error").waitFor();
  await page.getByRole("button", { name: "Thinking" }).click();
  await page.getByText("A tool knows that.").waitFor();
  found.answered = await findings(page);
  await page.getByRole("button", { name: "View API call" }).last().click();
  const programs = {};
  for (const name of ["boto3", "AWS CLI", "JavaScript"]) {
    await page.getByRole("tab", { name }).click();
    programs[name] = await page.getByRole("group", { name: `bedrock-runtime · ConverseStream, ${name}` }).innerText();
  }
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Empty it: Tools" }).click();
  await page.getByRole("button", { name: "JSON schema", exact: true }).click();
  await page.getByRole("button", { name: "Insert an example: JSON schema" }).click();
  await ask("Ulm as JSON");
  await page.getByText("Fits the schema").waitFor();
  await ask("Ulm as bad JSON");
  await page.getByText("Does not fit the schema").waitFor();
  const misfits = await page.getByRole("list", { name: "What does not fit" }).innerText();
  found.structured = await findings(page);
  await shot(page, "playground-schema");
  await page.getByRole("button", { name: "Empty it: JSON schema" }).click();
  await page.getByRole("button", { name: "Close the settings" }).click();

  for (const _ of [1, 2, 3]) await page.getByRole("button", { name: "Compare with another" }).click();
  await message.press("ArrowUp");
  const edited = page.getByRole("textbox", { name: "Edit and send again" });
  await edited.fill("Once more");
  await edited.press("Enter");
  await page.locator(".turns > :last-child .figures").nth(3).waitFor();
  const compared = await page.locator(".turns > :last-child .prose").allInnerTexts();
  found.compared = await findings(page);
  await shot(page, "playground-four");

  await ask("Talk slowly.");
  await page.getByText("tick tick tick").nth(3).waitFor();
  await message.press("Escape");
  await page.getByText("Stopped by you").nth(3).waitFor();
  // The ledger knows what an answer used once it has ended.
  await page.locator(".turns > :last-child .figures").nth(3).getByText("cost").waitFor();
  const stopped = await page.locator(".turns > :last-child .figures").last().innerText();

  await page.waitForTimeout(400); // the link is made a moment after the last change
  await page.getByRole("button", { name: "Copy link" }).click();
  const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
  await page.goto("about:blank");
  await signIn(page, link.pathname + link.hash);
  await page.getByText("The sky over Ulm is clear.").waitFor();
  const opened = {
    questions: await page.getByRole("group", { name: /^Message/ }).allInnerTexts(),
    results: await page.getByRole("group", { name: "Result of get_weather" }).allInnerTexts(),
  };
  return { found, calls, figures, programs, misfits, compared, stopped, opened };
});
