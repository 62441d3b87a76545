// Real nginx and real Caddy in front of files and of a service, with the configurations of examples/forward-auth.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { Child } from "./support/children.mjs";
import { request } from "./support/http.mjs";
import { startIssuer } from "./support/issuer.mjs";
import { freePorts } from "./support/ports.mjs";
import { root } from "./support/stack.mjs";
import { startVerifier } from "./support/verifier.mjs";

const now = () => Math.floor(Date.now() / 1000);

/** The service behind the proxy: answers with the headers that reached it. */
async function startService() {
  let requests = 0;
  const server = createServer((incoming, response) => {
    requests += 1;
    incoming.resume().on("end", () => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ ...incoming.headers, lines: incoming.rawHeaders.filter((_, i) => i % 2 === 0) }));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: server.address().port,
    requests: () => requests,
    async stop() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

/** An example as it stands in the repository, with this test's ports and folder in the place of its own. */
async function example(name, { port, verifier, service, site }) {
  let text = await readFile(`${root}examples/forward-auth/${name}`, "utf8");
  const replace = (from, to) => {
    assert.ok(text.includes(from), `${name} does not hold ${from}`);
    text = text.replaceAll(from, to);
  };
  replace("8080", String(port));
  replace("127.0.0.1:9180", `127.0.0.1:${verifier}`);
  replace("127.0.0.1:3001", `127.0.0.1:${service}`);
  replace("/srv/private", site);
  return text;
}

const proxies = {
  async nginx(folder, plan) {
    const conf = `daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr; events { }
http { access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f;
uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s; include ${folder}/example.conf; }`;
    await writeFile(`${folder}/nginx.conf`, (process.getuid() === 0 ? "user root;" : "") + conf);
    await writeFile(`${folder}/example.conf`, await example("nginx.conf", plan));
    return new Child("/usr/sbin/nginx", ["-e", "stderr", "-p", folder, "-c", `${folder}/nginx.conf`]);
  },
  async Caddy(folder, plan) {
    await writeFile(`${folder}/Caddyfile`, `{\n\tadmin off\n}\n${await example("Caddyfile", plan)}`);
    return new Child("caddy", ["run", "--config", `${folder}/Caddyfile`, "--adapter", "caddyfile"], {
      env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    });
  },
};

/** A request with header lines that fetch would not send, such as two of one name. */
async function rawRequest(url, headers, { method = "GET", body } = {}) {
  const sent = httpRequest(url, { method, headers, agent: false });
  sent.end(body);
  const [response] = await once(sent, "response");
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  return { status: response.statusCode, headers: response.headers, text };
}

for (const [name, start] of Object.entries(proxies)) {
  describe(name, () => {
    let issuer, verifier, service, folder, proxy, url;

    before(async () => {
      folder = await mkdtemp("/tmp/forward-auth-");
      await mkdir(`${folder}/site`);
      await writeFile(`${folder}/site/index.html`, "the private page");
      issuer = await startIssuer();
      verifier = await startVerifier(issuer);
      service = await startService();
      const [port] = await freePorts(1);
      url = `http://127.0.0.1:${port}`;
      proxy = await start(folder, { port, verifier: verifier.forwardAuthPort, service: service.port, site: `${folder}/site` });
      // Refused until it listens: nothing tells when that is.
      for (let listens = false; !listens; ) {
        listens = await fetch(url).then(() => true, () => false);
        if (!listens) await Promise.race([new Promise((resolve) => setImmediate(resolve)), proxy.ended().then(() => assert.fail(proxy.output))]);
      }
    });
    after(async () => {
      await proxy?.stop();
      await verifier?.stop();
      await service?.stop();
      await issuer?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const page = (token) => request("GET", `${url}/index.html`, { token });

    test("without a token: 401 with a bare challenge", async () => {
      const answer = await page();
      assert.equal(answer.status, 401);
      assert.equal(answer.headers.get("www-authenticate"), 'Bearer realm="protected"');
      assert.doesNotMatch(answer.text, /private page/);
    });

    const bad = {
      expired: [() => issuer.token({ exp: now() - 120 }), /expired/],
      "of a stranger": [() => issuer.forgedToken(), /signature/],
      "for another audience": [() => issuer.token({ aud: "https://other.test" }), /`aud`/],
      "that is none": [() => "hello", /no JWT/],
    };
    for (const [what, [make, description]] of Object.entries(bad)) {
      test(`a token ${what}: 401 that says which rule failed`, async () => {
        const answer = await page(make());
        assert.equal(answer.status, 401);
        const challenge = answer.headers.get("www-authenticate");
        assert.match(challenge, /^Bearer realm="protected", error="invalid_token", error_description="[^"\\]+"$/);
        assert.match(challenge, description);
        assert.doesNotMatch(answer.text, /private page/);
      });
    }

    test("a good token: the page", async () => {
      const answer = await page(issuer.token());
      assert.equal(answer.status, 200);
      assert.equal(answer.text, "the private page");
      assert.equal((await rawRequest(`${url}/index.html`, { authorization: `Bearer ${issuer.token()}` }, { method: "HEAD" })).status, 200);
    });

    test("a token in the query is not read", async () => {
      assert.equal((await request("GET", `${url}/index.html?access_token=${issuer.token()}`)).status, 401);
    });

    test("two Authorization headers are refused", async () => {
      const twice = [`Bearer ${issuer.token()}`, `Bearer ${issuer.token({ sub: "eve" })}`];
      const before = service.requests();
      for (const path of ["/index.html", "/app/"]) {
        // nginx refuses them itself, Caddy asks the verifier.
        const { status } = await rawRequest(url + path, { authorization: twice });
        assert.ok(status === 400 || status === 401, `${path} answered ${status}`);
      }
      assert.equal(service.requests(), before);
    });

    test("the service behind learns the subject from the verifier alone, and never the token", async () => {
      const headers = { "x-auth-subject": ["eve", "mallory"], x_auth_subject: "eve", authorization: `Bearer ${issuer.token()}` };
      const seen = JSON.parse((await rawRequest(`${url}/app/`, headers)).text);
      assert.equal(seen["x-auth-subject"], "ada");
      assert.equal(seen.lines.filter((line) => line.toLowerCase().replaceAll("_", "-") === "x-auth-subject").length, 1);
      assert.equal(seen.authorization, undefined);
    });

    test("a subject that no header can carry arrives percent-encoded", async () => {
      const answer = await request("GET", `${url}/app/`, { token: issuer.token({ sub: "Ada\r\nX-Evil: 1 100%é" }) });
      assert.equal(answer.json["x-auth-subject"], "Ada%0D%0AX-Evil:%201%20100%25%C3%A9");
      assert.equal(answer.json["x-evil"], undefined);
    });

    test("a large body goes to the service, not to the verifier", async () => {
      const body = "x".repeat(300_000);
      assert.equal((await request("POST", `${url}/app/`, { token: issuer.token(), body })).status, 200);
      const before = service.requests();
      assert.equal((await request("POST", `${url}/app/`, { token: issuer.forgedToken(), body })).status, 401);
      assert.equal(service.requests(), before);
    });

    test("a verifier that cannot decide, and one that is down, let nobody through and tell nobody to sign in", async () => {
      const fails = async (token) => {
        const before = service.requests();
        for (const path of ["/index.html", "/app/"]) {
          const answer = await request("GET", url + path, { token });
          assert.ok(answer.status >= 500, `${path} answered ${answer.status}`);
          assert.equal(answer.headers.get("www-authenticate"), null);
          assert.doesNotMatch(answer.text, /private page/);
        }
        assert.equal(service.requests(), before);
      };
      await issuer.stop();
      const unknown = issuer.token({}, { kid: "made-up" });
      await fails(unknown);
      const undecided = await page(unknown);
      assert.equal(undecided.status, 503);
      assert.equal(undecided.headers.get("retry-after"), "1");
      assert.equal((await page(issuer.token())).status, 200);
      await verifier.stop();
      await fails(issuer.token());
      // Caddy says itself that it reached nobody.
      assert.equal((await page(issuer.token())).status, name === "Caddy" ? 502 : 503);
    });
  });
}
