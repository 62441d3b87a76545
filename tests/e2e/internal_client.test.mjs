// A service of one's own calls the todo service with the certificate that scripts/issue-client-cert gave it: the examples, in both
// languages, against the real services with mutual TLS.
import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { run } from "./support/children.mjs";
import { request } from "./support/http.mjs";
import { root, startStack } from "./support/stack.mjs";
import { signUp, takeToken } from "./support/user.mjs";

const examples = `${root}examples/internal-client`;
let folder, stack, user, token;

async function must(command, args, options) {
  const { code, output } = await run(command, args, options);
  assert.equal(code, 0, `${command} ${args.join(" ")}\n${output}`);
  return output;
}

const issue = (name) =>
  must(`${root}scripts/issue-client-cert`, [name, `${folder}/${name}`], { env: { ...process.env, CERTIFICATES_DIR: folder } });

const languages = {
  "C++": () => [`${folder}/build/internal-client`],
  "Node.js": () => ["node", `${examples}/node/main.mjs`],
};

/** Runs an example as the service of that name, with a token. */
async function callAs(language, name, bearer = token) {
  await writeFile(`${folder}/token`, bearer, { mode: 0o600 });
  const command = [...languages[language](), new URL(stack.todoAddress).host, `${folder}/${name}`];
  return run("sh", ["-c", '"$@" <"$0"', `${folder}/token`, ...command]);
}

before(async () => {
  folder = await mkdtemp("/tmp/internal-client-");
  await chmod(folder, 0o755);
  await must(`${root}scripts/certificates`, [folder, "todo"]);
  await issue("billing");
  await issue("stranger");
  stack = await startStack({
    GRPC_TLS_CERTIFICATE_FILE: `${folder}/todo/tls.crt`,
    GRPC_TLS_KEY_FILE: `${folder}/todo/tls.key`,
    GRPC_TLS_CA_FILE: `${folder}/todo/ca.crt`,
    GRPC_TLS_ALLOWED_PEERS: "billing",
    TODO_TLS_NAME: "todo",
    VERIFIER_TLS_NAME: "todo",
  });
  user = await signUp(stack.webUrl);
  token = await takeToken(stack.webUrl, user);
  const created = await request("POST", `${stack.apiUrl}/api/${user.id}/tasks`, { token, json: { title: "Send the bill" } });
  assert.equal(created.status, 201, created.text);

  const launcher = await run("which", ["ccache"]);
  const environment = { ...process.env, ...(launcher.code === 0 ? { CMAKE_CXX_COMPILER_LAUNCHER: "ccache" } : {}) };
  await must("cmake", ["-S", `${examples}/cpp`, "-B", `${folder}/build`, "-G", "Ninja"], { env: environment });
  await must("cmake", ["--build", `${folder}/build`]);
  await must("npm", ["ci", "--silent", "--no-audit", "--no-fund"], { cwd: `${examples}/node` });
});
after(async () => {
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("only who holds the folder can read the key", async () => {
  assert.equal((await stat(`${folder}/billing`)).mode & 0o777, 0o700);
  assert.equal((await stat(`${folder}/billing/tls.key`)).mode & 0o777, 0o600);
});

test("a name that no certificate can have is refused, and where there is no authority that is said", async () => {
  const issueTo = (name, authority) =>
    run(`${root}scripts/issue-client-cert`, [name, `${folder}/none`], { env: { ...process.env, CERTIFICATES_DIR: authority } });
  const bad = await issueTo("Bad Name", folder);
  assert.notEqual(bad.code, 0);
  assert.match(bad.output, /Bad Name is no name for a certificate/);
  const nowhere = await issueTo("billing", `${folder}/nowhere`);
  assert.notEqual(nowhere.code, 0);
  assert.match(nowhere.output, /has no authority/);
  await assert.rejects(stat(`${folder}/none`));
});

for (const language of Object.keys(languages)) {
  describe(language, () => {
    test("a service whose name is not on the list is refused, whatever its token", async () => {
      const { code, output } = await callAs(language, "stranger");
      assert.equal(code, 1, output);
      assert.match(output, /^code 14: /m); // UNAVAILABLE: no connection
    });

    test("a service whose name is on the list still needs a user's token", async () => {
      const { code, output } = await callAs(language, "billing", `${token.slice(0, -8)}AAAAAAAA`);
      assert.equal(code, 1, output);
      assert.match(output, /^code 16: /m); // UNAUTHENTICATED
    });

    test("with both it reads the user's tasks", async () => {
      const { code, output } = await callAs(language, "billing");
      assert.equal(code, 0, output);
      assert.equal(output, `${user.email} has 1 tasks\n- Send the bill\n`);
    });
  });
}
