// A token verifier of its own, without the rest of the stack.
import { Child } from "./children.mjs";
import { root } from "./stack.mjs";

/** Starts build/bin/token-verifier on ports of its own, trusting the issuer, with a forward-auth port. */
export async function startVerifier(issuer, environment = {}) {
  const child = new Child(`${root}build/bin/token-verifier`, [], {
    env: { BETTER_AUTH_URL: issuer.url, VERIFIER_PORT: "0", FORWARD_AUTH_PORT: "0", ...environment },
  });
  const [, port] = await child.waitFor(/"event":"listening",.*"port":(\d+)/);
  const [, forwardAuthPort] = await child.waitFor(/"event":"listening_forward_auth",.*"port":(\d+)/);
  return { child, port: Number(port), forwardAuthPort: Number(forwardAuthPort), stop: () => child.stop() };
}
