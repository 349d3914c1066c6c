// Two answers side by side, one that is stopped, a message that is mended, and the link to all of it.
import { findings, shot, signIn, travel } from "./browser.mjs";

await travel(async (page) => {
  await signIn(page, "/console/playground");
  const message = page.getByRole("textbox", { name: "Your message" });
  await message.waitFor();
  await page.getByRole("button", { name: "Open the settings" }).click();
  await page.getByLabel("System prompt").fill("Answer in one word.");
  await page.getByLabel("Most tokens").fill("12");
  await page.getByLabel("Temperature").fill("0");
  const settings = await findings(page);
  await shot(page, "playground-settings");
  await page.getByRole("button", { name: "Close the settings" }).click();

  await page.getByRole("button", { name: "Compare with another" }).click();
  await message.fill("Name a colour.");
  await page.keyboard.press("Enter");
  await page.locator(".figures").nth(1).waitFor();
  const figures = await page.locator(".figures").allInnerTexts();
  const compared = await findings(page);
  await shot(page, "playground-compared");

  await page.getByRole("button", { name: "View API call" }).first().click();
  const code = await page.getByRole("group", { name: "bedrock-runtime · ConverseStream, boto3" }).innerText();
  const shown = await findings(page);
  await shot(page, "api-call");
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Edit and send again" }).click();
  await page.getByRole("textbox", { name: "Edit and send again" }).fill("Name a fruit.");
  await page.getByRole("button", { name: "Save and send" }).click();
  await page.locator(".figures").nth(1).waitFor();
  const questions = await page.getByRole("group", { name: /^Message/ }).allInnerTexts();

  await page.getByRole("button", { name: "Open the settings" }).click();
  await page.getByLabel("Most tokens").fill("4000");
  await page.getByLabel("Temperature").fill("1");
  await page.getByLabel("System prompt").fill("Tell very long stories.");
  await message.fill("Tell me a story of a thousand words.");
  await message.press("Enter");
  await page.getByRole("button", { name: "Stop", exact: true }).waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll(".prose")].slice(-2).some((prose) => prose.textContent.length > 20));
  await message.press("Escape");
  await page.getByText("Stopped by you").first().waitFor();
  const stopped = await page.getByText("Stopped by you").count();

  await page.waitForTimeout(400); // the link is made a moment after the last change
  await page.getByRole("button", { name: "Copy link" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto("about:blank");
  await signIn(page, new URL(link).pathname + new URL(link).hash);
  await page.getByText("Name a fruit.").waitFor();
  const opened = await page.getByRole("group", { name: /^Message/ }).allInnerTexts();
  return { found: { settings, compared, shown }, figures, code, questions, stopped, link, opened };
});
