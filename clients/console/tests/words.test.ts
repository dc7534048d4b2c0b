import { create } from "@bufbuild/protobuf";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ReferralState, ReferralViewSchema } from "../src/gen/kapok/v1/referral_pb";
import { backoff_ms } from "../src/wire/backoff";
import { LinkLost, Refused } from "../src/wire/protocol";
import { needName, stateName } from "../src/parts/stable_name";
import { logQuery } from "../src/state/log_query";
import { clockMood, winnerOf } from "../src/state/referral_clock";
import { ServerClock } from "../src/state/server_clock";
import { en } from "../src/words/en";
import { errorText } from "../src/words/error_text";
import { durationText, momentText, runningText } from "../src/words/time_text";
import { zh } from "../src/words/zh";

// 2026-11-22 08:30 in Guangzhou.
const kNow_us = BigInt(Date.UTC(2026, 10, 22, 0, 30)) * 1000n;
const minutes = (n: number) => BigInt(n) * 60_000_000n;
let clock: ServerClock;

beforeEach(() => {
  vi.useFakeTimers();
  clock = new ServerClock();
  clock.set(kNow_us, 1, 480);
});
afterEach(() => vi.useRealTimers());

/** Every text below `words`, by its path. */
function texts(words: object, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(words)) {
    const at = `${path}/${name}`;
    if (typeof value === "string") found.set(at, value);
    else if (typeof value === "function") found.set(at, String((value as (...any: unknown[]) => string)(2, 2)));
    else for (const [deeper, text] of texts(value as object, at)) found.set(deeper, text);
  }
  return found;
}

describe("Words", () => {
  it("holds no empty text beside those that mean nothing to say", () => {
    for (const words of [zh, en])
      for (const [path, text] of texts(words))
        if (!path.startsWith("/endedBy/") && !path.startsWith("/riskHint/")) expect(text.trim(), path).not.toBe("");
  });

  it("has Chinese in the Chinese dictionary and none in the English one", () => {
    const han = /\p{Script=Han}/u;
    const sameInBoth = new Set(["/settings/language", "/settings/switchTo"]);
    for (const [path, text] of texts(en)) if (!sameInBoth.has(path)) expect(han.test(text), `${path}: ${text}`).toBe(false);
    for (const [path, text] of texts(zh)) if (!sameInBoth.has(path) && text !== "" && path !== "/listSeparator") expect(han.test(text), `${path}: ${text}`).toBe(true);
  });

  it("says an error in words, never the server's own", () => {
    expect(errorText(zh, new Refused("ALREADY_TAKEN", "x", ""))).toBe("同事已先接单");
    expect(errorText(en, new Refused("FUTURE_CODE", "x", ""))).toBe("Something went wrong (FUTURE_CODE)");
    expect(errorText(zh, new Refused("toString", "", ""))).toContain("toString");
    expect(errorText(zh, new LinkLost("x"))).toBe(zh.notConnected);
  });

  it("names a need by its stable name and leaves an unknown one as it is", () => {
    expect(needName(zh, "rice_flour")).toBe("米面");
    expect(needName(zh, "moon_cake")).toBe("moon_cake");
    expect(stateName(en, "returned")).toBe("returned");
    expect(stateName(zh, "returned")).toBe("已退单");
  });
});

describe("Time", () => {
  it("says lengths in words", () => {
    expect(durationText(zh, 59_000_000n)).toBe("59 秒");
    expect(durationText(zh, minutes(185))).toBe("3 小时 5 分");
    expect(durationText(en, minutes(60 * 50))).toBe("2 days 2 h");
    expect(durationText(zh, -5n)).toBe("0 秒");
    expect(runningText(minutes(62) + 33_000_000n)).toBe("1:02:33");
  });

  it("says moments in the city's time, whatever the browser's", () => {
    expect(momentText(zh, clock, kNow_us)).toBe("今天 08:30");
    expect(momentText(zh, clock, kNow_us - minutes(9 * 60))).toBe("昨天 23:30");
    expect(momentText(en, clock, kNow_us - minutes(60 * 24 * 3))).toBe("11-19 08:30");
    expect(momentText(en, clock, kNow_us - minutes(60 * 24 * 365))).toBe("2025-11-22 08:30");
  });

  it("runs as fast as the practice clock", () => {
    clock.set(kNow_us, 30, 480);
    vi.advanceTimersByTime(2_000);
    expect(clock.now_us() - kNow_us).toBe(minutes(1));
  });

  it("counts days from the city's midnight", () => {
    expect(clock.dayStart_us()).toBe(kNow_us - minutes(8 * 60 + 30));
    expect(clock.dayStart_us(1)).toBe(kNow_us - minutes(32 * 60 + 30));
  });
});

describe("LogQuery", () => {
  it("takes four digits for the end of a number, seven for a whole one, the rest for words", () => {
    expect(logQuery("1234", "all", clock)).toEqual({ lastFour: "1234" });
    expect(logQuery("１２３４", "all", clock)).toEqual({ lastFour: "1234" });
    expect(logQuery("020-0900 1234", "all", clock)).toEqual({ number: "020-0900 1234" });
    expect(logQuery(" 米面 ", "all", clock)).toEqual({ text: "米面" });
    expect(logQuery("12345", "all", clock)).toEqual({ text: "12345" });
  });

  it("waits for the second character, also of those beyond 16 bits", () => {
    expect(logQuery("米", "all", clock)).toBeUndefined();
    expect(logQuery("𠮷", "all", clock)).toBeUndefined();
    expect(logQuery("", "all", clock)).toEqual({});
  });

  it("begins at the city's midnight", () => {
    expect(logQuery("", "today", clock)).toEqual({ period: { fromUs: clock.dayStart_us(), toUs: 0n } });
    expect(logQuery("", "week", clock)?.period?.fromUs).toBe(clock.dayStart_us(6));
  });
});

describe("Referral clock", () => {
  const view = (left_us: bigint, state = ReferralState.DISPATCHED) =>
    create(ReferralViewSchema, { referral: { state, acceptByUs: kNow_us + left_us } });

  it("runs only while the order waits to be accepted", () => {
    expect(clockMood(view(minutes(31)), kNow_us)).toBe("calm");
    expect(clockMood(view(minutes(29)), kNow_us)).toBe("soon");
    expect(clockMood(view(-1n), kNow_us)).toBe("late");
    expect(clockMood(view(-1n, ReferralState.ACCEPTED), kNow_us)).toBe("none");
  });

  it("reads who was first out of the refusal", () => {
    expect(winnerOf("黄明 2026-11-22T08:30:01+08:00")).toBe("黄明");
    expect(winnerOf("a colleague was first")).toBe("");
  });
});

describe("Backoff", () => {
  it("doubles up to ten seconds and leaves half to chance", () => {
    expect([0, 1, 2, 3, 20].map((attempt) => backoff_ms(attempt, () => 1))).toEqual([300, 600, 1200, 2400, 10_000]);
    expect(backoff_ms(20, () => 0)).toBe(5_000);
  });
});
