// nginx and HAProxy in front: whatever they let through, they and we read as the same requests. Each case is sent as raw
// bytes; the upstream's own log of requests is the gateway's.
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { freePort, start, startTestWorld, untilAnswers } from "./world.js";
let world;
const proxies = {};
before(async () => {
    world = await startTestWorld({ TRUSTED_PROXIES: "127.0.0.1" });
    const folder = mkdtempSync(join(tmpdir(), "proxies-"));
    proxies.nginx = { port: await freePort() };
    writeFileSync(join(folder, "nginx.conf"), `
daemon off; pid ${folder}/nginx.pid; error_log stderr warn; worker_processes 1;
events {}
http {
  access_log off; client_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b; fastcgi_temp_path ${folder}/c;
  uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e;
  upstream gateway { server 127.0.0.1:${world.port}; keepalive 4; }
  server {
    listen 127.0.0.1:${proxies.nginx.port};
    location / { proxy_pass http://gateway; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_request_buffering off; }
  }
}`);
    proxies.nginx.running = start("/usr/sbin/nginx", ["-c", join(folder, "nginx.conf"), "-p", folder]);
    proxies.haproxy = { port: await freePort() };
    writeFileSync(join(folder, "haproxy.cfg"), `
defaults
  mode http
  timeout connect 2s
  timeout client 2s
  timeout server 5s
  option http-keep-alive
frontend f
  bind 127.0.0.1:${proxies.haproxy.port}
  default_backend b
backend b
  http-reuse always
  server gateway 127.0.0.1:${world.port}
`);
    proxies.haproxy.running = start("/usr/sbin/haproxy", ["-f", join(folder, "haproxy.cfg"), "-db"]);
    for (const proxy of Object.values(proxies)) {
        proxy.running.process.stdout.resume();
        proxy.running.process.stderr.resume();
        await untilAnswers(`http://127.0.0.1:${proxy.port}/health`);
    }
});
after(async () => {
    for (const proxy of Object.values(proxies))
        await proxy.running?.stop();
    await world.stop();
});
// What comes back until the connection ends or nothing more does.
function exchange(port, bytes) {
    return new Promise((resolve) => {
        const socket = connect(port, "127.0.0.1", () => socket.write(bytes, "latin1"));
        let answer = "";
        socket.setTimeout(700, () => socket.destroy());
        socket.on("data", (data) => (answer += data.toString("latin1")));
        socket.on("error", () => { });
        socket.on("close", () => resolve(answer));
    });
}
const answersIn = (text) => [...text.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map((match) => Number(match[1]));
// A second request that must never be taken for one of its own: it is in the body of the first, or behind its refusal.
const smuggled = "GET /v1/shelves/smuggled/books/b HTTP/1.1\r\nHost: a\r\n\r\n";
const put = "PUT /f/raw HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n";
const cases = {
    "length and chunked": `${put}Content-Length: ${smuggled.length + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    "chunked and length": `${put}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${smuggled}`,
    "lengths differ": `${put}Content-Length: 5\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    "list of lengths": `${put}Content-Length: 5, ${smuggled.length}\r\n\r\n${smuggled}`,
    "space before the colon": `${put}Content-Length : ${smuggled.length}\r\n\r\n${smuggled}`,
    "plus": `${put}Content-Length: +${smuggled.length}\r\n\r\n${smuggled}`,
    "hexadecimal length": `${put}Content-Length: 0x5\r\n\r\n${smuggled}`,
    "chunked in a list": `${put}Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    "xchunked": `${put}Transfer-Encoding: xchunked\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    "chunked twice": `${put}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${smuggled}`,
    "tab before chunked": `${put}Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n${smuggled}`,
    "vertical tab": `${put}Transfer-Encoding: \x0bchunked\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    "folded": `${put}Transfer-Encoding:\r\n chunked\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    "bare LF in headers": `${put}X: a\nTransfer-Encoding: chunked\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    "bare CR in headers": `${put}X: a\rTransfer-Encoding: chunked\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    "NUL": `${put}X: a\0b\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    "chunk extension": `${put}Transfer-Encoding: chunked\r\n\r\n0;a=b\r\n\r\n`,
    "chunk size with LF": `${put}Transfer-Encoding: chunked\r\n\r\n0\n\r\n${smuggled}`,
    "chunk size overflow": `${put}Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n${smuggled}`,
    "chunk without its end": `${put}Transfer-Encoding: chunked\r\n\r\n1\r\nxx0\r\n\r\n${smuggled}`,
    "chunk size with a sign": `${put}Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n${smuggled}`,
    "HTTP/1.0 chunked": `PUT /f/raw HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${smuggled}`,
    "two hosts": `PUT /f/raw HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    "body on GET": `GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    "upgrade": `${put}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    "absolute target": `PUT http://b/f/raw HTTP/1.1\r\nHost: a\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    "expect": `${put}Expect: 100-continue\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
};
for (const name of ["nginx", "haproxy"]) {
    for (const [title, bytes] of Object.entries(cases)) {
        test(`${name}: ${title}`, async () => {
            const answer = await exchange(proxies[name].port, bytes);
            // The smuggled request answers with its shelf's name; that it was a body, and came back as one, is fine.
            const second = answer.split('"shelf":"smuggled"').length - 1;
            const statuses = answersIn(answer).filter((status) => status !== 100);
            if (second > 0) {
                // Then the proxy itself took it for a second request, and both answers came in order: no two readings.
                assert.equal(statuses.length, 2, answer);
            }
            else {
                assert.ok(statuses.length <= 2, answer);
            }
            // Nobody else gets an answer that is not theirs.
            for (let i = 0; i < 3; ++i) {
                const health = await (await fetch(`http://127.0.0.1:${proxies[name].port}/health`)).text();
                assert.equal(health, '{"status":"healthy"}');
            }
        });
    }
    test(`${name}: names the client to the gateway`, async () => {
        const answer = await fetch(`http://127.0.0.1:${proxies[name].port}/v1/shelves/s/books/b`);
        assert.equal(answer.status, 200);
    });
}
