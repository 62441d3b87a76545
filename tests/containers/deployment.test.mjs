// All in one, from a clean clone and `.env.example`: what runs, what can be reached, what is kept secret, and what stays.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { run } from "../e2e/support/children.mjs";
import { cookie, jwt } from "../e2e/support/credentials.mjs";
import { request } from "../e2e/support/http.mjs";
import { signUp, takeToken } from "../e2e/support/user.mjs";
import { Deployment, must } from "./support/deployment.mjs";
import { handshake } from "./support/handshake.mjs";

const services = ["gateway", "postgres", "todo", "verifier", "web"];
const jobs = ["certificates", "migrate", "migrate-auth"];
let deployment, containers;

before(async () => {
  deployment = await Deployment.create();
  await deployment.build();
  await deployment.compose("up", "-d");
  await deployment.untilHealthy();
  containers = await deployment.inspect();
});
after(() => deployment?.remove());

const find = (service) => containers.find((container) => container.service === service);

describe("what runs", () => {
  test("is every service, healthy, and every job has ended well", () => {
    assert.deepEqual(containers.map(({ service }) => service).sort(), [...services, ...jobs].sort());
    for (const name of services) assert.equal(find(name).State.Health.Status, "healthy", name);
    for (const name of jobs) assert.deepEqual([find(name).State.Status, find(name).State.ExitCode], ["exited", 0], name);
  });

  test("answers from sign-up to todo at the published ports", async () => {
    const { code, output } = await deployment.script("smoke", deployment.webUrl, deployment.apiUrl);
    assert.equal(code, 0, output);
  });

  test("publishes gateway and web, on loopback, and nothing else", () => {
    const published = containers.flatMap(({ service, NetworkSettings }) =>
      Object.entries(NetworkSettings.Ports).flatMap(([port, hosts]) => (hosts ?? []).map((host) => `${service} ${port} ${host.HostIp}:${host.HostPort}`)),
    );
    const [port, webPort] = deployment.ports;
    assert.deepEqual(published.sort(), [`gateway 8000/tcp 127.0.0.1:${port}`, `web 3000/tcp 127.0.0.1:${webPort}`]);
  });

  test("knows where a request comes from behind the proxy in front, and believes nobody further off", async () => {
    const headers = { "x-forwarded-for": "198.51.100.1, 203.0.113.7", origin: deployment.webUrl };
    const json = { email: "nobody@example.test", password: "a wrong password" };
    assert.equal((await request("POST", `${deployment.webUrl}/api/auth/sign-in/email`, { json, headers })).status, 401);
    assert.equal((await request("GET", `${deployment.apiUrl}/api/me`, { headers })).status, 401);
    for (const service of ["web", "gateway"]) {
      const logs = await deployment.compose("logs", "--no-color", service);
      assert.match(logs, /"peer":"203\.0\.113\.7"/, service);
      assert.doesNotMatch(logs, /198\.51\.100\.1/, service);
    }
  });

  test("tells its version, in the label as by --version", async () => {
    for (const [service, binary] of [["verifier", "token-verifier"], ["todo", "todo-service"], ["gateway", "http-gateway"]]) {
      const labels = find(service).Config.Labels;
      const { output } = await deployment.exec(service, binary, "--version");
      assert.equal(output.trim(), `${binary} ${labels["org.opencontainers.image.version"]}`);
      assert.ok(labels["org.opencontainers.image.title"], service);
    }
  });
});

describe("every container", () => {
  for (const name of [...services, ...jobs]) {
    test(`${name} is confined`, async () => {
      const { Config, HostConfig } = find(name);
      assert.ok(Config.User !== "" && !/^(0|root)(:|$)/.test(Config.User), `runs as "${Config.User}"`);
      assert.equal(HostConfig.ReadonlyRootfs, true);
      assert.deepEqual(HostConfig.CapDrop, ["ALL"]);
      assert.deepEqual(HostConfig.CapAdd ?? [], []);
      assert.equal(HostConfig.Privileged, false);
      assert.ok(HostConfig.SecurityOpt.some((option) => /^no-new-privileges(:true)?$/.test(option)), String(HostConfig.SecurityOpt));
      assert.ok(HostConfig.Memory > 0 && HostConfig.PidsLimit > 0, `${HostConfig.Memory} ${HostConfig.PidsLimit}`);
      assert.equal(HostConfig.LogConfig.Config["max-size"], "10m");
      assert.ok(!["host", "bridge"].includes(HostConfig.NetworkMode), HostConfig.NetworkMode);
      assert.equal(HostConfig.PidMode, "");
      assert.ok(!JSON.stringify(HostConfig.Binds ?? []).includes("docker.sock"));
    });
  }

  for (const name of services) {
    test(`${name} is looked after, and what runs in it has no privilege`, async () => {
      const { Config, HostConfig } = find(name);
      assert.equal(HostConfig.RestartPolicy.Name, "unless-stopped");
      assert.equal(Config.StopTimeout, 30);
      assert.ok(Config.Healthcheck.Test.length > 1);
      const { output: status } = await deployment.exec(name, "cat", "/proc/1/status");
      assert.doesNotMatch(status, /^Uid:\s+0\s/m);
      for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]) assert.match(status, new RegExp(`^${set}:\\s+0+$`, "m"));
      assert.match(status, /^NoNewPrivs:\s+1$/m);
    });

    test(`${name} cannot change what it runs`, async () => {
      const { code, output } = await deployment.exec(name, "sh", "-c", "echo x >/usr/local/bin/x || echo x >/etc/todo-jwt/x");
      assert.notEqual(code, 0);
      assert.match(output, /Read-only file system|Permission denied|nonexistent/);
    });
  }

  test("of ours holds no compiler, no package manager of Node.js and no tool for developers", async () => {
    for (const name of ["verifier", "todo", "gateway", "web"]) {
      const { output } = await deployment.exec(name, "sh", "-c", "for tool in c++ curl wget npm npx mint-token; do command -v $tool; done; echo looked");
      assert.equal(output, "looked\n", name);
    }
  });
});

describe("between the services", () => {
  const issue = async (name) => {
    const archive = await deployment.inSetup(`ln -s /work/authority /tmp/authority && certificates /tmp ${name} >&2 && cd /tmp/${name} && cat tls.key tls.crt`);
    return archive.slice(archive.indexOf("-----BEGIN"));
  };
  const targets = [["verifier", "services", 50052], ["todo", "services", 50051]];
  const addressOf = (service, network) => deployment.addressOf(find(service), network);

  for (const [service, network, port] of targets) {
    test(`${service} speaks with nobody who has no certificate`, async () => {
      assert.match(await handshake(await addressOf(service, network), port), /^refused: /);
    });

    test(`${service} speaks with nobody whose certificate another authority has made`, async () => {
      await must("sh", ["-c", `rm -rf '${deployment.folder}/other' && '${deployment.folder}/scripts/certificates' '${deployment.folder}/other' gateway todo`]);
      const pem = await must("cat", [`${deployment.folder}/other/gateway/tls.key`, `${deployment.folder}/other/gateway/tls.crt`]);
      assert.match(await handshake(await addressOf(service, network), port, pem), /^refused: /);
    });

    test(`${service} speaks with nobody whose name is not on its list`, async () => {
      assert.match(await handshake(await addressOf(service, network), port, await issue("stranger")), /^refused: /);
    });

    test(`${service} does not speak plaintext`, async () => {
      const { output } = await run("curl", ["-sS", "--http2-prior-knowledge", "-m", "5", `http://${await addressOf(service, network)}:${port}/`]);
      assert.match(output, /curl: \(\d+\)/);
    });
  }

  test("who is on the list is spoken with, and no other: the gateway not by the verifier", async () => {
    const gateway = await issue("gateway");
    assert.equal(await handshake(await addressOf("todo", "services"), 50051, gateway), "open");
    assert.match(await handshake(await addressOf("verifier", "services"), 50052, gateway), /^refused: /);
    assert.equal(await handshake(await addressOf("verifier", "services"), 50052, await issue("todo")), "open");
  });

  test("scripts/issue-client-cert lets a service in once the todo service has read its list", async () => {
    const address = () => addressOf("todo", "services");
    const issued = await deployment.script("issue-client-cert", "billing", `${deployment.folder}/billing`);
    assert.equal(issued.code, 0, issued.output);
    const pem = await must("cat", [`${deployment.folder}/billing/tls.key`, `${deployment.folder}/billing/tls.crt`]);
    assert.match(await handshake(await address(), 50051, pem), /^refused: /);
    await deployment.compose("up", "-d", "--no-build", "todo");
    await deployment.untilHealthy();
    containers = await deployment.inspect();
    assert.equal(await handshake(await address(), 50051, pem), "open");
  });

  // What a container that was taken over could reach; by address, since names are found only where there is a network in common.
  const tries = `const net = require("node:net");
    for (const target of process.argv.slice(1)) {
      const [host, port] = target.split(" ");
      const socket = net.connect({ host, port, timeout: 1500 });
      const done = (word) => { console.log(target, word); socket.destroy(); };
      socket.on("connect", () => done("reached")).on("timeout", () => done("not")).on("error", () => done("not"));
    }`;

  test("the web server reaches its database and the verifier's closed door, and nothing else", async () => {
    const targets = containers
      .filter(({ service, State }) => State.Running && service !== "web")
      .flatMap(({ service, NetworkSettings }) =>
        Object.values(NetworkSettings.Networks).flatMap(({ IPAddress }) =>
          [5432, 8000, 9100, 50051, 50052].map((port) => ({ service, target: `${IPAddress} ${port}` })),
        ),
      );
    const beyond = ["192.0.2.1 443", "1.1.1.1 53"];
    const { output } = await deployment.exec("web", "node", "-e", tries, ...targets.map(({ target }) => target), ...beyond);
    const reached = targets.filter(({ target }) => output.includes(`${target} reached`)).map(({ service, target }) => `${service} ${target.split(" ")[1]}`);
    assert.deepEqual(reached.filter((each) => !each.endsWith(" 9100")).sort(), ["postgres 5432", "verifier 50052"]);
    // Metrics are no secret, but only those of the neighbour can be read.
    assert.ok(reached.every((each) => !each.endsWith(" 9100") || each.startsWith("verifier")), String(reached));
    for (const target of beyond) assert.ok(output.includes(`${target} not`), output);
  });

  test("networks that need no way out have none", async () => {
    const names = (await must("docker", ["network", "ls", "--format", "{{.Name}}", "--filter", `label=com.docker.compose.project=${deployment.project}`])).split("\n");
    const networks = JSON.parse(await must("docker", ["network", "inspect", ...names]));
    const isInternal = Object.fromEntries(networks.map(({ Name, Internal }) => [Name.slice(deployment.project.length + 1), Internal]));
    assert.deepEqual(isInternal, { edge: false, egress: false, keys: true, services: true, tasks: true, users: true });
    const { Options } = networks.find(({ Name }) => Name.endsWith("_edge"));
    assert.equal(Options["com.docker.network.bridge.enable_ip_masquerade"], "false");
    assert.equal(Options["com.docker.network.bridge.enable_icc"], "false");
    assert.ok(!Object.keys(find("web").NetworkSettings.Networks).some((name) => name.endsWith("_egress")));
  });

  test("the role of each service can do no more than it must", async () => {
    const sql = (url, statement) => deployment.exec("postgres", "psql", "-X", "-A", "-t", "-d", url, "-c", statement);
    const urls = await deployment.inSetup("cat web/database-url todo/database-url");
    const [web, todo] = urls.split("\n").filter((line) => line.startsWith("postgresql://")).map((url) => url.replace("@postgres:", "@127.0.0.1:"));
    // Over loopback the official image asks for no password: the role is what is tried here.
    assert.match((await sql(web.replace(/\/better_auth$/, "/todo"), "SELECT 1")).output, /permission denied for database "todo"/);
    assert.match((await sql(todo.replace(/\/todo$/, "/better_auth"), "SELECT 1")).output, /permission denied for database "better_auth"/);
    assert.match((await sql(todo, "DROP TABLE todo.tasks")).output, /must be owner of table tasks/);
    assert.match((await sql(todo, "SELECT count(*) FROM todo.tasks")).output, /^\d+$/m);
  });
});

describe("secrets", () => {
  let secrets;

  before(async () => {
    const files = await deployment.inSetup("for file in */*password */better-auth-secret */tls.key authority/ca.key; do sed 's/^/SECRET /' $file; done");
    secrets = files.split("\n").flatMap((line) => line.match(/^SECRET ([^- ]{16,})$/)?.[1] ?? []);
    assert.ok(secrets.length >= 12, String(secrets.length));
  });
  const assertNone = (text, where) => secrets.forEach((secret) => assert.ok(!text.includes(secret), `a secret is in ${where}`));

  test("stand in no container's configuration", async () => {
    for (const id of await deployment.containers()) assertNone(await must("docker", ["inspect", id]), `docker inspect ${id}`);
  });

  test("stand in no image's history", async () => {
    for (const image of new Set(containers.map(({ Image }) => Image))) {
      assertNone(await must("docker", ["history", "--no-trunc", image]), image);
      assertNone(await must("docker", ["image", "inspect", image]), image);
    }
  });

  test("stand in no log", async () => assertNone(await deployment.compose("logs", "--no-color"), "the logs"));

  test("are made for this installation, and only who needs one has it", async () => {
    const listing = async (service) => (await deployment.exec(service, "ls", "/etc/todo-jwt")).output.trim().split("\n").sort();
    const tls = ["ca.crt", "tls.crt", "tls.key"];
    assert.deepEqual(await listing("verifier"), tls);
    assert.deepEqual(await listing("gateway"), tls);
    assert.deepEqual(await listing("todo"), [...tls, "database-direct-url", "database-url"].sort());
    assert.deepEqual(await listing("web"), ["better-auth-secret", "database-url"]);
  });

  test("stay as they are when the job runs again", async () => {
    const sums = () => deployment.inSetup("cat */*password */better-auth-secret */tls.crt */*url | sha256sum");
    const before = (await sums()).split("\n").at(-1);
    await deployment.compose("up", "-d", "--no-build");
    await deployment.untilHealthy();
    assert.equal((await sums()).split("\n").at(-1), before);
    containers = await deployment.inspect();
  });
});

describe("what was done", () => {
  const tasksOf = async (user, credential) => {
    const answer = await request("GET", `${deployment.apiUrl}/api/${user.id}/tasks`, { headers: await credential(deployment, user) });
    return answer.status === 200 ? answer.json.items.map(({ title }) => title) : answer.status;
  };
  let user;

  before(async () => {
    user = await signUp(deployment.webUrl);
    const token = await takeToken(deployment.webUrl, user);
    const created = await request("POST", `${deployment.apiUrl}/api/${user.id}/tasks`, { token, json: { title: "Stay" } });
    assert.equal(created.status, 201, created.text);
  });

  test("is there after down and up", async () => {
    await deployment.compose("down", "--timeout", "30");
    assert.deepEqual(await deployment.containers(), []);
    await deployment.compose("up", "-d", "--no-build");
    await deployment.untilHealthy();
    assert.deepEqual(await tasksOf(user, jwt), ["Stay"]);
    containers = await deployment.inspect();
  });

  test("is there with sessions in the place of tokens, by AUTH_MODE alone, and forward again", async () => {
    await deployment.configure({ AUTH_MODE: "session" });
    await deployment.compose("up", "-d", "--no-build");
    await deployment.untilHealthy();
    assert.deepEqual(await tasksOf(user, cookie), ["Stay"]);
    assert.equal(await tasksOf(user, jwt), 401);
    await deployment.configure({ AUTH_MODE: "jwt" });
    await deployment.compose("up", "-d", "--no-build");
    await deployment.untilHealthy();
    assert.deepEqual(await tasksOf(user, jwt), ["Stay"]);
    assert.equal(await tasksOf(user, cookie), 401);
  });

  test("survives that all certificates are renewed, without a restart", async () => {
    const started = async () => (await deployment.inspect()).filter(({ State }) => State.Running).map(({ State }) => State.StartedAt).sort();
    const before = await started();
    await deployment.compose("run", "--rm", "-T", "--no-deps", "-e", "CERTIFICATE_RENEW_DAYS=3650", "certificates");
    assert.deepEqual(await tasksOf(user, jwt), ["Stay"]);
    await deployment.untilHealthy();
    assert.deepEqual(await started(), before);
  });
});
