// Time and timers as a thing that is handed in, so that tests need not wait.

export interface Clock {
  /** Milliseconds since 1970, as this machine sees it. */
  now(): number;
  /** Calls back once after the delay, unless the returned function was called before. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
