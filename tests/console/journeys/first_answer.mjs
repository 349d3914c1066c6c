// From the sign-in to the first answer: of a program that was copied from Home, and of the playground.
import { execFileSync } from "node:child_process";
import { findings, shot, signIn, travel } from "./browser.mjs";

await travel(async (page) => {
  const found = {};
  await signIn(page, "/console/", { keep: true, before: async () => (found.signIn = await findings(page)) });
  await page.getByText("Waiting for the first call").waitFor();
  await page.getByText("Loads when it is first asked").first().waitFor();
  found.home = await findings(page);
  await shot(page, "home-waiting");

  const shown = await page.innerText("body");
  await page.getByRole("button", { name: "Copy: 1. The environment" }).click();
  const environment = await page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole("button", { name: "Copy: boto3", exact: true }).click();
  const program = await page.evaluate(() => navigator.clipboard.readText());
  const printed = execFileSync("sh", ["-c", `${environment}\nexec "$PYTHON" -c "$PROGRAM"`], {
    env: { PATH: process.env.PATH, PYTHON: process.env.PYTHON, PROGRAM: program },
    encoding: "utf8",
  });
  await page.getByText("Calls arrive").waitFor();
  const light = await page.getByText(/^Boto3\//).innerText();
  await shot(page, "home");

  await page.getByRole("link", { name: "Try it: SmolLM2 135M" }).click();
  await page.getByRole("button", { name: "Open the settings" }).click();
  await page.getByLabel("Temperature").fill("0");
  await page.getByRole("button", { name: "Close the settings" }).click();
  await page.getByRole("textbox", { name: "Your message" }).fill("What is the capital of France?");
  await page.keyboard.press("Enter");
  const figures = await page.locator(".figures").innerText();
  const answer = await page.getByRole("group", { name: "Answer of SmolLM2 135M" }).innerText();
  found.playground = await findings(page);
  await shot(page, "playground");

  const kept = await page.evaluate(() => ({
    session: Object.keys(sessionStorage),
    local: JSON.stringify(localStorage),
    cookies: document.cookie,
  }));
  const address = page.url();
  await page.reload();
  await page.getByRole("textbox", { name: "Your message" }).waitFor();
  await page.getByRole("button", { name: /^Signed in/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByLabel("Access key id").waitFor();
  const left = await page.evaluate(() => sessionStorage.length);
  return { found, shown, printed, light, figures, answer, kept, address, left };
});
