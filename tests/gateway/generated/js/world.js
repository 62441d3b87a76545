// The processes that these tests need: the test services, and the gateway before them.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
// Set by `run`, which starts in this folder.
export const build = process.env.BUILD_DIR;
export const here = process.cwd();
export function start(command, args, options = {}) {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...options.env }, cwd: options.cwd });
    return {
        process: child,
        async stop() {
            if (child.exitCode !== null || child.signalCode !== null)
                return;
            const ended = once(child, "exit");
            child.kill("SIGTERM");
            await ended;
        },
    };
}
// The first match of `pattern` in a line of the stream; what comes behind is read and thrown away.
export function lineOf(stream, pattern) {
    return new Promise((resolve, reject) => {
        const lines = createInterface({ input: stream });
        let seen = "";
        lines.on("line", (line) => {
            seen += `${line}\n`;
            const match = line.match(pattern);
            if (match)
                resolve(match);
        });
        lines.on("close", () => reject(new Error(`it ended without ${pattern}:\n${seen}`)));
    });
}
export async function startGateway(args, env = {}) {
    const gateway = start(`${build}/bin/http-gateway`, args, { env: { PORT: "0", ...env } });
    const [, port] = await lineOf(gateway.process.stderr, /"port":(\d+)/);
    return { url: `http://127.0.0.1:${port}`, port: Number(port), stop: () => gateway.stop() };
}
export async function startTestWorld(env = {}) {
    const services = start(`${build}/bin/tests/gateway_test_upstream`, []);
    const [, shelf, feature] = await lineOf(services.process.stdout, /^ready (\d+) (\d+)/);
    const gateway = await startGateway([
        `--descriptor_set=${build}/gateway_testing.binpb`,
        `--upstream=gateway_testing.v1.ShelfService=127.0.0.1:${shelf}`,
        `--upstream=gateway_testing.v1.FeatureService=127.0.0.1:${feature}`,
    ], env);
    return {
        ...gateway,
        async stop() {
            await gateway.stop();
            await services.stop();
        },
    };
}
// A port that nothing listens on now, for programs that cannot choose one themselves.
export async function freePort() {
    const { createServer } = await import("node:net");
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address();
    server.close();
    await once(server, "close");
    return port;
}
export async function untilAnswers(url) {
    const deadline = Date.now() + 20_000;
    for (;;) {
        try {
            await fetch(url);
            return;
        }
        catch (error) {
            if (Date.now() > deadline)
                throw error;
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    }
}
