// From a PDF that is dropped to an answer that cites it: made, read, looked at, searched and asked.
import { findings, shot, signIn, travel } from "./browser.mjs";

await travel(async (page) => {
  const found = {};
  await signIn(page, "/console/knowledge");
  await page.getByText("No knowledge bases yet").waitFor();
  found.empty = await findings(page);
  await page.getByRole("link", { name: "Create knowledge base" }).first().click();
  await page.getByText("Drop files here").waitFor();
  const dropped = await page.evaluateHandle((base64) => {
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    transfer.items.add(new File([bytes], "skarholm.pdf", { type: "application/pdf" }));
    return transfer;
  }, process.env.PDF);
  await page.locator(".knowledge-drop > *").dispatchEvent("drop", { dataTransfer: dropped });
  await page.getByText("One file, uploaded once").waitFor();
  const name = await page.getByRole("textbox", { name: "Name", exact: true }).inputValue();
  found.making = await findings(page);
  await shot(page, "knowledge-new");

  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByText("(1 of 1 done)").waitFor();
  await page.getByRole("grid", { name: "Documents" }).getByText("Can be found").waitFor();
  const at = new URL(page.url()).pathname;
  found.documents = await findings(page);
  await shot(page, "knowledge-documents");

  await page.getByRole("link", { name: "skarholm.pdf" }).click();
  await page.getByText("Chunk 2", { exact: true }).waitFor();
  const chunks = await page.locator("#content").innerText();
  found.chunks = await findings(page);
  await shot(page, "knowledge-chunks");
  await page.getByRole("link", { name, exact: true }).click();

  await page.getByRole("tab", { name: "Test search" }).click();
  await page.getByLabel("Question or words").fill("How long does the ferry take?");
  await page.keyboard.press("Enter");
  await page.getByRole("group", { name: "Result 1" }).waitFor();
  const results = await page.getByRole("group", { name: /^Result/ }).allInnerTexts();
  found.search = await findings(page);
  await shot(page, "knowledge-search");

  await page.getByRole("tab", { name: "Chat" }).click();
  await page.getByRole("textbox", { name: "Your question" }).fill("Who built the lighthouse of Skarholm?");
  await page.keyboard.press("Enter");
  await page.getByText(/^in [\d.]+ m?s/).waitFor();
  await page.getByRole("button", { name: /^Source 1: skarholm.pdf$/ }).first().click();
  const source = page.locator("[data-source='1']");
  await source.locator(".told").first().waitFor();
  const cited = await source.innerText();
  const answer = await page.getByRole("group", { name: "Answer 1" }).locator(".told").first().innerText();
  found.chat = await findings(page);
  await shot(page, "knowledge-chat");
  await page.getByRole("button", { name: "View API call" }).last().click();
  const code = await page.getByRole("group", { name: "bedrock-agent-runtime · RetrieveAndGenerateStream, boto3" }).innerText();
  await page.keyboard.press("Escape");
  await source.getByRole("link").click();
  await page.locator(".knowledge-wanted").waitFor();
  const wanted = await page.locator(".knowledge-wanted").innerText();
  return { found, name, at, chunks, results, answer, cited, code, wanted };
});
