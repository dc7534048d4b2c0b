/** Calls `tick` every `interval_ms` until the returned function is called. */
export type Beat = (interval_ms: number, tick: () => void) => () => void;

/**
 * Beats from a worker thread: the timers of a page in the background may be held back for a minute, and a desk is
 * lost after 15 s of silence.
 */
export const workerBeat: Beat = (interval_ms, tick) => {
  const worker = new Worker(new URL("./beat_worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = tick;
  worker.postMessage(interval_ms);
  return () => worker.terminate();
};

/** Beats from the page itself. */
export const timerBeat: Beat = (interval_ms, tick) => {
  const timer = setInterval(tick, interval_ms);
  return () => clearInterval(timer);
};
