// Measures the first load of the console: what is sent, and how long until one can type. Prints a line of JSON: figures, each with
// its unit and, where there is one, its budget.
//   node tools/measure.mjs http://127.0.0.1:8080
import { chromium } from "playwright-core";

const [, , endpoint = "http://127.0.0.1:8080"] = process.argv;
const { CHROMIUM = "/usr/bin/chromium" } = process.env;
const TIMES = 7;

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
const loads = [];
for (let time = 0; time < TIMES; time += 1) loads.push(await load());
await browser.close();

const sorted = (name) => loads.map((each) => each[name]).sort((one, other) => one - other);
const middle = (name) => sorted(name)[Math.floor(TIMES / 2)];
console.log(
  JSON.stringify([
    { what: "First load: what is sent, compressed", measured: middle("bytes") / 1000, unit: "kB", budget: 600 },
    { what: "First load: requests", measured: middle("requests"), unit: "" },
    { what: `First load: until one can type, the median of ${TIMES}`, measured: middle("interactive"), unit: "ms", budget: 1500 },
    { what: "First load: until one can type, the slowest", measured: sorted("interactive").at(-1), unit: "ms" },
  ]),
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
