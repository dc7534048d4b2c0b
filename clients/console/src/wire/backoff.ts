const kFirstMs = 300;
const kLongestMs = 10_000;

/** How long to wait before try number `attempt` (from 0): doubling, with half of it left to chance, so that a
 *  thousand desks do not come back in the same instant. */
export function backoff_ms(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(kLongestMs, kFirstMs * 2 ** Math.min(attempt, 16));
  return Math.round(full / 2 + (full / 2) * random());
}
