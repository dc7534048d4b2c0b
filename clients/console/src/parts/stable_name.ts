import { NeedKind } from "../gen/kapok/v1/need_pb";
import { ReferralState } from "../gen/kapok/v1/referral_pb";
import type { Words } from "../words/words";

function valueOf<Value extends number>(values: object, name: string): Value | undefined {
  return (values as Record<string, Value | undefined>)[name.toUpperCase()];
}

/** The word of a need's stable name: rice_flour. A name of a later server stands for itself. */
export function needName(words: Words, name: string): string {
  const kind = valueOf<NeedKind>(NeedKind, name);
  return kind === undefined ? name : words.need[kind];
}

/** The word of an order's state: returned. */
export function stateName(words: Words, name: string): string {
  const state = valueOf<ReferralState>(ReferralState, name);
  return state === undefined ? name : words.referralState[state];
}
