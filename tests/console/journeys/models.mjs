// The catalogue filtered by its address, a model that is loaded, measured and unloaded, and a profile of it.
import { endpoint, findings, shot, signIn, travel } from "./browser.mjs";

await travel(async (page) => {
  const found = {};
  const names = () => page.locator("tbody th a").allInnerTexts();
  await signIn(page, "/console/models#task=EMBEDDING", { keep: true });
  await page.getByRole("link", { name: "USE Multilingual v3" }).waitFor();
  const linked = await names();

  await page.getByRole("button", { name: "Task Embeddings" }).click();
  await page.getByRole("option", { name: "Text", exact: true }).click();
  await page.getByRole("checkbox", { name: "Fits this machine" }).check();
  await page.getByPlaceholder("Find models").fill("smol");
  await page.getByText("(1 of ").waitFor();
  const filtered = await names();
  const address = new URL(page.url()).hash;
  found.catalogue = await findings(page);
  await shot(page, "models-filtered");
  await page.reload();
  await page.getByText("(1 of ").waitFor();
  const kept = await names();

  await page.getByRole("link", { name: "SmolLM2 135M" }).click();
  await page.getByRole("button", { name: "Load: SmolLM2 135M" }).click();
  await page.getByRole("button", { name: "Unload: SmolLM2 135M" }).waitFor();
  await page.getByRole("button", { name: "Measure the speed" }).click();
  const speed = await page.getByText(/^[\d.,]+ tokens\/s$/).innerText();
  found.model = await findings(page);
  await shot(page, "model-measured");

  await page.getByRole("link", { name: "Inference profiles" }).click();
  await page.getByRole("button", { name: "Create profile" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill("Harbour team");
  await dialog.getByRole("button", { name: /^Model/ }).click();
  await page.getByRole("option", { name: /SmolLM2 135M/ }).click();
  found.creating = await findings(page);
  await dialog.getByRole("button", { name: "Create profile" }).click();
  await page.getByRole("button", { name: "Delete: Harbour team" }).waitFor();
  found.profiles = await findings(page);
  await shot(page, "models-profiles");
  await page.goto(`${endpoint}/console/models/huggingface.smollm2-135m-instruct-v1%3A0`);
  const leads = await page.locator(".leads").getByText("Harbour team").innerText();

  await page.getByRole("button", { name: "Unload: SmolLM2 135M" }).click();
  await page.getByRole("button", { name: "Load: SmolLM2 135M" }).waitFor();
  await page.goto(`${endpoint}/console/models#view=profiles`);
  await page.getByRole("button", { name: "Delete: Harbour team" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: "Delete: Harbour team" }).waitFor({ state: "detached" });
  return { found, linked, filtered, address, kept, speed, leads };
});
