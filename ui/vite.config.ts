import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** The fonts that Cloudscape writes into its style sheet, as files: a page then loads only those that it shows. */
function fonts(): Plugin {
  return {
    name: "fonts",
    enforce: "post",
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "asset" || !file.fileName.endsWith(".css")) continue;
        file.source = String(file.source).replace(/data:font\/woff2;base64,([A-Za-z0-9+/=]+)/g, (_, text: string) => {
          const source = Buffer.from(text, "base64");
          const hash = createHash("sha256").update(source).digest("base64url").slice(0, 8);
          const fileName = `assets/open-sans-${hash}.woff2`;
          this.emitFile({ type: "asset", fileName, source });
          return `/console/${fileName}`;
        });
      }
    },
  };
}

/** Beside each text file its compressed forms, so that the server compresses nothing while it serves. */
function compressed(): Plugin {
  return {
    name: "compressed",
    writeBundle({ dir }, bundle) {
      for (const fileName of Object.keys(bundle).filter((name) => !name.endsWith(".woff2"))) {
        const path = `${dir}/${fileName}`;
        const plain = readFileSync(path);
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
        writeFileSync(`${path}.br`, brotliCompressSync(plain, { params }));
        writeFileSync(`${path}.gz`, gzipSync(plain, { level: 9 }));
      }
    },
  };
}

const server = process.env.CRATON_ENDPOINT ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/console/",
  plugins: [react(), fonts(), compressed()],
  build: {
    outDir: "../craton/console",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // the policy allows no `data:` but in pictures
    modulePreload: { polyfill: false },
    license: { fileName: "licences.md" },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1200,
  },
  // `npm run dev` shows the source beside a running Craton, which sees the host that requests were signed for.
  server: { proxy: { "^/(?!console)": { target: server } } },
});
