// A service that this project never heard of, from its descriptor set alone: Debian's etcd, through its own grpc-gateway
// and through ours.
import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {existsSync, mkdtempSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {type Running, type World, build, freePort, start, startGateway, untilAnswers} from "./world.js";

const go = "/usr/share/gocode/src";
const services = [
  "etcdserverpb.KV", "etcdserverpb.Watch", "etcdserverpb.Lease", "etcdserverpb.Cluster", "etcdserverpb.Maintenance",
  "etcdserverpb.Auth", "v3lockpb.Lock", "v3electionpb.Election",
];
let etcd: Running;
let ours: World;
let theirs: string;
let descriptors: string;
let upstreams: string[];

before(async () => {
  assert.ok(existsSync(`${go}/go.etcd.io/etcd`), "install golang-etcd-server-dev: scripts/install-dependencies --test");
  const folder = mkdtempSync(join(tmpdir(), "etcd-"));
  descriptors = join(folder, "etcd.binpb");
  execFileSync("protoc", [
    `-I${go}/go.etcd.io`, `-I${go}/github.com/gogo/protobuf`, `-I${go}/github.com/gogo/googleapis`,
    "--include_imports", "--include_source_info", `--descriptor_set_out=${descriptors}`,
    "etcd/etcdserver/etcdserverpb/rpc.proto", "etcd/etcdserver/api/v3lock/v3lockpb/v3lock.proto",
    "etcd/etcdserver/api/v3election/v3electionpb/v3election.proto",
  ]);
  const [client, peer] = [await freePort(), await freePort()];
  theirs = `http://127.0.0.1:${client}`;
  etcd = start("etcd", [
    "--data-dir", join(folder, "data"), "--listen-client-urls", theirs, "--advertise-client-urls", theirs,
    "--listen-peer-urls", `http://127.0.0.1:${peer}`, "--initial-advertise-peer-urls", `http://127.0.0.1:${peer}`,
    "--initial-cluster", `default=http://127.0.0.1:${peer}`,
  ]);
  etcd.process.stdout!.resume();
  etcd.process.stderr!.resume();
  await untilAnswers(`${theirs}/health`);
  upstreams = services.map((service) => `--upstream=${service}=127.0.0.1:${client}`);
  ours = await startGateway([`--descriptor_set=${descriptors}`, "--json=proto_field_names", "--later_route_wins", ...upstreams]);
});
after(async () => {
  await ours?.stop();
  await etcd?.stop();
});

// What was called through which gateway.
const called = new Set<string>();

function send(base: string, path: string, body: unknown): Promise<Response> {
  called.add(`${base === theirs ? "theirs" : "ours"} /v3/${path}`);
  return fetch(`${base}/v3/${path}`, {
    method: "POST", headers: {"content-type": "application/json"}, body: JSON.stringify(body), signal: AbortSignal.timeout(10_000),
  });
}

async function post(base: string, path: string, body: unknown): Promise<{status: number; json: any}> {
  const answer = await send(base, path, body);
  return {status: answer.status, json: await answer.json()};
}

// What differs from call to call though nothing else does.
function steady(value: any): any {
  return JSON.parse(JSON.stringify(value, (name, inner) =>
    ["revision", "mod_revision", "create_revision", "version", "raft_term", "dbSize", "dbSizeInUse", "raftIndex", "raftAppliedIndex",
      "TTL", "hash", "lease", "rev"].includes(name) ? "*" : inner));
}

const key = Buffer.from("key").toString("base64");
const value = Buffer.from("value").toString("base64");

// In this order, each through both: what the first changes the second changes again.
const calls: [string, unknown][] = [
  ["kv/put", {key, value}],
  ["kv/put", {key, value, prev_kv: true}],
  ["kv/range", {key}],
  ["kv/range", {key, count_only: true}],
  ["kv/range", {key, limit: "1", sort_order: "DESCEND", sort_target: "KEY"}],
  ["kv/txn", {
    compare: [{key, target: "VALUE", result: "EQUAL", value}], success: [{request_range: {key}}], failure: [{request_put: {key, value}}],
  }],
  ["kv/txn", {compare: [{key, target: "VERSION", version: "0"}], success: [{request_put: {key, value}}]}],
  ["kv/deleterange", {key: Buffer.from("none").toString("base64")}],
  ["lease/leases", {}],
  ["kv/lease/leases", {}],
  ["cluster/member/list", {}],
  ["cluster/member/add", {peerURLs: ["no url"]}],
  ["cluster/member/remove", {ID: "1"}],
  ["cluster/member/update", {ID: "1", peerURLs: ["http://127.0.0.1:1"]}],
  ["cluster/member/promote", {ID: "1"}],
  ["maintenance/alarm", {action: "GET"}],
  ["maintenance/transfer-leadership", {targetID: "1"}],
  ["maintenance/status", {}],
  ["maintenance/defragment", {}],
  ["auth/enable", {}],
  ["auth/disable", {}],
  ["auth/authenticate", {name: "nobody", password: "x"}],
  ["auth/user/list", {}],
  ["auth/role/list", {}],
  ["lock/unlock", {key}],
];

for (const [path, body] of calls) {
  test(`${path} ${JSON.stringify(body)}`, async () => {
    const a = await post(theirs, path, body);
    const b = await post(ours.url, path, body);
    if (a.status === 200) {
      assert.deepEqual(steady(b), steady(a));
    } else {
      // Errors differ in form (ours are RFC 9457's) and say the same.
      assert.ok(b.status >= 400, `${a.status} there, ${b.status} here`);
      assert.equal(b.json.detail, a.json.message ?? a.json.error);
    }
  });
}

test("lease/grant, timetolive, revoke", async () => {
  for (const [base, id] of [[theirs, "7001"], [ours.url, "7002"]] as const) {
    // Both spellings of these routes.
    for (const at of ["lease", "kv/lease"]) {
      assert.equal((await post(base, "lease/grant", {TTL: 60, ID: id})).json.ID, id);
      assert.equal((await post(base, `${at}/timetolive`, {ID: id, keys: true})).json.grantedTTL, "60");
      assert.equal((await post(base, `${at}/revoke`, {ID: id})).status, 200);
    }
  }
});

test("compaction and hash, which change with each other", async () => {
  assert.equal((await post(theirs, "kv/compaction", {revision: "1"})).status, 200);
  assert.equal((await post(ours.url, "kv/compaction", {revision: "2"})).status, 200);
  // The two methods with this route, Hash and HashKV: grpc-gateway serves one of them and we the later one.
  assert.ok((await post(theirs, "maintenance/hash", {})).json.hash);
  assert.ok((await post(ours.url, "maintenance/hash", {})).json.hash);
});

test("an election without a leader fails here and there", async () => {
  for (const base of [theirs, ours.url]) assert.ok((await post(base, "election/leader", {name: key})).status >= 400);
});

test("roles and users", async () => {
  for (const [base, name] of [[theirs, "a"], [ours.url, "b"]] as const) {
    for (const [path, body] of [
      ["auth/role/add", {name}], ["auth/role/grant", {name, perm: {permType: "READWRITE", key}}], ["auth/role/get", {role: name}],
      ["auth/user/add", {name, password: "x"}], ["auth/user/grant", {user: name, role: name}], ["auth/user/get", {name}],
      ["auth/user/changepw", {name, password: "y"}], ["auth/user/revoke", {name, role: name}],
      ["auth/role/revoke", {role: name, key}], ["auth/user/delete", {name}], ["auth/role/delete", {role: name}],
    ] as const) {
      const answer = await post(base, path, body);
      assert.equal(answer.status, 200, `${path}: ${JSON.stringify(answer.json)}`);
    }
  }
});

test("lock and election", async () => {
  for (const base of [theirs, ours.url]) {
    const name = Buffer.from(base).toString("base64");
    const locked = await post(base, "lock/lock", {name});
    assert.ok(locked.json.key);
    assert.equal((await post(base, "lock/unlock", {key: locked.json.key})).status, 200);
    const {json} = await post(base, "lease/grant", {TTL: 60});
    const won = await post(base, "election/campaign", {name, lease: json.ID, value});
    assert.equal(won.status, 200);
    const observed = (await send(base, "election/observe", {name})).body!.getReader();
    const line = Buffer.from((await observed.read()).value!).toString();
    assert.equal(JSON.parse(line).result.kv.value, value);
    await observed.cancel();
    assert.equal((await post(base, "election/proclaim", {leader: won.json.leader, value})).status, 200);
    assert.equal((await post(base, "election/resign", {leader: won.json.leader})).status, 200);
  }
});

test("a snapshot is a stream of the same bytes", async () => {
  const read = async (base: string) => {
    const lines = (await (await send(base, "maintenance/snapshot", {})).text()).trim().split("\n").filter(Boolean);
    return lines.reduce((size, line) => size + Buffer.from(JSON.parse(line).result.blob ?? "", "base64").length, 0);
  };
  assert.equal(await read(ours.url), await read(theirs));
});

test("what we refuse and grpc-gateway takes", async () => {
  // Methods that take a stream.
  for (const path of ["watch", "lease/keepalive"]) assert.equal((await post(ours.url, path, {})).status, 501);
  // Fields that do not exist.
  assert.equal((await post(ours.url, "kv/range", {nope: 1})).status, 400);
  // Without the flag, two methods with one route.
  const flags = [`--descriptor_set=${descriptors}`, ...upstreams, "--check"];
  assert.throws(() => execFileSync(`${build}/bin/http-gateway`, flags, {stdio: "pipe"}), /Maintenance\.HashKV/);
});

test("all annotated methods are routed, and were called through both", () => {
  const routes = execFileSync(`${build}/bin/http-gateway`, [`--descriptor_set=${descriptors}`, "--later_route_wins", ...upstreams, "--check"]);
  const lines = routes.toString().trim().split("\n");
  const methods = new Set(lines.map((line) => line.split(/\s+->\s+/)[1].split(" ")[0]));
  // 39 of etcdserverpb and 7 of its lock and election.
  assert.deepEqual([[...methods].filter((name) => name.startsWith("etcdserverpb.")).length, methods.size], [39, 46]);
  const streams = ["/v3/watch", "/v3/lease/keepalive"];
  for (const [, path] of lines.map((line) => line.split(/\s+/))) {
    assert.ok(called.has(`ours ${path}`), `${path} was not called through ours`);
    assert.ok(streams.includes(path) || called.has(`theirs ${path}`), `${path} was not called through theirs`);
  }
});
