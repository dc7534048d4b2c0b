import { ReferralState, type ReferralView } from "../gen/kapok/v1/referral_pb";

/** How an order stands against its time to be accepted. */
export type ClockMood = "calm" | "soon" | "late" | "none";

const kSoon_us = 30n * 60n * 1_000_000n;

export function clockMood(view: ReferralView, now_us: bigint): ClockMood {
  const referral = view.referral;
  if (referral === undefined || referral.state !== ReferralState.DISPATCHED || referral.acceptByUs === 0n) return "none";
  const left = referral.acceptByUs - now_us;
  if (left < 0n) return "late";
  return left < kSoon_us ? "soon" : "calm";
}

/** Who was first, out of the detail of ALREADY_TAKEN: a name, then the minute. */
export function winnerOf(detail: string): string {
  return /^(.+?) \d{4}-\d{2}-\d{2}[ T][\d:+-]+$/.exec(detail)?.[1] ?? "";
}
