// On a phone, dark and in German: a bucket is synced, what failed is found, and a conversation goes on. In the end all is deleted.
import { endpoint, findings, GERMAN, shot, signIn, travel } from "./browser.mjs";

const PHONE = { locale: "de-DE", colorScheme: "dark", viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

await travel(async (page) => {
  const found = {};
  const widths = {};
  const look = async (name) => {
    found[name] = await findings(page);
    widths[name] = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    await shot(page, `de-knowledge-${name}`);
  };
  const go = (path) => page.goto(endpoint + at + path);

  await signIn(page, "/console/knowledge/new", { keep: true, labels: GERMAN });
  await page.getByRole("radio", { name: /^Bucket/ }).check();
  await page.getByLabel("S3-Adresse").fill("kein bucket");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("insel");
  await page.getByRole("button", { name: "Erstellen", exact: true }).click();
  await page.getByText(/^Etwa s3:/).waitFor();
  await page.getByLabel("S3-Adresse").fill("s3://island");
  await page.getByRole("button", { name: "Abschnitte und mehr" }).click();
  await page.getByRole("radio", { name: /^Feste Größe/ }).check();
  await look("new");
  await page.getByRole("button", { name: "Erstellen", exact: true }).click();
  await page.getByText("Abgeschlossen", { exact: true }).waitFor();
  const at = new URL(page.url()).pathname.replace("/sources", "");
  const figures = await page.locator(".knowledge-figures > div").allInnerTexts();
  await page.getByRole("button", { name: /Gründe$/ }).click();
  await look("synced");

  await page.getByRole("link", { name: "Gescheiterte Dokumente zeigen" }).click();
  await page.getByRole("link", { name: "locked.pdf" }).waitFor();
  const failed = await page.getByRole("grid", { name: "Dokumente" }).innerText();
  const filtered = new URL(page.url()).hash;
  await look("failed");

  await page.locator("input[type=file]").setInputFiles({ name: "tool.exe", mimeType: "", buffer: Buffer.from("MZ") });
  await page.getByText("(1 von 1 fertig)").waitFor();
  const refused = await page.locator(".knowledge-uploads").innerText();

  const filter = encodeURIComponent(JSON.stringify({ equals: { key: "year", value: 1874 } }));
  await go(`/test#q=${encodeURIComponent("Leuchtturm Skarholm")}&filter=${filter}`);
  // A link asks nothing before somebody has looked at it.
  await page.getByText("Diese Suche kam mit einem Link").waitFor();
  await page.getByRole("button", { name: "Suchen", exact: true }).click();
  await page.getByRole("group", { name: "Treffer 1" }).waitFor();
  const results = await page.getByRole("group", { name: /^Treffer/ }).allInnerTexts();
  await look("search");

  await page.getByRole("tab", { name: "Chat" }).click();
  const question = page.getByRole("textbox", { name: "Ihre Frage" });
  await page.getByLabel("Zu lesende Textstellen").waitFor();
  for (const [place, text] of ["who built the lighthouse?", "And how high is it?"].entries()) {
    await question.fill(text);
    await page.getByRole("button", { name: "Senden" }).click();
    await page.getByRole("group", { name: `Antwort ${place + 1}` }).getByText(/^in [\d.,]+/).waitFor();
  }
  const answers = await page.getByRole("group", { name: /^Antwort/ }).locator(".answer > .told").allInnerTexts();
  await look("chat");
  await page.getByRole("button", { name: "Neues Gespräch" }).click();
  await question.fill("talk forever of the lighthouse of Skarholm");
  await page.getByRole("button", { name: "Senden" }).click();
  await page.getByText(/tick tick/).waitFor();
  await page.getByRole("button", { name: "Stoppen" }).click();
  await page.getByText("Von Ihnen gestoppt").waitFor();

  await go("");
  await page.getByRole("checkbox", { name: "ferry.md auswählen" }).check();
  await page.getByRole("button", { name: "Löschen", exact: true }).click();
  await page.getByRole("dialog").getByText("kommt mit der nächsten Synchronisierung wieder").waitFor();
  await look("deleting");
  await page.getByRole("dialog").getByRole("button", { name: "Löschen" }).click();
  await page.getByRole("link", { name: "ferry.md" }).waitFor({ state: "detached" });

  await go("/settings");
  await page.getByLabel("Beschreibung", { exact: true }).fill("Was man über die Insel wissen muss");
  await page.getByRole("button", { name: "Speichern" }).click();
  await page.getByText("Was man über die Insel wissen muss").first().waitFor();
  await page.getByRole("button", { name: "Index neu aufbauen" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Index neu aufbauen" }).click();
  await page.getByText("Suchen finden nach und nach mehr").waitFor();
  await page.getByRole("button", { name: "Wissensdatenbank löschen" }).click();
  const remove = page.getByRole("dialog").getByRole("button", { name: "Löschen" });
  const early = await remove.isDisabled();
  await page.getByLabel("Zur Bestätigung insel eingeben").fill("insel");
  await look("settings");
  await remove.click();
  await page.getByText("Noch keine Wissensdatenbanken").waitFor();
  return { found, widths, figures, failed, filtered, refused, results, answers, early };
}, PHONE);
