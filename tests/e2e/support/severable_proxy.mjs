// A way to the gateway that the tests can cut, and that can lose answers: a network that fails.
import { createServer, request as forward } from "node:http";
import { once } from "node:events";

/** `target` gives the origin to pass requests on to. */
export async function startSeverableProxy(target, port = 0) {
  let isCut = false;
  let answersToLose = 0;
  const streams = new Map();
  const opened = [];
  const waiting = new Set();
  const settle = () => waiting.forEach((look) => look());
  const server = createServer((incoming, answer) => {
    if (isCut) return incoming.socket.destroy();
    const loses = incoming.method !== "OPTIONS" && incoming.method !== "GET" && answersToLose > 0;
    if (loses) answersToLose -= 1;
    const outgoing = forward(new URL(incoming.url, target()), { method: incoming.method, headers: incoming.headers });
    outgoing.on("response", (response) => {
      if (loses) return incoming.socket.destroy();
      if (incoming.url.includes("/tasks/stream")) {
        streams.set(answer, incoming.url);
        opened.push(incoming.url);
      }
      settle();
      answer.writeHead(response.statusCode, response.headers);
      answer.flushHeaders();
      response.pipe(answer);
    });
    outgoing.on("error", () => answer.destroy());
    answer.on("close", () => {
      streams.delete(answer);
      settle();
      outgoing.destroy();
    });
    incoming.pipe(outgoing);
  }).listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://localhost:${server.address().port}`,
    /** Ends all connections and takes no others. */
    cut() {
      isCut = true;
      server.closeAllConnections();
    },
    restore() {
      isCut = false;
    },
    /** The next writes are carried out, and nobody learns of it. */
    loseAnswers(count) {
      answersToLose = count;
    },
    streamsOf(userId) {
      return [...streams.values()].filter((url) => url.includes(userId)).length;
    },
    /**
     * Resolves once the user has so many streams open, and has opened so many in all: one may come before the one that it
     * stands in for is seen to end.
     */
    untilStreamsOf(userId, count, inAll = count) {
      const found = () => `${this.streamsOf(userId)} streams, ${opened.filter((url) => url.includes(userId)).length} in all`;
      return new Promise((resolve, reject) => {
        const deadline = setTimeout(() => reject(new Error(`${found()}, not ${count} and ${inAll}`)), 60_000);
        const look = () => {
          if (this.streamsOf(userId) !== count || opened.filter((url) => url.includes(userId)).length < inAll) return;
          waiting.delete(look);
          clearTimeout(deadline);
          resolve();
        };
        waiting.add(look);
        look();
      });
    },
    async stop() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}
