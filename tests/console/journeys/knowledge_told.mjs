// What is told of dropped files: attributes for all of them, access for one; searched by it. Then a data source is changed in place.
import { endpoint, findings, shot, signIn, travel } from "./browser.mjs";

const { BASE, BUCKET, UPLOADS } = process.env;
const file = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });

await travel(async (page) => {
  const found = {};
  const at = (path) => page.goto(`${endpoint}/console/knowledge/${BASE}${path}`);
  const button = (name) => page.getByRole("button", { name });
  const choose = async (list, option) => {
    await list.click();
    await page.getByRole("option", { name: option }).click();
  };
  await signIn(page, `/console/knowledge/${BASE}`, { keep: true });

  await button(/^Attributes and access/).click();
  const attributes = [["year", "Number", "many"], ["topics", "List of texts", "ferry\nprices"], ["draft", "Yes or no"]];
  for (const [place, [key, type, value]] of attributes.entries()) {
    await button("Add an attribute").click();
    await page.getByRole("textbox", { name: /^Name/ }).nth(place).fill(key);
    await choose(button(/^Type/).nth(place), type);
    if (value) await page.getByRole("textbox", { name: /^Value/ }).nth(place).fill(value);
  }
  await page.locator("input[type=file]").setInputFiles([file("tide.txt", "The ferry waits for the tide."), file("harbour.txt", "The ferry leaves the harbour.")]);
  await page.getByText("Ready to be sent").waitFor();
  const wrong = await page.getByText("A number, such as 2024 or -1.5.").count();
  found.waiting = await findings(page);
  await page.getByRole("textbox", { name: /^Value/ }).first().fill("2024");
  await button("Attributes and access of harbour.txt").click();
  const own = page.getByRole("listitem").filter({ hasText: "harbour.txt" });
  await own.getByRole("radio", { name: "Only the users named here" }).check();
  await own.getByRole("textbox", { name: /^These users/ }).fill("ada@example.com");
  found.telling = await findings(page);
  await shot(page, "knowledge-telling");
  await button("Send 2 files").click();
  await page.getByText("(2 of 2 done)").waitFor();
  const sent = await page.locator(".knowledge-uploads").innerText();

  const told = {};
  for (const name of ["tide.txt", "harbour.txt"]) {
    await at(`/documents/${UPLOADS}/${name}`);
    await page.getByText("Who may find it").waitFor();
    told[name] = await page.locator("#content").innerText();
  }
  found.document = await findings(page);

  await at("/test");
  const search = async () => {
    const answered = page.waitForResponse((response) => response.url().endsWith("/retrieve"));
    await page.getByRole("button", { name: "Search", exact: true }).click();
    await answered;
    await page.getByText(/^(One passage|\d+ passages) in|^Nothing was found/).first().waitFor();
    return page.getByRole("group", { name: /^Result/ }).allInnerTexts();
  };
  await page.getByLabel("Question or words").fill("ferry");
  const unfiltered = await search();
  await button("Filter by metadata").click();
  await button("Add a condition").click();
  // It was met in what was found.
  await choose(page.getByRole("combobox", { name: /^Attribute/ }), /^topics/);
  await page.getByRole("textbox", { name: /^Value/ }).fill("prices");
  const filtered = await search();
  await button("Add a condition").click();
  await page.getByRole("combobox", { name: /^Attribute/ }).nth(1).fill("year");
  await choose(button(/^Operator/).nth(1), /^is at least/);
  await page.getByRole("textbox", { name: /^Value/ }).nth(1).fill("2030");
  const both = await search();
  await page.getByRole("button", { name: "One is enough" }).or(page.getByRole("radio", { name: "One is enough" })).first().click();
  const either = await search();
  found.filter = await findings(page);
  await shot(page, "knowledge-filter");
  await button("View API call").nth(1).click();
  const code = await page.getByRole("group", { name: "bedrock-agent-runtime · Retrieve, boto3" }).innerText();
  await page.keyboard.press("Escape");
  await page.getByLabel("As this user").fill("ada@example.com");
  const ada = await search();

  await at(`/sources/${BUCKET}`);
  await button("Edit").click();
  await page.getByRole("textbox", { name: /^Description/ }).fill("All about the quay");
  await page.getByRole("textbox", { name: /^S3 address/ }).fill("s3://island/quay/");
  const means = await page.getByText("What this changes").locator("xpath=ancestor::*[contains(@class, 'awsui_alert')][1]").innerText();
  found.editing = await findings(page);
  await shot(page, "knowledge-source-edit");
  await button("Save").click();
  await page.getByText("Saved. It counts with the next sync.").waitFor();
  await button(/^Sync/).first().click();
  await page.locator(".knowledge-figures > div").filter({ hasText: /^Removed\s*[1-9]/ }).waitFor();
  await page.getByText("Complete").first().waitFor();
  const figures = await page.locator(".knowledge-figures").first().innerText();
  found.synced = await findings(page);
  return { found, wrong, sent, told, unfiltered, filtered, both, either, ada, code, means, figures };
});
