// Starts programs and makes sure that none outlives the tests.
import { spawn } from "node:child_process";
import { once } from "node:events";

const running = new Set();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** A program under test: its output so far, and ways to wait for it. */
export class Child {
  output = "";
  #child;
  #exited;
  #listeners = new Set();

  constructor(command, args, options) {
    this.#child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    running.add(this.#child);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text) => {
        this.output += text;
        this.#listeners.forEach((listener) => listener());
      });
    }
    this.#exited = once(this.#child, "close").then(([code, signal]) => {
      running.delete(this.#child);
      this.#listeners.forEach((listener) => listener());
      return { code, signal };
    });
  }

  get pid() {
    return this.#child.pid;
  }

  /** Resolves with the match once the output holds the pattern; rejects with the output when the program ends first. */
  async waitFor(pattern) {
    const match = () => this.output.match(pattern);
    const ended = this.#exited.then(({ code }) => {
      if (!match()) throw new Error(`ended with ${code} before it printed ${pattern}:\n${this.output}`);
    });
    const seen = new Promise((resolve) => {
      const look = () => match() && resolve();
      this.#listeners.add(look);
      look();
    });
    await Promise.race([seen, ended]);
    return match();
  }

  /** Sends a signal and resolves with how the program ended. */
  async stop(signal = "SIGTERM") {
    this.#child.kill(signal);
    return this.#exited;
  }

  ended() {
    return this.#exited;
  }
}

/** Runs a program to its end. */
export async function run(command, args, options) {
  const child = new Child(command, args, options);
  const { code } = await child.ended();
  return { code, output: child.output };
}
