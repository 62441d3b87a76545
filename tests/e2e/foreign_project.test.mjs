// A project of somebody else: installs common/auth, finds it with find_package alone, and protects a service of its own,
// by the commands of docs/protect-a-service.md.
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { Child, run } from "./support/children.mjs";
import { startIssuer } from "./support/issuer.mjs";
import { root } from "./support/stack.mjs";
import { startVerifier } from "./support/verifier.mjs";

const source = `${root}examples/protected-service`;
let folder, prefix, issuer, verifier, greeter, address;

async function must(command, args, options) {
  const { code, output } = await run(command, args, options);
  assert.equal(code, 0, `${command} ${args.join(" ")}\n${output}`);
  return output;
}

before(async () => {
  folder = await mkdtemp("/tmp/foreign-");
  prefix = `${folder}/prefix`;
  await must("cmake", ["--install", `${root}build`, "--component", "auth", "--prefix", prefix]);
  const launcher = await run("which", ["ccache"]);
  const environment = launcher.code === 0 ? { CMAKE_CXX_COMPILER_LAUNCHER: "ccache" } : {};
  await must("cmake", ["-S", source, "-B", `${folder}/build`, "-G", "Ninja", `-DCMAKE_PREFIX_PATH=${prefix}`], {
    env: { ...process.env, ...environment },
  });
  await must("cmake", ["--build", `${folder}/build`]);
  await must("protoc", [`-I${source}`, `--descriptor_set_out=${folder}/greeter.binpb`, "greeter.proto"]);
  issuer = await startIssuer();
  verifier = await startVerifier(issuer);
  greeter = new Child(`${folder}/build/greeter`, ["127.0.0.1:0", `127.0.0.1:${verifier.port}`]);
  const [, port] = await greeter.waitFor(/listening on port (\d+)/);
  address = `http://127.0.0.1:${port}`;
});
after(async () => {
  await greeter?.stop();
  await verifier?.stop();
  await issuer?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Calls the service with the header lines given; gives the answer's text, or the error's. */
async function greet(...headers) {
  const { output } = await run(`${root}tests/e2e/node_modules/.bin/buf`, [
    "curl", "--schema", `${folder}/greeter.binpb`, "--protocol", "grpc", "--http2-prior-knowledge",
    ...headers.flatMap((header) => ["-H", header]), "-d", "{}", `${address}/greeter.v1.GreeterService/Greet`,
  ]);
  return output;
}
const bearer = (token) => `authorization: Bearer ${token}`;

test("the three lines are three", async () => {
  const text = await readFile(`${source}/main.cc`, "utf8");
  assert.deepEqual([...text.matchAll(/\/\/ (\d)(:|$)/gm)].map((match) => match[1]).sort(), ["1", "2", "3"]);
});

test("a call without a token is UNAUTHENTICATED", async () => {
  const answer = await greet();
  assert.match(answer, /"unauthenticated"/);
  assert.match(answer, /no `authorization`/);
});

test("a call with a bad token is UNAUTHENTICATED and says why", async () => {
  assert.match(await greet(bearer(issuer.forgedToken())), /"unauthenticated"[^]*signature/);
  assert.match(await greet(bearer(issuer.token({ exp: Math.floor(Date.now() / 1000) - 120 }))), /"unauthenticated"[^]*expired/);
  assert.match(await greet(bearer("hello")), /"unauthenticated"/);
});

test("a call with a good token is OK", async () => {
  assert.deepEqual(JSON.parse(await greet(bearer(issuer.token()))), { text: "Hello, ada" });
});

test("without the verifier a known token is OK, and a new one UNAVAILABLE", async () => {
  const known = issuer.token({ sub: "grace" });
  assert.deepEqual(JSON.parse(await greet(bearer(known))), { text: "Hello, grace" });
  await verifier.stop();
  assert.deepEqual(JSON.parse(await greet(bearer(known))), { text: "Hello, grace" });
  assert.match(await greet(bearer(issuer.token({ sub: "eve" }))), /"unavailable"/);
});

test("the installed headers need nothing of this repository", async () => {
  const headers = (await readdir(`${prefix}/include/todo_jwt`, { recursive: true })).filter((name) => name.endsWith(".h"));
  assert.ok(headers.includes("common/auth/protection.h"), headers.join());
  await writeFile(`${folder}/all.cc`, headers.map((name) => `#include "${name}"\n`).join(""));
  await must("c++", ["-std=c++20", "-fsyntax-only", `-I${prefix}/include/todo_jwt`, `${folder}/all.cc`]);
});

test("the package names no path of the machine that built it", async () => {
  const package_ = `${prefix}/lib/cmake/todo_jwt`;
  for (const name of await readdir(package_)) {
    const text = await readFile(`${package_}/${name}`, "utf8");
    assert.ok(!text.includes(root), name);
  }
});

test("the services' component holds the three services, and no developer's tool", async () => {
  await must("cmake", ["--install", `${root}build`, "--component", "services", "--prefix", `${folder}/services`]);
  assert.deepEqual(await readdir(`${folder}/services`), ["bin"]);
  assert.deepEqual((await readdir(`${folder}/services/bin`)).sort(), ["http-gateway", "todo-service", "token-verifier"]);
});
