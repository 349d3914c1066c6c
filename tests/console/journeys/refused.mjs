// What somebody sees who gives the wrong secret, and who may not see everything.
import { endpoint, shot, signIn, travel } from "./browser.mjs";

await travel(async (page) => {
  await signIn(page, "/console/", { secret: "wrong" });
  const wrong = await page.getByRole("alert").or(page.locator("[class*=alert]")).first().innerText();
  await shot(page, "refused");

  await page.goto(`${endpoint}/console/`);
  await page.getByRole("radio", { name: "Bedrock API key" }).or(page.getByRole("button", { name: "Bedrock API key" })).first().click();
  await page.getByLabel("API key", { exact: true }).fill(process.env.API_KEY);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("You may not see this").first().waitFor();
  const denied = await page.innerText("body");
  await shot(page, "denied");

  await page.getByRole("link", { name: "Playground", exact: true }).click();
  await page.getByRole("textbox", { name: "Your message" }).fill("Say yes.");
  await page.keyboard.press("Enter");
  await page.locator(".figures").waitFor();
  const kept = await page.evaluate(() => sessionStorage.length);
  return { wrong, denied, kept };
});
