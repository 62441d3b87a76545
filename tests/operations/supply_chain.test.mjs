// What the software is made of, how its binaries were built, and that its parts are those that the lock files name.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { before, describe, test } from "node:test";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { run } from "../e2e/support/children.mjs";
import { read, root } from "./support/monitoring.mjs";

const BINARIES = ["token-verifier", "todo-service", "http-gateway"];

describe("the bill of materials", () => {
  let text, bom;
  before(async () => {
    const { code, output } = await run(`${root}scripts/sbom`, [], { env: { ...process.env, SOURCE_DATE_EPOCH: "1700000000" } });
    assert.equal(code, 0, output);
    text = output;
    bom = JSON.parse(output);
  });

  test("is CycloneDX 1.6, by its schema", async () => {
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    assert.equal(await validator.validate(text), null);
    assert.notEqual(await validator.validate(text.replace('"bomFormat"', '"format"')), null);
  });
  test("names what the binaries load and what was compiled in, in the version that is installed", async () => {
    for (const name of ["libgrpc++1.51", "libssl3", "libc6", "libboost1.74-dev"]) {
      const { output } = await run("dpkg-query", ["-W", "-f", "${Version}", name]);
      assert.equal(bom.components.find((component) => component.name === name)?.version, output, name);
    }
  });
  test("names what the web server loads and what is in the page, and not what only builds them", () => {
    const npm = bom.components.filter(({ purl }) => purl?.startsWith("pkg:npm/")).map(({ name }) => name);
    for (const name of ["better-auth", "pg", "jose", "preact"]) assert.ok(npm.includes(name), name);
    for (const name of ["vite", "vitest", "eslint", "typescript"]) assert.ok(!npm.includes(name), name);
  });
  test("says of each part which it is made with", () => {
    const refs = new Set([...bom.components.map((component) => component["bom-ref"]), "todo-jwt"]);
    for (const { ref, dependsOn } of bom.dependencies) for (const part of [ref, ...dependsOn]) assert.ok(refs.has(part), part);
    const of = (name) => bom.dependencies.find(({ ref }) => ref === name).dependsOn;
    assert.ok(of("todo-service").some((ref) => ref.startsWith("pkg:deb/debian/libpqxx-6.4@")));
    assert.ok(!of("http-gateway").some((ref) => ref.includes("libpq")));
  });
  test("is the same each time", async () => {
    const { output } = await run(`${root}scripts/sbom`, [], { env: { ...process.env, SOURCE_DATE_EPOCH: "1700000000" } });
    assert.equal(output, text);
  });
});

/** What a binary lacks of the hardening that every binary has. */
async function softSpots(binary) {
  const readelf = async (...options) => (await run("readelf", ["--wide", ...options, binary])).output;
  const [header, segments, dynamic, symbols] = [
    await readelf("--file-header"), await readelf("--program-headers"), await readelf("--dynamic"), await readelf("--dyn-syms")];
  const spots = {
    "position-independent executable": /Type:\s+DYN \(Position-Independent/.test(header),
    "read-only relocations": /GNU_RELRO/.test(segments),
    "immediate binding": /\(FLAGS\).*BIND_NOW|\(FLAGS_1\).*NOW/.test(dynamic),
    "stack that is not executable": /GNU_STACK\s.* RW /.test(segments),
    "stack protector": /__stack_chk_fail/.test(symbols),
    "fortified library calls": /__\w+_chk(@|\s)/.test(symbols.replaceAll("__stack_chk_fail", "")),
    "no search path for libraries": !/\((RPATH|RUNPATH)\)/.test(dynamic),
  };
  return Object.entries(spots).filter(([, holds]) => !holds).map(([name]) => name);
}

describe("hardening", () => {
  for (const name of BINARIES) {
    test(`${name} has all of it`, async () => assert.deepEqual(await softSpots(`${root}build/bin/${name}`), []));
  }
  test("a binary without it is seen", async () => {
    const folder = await mkdtemp("/tmp/soft-");
    try {
      await writeFile(`${folder}/soft.c`, "#include <stdio.h>\nint main(int n, char **v) { char b[99]; sprintf(b, \"%s\", v[n - 1]); return puts(b); }\n");
      const { code, output } = await run("gcc", ["-O0", "-no-pie", "-fno-stack-protector", "-U_FORTIFY_SOURCE", "-Wl,-z,norelro,-z,lazy,-z,execstack,-rpath,/tmp",
        "-o", `${folder}/soft`, `${folder}/soft.c`]);
      assert.equal(code, 0, output);
      assert.equal((await softSpots(`${folder}/soft`)).length, 7);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("packages from npm", async () => {
  const { output } = await run("git", ["ls-files", "*package-lock.json"], { cwd: root });
  const files = output.trim().split("\n");
  // Chosen by name: what they run when they are installed was looked at.
  const MAY_RUN = new Set(["@bufbuild/buf", "protobufjs"]);

  for (const file of files) {
    test(`${file} names a digest of each, no registry, and nothing that runs when it is installed`, async () => {
      const { packages } = JSON.parse(await read(file));
      for (const [path, { integrity, resolved, hasInstallScript, link }] of Object.entries(packages)) {
        if (path === "" || link) continue;
        assert.match(integrity ?? "", /^sha512-/, path);
        assert.equal(resolved, undefined, path);
        if (hasInstallScript) assert.ok(MAY_RUN.has(path.split("node_modules/").pop()), `${path} runs something when it is installed`);
      }
    });
    test(`${file} is of its package.json, which names exact versions`, async () => {
      const folder = file.replace("package-lock.json", "");
      const wanted = JSON.parse(await read(`${folder}package.json`));
      const locked = JSON.parse(await read(file)).packages[""];
      for (const kind of ["dependencies", "devDependencies"]) {
        assert.deepEqual(locked[kind] ?? {}, wanted[kind] ?? {}, kind);
        for (const [name, version] of Object.entries(wanted[kind] ?? {})) assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name);
      }
    });
  }
});

test("the licence, and the version of each part, are said the same everywhere", async () => {
  assert.match(await read("LICENSE"), /Apache License\s+Version 2\.0[^]*The todo-jwt authors/);
  const [, version] = (await read("CMakeLists.txt")).match(/^project\(todo_jwt VERSION (\S+)/m);
  for (const name of BINARIES) {
    const { code, output } = await run(`${root}build/bin/${name}`, ["--version"]);
    assert.equal(code, 0, output);
    assert.equal(output.trim(), `${name} ${version}`);
  }
  assert.equal(JSON.parse(await read("services/web/package.json")).version, version);
  assert.match(await read("Dockerfile"), new RegExp(`^ARG VERSION=${version}$`, "m"));
  assert.match(await read(".env.example"), new RegExp(`^TODO_JWT_VERSION=${version}$`, "m"));
  for (const [, named] of (await read("compose.yaml")).matchAll(/TODO_JWT_VERSION:-([^}]*)\}/g)) assert.equal(named, version);
});
