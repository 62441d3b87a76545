// A way to the gateway that the tests can cut, and that can lose answers: a network that fails.
import { createServer, request as forward } from "node:http";
import { once } from "node:events";

/** `target` gives the origin to pass requests on to. */
export async function startSeverableProxy(target, port = 0) {
  let isCut = false;
  let answersToLose = 0;
  const streams = new Map();
  const waiting = new Set();
  const settle = () => waiting.forEach((look) => look());
  const server = createServer((incoming, answer) => {
    if (isCut) return incoming.socket.destroy();
    const loses = incoming.method !== "OPTIONS" && incoming.method !== "GET" && answersToLose > 0;
    if (loses) answersToLose -= 1;
    const outgoing = forward(new URL(incoming.url, target()), { method: incoming.method, headers: incoming.headers });
    outgoing.on("response", (response) => {
      if (loses) return incoming.socket.destroy();
      if (incoming.url.includes("/tasks/stream")) streams.set(answer, incoming.url);
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
    /** Resolves once the user has so many streams open. */
    untilStreamsOf(userId, count) {
      return new Promise((resolve) => {
        const look = () => {
          if (this.streamsOf(userId) !== count) return;
          waiting.delete(look);
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
