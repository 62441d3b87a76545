import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { here, startGateway, startTestWorld } from "./world.js";
const run = promisify(execFile);
let world;
before(async () => {
    world = await startTestWorld();
});
after(() => world.stop());
async function lint(url) {
    const folder = await mkdtemp(join(tmpdir(), "openapi-"));
    const file = join(folder, "openapi.json");
    await writeFile(file, await (await fetch(`${url}/openapi.json`)).text());
    const { stdout } = await run(`${here}/node_modules/.bin/redocly`, ["lint", "--format=json", file], {
        env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
    });
    return JSON.parse(stdout.slice(stdout.indexOf("{"))).totals;
}
test("the document of every kind of method has no error", async () => {
    assert.equal((await lint(world.url)).errors, 0);
});
test("the document of the built-in API has no error", async () => {
    const gateway = await startGateway([]);
    try {
        assert.equal((await lint(gateway.url)).errors, 0);
        const document = await (await fetch(`${gateway.url}/openapi.json`)).json();
        assert.equal(document.openapi, "3.1.0");
        for (const item of Object.values(document.paths)) {
            for (const operation of Object.values(item))
                assert.ok(operation.description, "each operation says what it does");
        }
    }
    finally {
        await gateway.stop();
    }
});
test("the typed client made from it compiles and runs", async () => {
    const { stdout } = await run("node", [`${here}/generated/js/typed_client.js`, world.url]);
    assert.match(stdout, /typed client: fine/);
});
test("the page for people needs nothing from elsewhere", async () => {
    const answer = await fetch(`${world.url}/docs`);
    const page = await answer.text();
    assert.match(answer.headers.get("content-security-policy"), /^default-src 'none'; style-src 'self'/);
    assert.doesNotMatch(page, /<script|style=|https?:\/\//);
    assert.match(page, /POST<\/b> <code>\/v1\/shelves\/\{shelf\}\/books<\/code>/);
    for (const [, path] of page.matchAll(/(?:href|src)="(\/[^"]*)"/g)) {
        assert.equal((await fetch(world.url + path)).status, 200, path);
    }
});
