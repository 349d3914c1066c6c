// A machine without models: one is fetched, stopped, fetched again, loaded, asked, unloaded and deleted.
import { writeFileSync } from "node:fs";
import { findings, shot, signIn, travel } from "./browser.mjs";

await travel(async (page) => {
  const found = {};
  await signIn(page, "/console/");
  await page.getByText("No model is installed").waitFor();
  await page.getByText("Processor", { exact: true }).waitFor();
  const offered = await page.locator(".pair").innerText();
  found.empty = await findings(page);
  await shot(page, "home-empty");

  const fetch = page.getByRole("button", { name: "Fetch: SmolLM2 135M" });
  await fetch.click();
  await page.getByText("50%").waitFor();
  const progress = await page.getByText(/ MB of /).innerText();
  found.fetching = await findings(page);
  await shot(page, "home-fetching");
  await page.getByRole("button", { name: "Stop: SmolLM2 135M" }).click();
  await fetch.waitFor();
  writeFileSync(process.env.SPEAK, ""); // until now the hub has said nothing more
  await fetch.click();

  await page.getByRole("link", { name: "SmolLM2 135M", exact: true }).click();
  await page.getByRole("button", { name: "Load: SmolLM2 135M" }).click();
  await page.getByText("Memory in use").waitFor();
  await page.getByRole("button", { name: "Unload: SmolLM2 135M" }).waitFor();
  await shot(page, "model-loaded");

  await page.getByRole("link", { name: "Open in the playground" }).click();
  await page.getByRole("textbox", { name: "Your message" }).fill("What is the capital of France?");
  await page.keyboard.press("Enter");
  await page.locator(".figures").waitFor();
  const answer = await page.getByRole("group", { name: "Answer of SmolLM2 135M" }).innerText();
  await page.getByRole("link", { name: "Home", exact: true }).click();
  const light = await page.getByText("Calls arrive").innerText();

  await page.getByRole("link", { name: "SmolLM2 135M", exact: true }).click();
  await page.getByRole("button", { name: "Unload: SmolLM2 135M" }).click();
  await page.getByRole("button", { name: "Load: SmolLM2 135M" }).waitFor();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const dialog = page.getByRole("dialog");
  const warning = await dialog.innerText();
  found.deleting = await findings(page);
  await dialog.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: "Fetch: SmolLM2 135M" }).waitFor();
  return { found, offered, progress, answer, light, warning };
});
