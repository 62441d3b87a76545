import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

const FOLDER = join(import.meta.dirname, "../../dist/app");
const MAX_SCRIPT_BYTES = 60 * 1024;

describe("the built app", () => {
  it("loads at most 60 KiB of compressed script", () => {
    const assets = join(FOLDER, "assets");
    const scripts = readdirSync(assets).filter((name) => name.endsWith(".js"));
    const sizes = scripts.map((name) => gzipSync(readFileSync(join(assets, name))).length);
    expect(scripts.length).toBeGreaterThan(0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MAX_SCRIPT_BYTES);
  });

  it("has nothing inline that the content security policy would refuse", () => {
    const html = readFileSync(join(FOLDER, "index.html"), "utf8");
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=/);
  });
});
