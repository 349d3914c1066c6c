// Measures the first load of the console: what is sent, and how long until one can type. Prints a line of JSON.
//   node tools/measure.mjs http://127.0.0.1:8080 [chromium]
import { chromium } from "playwright-core";

const [, , endpoint = "http://127.0.0.1:8080", executablePath = "/usr/bin/chromium"] = process.argv;
const TIMES = 7;

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
const loads = [];
for (let time = 0; time < TIMES; time += 1) loads.push(await load());
await browser.close();

const middle = (values) => values.sort((one, other) => one - other)[Math.floor(values.length / 2)];
console.log(
  JSON.stringify({
    kilobytes: middle(loads.map(({ bytes }) => bytes)) / 1000,
    requests: loads[0].requests,
    interactiveMs: Math.round(middle(loads.map(({ interactive }) => interactive))),
    slowestMs: Math.round(Math.max(...loads.map(({ interactive }) => interactive))),
  }),
);

/** With an empty cache. One can type once the field is there and the main thread has nothing more to do. */
async function load() {
  const context = await browser.newContext();
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  await network.send("Network.enable");
  let bytes = 0;
  let requests = 0;
  network.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    requests += 1;
  });
  await page.addInitScript(() => {
    globalThis.interactive = new Promise((resolve) => {
      const look = () => {
        if (!document.querySelector("input")) return;
        watching.disconnect();
        requestIdleCallback(() => resolve(performance.now()));
      };
      const watching = new MutationObserver(look);
      watching.observe(document, { childList: true, subtree: true });
    });
  });
  await page.goto(`${endpoint}/console/`, { waitUntil: "networkidle" });
  const interactive = await page.evaluate(() => globalThis.interactive);
  await context.close();
  return { bytes, requests, interactive };
}
