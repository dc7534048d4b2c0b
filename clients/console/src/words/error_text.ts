import { LinkLost, Refused } from "../wire/protocol";
import type { ErrorCode, Words } from "./words";

/** What went wrong, for a person: never the server's own English. */
export function errorText(words: Words, why: unknown): string {
  if (why instanceof LinkLost) return words.notConnected;
  if (!(why instanceof Refused)) return words.unknownError(why instanceof Error ? why.name : String(why));
  return Object.hasOwn(words.error, why.code) ? words.error[why.code as ErrorCode] : words.unknownError(why.code);
}
