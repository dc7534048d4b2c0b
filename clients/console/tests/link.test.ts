import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { timerBeat } from "../src/wire/beat";
import { Link, type LinkState } from "../src/wire/link";
import { LinkLost, Refused, type PushBody } from "../src/wire/protocol";
import { FakeServer, settle } from "./fake_server";

let server: FakeServer;
let states: LinkState[];
let pushes: PushBody[];
let link: Link;

function makeLink(): Link {
  return new Link(
    { openSocket: server.openSocket, beat: timerBeat, entrance: server, client: "test", random: () => 1 },
    {
      state: (state) => states.push(state),
      welcome: () => undefined,
      signedIn: () => undefined,
      push: (push) => pushes.push(push),
      time: () => undefined,
    },
  );
}

beforeEach(async () => {
  vi.useFakeTimers();
  server = new FakeServer();
  states = [];
  pushes = [];
  link = makeLink();
  await link.signIn("sm-1", "secret", "", "");
});
afterEach(() => vi.useRealTimers());

const ready = { case: "setReady", value: { ready: true } } as const;
const desk = { case: "deskState", value: { callersWaiting: 7 } } as const;

describe("Link", () => {
  it("signs in over HTTPS and takes the session up with the pass it got", () => {
    expect(server.entries.map((body) => body.case)).toEqual(["signIn"]);
    expect(server.heard.map((frame) => frame.body.case)).toEqual(["hello", "resume"]);
    expect(server.heard[1]?.body.value).toMatchObject({ entryPass: "pass" });
    expect(link.state).toBe("on");
  });

  it("tells why a sign-in is refused and does not try again", async () => {
    const other = makeLink();
    server.refuseEntry = new Refused("WRONG_CREDENTIALS", "", "");
    await expect(other.signIn("sm-1", "wrong", "", "")).rejects.toMatchObject({ code: "WRONG_CREDENTIALS" });
    expect(other.state).toBe("signed_out");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.entries).toHaveLength(2);
  });

  it("asks the person to sign in when this browser keeps no session", async () => {
    const other = makeLink();
    server.refuseEntry = new Refused("SESSION_ENDED", "", "");
    expect(await other.takeUp()).toBe(false);
    expect(other.state).toBe("signed_out");
  });

  it("goes on trying to take the session up when nobody answers", async () => {
    const other = makeLink();
    server.up = false;
    expect(await other.takeUp()).toBe(true);
    expect(other.state).toBe("lost");
    server.up = true;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(other.state).toBe("on");
  });

  it("numbers changes upwards and questions not at all", async () => {
    server.answer = () => desk;
    await link.change(ready, "deskState");
    await link.change(ready, "deskState");
    await link.ask({ case: "openDesk", value: {} }, "deskState");
    const [first, second] = server.bodies("setReady");
    expect(second!.key! > first!.key!).toBe(true);
    expect(first!.key! >= BigInt(Date.now() - 1000) * 1000n).toBe(true);
    expect(server.bodies("openDesk")[0]?.key).toBeUndefined();
  });

  it("asks a change again with its old key when the connection broke before the answer", async () => {
    server.answer = () => "break";
    const change = link.change(ready, "deskState");
    await settle();
    expect(link.state).toBe("lost");
    server.answer = () => desk;
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await change).callersWaiting).toBe(7);
    const [first, second] = server.bodies("setReady");
    expect(server.bodies("setReady")).toHaveLength(2);
    expect(second?.key).toBe(first?.key);
    expect(link.changesWaiting).toBe(0);
  });

  it("asks again in the order of the keys, once each", async () => {
    server.answer = () => "silence";
    const changes = [true, false, true].map((value) => link.change({ case: "setReady", value: { ready: value } }, "deskState"));
    await settle();
    server.answer = () => desk;
    server.breakConnection();
    await vi.advanceTimersByTimeAsync(1_000);
    await Promise.all(changes);
    const again = server.bodies("setReady").slice(3);
    expect(again.map((frame) => frame.key)).toEqual(server.bodies("setReady").slice(0, 3).map((frame) => frame.key));
  });

  it("keeps a change that is made while there is no connection", async () => {
    server.up = false;
    server.breakConnection();
    await settle();
    const change = link.change(ready, "deskState");
    await vi.advanceTimersByTimeAsync(30_000);
    expect(server.bodies("setReady")).toHaveLength(0);
    server.up = true;
    server.answer = () => desk;
    await vi.advanceTimersByTimeAsync(11_000);
    await expect(change).resolves.toMatchObject({ callersWaiting: 7 });
  });

  it("lets a question fail when the connection breaks", async () => {
    server.answer = () => "break";
    await expect(link.ask({ case: "openDesk", value: {} }, "deskState")).rejects.toBeInstanceOf(LinkLost);
  });

  it("asks a change again later, with its key, when the server is too busy", async () => {
    let times = 0;
    server.answer = () => (++times === 1 ? { case: "error", value: { code: "RETRY_AFTER" } } : desk);
    const change = link.change(ready, "deskState");
    await vi.advanceTimersByTimeAsync(1_500);
    await expect(change).resolves.toMatchObject({ callersWaiting: 7 });
    const keys = server.bodies("setReady").map((frame) => frame.key);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });

  it("tells a refusal of a change and does not repeat it", async () => {
    server.answer = () => ({ case: "error", value: { code: "ALREADY_TAKEN", detail: "黄明 2026-11-22 08:00" } });
    await expect(link.change(ready, "deskState")).rejects.toMatchObject({ code: "ALREADY_TAKEN", detail: "黄明 2026-11-22 08:00" });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.bodies("setReady")).toHaveLength(1);
  });

  it("beats every 5 s and gives a silent server up", async () => {
    await vi.advanceTimersByTimeAsync(10_100);
    expect(server.bodies("ping").length).toBe(2);
    server.openSocket = () => ({ send: () => undefined, close: () => undefined, onOpen: () => undefined, onMessage: () => undefined, onClose: () => undefined });
    const quiet = vi.spyOn(server as unknown as { take: () => void }, "take").mockImplementation(() => undefined);
    await vi.advanceTimersByTimeAsync(16_000);
    expect(states).toContain("lost");
    quiet.mockRestore();
  });

  it("waits as long as a server that stops asks for", async () => {
    link.waitBeforeReturn(7_000);
    server.breakConnection();
    await settle();
    await vi.advanceTimersByTimeAsync(6_500);
    expect(server.connections).toBe(1);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(server.connections).toBe(2);
  });

  it("comes back at once when the network does", async () => {
    server.up = false;
    server.breakConnection();
    await vi.advanceTimersByTimeAsync(60_000);
    server.up = true;
    link.tryNow();
    await settle();
    expect(link.state).toBe("on");
  });

  it("ends, and lets waiting changes fail, when the session has ended", async () => {
    server.answer = () => "break";
    const change = link.change(ready, "deskState");
    const outcome = expect(change).rejects.toMatchObject({ code: "SESSION_ENDED" });
    server.refuseEntry = new Refused("SESSION_ENDED", "", "");
    await vi.advanceTimersByTimeAsync(1_000);
    await outcome;
    expect(link.state).toBe("signed_out");
  });

  it("sends nothing of one person under the name of another who signed in from a second window", async () => {
    server.answer = () => "break";
    const outcome = expect(link.change(ready, "deskState")).rejects.toMatchObject({ code: "SESSION_ENDED" });
    await settle();
    server.worker = 8n;
    await vi.advanceTimersByTimeAsync(1_000);
    await outcome;
    expect(link.state).toBe("signed_out");
    expect(server.bodies("setReady")).toHaveLength(1);
  });

  it("hands pushes on in their order, and passes over bytes it cannot read by connecting anew", async () => {
    server.push({ case: "callOver", value: { call: 1n } } as PushBody);
    server.push({ case: "callOver", value: { call: 2n } } as PushBody);
    expect(pushes.map((push) => (push.case === "callOver" ? push.value.call : 0n))).toEqual([1n, 2n]);
    server.bytes(new Uint8Array([0xff, 0xff, 0xff]));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.connections).toBe(2);
    expect(link.state).toBe("on");
  });

  it("holds back what is beyond the server's limit of unanswered requests", async () => {
    server.answer = () => "silence";
    for (let asked = 0; asked < 40; ++asked) void link.ask({ case: "openDesk", value: {} }, "deskState").catch(() => undefined);
    await settle();
    expect(server.bodies("openDesk").length).toBe(24);
  });
});
