// Whoever takes away the key that he is signed in with is told so, and led back to signing in.
import { findings, signIn, travel } from "./browser.mjs";

await travel(async (page) => {
  const found = {};
  await signIn(page, `/console/keys/${process.env.AWS_ACCESS_KEY_ID}`);
  await page.getByRole("button", { name: /^Actions/ }).first().click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
  await page.getByText("You are not signed in any more").first().waitFor();
  found.ended = await findings(page);
  await page.getByRole("button", { name: "Sign in again" }).first().click();
  await page.getByLabel("Access key id").waitFor();
  return { found, at: new URL(page.url()).pathname };
});
