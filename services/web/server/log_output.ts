// Where the log goes: standard output, which nobody must ever wait for.
import { fstatSync, writeSync } from "node:fs";

/** Lines that wait for a reader; more are dropped. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** Gives a function that writes a line to standard output, and says whether the line was taken. */
export function standardOutput(): (line: string) => boolean {
  const kind = fstatSync(process.stdout.fd);
  return kind.isFIFO() || kind.isSocket() ? whereSomebodyReads() : intoTheFile(process.stdout.fd);
}

/** Node.js writes to pipes without waiting, and keeps without a bound what they do not take. */
function whereSomebodyReads(): (line: string) => boolean {
  const stream = process.stdout;
  let isBroken = false;
  // Without a handler a reader that has gone away ends the process.
  stream.on("error", () => {
    isBroken = true;
  });
  return (line) => {
    if (isBroken || stream.writableLength > MAX_WAITING_BYTES) return false;
    stream.write(line);
    return true;
  };
}

/** Node.js's own stream to a file gives up for good at the first error: a disk that was full may have room again. */
function intoTheFile(fd: number): (line: string) => boolean {
  let isTorn = false;
  return (line) => {
    try {
      const text = Buffer.from(isTorn ? `\n${line}` : line);
      const written = writeSync(fd, text);
      isTorn = written < text.length;
      return !isTorn;
    } catch {
      return false;
    }
  };
}
