// Each C++ process as the first of its PID namespace, as in its container: there a signal has no default effect, and does nothing where
// nobody handles it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { Child } from "../e2e/support/children.mjs";
import { freePorts } from "../e2e/support/ports.mjs";
import { COMMANDS } from "./support/processes.mjs";

const IN_NAMESPACE = ["--pid", "--fork", "--kill-child"];
/** Whoever is not root may make one in a user namespace, or not at all. */
const unshare = [IN_NAMESPACE, ["--user", "--map-root-user", ...IN_NAMESPACE]].find((way) => spawnSync("unshare", [...way, "true"]).status === 0);

/** How a process ends that was sent the signal 15, as a shell and a container engine say it. */
const BY_SIGTERM = { code: 128 + 15, signal: null };

function startAsFirst(name, variables) {
  const child = new Child("unshare", [...unshare, ...COMMANDS[name]], { env: { PATH: process.env.PATH, ...variables } });
  // unshare itself ignores the signals that are meant for its child.
  const sendSigterm = () => process.kill(Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8")), "SIGTERM");
  return { child, sendSigterm };
}

describe("the first process of a PID namespace", { skip: unshare ? false : "unshare(1) may make no PID namespace here" }, () => {
  test("the verifier ends at once while it waits for its first keys", async () => {
    const variables = { BETTER_AUTH_URL: "http://127.0.0.1:1", VERIFIER_PORT: "0", VERIFIER_STARTUP_SECONDS: "20" };
    const { child, sendSigterm } = startAsFirst("verifier", variables);
    await child.waitFor(/"event":"jwks_unreachable"/);
    sendSigterm();
    assert.deepEqual(await child.ended(), BY_SIGTERM, child.output);
  });

  test("a second SIGTERM ends the gateway at once", async () => {
    const [port] = await freePorts(1);
    const { child, sendSigterm } = startAsFirst("gateway", { PORT: port });
    await child.waitFor(/"event":"listening"/);
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    socket.write("POST /api/x/tasks HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{");
    sendSigterm();
    await child.waitFor(/"event":"draining"/);
    sendSigterm();
    assert.deepEqual(await child.ended(), BY_SIGTERM, child.output);
    socket.destroy();
  });
});
