import type { ServerClock } from "../state/server_clock";
import type { Words } from "./words";

const two = (n: number) => String(n).padStart(2, "0");

/** 12 秒, 8 分钟, 3 小时 5 分, 2 天: of a length of time; never negative. */
export function durationText(words: Words, length_us: bigint): string {
  const seconds = Math.max(0, Math.floor(Number(length_us) / 1e6));
  if (seconds < 60) return words.time.seconds(seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return words.time.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? words.time.hours(hours, minutes % 60) : words.time.days(Math.floor(hours / 24), hours % 24);
}

/** 4:07 or 1:02:33, for what runs on while one looks. */
export function runningText(length_us: bigint): string {
  const seconds = Math.max(0, Math.floor(Number(length_us) / 1e6));
  const minutes = Math.floor(seconds / 60) % 60;
  const hours = Math.floor(seconds / 3600);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** 21:04, in the city's time. */
export function clockText(clock: ServerClock, at_us: bigint): string {
  const civil = clock.civil(at_us);
  return `${two(civil.getUTCHours())}:${two(civil.getUTCMinutes())}`;
}

/** 今天 21:04, 昨天 08:30, 11-20 08:30, 2025-11-20 08:30. */
export function momentText(words: Words, clock: ServerClock, at_us: bigint): string {
  const civil = clock.civil(at_us);
  const time = clockText(clock, at_us);
  if (at_us >= clock.dayStart_us(0) && at_us < clock.dayStart_us(-1)) return `${words.time.today} ${time}`;
  if (at_us >= clock.dayStart_us(1) && at_us < clock.dayStart_us(0)) return `${words.time.yesterday} ${time}`;
  const day = `${two(civil.getUTCMonth() + 1)}-${two(civil.getUTCDate())}`;
  const sameYear = civil.getUTCFullYear() === clock.civil(clock.now_us()).getUTCFullYear();
  return sameYear ? `${day} ${time}` : `${civil.getUTCFullYear()}-${day} ${time}`;
}
