// Measures the list of requests with 10,000 of them, while more come in: how soon it is there, and whether it scrolls without a
// stutter. Makes the requests itself, of the scripted model that the server must have. Prints a line of JSON, as measure.mjs does.
//   node tools/measure-requests.mjs http://127.0.0.1:8080
import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
import { chromium } from "playwright-core";

const [, , endpoint = "http://127.0.0.1:8080"] = process.argv;
const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION = "us-east-1", CHROMIUM = "/usr/bin/chromium" } = process.env;
const MANY = 10_000;
const AT_ONCE = 16;
const SECONDS = 6; // of scrolling
const EVERY = 100; // milliseconds between requests that come meanwhile
const FRAME = 16.7; // milliseconds, at 60 frames a second

const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
const client = new BedrockRuntimeClient({ endpoint, region: AWS_REGION, credentials, maxAttempts: 1 });
const said = { modelId: "craton.scripted-v1:0", messages: [{ role: "user", content: [{ text: "Hello" }] }] };
const ask = () => client.send(new ConverseCommand(said));

let made = 0;
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    while (made < MANY) {
      made += 1;
      await ask();
    }
  }),
);

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: "en-US" });
await page.goto(`${endpoint}/console/requests`);
await page.getByLabel("Access key id").fill(AWS_ACCESS_KEY_ID);
await page.getByLabel("Secret access key").fill(AWS_SECRET_ACCESS_KEY);
const asked = performance.now();
await page.getByRole("button", { name: "Sign in", exact: true }).click();
await page.locator(".requests-link").first().waitFor();
const first = performance.now() - asked;
await page.waitForFunction((most) => Number(document.querySelector('[role="grid"]')?.getAttribute("aria-rowcount")) > most, MANY - 100);
const all = performance.now() - asked;
const coming = setInterval(() => void ask(), EVERY);
const cpu = await page.context().newCDPSession(page);
await cpu.send("Performance.enable", { timeDomain: "threadTicks" });
const before = await worked();
const frames = await page.evaluate(scrolled, SECONDS);
const work = (await worked()) - before;
const rows = await page.locator(".requests-line").count();
clearInterval(coming);
await browser.close();
client.destroy();

frames.sort((one, other) => one - other);
console.log(
  JSON.stringify([
    { what: "10,000 requests: until the first are seen, signing in included", measured: first, unit: "ms", budget: 1500 },
    { what: "10,000 requests: until all are listed", measured: all, unit: "ms" },
    { what: "10,000 requests: rows that are drawn", measured: rows, unit: "", budget: 60 },
    { what: "10,000 requests: work for a frame while they are scrolled and more come", measured: work / frames.length, unit: "ms", budget: FRAME },
    { what: "10,000 requests: from frame to frame, the median", measured: frames[Math.floor(frames.length / 2)], unit: "ms" },
    { what: "10,000 requests: from frame to frame, 99 of 100 within", measured: frames[Math.floor(frames.length * 0.99)], unit: "ms" },
  ]),
);

/** What the page's main thread has worked, in milliseconds of processor time: others may be busy on this machine. */
async function worked() {
  const { metrics } = await cpu.send("Performance.getMetrics");
  return 1000 * metrics.find(({ name }) => name === "TaskDuration").value;
}

/** In the page: from the top to the bottom and back, a bit in each frame. Gives the times from frame to frame. */
function scrolled(seconds) {
  const box = document.querySelector('[role="grid"]');
  return new Promise((resolve) => {
    const frames = [];
    const began = performance.now();
    let before = began;
    const step = (now) => {
      frames.push(now - before);
      before = now;
      const part = (now - began) / (seconds * 1000);
      if (part >= 1) {
        resolve(frames.slice(1));
        return;
      }
      const way = part < 0.5 ? part * 2 : 2 - part * 2;
      // Slowly for a while, as one reads, then through all of it.
      box.scrollTop = part < 0.2 ? box.scrollTop + 20 : way * (box.scrollHeight - box.clientHeight);
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}
