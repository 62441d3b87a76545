// The documents of the repository, and what they hold.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { root } from "./monitoring.mjs";

const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 }).split("\n").filter(Boolean);
/** Files that git knows, and those that are new, by patterns. */
export const files = (...patterns) => [...new Set(git("ls-files", "--cached", "--others", "--exclude-standard", "--", ...patterns))];
export const textOf = (path) => readFileSync(root + path, "utf8");

/** Fenced blocks: language, what else stands behind it, content, and the line it begins in. */
export function blocksOf(text) {
  return [...text.matchAll(/^```(\w*)[ \t]*([^\n`]*)\n([^]*?)^```$/gm)].map((match) => ({
    language: match[1],
    info: match[2].trim(),
    content: match[3],
    line: text.slice(0, match.index).split("\n").length,
  }));
}

const withoutBlocks = (text) => text.replaceAll(/^```[^]*?^```$/gm, "");

/** The names by which GitHub links to headings. */
export function anchorsOf(text) {
  const seen = new Map();
  return new Set([...withoutBlocks(text).matchAll(/^#{1,6} +(.+?)\s*$/gm)].map(([, heading]) => {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("`", "");
    const slug = plain.toLowerCase().replaceAll(/[^\p{L}\p{N}\- _]/gu, "").replaceAll(" ", "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  }));
}

/** Where links lead that do not leave the repository. */
export const linksOf = (text) =>
  [...withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target).filter((target) => !/^[a-z]+:/.test(target));

const NAME = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g;
/** Words that look like a variable or a code, in text, tables and commands alike. */
export const namesIn = (text) => new Set(text.match(NAME) ?? []);

/** What the programs read from the environment, by name, with the file that reads it. */
export function variablesRead() {
  const read = new Map();
  const add = (path, pattern) => {
    for (const [, name] of textOf(path).matchAll(pattern)) if (!read.has(name)) read.set(name, path);
  };
  // Only files of these names read the environment: invariant 2 of ARCHITECTURE.md.
  for (const path of files("common/**config*.cc", "services/**config*.cc", "gateway/config.cc", "services/web/server/config.ts")) {
    add(path, /"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|HOST|PORT|DEBUG)"/g);
  }
  for (const path of files("scripts/*")) {
    const text = textOf(path);
    for (const [, name] of text.matchAll(/\$\{([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*):?[-+?]/g)) {
      // What a script sets itself, and not to what it was, is its own.
      const isOwn = new RegExp(`(^|\\s)${name}=(?!\\$\\{${name}\\b)`, "m").test(text.replaceAll(/#.*/g, ""));
      if (!isOwn && !read.has(name)) read.set(name, path);
    }
  }
  return read;
}
