// Writes the bill of materials; see scripts/sbom.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";

const root = process.argv[2];
const output = (command, ...args) =>
  execFileSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });
const [, version] = readFileSync(`${root}/CMakeLists.txt`, "utf8").match(/^project\(todo_jwt VERSION (\S+)/m);
const TARGETS = { "token-verifier": "services/verifier", "todo-service": "services/todo", "http-gateway": "gateway" };

const components = new Map();
const dependencies = new Map();
/** Adds a component once, and says that `user` is made with it. */
function use(user, component) {
  components.set(component["bom-ref"], component);
  dependencies.set(user, (dependencies.get(user) ?? new Set()).add(component["bom-ref"]));
}
const own = (name, description) => ({
  type: "application", "bom-ref": name, name, version, description, licenses: [{ license: { id: "Apache-2.0" } }],
});

// ---- Debian

const packageOfFile = new Map();
/** The names of the Debian packages that hold the files. */
function packagesOf(files) {
  const unknown = files.filter((file) => !packageOfFile.has(file));
  for (let i = 0; i < unknown.length; i += 500) {
    let lines = "";
    // It fails where one file is of no package, and prints the others.
    try { lines = output("dpkg-query", "-S", ...unknown.slice(i, i + 500)); } catch (error) { lines = error.stdout; }
    for (const [, name, file] of lines.matchAll(/^([^:, ]+)[^:]*(?::\S+)?: (\/.*)$/gm)) packageOfFile.set(file, name);
  }
  return new Set(files.map((file) => packageOfFile.get(file)).filter(Boolean));
}

const [, distro] = readFileSync("/etc/os-release", "utf8").match(/^VERSION_ID="?([^"\n]+)/m) ?? [, "unknown"];
function debian(name, how) {
  const [version, architecture, source] =
    output("dpkg-query", "-W", "-f", "${Version}\t${Architecture}\t${source:Package}\n", name).split("\n")[0].split("\t");
  const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}&distro=debian-${distro}`;
  return { type: "library", "bom-ref": purl, name, version, purl,
    properties: [{ name: "debian:source", value: source }, { name: "todo-jwt:use", value: how }] };
}

/** The shared libraries that a binary loads, those of its libraries too. */
const librariesOf = (binary) =>
  [...output("ldd", binary).matchAll(/=> (\/\S+)/g)].flatMap(([, file]) => [...new Set([file, realpathSync(file)])])
    // Debian's packages still name the folder before /usr was merged.
    .flatMap((file) => [file, file.replace(/^\/usr\/lib\//, "/lib/"), file.replace(/^\/lib\//, "/usr/lib/")]);

/** Headers outside this repository that ninja saw the compiler read, by the object file. */
function headersByObject() {
  const headers = new Map();
  let object;
  for (const line of output("ninja", "-C", "build", "-t", "deps").split("\n")) {
    if (/^\S.*: #deps/.test(line)) headers.set(object = line.split(":", 1)[0], []);
    else if (line.startsWith("    /")) headers.get(object).push(line.trim());
  }
  return headers;
}

function addBinaries() {
  const headers = headersByObject();
  for (const [name, folder] of Object.entries(TARGETS)) {
    components.set(name, own(name));
    const loaded = packagesOf(librariesOf(`${root}/build/bin/${name}`));
    for (const found of loaded) use(name, debian(found, "loaded"));
    const compiled = [...headers].filter(([object]) => /^(common|proto)\//.test(object) || object.startsWith(`${folder}/`));
    const used = [...new Set(compiled.flatMap(([, files]) => files))].filter((file) => file.startsWith("/usr/"));
    for (const found of packagesOf(used)) if (!loaded.has(found)) use(name, debian(found, "compiled in"));
  }
}

// ---- npm

const lock = JSON.parse(readFileSync(`${root}/services/web/package-lock.json`, "utf8")).packages;
/** Where Node.js finds a package that the one at `path` asks for. */
function resolve(path, name) {
  for (let base = path; ; base = base.slice(0, Math.max(base.lastIndexOf("/node_modules/"), 0))) {
    const candidate = `${base ? `${base}/` : ""}node_modules/${name}`;
    if (lock[candidate]) return candidate;
    if (base === "") return undefined;
  }
}
function npm(path, how) {
  const { version, integrity, license } = lock[path];
  const full = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  const [group, name] = full.startsWith("@") ? full.split("/") : [undefined, full];
  const purl = `pkg:npm/${group ? `${encodeURIComponent(group)}/` : ""}${name}@${version}`;
  const [, digest] = integrity.match(/sha512-(\S+)/);
  return { type: "library", "bom-ref": `${purl}#${path}`, ...(group ? { group } : {}), name, version, purl,
    hashes: [{ alg: "SHA-512", content: Buffer.from(digest, "base64").toString("hex") }],
    // An expression (SPDX), as package.json has it.
    ...(license ? { licenses: [{ expression: license }] } : {}), properties: [{ name: "todo-jwt:use", value: how }] };
}
/** Adds what the package at `path` asks for, and what that asks for. */
function follow(user, path, names, how, seen = new Set()) {
  for (const name of names) {
    const found = resolve(path, name);
    // An optional package that is not installed here is none of the software's parts.
    if (!found || !existsSync(`${root}/services/web/${found}`)) continue;
    const component = npm(found, how);
    if (!components.has(component["bom-ref"])) components.set(component["bom-ref"], component);
    dependencies.set(user, (dependencies.get(user) ?? new Set()).add(component["bom-ref"]));
    if (seen.has(found)) continue;
    seen.add(found);
    const { dependencies: asked = {}, optionalDependencies: optional = {}, peerDependencies: peers = {}, peerDependenciesMeta: meta = {} } = lock[found];
    const needed = Object.keys(peers).filter((peer) => !meta[peer]?.optional);
    follow(component["bom-ref"], found, [...Object.keys({ ...asked, ...optional }), ...needed], how, seen);
  }
}
/** The packages that the page's own files import: these are built into it. */
function importsOfPage() {
  const files = readdirSync(`${root}/services/web/app`, { recursive: true }).filter((file) => /\.tsx?$/.test(file));
  const imports = files.flatMap((file) =>
    [...readFileSync(`${root}/services/web/app/${file}`, "utf8").matchAll(/^(?:import|export) (?!type )[^;]*?from "([^.][^"]*)"/gm)]);
  return new Set(imports.map(([, name]) => name.split("/").slice(0, name.startsWith("@") ? 2 : 1).join("/")));
}
function addWeb() {
  components.set("web-server", own("web-server", "Better Auth and what serves the page"));
  components.set("web-page", own("web-page", "What runs in the browser"));
  follow("web-server", "", Object.keys(lock[""].dependencies), "loaded");
  follow("web-page", "", importsOfPage(), "built in");
}

addBinaries();
addWeb();
const all = ["token-verifier", "todo-service", "http-gateway", "web-server", "web-page"];
const time = process.env.SOURCE_DATE_EPOCH ? new Date(Number(process.env.SOURCE_DATE_EPOCH) * 1000) : new Date();
const byRef = (a, b) => (a < b ? -1 : 1);
process.stdout.write(`${JSON.stringify({
  $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  version: 1,
  metadata: { timestamp: time.toISOString(), component: own("todo-jwt") },
  components: [...components.values()].sort((a, b) => byRef(a["bom-ref"], b["bom-ref"])),
  dependencies: [{ ref: "todo-jwt", dependsOn: all },
    ...[...components.keys()].sort(byRef).map((ref) => ({ ref, dependsOn: [...(dependencies.get(ref) ?? [])].sort(byRef) }))],
}, null, 2)}\n`);
