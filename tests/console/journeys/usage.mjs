// What was used: by model and by key, as a chart, a table and a file; and a budget that is edited in place.
import { readFile } from "node:fs/promises";
import { endpoint, findings, shot, signIn, travel } from "./browser.mjs";

await travel(async (page) => {
  const found = {};
  const table = (name) => page.getByRole("grid", { name }).or(page.getByRole("table", { name }));
  await signIn(page, "/console/usage", { keep: true });
  await table("By model").getByRole("button", { name: /^Only/ }).first().waitFor();
  const shown = await page.locator("#content").innerText();
  found.report = await findings(page);
  await shot(page, "usage");
  await page.getByText("The chart as a table").click();
  const chart = await table("Cost over time").innerText();

  await page.getByRole("button", { name: /^Group by/ }).click();
  await page.getByRole("option", { name: "Metadata app" }).click();
  await table("By metadata app").getByRole("button", { name: "Only shop" }).click();
  await page.waitForURL(/metadata%3Aapp=shop/);
  await table("By metadata app").getByText("desk").waitFor({ state: "detached" });
  const narrowed = await table("By metadata app").innerText();
  const address = page.url();

  const waiting = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: /FOCUS/ }).click();
  const download = await waiting;
  const file = await readFile(await download.path(), "utf8");

  await page.getByRole("tab", { name: "Invocations" }).click();
  await table("Invocations").getByText("Succeeded").first().waitFor();
  const invocations = await table("Invocations").getByRole("row").count();
  found.invocations = await findings(page);

  await page.goto(`${endpoint}/console/usage/budgets`);
  const edit = page.getByRole("button", { name: "Edit Amount a month of harbour" });
  await edit.click();
  await page.getByRole("textbox", { name: "Amount a month" }).fill("much");
  const wrong = await page.getByText("An amount such as 250 or 12.50.").first().innerText();
  await page.getByRole("textbox", { name: "Amount a month" }).fill("7500,5");
  await page.getByRole("button", { name: "Save" }).click();
  await table("Budgets").getByText("€7,500.50").first().waitFor();
  found.budgets = await findings(page);
  await shot(page, "budgets");

  await page.goto(`${endpoint}/console/usage/quotas`);
  await page.getByRole("button", { name: "Create quota" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill("harbour");
  await dialog.getByLabel("Tokens a day").fill("90000");
  found.quota = await findings(page);
  await dialog.getByRole("button", { name: "Create quota" }).click();
  await table("Quotas").getByText("90,000").first().waitFor();
  found.quotas = await findings(page);
  return { found, shown, chart, narrowed, address, file, name: download.suggestedFilename(), invocations, wrong };
});
