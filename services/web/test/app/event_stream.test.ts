import { describe, expect, it } from "vitest";
import { readEvents, type ServerEvent } from "../../app/live/event_stream.ts";

async function eventsOf(...pieces: (string | Uint8Array)[]): Promise<ServerEvent[]> {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(typeof piece === "string" ? encoder.encode(piece) : piece);
      controller.close();
    },
  });
  const events: ServerEvent[] = [];
  for await (const event of readEvents(body, () => {})) events.push(event);
  return events;
}

describe("readEvents", () => {
  it("gives complete events with their type and id, and leaves heartbeats out", async () => {
    const events = await eventsOf("id: 1\ndata: {}\n\n:\n\n", "event: error\ndata: no\n\ndata: cut off");
    expect(events).toEqual([
      { type: "message", data: "{}", id: "1" },
      { type: "error", data: "no", id: "1" },
    ]);
  });

  it("does not mind where the pieces end, even within a character or a line end", async () => {
    const bytes = new TextEncoder().encode("id: 7\r\ndata: é\r\ndata:b\r\n\r\ndata: c\r\r");
    const pieces = [...bytes].map((byte) => Uint8Array.of(byte));
    expect(await eventsOf(...pieces, "data: d\n\n")).toEqual([
      { type: "message", data: "é\nb", id: "7" },
      { type: "message", data: "c", id: "7" },
      { type: "message", data: "d", id: "7" },
    ]);
  });
});
