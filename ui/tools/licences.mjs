// Fails where a package that is built into the console, or that builds it, has a licence that was not looked at.
import { readFileSync } from "node:fs";

const ALLOWED = new Set(["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"]);
// Only run here, and no part of what is built: axe-core tests it, lightningcss shortens it.
const ALLOWED_TO_BUILD = new Set([...ALLOWED, "MPL-2.0", "BlueOak-1.0.0", "CC-BY-4.0"]);

const { packages } = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"));
const others = Object.entries(packages).filter(
  ([path, { dev, license }]) => path && !(dev ? ALLOWED_TO_BUILD : ALLOWED).has(license),
);
for (const [path, { license }] of others) console.error(`${path} has the licence ${license ?? "none"}.`);
process.exitCode = others.length > 0 ? 1 : 0;
