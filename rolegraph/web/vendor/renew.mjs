// Copies the files named in vendor.json out of node_modules, and writes versions, licences and
// digests beside them. See README.md.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const from = process.argv[2];
if (!from || !existsSync(from)) {
  console.error("usage: node renew.mjs PATH/TO/node_modules");
  process.exit(2);
}
const about = (name) => JSON.parse(readFileSync(join(from, name, "package.json"), "utf8"));
const licence = (name) => {
  const file = readdirSync(join(from, name)).find((f) => /^licen[cs]e(\.\w+)?$/i.test(f));
  if (!file) throw new Error(`${name} has no licence text`);
  return readFileSync(join(from, name, file), "utf8").replace(/\r\n/g, "\n").trim();
};

const list = JSON.parse(readFileSync(join(here, "vendor.json"), "utf8"));
const texts = [];
for (const p of list.packages) {
  Object.assign(p, { version: about(p.name).version, licence: about(p.name).license });
  for (const f of p.files) {
    const data = readFileSync(join(from, p.name, f.from));
    Object.assign(f, { bytes: data.length, sha256: createHash("sha256").update(data).digest("hex") });
    writeFileSync(join(here, f.file), data);
  }
  for (const b of p.bundles ?? []) {
    Object.assign(b, { version: about(b.name).version, licence: about(b.name).license });
  }
  for (const it of [p, ...(p.bundles ?? [])]) {
    const title = `${it.name} ${it.version} (${it.licence})`;
    if (!texts.some((t) => t.startsWith(title))) {
      texts.push(`${title}\n${"-".repeat(title.length)}\n${licence(it.name)}\n`);
    }
  }
}
writeFileSync(join(here, "vendor.json"), JSON.stringify(list, null, 2) + "\n");
writeFileSync(join(here, "LICENCES.txt"), texts.join("\n\n"));
