// On a phone, in German, dark: files with a message, a guardrail with its evidence, and a conversation kept in a file.
import { readFileSync } from "node:fs";
import { findings, GERMAN, shot, signIn, travel } from "./browser.mjs";

const { DOCUMENT, PICTURE } = process.env;
const LOOK = { viewport: { width: 390, height: 844 }, locale: "de-DE", colorScheme: "dark", acceptDownloads: true };

await travel(async (page) => {
  const found = {};
  const widths = [];
  const look = async (name) => {
    found[name] = await findings(page);
    widths.push(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth));
    await shot(page, `playground-${name}`);
  };
  await signIn(page, "/console/playground", { labels: GERMAN });
  const message = page.getByRole("textbox", { name: "Ihre Nachricht" });
  const send = page.getByRole("button", { name: "Senden", exact: true });
  await message.waitFor();

  await page.locator(".composer input[type=file]").setInputFiles(DOCUMENT);
  await page.getByText("harbour.txt").waitFor();
  await handOver(page, PICTURE, "paste");
  await page.getByText("Nicht jedes gewählte Modell sieht Bilder").waitFor();
  await message.fill("Wann öffnet er?");
  const refused = await send.isDisabled();
  await look("files");
  await page.getByRole("button", { name: "picture.png entfernen" }).click();
  await message.press("Enter");
  await page.getByText("At nine.").waitFor();
  const sent = await page.getByRole("list", { name: "Dateien dieser Nachricht" }).innerText();
  await page.getByRole("button", { name: "API-Aufruf ansehen" }).click();
  const program = await page.getByRole("group", { name: "bedrock-runtime · ConverseStream, boto3" }).innerText();
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Gespräch", exact: true }).click();
  const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "Als Datei sichern" }).click()]);
  const kept = await saved.path();
  await page.getByRole("button", { name: "Gespräch", exact: true }).click();
  await page.getByRole("menuitem", { name: "Neues Gespräch" }).click();
  await page.getByText("Was möchten Sie fragen?").waitFor();
  await page.locator("input[type=file][accept='.json']").setInputFiles({ name: "no.json", mimeType: "application/json", buffer: Buffer.from("{}") });
  await page.getByText("no.json enthält kein Gespräch").waitFor();
  await page.locator("input[type=file][accept='.json']").setInputFiles({ name: "kept.json", mimeType: "application/json", buffer: readFileSync(kept) });
  await page.getByText("At nine.").waitFor();
  await page.getByRole("button", { name: "Erneut fragen" }).click();
  await page.getByText("At nine.").waitFor(); // only the file's own words lead to this answer

  await page.getByRole("button", { name: "Einstellungen öffnen" }).click();
  await page.getByRole("button", { name: "Guardrail", exact: true }).click();
  await page.getByText("Nachrichten und Antworten prüfen").click();
  await page.getByRole("button", { name: /Anzuwendende Guardrail/ }).click();
  await page.getByRole("option", { name: /Harbour/ }).click();
  await page.getByRole("button", { name: /^Version/ }).click();
  await page.getByRole("option", { name: /Version 1/ }).click();
  await look("guardrail");
  await page.getByRole("button", { name: "Einstellungen schließen" }).click();
  await message.fill("Wie ist the code word?");
  await message.press("Enter");
  await page.getByText("Die Guardrail hat dies blockiert").waitFor();
  const blocked = await page.locator(".turns > :last-child .answer").innerText();
  await look("blocked");
  await message.fill("Wie ist the ticket?");
  await message.press("Enter");
  await page.getByText("Die Guardrail hat dies maskiert").waitFor();
  const masked = await page.locator(".turns > :last-child .answer").innerText();
  await page.getByRole("button", { name: "API-Aufruf ansehen" }).last().click();
  const guarded = await page.getByRole("group", { name: "bedrock-runtime · ConverseStream, boto3" }).innerText();
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: /^Modell/ }).click();
  await page.getByRole("option", { name: /Seeing/ }).click();
  await handOver(page, PICTURE, "drop");
  await page.getByText("picture.png").waitFor();
  await message.fill("Was ist zu sehen?");
  const taken = await send.isEnabled();
  await page.waitForTimeout(400); // the link is made a moment after the last change
  await page.getByRole("button", { name: "Link kopieren" }).click();
  const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
  await page.goto("about:blank");
  await signIn(page, link.pathname + link.hash, { labels: GERMAN });
  await page.getByText("Nicht im Link").waitFor();
  await look("linked");
  return { found, widths, refused, sent, program, blocked, masked, guarded, taken, link: link.href };
}, LOOK);

/** What a person does with a file and the keyboard or the mouse. */
async function handOver(page, path, how) {
  const data = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))], "picture.png", { type: "image/png" }));
    return transfer;
  }, readFileSync(path).toString("base64"));
  const message = page.getByRole("textbox", { name: "Ihre Nachricht" });
  if (how === "paste") {
    await message.evaluate((field, clipboardData) => field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })), data);
    return;
  }
  await page.dispatchEvent("body", "dragenter", { dataTransfer: data });
  await page.dispatchEvent("body", "dragover", { dataTransfer: data });
  await page.getByText("Dokumente und Bilder hier ablegen").dispatchEvent("drop", { dataTransfer: data });
}
