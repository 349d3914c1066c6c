// A role is made, its trust is changed in a form and as JSON, and policies are attached, written and taken away. A role is deleted, and managed policies are made, changed and deleted. A user's tag goes only once that is confirmed.
import { endpoint, findings, shot, signIn, travel } from "./browser.mjs";

await travel(async (page) => {
  const found = {};
  const button = (name) => page.getByRole("button", { name });
  const dialog = page.getByRole("dialog");
  await signIn(page, "/console/people/roles", { keep: true });

  await button("Create role").first().click();
  await dialog.getByRole("textbox", { name: /^Name/ }).fill("reader");
  await dialog.getByRole("button", { name: /^Policy/ }).click();
  await page.getByRole("option", { name: /AmazonBedrockReadOnly/ }).click();
  await dialog.getByRole("checkbox", { name: /^Users and roles of this account/ }).uncheck();
  await dialog.getByText("Choose somebody.").waitFor();
  const early = await dialog.getByRole("button", { name: "Create role" }).isDisabled();
  await dialog.getByRole("textbox", { name: /^These by name/ }).fill("arn:aws:iam::123456789012:user/ada");
  found.create = await findings(page);
  await dialog.getByRole("button", { name: "Create role" }).click();
  await page.getByText("About this role").waitFor();
  await page.getByText("AmazonBedrockReadOnly").waitFor();
  const made = await page.locator("#content").innerText();
  const at = new URL(page.url()).pathname;
  await shot(page, "role");

  await button("Change: Who may take it on").click();
  await page.getByRole("textbox", { name: /^External id/ }).fill("4711");
  await page.getByText("Sessions that run go on").waitFor();
  found.trust = await findings(page);
  await shot(page, "role-trust");
  await button("Save").click();
  await page.getByText("who bring along the external id 4711").waitFor();
  await button("Change: Who may take it on").click();
  await button("JSON").or(page.getByRole("radio", { name: "JSON" })).first().click();
  const document = page.getByRole("textbox", { name: /^Document/ });
  const written = await document.inputValue();
  await document.fill(written.replace("Allow", "Perhaps"));
  await button("Save").click();
  await page.getByText('Effect must be "Allow" or "Deny", not').waitFor();
  await document.fill(written.replace('"Effect"', '"Sid": "mine", "Effect"'));
  await button("Save").click();
  await button("Change: Who may take it on").waitFor();
  const shown = await page.getByRole("group", { name: "Who may take it on" }).innerText();

  await button("Attach policy").click();
  await dialog.getByRole("button", { name: /^Policy/ }).click();
  await page.getByRole("option", { name: /AmazonBedrockLimitedAccess/ }).click();
  await dialog.getByRole("button", { name: "What AmazonBedrockLimitedAccess says" }).click();
  const says = await dialog.getByRole("group", { name: "AmazonBedrockLimitedAccess", exact: true }).innerText();
  found.attach = await findings(page);
  await dialog.getByRole("button", { name: "Attach policy" }).click();
  await button("Detach AmazonBedrockLimitedAccess").waitFor();
  await button("Detach AmazonBedrockReadOnly").click();
  await dialog.getByRole("button", { name: "Detach AmazonBedrockReadOnly" }).click();
  await dialog.waitFor({ state: "detached" });
  await button("Detach AmazonBedrockReadOnly").waitFor({ state: "detached" });
  await button("Write policy").click();
  await dialog.getByRole("textbox", { name: /^Name/ }).fill("ask");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("Of this role alone").waitFor();

  await button("Edit").click();
  await dialog.getByRole("textbox", { name: /^Longest session/ }).fill("13");
  await dialog.getByText("A number from 1 to 12.").waitFor();
  await dialog.getByRole("textbox", { name: /^Longest session/ }).fill("1.5");
  await dialog.getByRole("textbox", { name: /^Description/ }).fill("Reads for a while");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("1.5 h").waitFor();
  found.role = await findings(page);

  await page.goto(`${endpoint}/console/people/roles`);
  await button("Create role").first().click();
  await dialog.getByRole("textbox", { name: /^Name/ }).fill("short-lived");
  await dialog.getByRole("button", { name: "Create role" }).click();
  await page.getByText("About this role").waitFor();
  await button("Delete role").click();
  await dialog.getByText("its sessions end at once").waitFor();
  await dialog.getByRole("button", { name: "Delete role" }).click();
  await page.getByRole("link", { name: "reader" }).waitFor();
  const left = await page.getByRole("grid", { name: "Roles" }).innerText();

  await page.goto(`${endpoint}/console/people/policies`);
  for (const name of ["asks", "gone"]) {
    await button("Create policy").click();
    await dialog.getByRole("textbox", { name: /^Name/ }).fill(name);
    await dialog.getByRole("button", { name: "Create policy" }).click();
    await button(`Change: ${name}`).waitFor();
  }
  found.policies = await findings(page);
  await shot(page, "policies");
  await button("Change: asks").click();
  await dialog.getByText("It counts at once for all").waitFor();
  const before = await dialog.getByRole("textbox", { name: /^Document/ }).inputValue();
  await dialog.getByRole("textbox", { name: /^Document/ }).fill(before.replace("bedrock:CountTokens", "bedrock:ListGuardrails"));
  found.writing = await findings(page);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  await button("Delete: gone").click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await button("Delete: gone").waitFor({ state: "detached" });
  const given = await page.getByRole("button", { name: /AmazonBedrockFullAccess/ }).count();

  await page.goto(`${endpoint}/console/people/users/ada`);
  await button("Add tag").click();
  await dialog.getByRole("textbox", { name: "Key" }).fill("team");
  await dialog.getByRole("textbox", { name: "Value" }).fill("red");
  await dialog.getByRole("button", { name: "Add tag" }).click();
  await button("Remove the tag team").click();
  await dialog.getByText("no longer fit this user").waitFor();
  await dialog.getByRole("button", { name: "View API call" }).click();
  const untagging = await page.getByRole("dialog", { name: "API call" }).innerText();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "API call" }).waitFor({ state: "detached" });
  found.untagging = await findings(page);
  await shot(page, "untagging");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "detached" });
  const kept = await page.getByText("team = red").count();
  await button("Remove the tag team").click();
  await dialog.getByRole("button", { name: "Remove", exact: true }).click();
  await button("Remove the tag team").waitFor({ state: "detached" });
  return { found, early, made, at, shown, says, left, given, untagging, kept };
});
