// Reads server-sent events from the body of a fetch, which can carry a header where EventSource cannot.

export interface ServerEvent {
  /** `message` where the server names none. */
  type: string;
  data: string;
  /** The last id that the stream gave, with this event or before it. */
  id: string;
}

/** Gives each event once it is complete. `onBytes` is told of every piece, heartbeats too. */
export async function* readEvents(body: ReadableStream<Uint8Array>, onBytes: () => void): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  const lines = new Lines();
  let event = { type: "message", data: [] as string[], id: "" };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onBytes();
      for (const line of lines.take(value)) {
        if (line !== "") {
          readField(event, line);
          continue;
        }
        if (event.data.length > 0) yield { ...event, data: event.data.join("\n") };
        event = { type: "message", data: [], id: event.id };
      }
    }
  } finally {
    // The reader may have gone away in the middle: so does the connection.
    await reader.cancel().catch(() => {});
  }
}

function readField(event: { type: string; data: string[]; id: string }, line: string): void {
  const colon = line.indexOf(":");
  const name = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
  if (name === "data") event.data.push(value);
  else if (name === "event") event.type = value;
  else if (name === "id") event.id = value;
}

/** Puts lines together from pieces; LF, CRLF and CR end one. */
class Lines {
  #rest = "";

  take(piece: string): string[] {
    this.#rest += piece;
    // A CR at the very end may be the first half of a CRLF.
    const end = this.#rest.endsWith("\r") ? this.#rest.length - 1 : this.#rest.length;
    const lines = this.#rest.slice(0, end).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + this.#rest.slice(end);
    return lines;
  }
}
