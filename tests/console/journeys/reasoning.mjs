// An automated reasoning policy from its example: a test that the solver proves, and one that it refutes.
import { findings, shot, signIn, travel } from "./browser.mjs";

await travel(async (page) => {
  const found = {};
  await signIn(page, "/console/guardrails/reasoning");
  await page.getByText("No policies yet").waitFor();
  await page.getByRole("button", { name: "Create policy" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill("Leave");
  found.creating = await findings(page);
  await dialog.getByRole("button", { name: "Create policy" }).click();
  await page.getByText("No tests yet").waitFor();
  const rules = await page.getByRole("table", { name: "Rules" }).innerText();

  const add = async (question, answer, expected) => {
    await page.getByRole("button", { name: "Add a test" }).click();
    await dialog.getByLabel("Question").fill(question);
    await dialog.getByLabel("Answer").fill(answer);
    if (expected) {
      await dialog.getByRole("button", { name: /^Expected/ }).click();
      await page.getByRole("option", { name: expected }).click();
    }
    await dialog.getByRole("button", { name: "Add a test" }).click();
    await page.getByRole("group", { name: answer }).waitFor();
  };
  await add("isFullTime is true and tenureMonths is 18.", "eligibleForParentalLeave is true.");
  await add("isFullTime is true and tenureMonths is 6.", "eligibleForParentalLeave is true.", /^Contradicts the rules/);
  await page.getByRole("button", { name: "Run the tests" }).click();
  await page.getByText("As expected").nth(1).waitFor();
  const tests = await page.getByRole("group", { name: "eligibleForParentalLeave is true." }).allInnerTexts();
  found.tests = await findings(page);
  await shot(page, "reasoning");

  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByText("No policies yet").waitFor();
  return { found, rules, tests };
});
