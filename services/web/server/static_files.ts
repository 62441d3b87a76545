// The built browser app, read once at start. A request is looked up in this fixed set and
// never becomes a file name, so no path can lead out of the folder.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { IncomingHttpHeaders } from "node:http";
import type { Answer } from "./answer.ts";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".txt": "text/plain; charset=utf-8",
  ".woff2": "font/woff2",
};
const COMPRESSIBLE = new Set([".html", ".js", ".css", ".svg", ".json", ".webmanifest", ".txt"]);

interface StaticFile {
  type: string;
  cacheControl: string;
  etag: string;
  plain: Buffer;
  gzip?: Buffer;
  br?: Buffer;
}

export type StaticFiles = ReadonlyMap<string, StaticFile>;

/** Keys are URL paths; index.html answers "/" as well. Throws when the folder is not there. */
export function loadStaticFiles(folder: string): StaticFiles {
  const files = new Map<string, StaticFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const url = `/${relative(folder, path).split(sep).join("/")}`;
    files.set(url, loadFile(path, url));
  }
  const index = files.get("/index.html");
  if (index === undefined) throw new Error(`${folder} has no index.html. Run \`npm run build\`.`);
  files.set("/", index);
  return files;
}

function loadFile(path: string, url: string): StaticFile {
  const extension = extname(path);
  const plain = readFileSync(path);
  const file: StaticFile = {
    type: TYPES[extension] ?? "application/octet-stream",
    // The build puts a content hash into the names under /assets/: those never change.
    cacheControl: url.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    etag: `"${createHash("sha256").update(plain).digest("base64url").slice(0, 22)}"`,
    plain,
  };
  if (!COMPRESSIBLE.has(extension)) return file;
  const gzip = gzipSync(plain, { level: 9 });
  const br = brotliCompressSync(plain);
  if (gzip.length < plain.length) file.gzip = gzip;
  if (br.length < plain.length) file.br = br;
  return file;
}

export function staticAnswer(file: StaticFile, request: IncomingHttpHeaders): Answer {
  const headers: Record<string, string> = {
    "Content-Type": file.type,
    "Cache-Control": file.cacheControl,
    ETag: file.etag,
    Vary: "Accept-Encoding",
  };
  if (matches(request["if-none-match"], file.etag)) return { status: 304, headers };
  const accepted = acceptedEncodings(request["accept-encoding"]);
  for (const encoding of ["br", "gzip"] as const) {
    const body = file[encoding];
    if (body === undefined || !accepted.has(encoding)) continue;
    return { status: 200, headers: { ...headers, "Content-Encoding": encoding }, body };
  }
  return { status: 200, headers, body: file.plain };
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}

function acceptedEncodings(header: string | undefined): Set<string> {
  const accepted = new Set<string>();
  for (const item of (header ?? "").split(",")) {
    const [name = "", ...parameters] = item.split(";").map((part) => part.trim().toLowerCase());
    if (!parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) accepted.add(name);
  }
  return accepted;
}
