import type { ServerClock } from "./server_clock";

export type LogPeriod = "today" | "week" | "month" | "all";

export interface LogQuery {
  text?: string;
  lastFour?: string;
  number?: string;
  period?: { fromUs: bigint; toUs: bigint };
}

/** Full-width digits and signs as people type them on a Chinese keyboard. */
function narrow(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, " ");
}

/**
 * What one box asks for: four digits are the end of a number, seven and more with the usual signs a whole one, anything
 * else words. Nothing when it is a single character.
 */
export function logQuery(typed: string, period: LogPeriod, clock: ServerClock): LogQuery | undefined {
  const text = narrow(typed).trim();
  const query: LogQuery = {};
  const digits = text.replace(/[\s()+-]/g, "");
  if (/^\d{4}$/.test(text)) query.lastFour = text;
  else if (/^[\d\s()+-]{7,20}$/.test(text) && digits.length >= 7) query.number = text;
  else if ([...text].length === 1) return undefined;
  else if (text !== "") query.text = [...text].slice(0, 64).join("");
  const days = { today: 0, week: 6, month: 29, all: undefined }[period];
  if (days !== undefined) query.period = { fromUs: clock.dayStart_us(days), toUs: 0n };
  return query;
}
