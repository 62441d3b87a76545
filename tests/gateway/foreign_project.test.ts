// A project of somebody else, as docs/gateway.md shows it: installs the gateway, finds it with find_package alone, and gives its
// own gRPC service an HTTP face.
import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {after, before, test} from "node:test";
import {type Running, build, here, lineOf, start} from "./world.js";

const source = resolve(here, "../../examples/exposed-service");
const folder = mkdtempSync(join(tmpdir(), "exposed-"));
const prefix = join(folder, "prefix");
const running: Running[] = [];
let built = "";
let url = "";

const must = (command: string, ...args: string[]) => execFileSync(command, args, {stdio: "pipe"}).toString();

before(async () => {
  for (const component of ["auth", "gateway"]) must("cmake", "--install", build, "--component", component, "--prefix", prefix);
  must("cmake", "-S", source, "-B", `${folder}/build`, "-G", "Ninja", `-DCMAKE_PREFIX_PATH=${prefix}`);
  built = must("cmake", "--build", `${folder}/build`);
  const greeter = start(`${folder}/build/greeter`, ["127.0.0.1:0"]);
  running.push(greeter);
  const [, grpc] = await lineOf(greeter.process.stdout!, /listening on port (\d+)/);
  const gateway = start(
    `${prefix}/bin/http-gateway`,
    [`--descriptor_set=${folder}/build/greeter.binpb`, `--upstream=greeter.v1.GreeterService=127.0.0.1:${grpc}`],
    {env: {PORT: "0"}},
  );
  running.push(gateway);
  const [, port] = await lineOf(gateway.process.stderr!, /"port":(\d+)/);
  url = `http://127.0.0.1:${port}`;
});
after(async () => {
  for (const one of running.reverse()) await one.stop();
  rmSync(folder, {recursive: true, force: true});
});

test("the build prints the routes", () => {
  assert.match(built, /GET +\/v1\/greetings\/\{name\} +-> +greeter\.v1\.GreeterService\.Greet/);
});

test("its methods answer over HTTP", async () => {
  const greeted = await fetch(`${url}/v1/greetings/Ada?times=2`);
  assert.deepEqual([greeted.status, await greeted.json()], [200, {text: "Hello, Ada! Hello, Ada! "}]);
  const created = await fetch(`${url}/v1/greetings`, {
    method: "POST", body: '{"name":"Ada"}', headers: {"content-type": "application/json"},
  });
  assert.deepEqual([created.status, await created.json()], [201, {text: "Hello, Ada!"}]);
  assert.equal((await fetch(`${url}/v1/greetings/Ada?nope=1`)).status, 400);
});

test("its comments are the words of its documents", async () => {
  const document = await (await fetch(`${url}/openapi.json`)).json();
  assert.equal(document.paths["/v1/greetings/{name}"].get.description, "Greets one by name, as often as wanted.");
});
