// What people expect of any console: the keyboard, the way back, nothing lost by a slip, and a way on when a key has ended.
import { findings, shot, signIn, travel } from "./browser.mjs";

await travel(async (page) => {
  const found = {};
  const heading = (name) => page.getByRole("heading", { level: 1, name, exact: true });
  const focused = () => page.waitForFunction(() => document.activeElement?.tagName === "H1").then(() => page.evaluate(() => document.activeElement.textContent));

  // A link leads where it says, after signing in too; and the way back to the same page of the list.
  await signIn(page, "/console/people#page=2");
  await page.getByRole("link", { name: "user-24" }).click();
  await heading("user-24").waitFor();
  const arrived = await focused();
  await page.goBack();
  await page.getByRole("link", { name: "user-24" }).waitFor();
  const back = new URL(page.url()).hash;
  await page.getByLabel("Find by name").fill("user-0");
  await page.getByRole("link", { name: "user-03" }).waitFor();
  const filtered = new URL(page.url()).hash;

  // Anything by its name.
  await page.keyboard.press("Control+k");
  const finder = page.getByRole("dialog", { name: "Go to" });
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "combobox");
  await page.keyboard.type("seeing");
  await page.getByRole("option", { name: /Seeing/ }).waitFor();
  found.finder = await findings(page);
  await shot(page, "finder");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await heading("Seeing").waitFor();
  await finder.waitFor({ state: "detached" });
  const gone = await focused();

  // What is typed while an answer comes stops nothing, and a conversation that was cleared comes back.
  await page.getByRole("link", { name: "Open in the playground" }).click();
  const message = page.getByRole("textbox", { name: "Your message" });
  await message.fill("slowly");
  await message.press("Enter");
  await page.getByText("tick").first().waitFor();
  await message.fill("and then?");
  await message.press("Enter");
  const written = await message.inputValue();
  await message.press("Escape");
  await page.getByText("Stopped by you").waitFor();
  await page.getByRole("button", { name: "Conversation", exact: true }).click();
  await page.getByRole("menuitem", { name: "New conversation" }).click();
  await page.getByText("What would you like to ask?").waitFor();
  found.cleared = await findings(page);
  await page.getByRole("button", { name: "Bring it back" }).click();
  await page.getByText("Stopped by you").waitFor();

  // A click beside it takes no secret away, and the focus goes back where it was.
  await page.getByRole("link", { name: "Keys", exact: true }).click();
  await heading(/^Keys/).waitFor();
  const create = page.getByRole("button", { name: "Create key", exact: true });
  await create.first().click();
  // Escape closes what is on top, and no more.
  await page.getByRole("button", { name: "These calls make it" }).click();
  const calls = page.getByRole("dialog", { name: "API call" });
  await calls.waitFor();
  await page.keyboard.press("Escape");
  await calls.waitFor({ state: "detached" });
  const below = await page.getByRole("dialog", { name: "Create key" }).count();
  await page.getByRole("dialog").getByRole("button", { name: "Create key", exact: true }).click();
  const secret = page.getByRole("group", { name: "Secret", exact: true });
  await secret.waitFor();
  await page.mouse.click(5, 400);
  const kept = await secret.count();
  await page.getByRole("button", { name: "Done", exact: true }).click();
  await secret.waitFor({ state: "detached" });

  // An address that nothing is at says so, and the rest goes on.
  await page.evaluate(() => {
    history.pushState(null, "", "/console/models/%E0%A4%A");
    dispatchEvent(new PopStateEvent("popstate"));
  });
  await page.getByText("There is no such model").waitFor();
  found.unknown = await findings(page);
  return { found, arrived, back, filtered, gone, written, below, kept };
});
