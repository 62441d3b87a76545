// The processes under test: started, found ready, and what they cost.
import { execFileSync, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const tickMicros = 1e6 / Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
const children = [];

/** Starts a program that logs to a file; resolves once `pattern` is found there, with its first group. */
export async function start(logFile, command, args, environment, pattern) {
  const log = openSync(logFile, "w");
  const began = performance.now();
  const child = spawn(command, args, { env: { PATH: process.env.PATH, ...environment }, stdio: ["ignore", log, log] });
  children.push(child);
  while (true) {
    const output = readFileSync(logFile, "utf8");
    const match = output.match(pattern);
    if (match) return { pid: child.pid, found: match[1], milliseconds: performance.now() - began };
    if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}:\n${output}`);
    await delay(2);
  }
}

function stop(child) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", resolve);
    child.kill("SIGTERM");
  });
}

export const stopAll = () => Promise.all(children.map(stop));

const statOf = (pid) => readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ").map(Number);

/** User and system time so far, in microseconds. */
export function cpuOf(pids) {
  return pids.reduce((sum, pid) => sum + statOf(pid)[11] + statOf(pid)[12], 0) * tickMicros;
}

/** The same of a process, its children, and those of them that have ended. */
export function cpuOfFamily(pid) {
  const living = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(/\s+/).filter(Boolean);
  const ofLiving = living.reduce((sum, child) => sum + cpuUnlessEnded(child), 0);
  const own = statOf(pid);
  return (own[11] + own[12] + own[13] + own[14]) * tickMicros + ofLiving;
}

// One that ends meanwhile counts with its parent.
function cpuUnlessEnded(pid) {
  try {
    return cpuOf([pid]);
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ESRCH") return 0;
    throw error;
  }
}

/** Resident memory in KiB. */
export const residentOf = (pids) =>
  pids.reduce((sum, pid) => sum + Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]), 0);
