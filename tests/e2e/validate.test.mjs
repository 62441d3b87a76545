// scripts/validate-jwt-config.sh: each configuration, what it says about it, and its exit code.
import assert from "node:assert/strict";
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { run } from "./support/children.mjs";
import { root } from "./support/stack.mjs";

const script = `${root}scripts/validate-jwt-config.sh`;
const SECRET = "canary-secret-of-more-than-32-characters";

const jwk = (type, options) => generateKeyPairSync(type, options).publicKey.export({ format: "jwk" });
const keys = {
  ed: { ...jwk("ed25519"), kid: "ed" },
  rsa: { ...jwk("rsa", { modulusLength: 2048 }), kid: "rsa", alg: "RS256", use: "sig" },
  weak: { ...jwk("rsa", { modulusLength: 1024 }), kid: "weak", alg: "RS256" },
  encryption: { ...jwk("rsa", { modulusLength: 2048 }), kid: "enc", use: "enc" },
};
const set = (...members) => JSON.stringify({ keys: members });

let folder, server, base;
// What the issuer answers, by the first part of the path.
const answers = {
  good: [200, set(keys.ed, keys.rsa)],
  mixed: [200, set(keys.ed, keys.weak, keys.encryption)],
  weak: [200, set(keys.weak)],
  empty: [200, set()],
  html: [200, "<!doctype html><title>Sign in</title>"],
  cut: [200, set(keys.ed).slice(0, -5)],
  missing: [404, "{}"],
  moved: [301, ""],
};

before(async () => {
  folder = await mkdtemp("/tmp/validate-");
  server = createServer((request, response) => {
    const answer = answers[request.url.split("/")[1]];
    if (!answer) return; // never
    response.writeHead(answer[0], { "content-type": "application/json", location: "/good/.well-known/jwks.json" });
    response.end(answer[1]);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${server.address().port}`;
});
after(async () => {
  server.closeAllConnections();
  await once(server.close(), "close");
  await rm(folder, { recursive: true, force: true });
});

let files = 0;
/** Runs the script on a .env of these lines, with nothing else set. */
async function validate(lines, environment = {}, command = script) {
  const file = `${folder}/${(files += 1)}.env`;
  await writeFile(file, lines.join("\n"));
  const { code, output } = await run(command, [file], { env: { PATH: process.env.PATH, ...environment } });
  assert.doesNotMatch(output, /canary/, "a secret was printed");
  return { code, output };
}

const good = () => [
  `BETTER_AUTH_URL=${base}/good`,
  `BETTER_AUTH_SECRET=${SECRET}`,
  `NEON_DATABASE_URL=${process.env.TEST_DATABASE_URL}`,
  "ALLOWED_ORIGINS=http://localhost:3000,https://app.example.com",
];
/** The good lines with others in the place of those of the same name; null takes one away. */
const but = (changes) => () => [
  ...good().filter((line) => !(line.split("=")[0] in changes)),
  ...Object.entries(changes).flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`])),
];
const at = (path) => () => but({ BETTER_AUTH_URL: `${base}/${path}` })();

/** The commented lines at the end of .env.example, with an issuer and a database that are there in the place of the examples. */
function exampleOfBackendAlone() {
  const [, block] = readFileSync(`${root}.env.example`, "utf8").split("# ---- The backend alone");
  const lines = [...block.matchAll(/^#   (.*)$/gm)].map(([, line]) => line);
  const put = { NEON_DATABASE_URL: process.env.TEST_DATABASE_URL, BETTER_AUTH_URL: `${base}/good` };
  assert.ok(Object.keys(put).every((name) => lines.some((line) => line.startsWith(`${name}=`))), block);
  return lines.map((line) => (line.split("=")[0] in put ? `${line.split("=")[0]}=${put[line.split("=")[0]]}` : line));
}

// What it is: the lines, the exit code, and the findings that must be there, blanks standing for any number of them.
const table = {
  "all is well": [good, 0, [/^ok BETTER_AUTH_SECRET has at least 32/, /^ok key kid "ed": EdDSA$/, /^ok key kid "rsa": RS256$/,
    /^ok algorithms EdDSA, RS256$/, /^ok key_set .*\/good\/\.well-known\/jwks\.json: 2 of 2 keys can be used$/,
    /^ok gateway the allowed origins/, /^ok database can be reached$/, /^0 errors, 0 warnings$/]],
  "the URL has a trailing slash": [() => but({ BETTER_AUTH_URL: `${base}/good/` })(), 0, [/^ok key_set .*\/good\/\.well-known/]],
  "comments, quotes, blank lines, CRLF": [() => ["# a comment", "", ...good().map((line) => line.replace("=", '="') + '"\r')], 0,
    [/^0 errors/]],
  "no secret": [but({ BETTER_AUTH_SECRET: null }), 0, [/^ok BETTER_AUTH_SECRET is not set/]],
  "the secret of 31 characters": [but({ BETTER_AUTH_SECRET: SECRET.slice(0, 31) }), 1,
    [/^error BETTER_AUTH_SECRET is shorter than 32 characters; .*openssl rand -hex 32$/]],
  "the secret twice": [() => [...good(), "BETTER_AUTH_SECRET_FILE=/etc/hostname"], 1,
    [/^error BETTER_AUTH_SECRET is set and so is BETTER_AUTH_SECRET_FILE/]],
  "a secret file that is not there": [but({ BETTER_AUTH_SECRET: null, BETTER_AUTH_SECRET_FILE: "/nowhere" }), 1,
    [/^error BETTER_AUTH_SECRET_FILE names a file that cannot be read or is empty: \/nowhere$/]],
  "development with a secret": [() => [...good(), "DEBUG=true"], 0, [/^warning DEBUG .*never in production$/]],
  "no URL": [but({ BETTER_AUTH_URL: null }), 1, [/^error configuration BETTER_AUTH_URL is not set/, /^ok database/]],
  "a URL without a scheme": [but({ BETTER_AUTH_URL: "auth.example.com" }), 1, [/^error configuration BETTER_AUTH_URL is no absolute URL/]],
  "a URL with a password": [but({ BETTER_AUTH_URL: "https://a:canary@auth.example.com" }), 1,
    [/^error configuration BETTER_AUTH_URL must not hold a user name or password/]],
  "plain http elsewhere": [() => but({ BETTER_AUTH_URL: "http://auth.invalid", BETTER_AUTH_JWKS_URL: `${base}/good/.well-known/jwks.json` })(), 0,
    [/^warning BETTER_AUTH_URL http:\/\/auth\.invalid is plain http/, /^ok key_set/]],
  "keys over plain http from elsewhere": [but({ BETTER_AUTH_URL: "http://auth.invalid" }), 1,
    [/^warning BETTER_AUTH_URL .* plain http/, /^error configuration BETTER_AUTH_URL would fetch keys over plain http/]],
  "an issuer that is not there": [but({ BETTER_AUTH_URL: "http://127.0.0.1:1" }), 2, [/^error key_set http:\/\/127\.0\.0\.1:1\/\S+: .*connect/]],
  "an issuer whose name does not exist": [but({ BETTER_AUTH_URL: "https://auth.invalid" }), 2, [/^error key_set https:\/\/auth\.invalid\S+: .*resolve/]],
  "an issuer that never answers": [at("never"), 2, [/^error key_set .*timed out/]],
  "an issuer that does not know the path": [at("missing"), 1, [/^error key_set .*status is 404, not 200$/]],
  "a redirect": [at("moved"), 1, [/^error key_set .*status is 301, not 200$/]],
  "a page in the place of the keys": [at("html"), 1, [/^error key_set .*JSON/]],
  "a key set that is cut off": [at("cut"), 1, [/^error key_set .*JSON/]],
  "no keys": [at("empty"), 1, [/^error key_set .*0 of 0 keys can be used; without one the verifier does not start$/]],
  "one weak key": [at("weak"), 1, [/^warning key kid "weak" is not used: .*2,?048/, /^error key_set .*0 of 1 keys/]],
  "good keys beside bad ones": [at("mixed"), 0, [/^ok key kid "ed": EdDSA$/, /^warning key kid "weak" is not used/,
    /^warning key kid "enc" is not used: `use` is not `sig`$/, /^ok key_set .*1 of 3 keys can be used$/]],
  "sessions in the place of tokens": [() => [...good(), "AUTH_MODE=session"], 0, [/^ok key_set is not used: AUTH_MODE is session$/]],
  "a mode that does not exist": [() => [...good(), "AUTH_MODE=cookies"], 1, [/^error configuration AUTH_MODE is none of/]],
  "no origins": [but({ ALLOWED_ORIGINS: null }), 0, [/^warning ALLOWED_ORIGINS is not set/]],
  "every origin": [but({ ALLOWED_ORIGINS: "*" }), 1, [/^error gateway ALLOWED_ORIGINS "\*" would let every site in/]],
  "an origin with a path": [but({ ALLOWED_ORIGINS: "https://app.example.com/" }), 1, [/^error gateway ALLOWED_ORIGINS .*write https:\/\/app\.example\.com /]],
  "an origin over plain http": [but({ ALLOWED_ORIGINS: "http://localhost:3000, http://app.example.com" }), 0,
    [/^warning ALLOWED_ORIGINS http:\/\/app\.example\.com is plain http/]],
  "no database": [but({ NEON_DATABASE_URL: null }), 1, [/^error database NEON_DATABASE_URL is not set/]],
  "another kind of database": [but({ NEON_DATABASE_URL: "mysql://u:canary@localhost/x" }), 1, [/^error database NEON_DATABASE_URL is neither a PostgreSQL URL/]],
  "a database that is not there": [but({ NEON_DATABASE_URL: "postgresql://u:canary@127.0.0.1:1/x" }), 2,
    [/^error database NEON_DATABASE_URL: the database cannot be reached: .*refused/]],
  "lines that are no assignments": [() => ["canary", ...good(), "export A=canary"], 1,
    [/^error \d+\.env line 1 is not NAME=VALUE$/, /^error \d+\.env line 6 is not NAME=VALUE$/, /^ok key_set/]],
  "wrong and unreachable at once": [but({ BETTER_AUTH_URL: "http://127.0.0.1:1", ALLOWED_ORIGINS: "*", NEON_DATABASE_URL: "postgresql://127.0.0.1:1/x" }), 1,
    [/^error key_set/, /^error gateway/, /^error database/, /^3 errors/]],
  "the example as it stands": [() => readFileSync(`${root}.env.example`, "utf8").split("\n"), 0,
    [/^ok BETTER_AUTH_SECRET is not set/, /^ok key_set is that of the container web/, /^ok verifier its configuration can be read/,
      /^ok gateway the allowed origins .*http:\/\/localhost:3000$/, /^ok database is that of the container postgres/, /^0 errors, 0 warnings$/]],
  "the example's backend alone": [() => exampleOfBackendAlone(), 0, [/^ok key_set /, /^ok database can be reached$/, /^0 errors, 0 warnings$/]],
  "the guide's .env as it stands": [() => ["# Database Configuration", "NEON_DATABASE_URL=postgresql://...", "", "# Server Configuration",
    "HOST=0.0.0.0", "PORT=8000", "DEBUG=false", "", "# Better Auth Configuration", "BETTER_AUTH_URL=https://your-better-auth-domain.com", "",
    "# JWT Secret (optional in production with RS256)", "BETTER_AUTH_SECRET=your-32-char-secret-here", "", "# CORS Configuration",
    "ALLOWED_ORIGINS=https://your-frontend-domain.com"], 1,
    [/^error BETTER_AUTH_URL is still the placeholder/, /^error BETTER_AUTH_SECRET is still the placeholder/,
      /^error NEON_DATABASE_URL is still the placeholder/, /^error ALLOWED_ORIGINS is still the placeholder/,
      /^error BETTER_AUTH_SECRET is shorter than 32/, /^warning key_set was not asked for/, /^ok verifier/, /^warning database was not asked/]],
  "the guide's other examples": [() => ["BETTER_AUTH_URL=https://your-app.com", `NEON_DATABASE_URL=${process.env.TEST_DATABASE_URL}`,
    "ALLOWED_ORIGINS=http://localhost:3000,https://your-app.vercel.app"], 1,
    [/^error BETTER_AUTH_URL is still the placeholder/, /^error ALLOWED_ORIGINS is still the placeholder/, /^ok database/]],
};

const findings = (output) => output.split("\n").map((line) => line.replace(/^(\S+) +(\S+) +/, "$1 $2 "));

describe("each configuration", () => {
  for (const [what, [lines, code, expected]] of Object.entries(table)) {
    test(what, async () => {
      const outcome = await validate(lines());
      for (const pattern of expected) {
        assert.ok(findings(outcome.output).some((line) => pattern.test(line)), `${pattern} is not in:\n${outcome.output}`);
      }
      assert.equal(outcome.code, code, outcome.output);
    });
  }
});

test("what the environment sets wins", async () => {
  const { code, output } = await validate(good(), { ALLOWED_ORIGINS: "*" });
  assert.equal(code, 1, output);
});

test("a file that is not there is said so", async () => {
  const { code, output } = await run(script, [`${folder}/nowhere.env`], { env: { PATH: process.env.PATH } });
  assert.equal(code, 1);
  assert.match(output, /nowhere\.env +cannot be read/);
});

describe("without a build", () => {
  let checkout, bin;

  before(async () => {
    checkout = `${folder}/backend`;
    bin = `${folder}/bin`;
    await mkdir(`${checkout}/scripts/lib`, { recursive: true });
    await cp(script, `${checkout}/scripts/validate-jwt-config.sh`);
    await cp(`${root}scripts/lib/environment.sh`, `${checkout}/scripts/lib/environment.sh`);
    await mkdir(bin);
  });

  const here = (environment) => run("./scripts/validate-jwt-config.sh", [], { cwd: checkout, env: environment });

  test("and without Docker, it says what to do", async () => {
    await writeFile(`${checkout}/.env`, good().join("\n"));
    const { code, output } = await here({ PATH: "/usr/bin:/bin" });
    assert.equal(code, 1, output);
    for (const name of ["token-verifier", "http-gateway", "todo-service"]) {
      assert.match(output, new RegExp(`^error +${name} +is not here: build it .*Docker`, "m"));
    }
  });

  test("the binaries of the containers are asked, as the guide runs it", async () => {
    // Stands in for an engine: notes what it is told, and runs the binary that the container would hold.
    await writeFile(`${bin}/docker`, `#!/bin/bash
if [[ "$*" == "compose version" ]]; then exit 0; fi
echo "$*" >>'${folder}/docker.log'
if [[ "$*" == *certificates ]]; then exit 0; fi
while [[ "$1" != --entrypoint ]]; do shift; done
shift
exec '${root}build/bin/'"$1" "\${@:3}"
`);
    await chmod(`${bin}/docker`, 0o755);
    await writeFile(`${checkout}/compose.yaml`, "services: {}\n");
    await writeFile(`${checkout}/.env`, good().join("\n"));
    const { code, output } = await here({ PATH: `${bin}:/usr/bin:/bin` });
    assert.equal(code, 0, output);
    assert.match(output, /^ok +key_set .*2 of 2 keys can be used$/m);
    const { output: log } = await run("cat", [`${folder}/docker.log`]);
    const apart = "-e HOST=127.0.0.1 -e GRPC_ALLOW_PLAINTEXT=true -e GRPC_TLS_CERTIFICATE_FILE= -e GRPC_TLS_KEY_FILE= -e GRPC_TLS_CA_FILE=";
    assert.deepEqual(log.trim().split("\n"), [
      `compose run --rm --no-deps -T ${apart} --entrypoint token-verifier verifier check`,
      `compose run --rm --no-deps -T ${apart} --entrypoint http-gateway gateway --check-config`,
      "compose run --rm --no-deps -T certificates",
      `compose run --rm --no-deps -T ${apart} --entrypoint todo-service todo --check-config`,
    ]);
  });

  test("the length of a secret that only a container has is not printed", async () => {
    await writeFile(`${bin}/docker`, `#!/bin/bash
if [[ "$*" == "compose version" || "$*" == *certificates ]]; then exit 0; fi
while [[ "$1" != --entrypoint ]]; do shift; done
shift
BETTER_AUTH_SECRET=canary exec '${root}build/bin/'"$1" "\${@:3}"
`);
    const { code, output } = await here({ PATH: `${bin}:/usr/bin:/bin` });
    assert.equal(code, 1, output);
    assert.match(output, /^error +configuration +BETTER_AUTH_SECRET is too short; at least 32/m);
  });

  test("an engine that fails is said so", async () => {
    await writeFile(`${bin}/docker`, '#!/bin/bash\n[[ "$*" == "compose version" ]] || { echo "Cannot connect to the Docker daemon" >&2; exit 125; }\n');
    const { code, output } = await here({ PATH: `${bin}:/usr/bin:/bin` });
    assert.equal(code, 1, output);
    assert.match(output, /^error +token-verifier +could not be run: Cannot connect to the Docker daemon$/m);
  });
});
