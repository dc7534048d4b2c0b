import { getContext, setContext } from "svelte";

import { Role } from "../gen/kapok/v1/common_pb";
import type { SignedIn, Welcome } from "../gen/kapok/v1/session_pb";
import type { ServerNotice } from "../gen/kapok/v1/watch_pb";
import { workerBeat } from "../wire/beat";
import { httpsEntrance } from "../wire/entrance";
import { Link, type LinkState } from "../wire/link";
import { Refused, type PushBody } from "../wire/protocol";
import { openWebSocket } from "../wire/socket";
import { en } from "../words/en";
import { errorText } from "../words/error_text";
import type { Words } from "../words/words";
import { zh } from "../words/zh";
import { Desk } from "./desk.svelte";
import { ServerClock } from "./server_clock";
import { Writing } from "./writing.svelte";

export type Tongue = "zh" | "en";
export type Theme = "auto" | "light" | "dark";
export type Screen = "desk" | "referrals" | "log";

export interface Toast {
  id: number;
  text: string;
  kind: "good" | "bad";
}

const kTongueKey = "kapok.language";
const kThemeKey = "kapok.theme";
const kToastMs = 6_000;
const kTickMs = 500;
const kDeskRoles = new Set([Role.WORKER, Role.STATION_LEAD, Role.SUPERVISOR, Role.DUTY_SUPERVISOR]);
const kStationRoles = new Set([Role.WORKER, Role.STATION_LEAD]);

function stored<Value extends string>(key: string, values: readonly Value[], otherwise: Value): Value {
  const found = localStorage.getItem(key);
  return values.find((value) => value === found) ?? otherwise;
}

function screenOfHash(): Screen {
  const name = location.hash.slice(1);
  return name === "referrals" || name === "log" ? name : "desk";
}

/** What all screens share: the person, the link, language, time, messages. One per page. */
export class Console {
  tongue = $state<Tongue>(stored(kTongueKey, ["zh", "en"] as const, "zh"));
  theme = $state<Theme>(stored(kThemeKey, ["auto", "light", "dark"] as const, "auto"));
  screen = $state<Screen>(screenOfHash());
  linkState = $state<LinkState>("signed_out");
  /** False until it is known whether this browser keeps a session. */
  ready = $state(false);
  me = $state.raw<SignedIn | undefined>(undefined);
  welcome = $state.raw<Welcome | undefined>(undefined);
  notice = $state.raw<ServerNotice | undefined>(undefined);
  /** Why the sign-in page shows itself again. */
  signedOutWhy = $state("");
  now_us = $state.raw(0n);
  toasts = $state<Toast[]>([]);
  /** Counts returns of the link: what was read before is read again. */
  returns = $state(0);

  readonly words: Words = $derived(this.tongue === "zh" ? zh : en);
  readonly clock = new ServerClock();
  readonly link: Link;
  readonly desk: Desk;
  readonly writing: Writing;
  private lastToast = 0;

  constructor() {
    this.link = new Link(
      {
        openSocket: () => openWebSocket("/ws"),
        beat: workerBeat,
        entrance: httpsEntrance("/session"),
        client: "console 0.1",
      },
      {
        state: (state) => this.linkBecame(state),
        welcome: (welcome) => this.greeted(welcome),
        signedIn: (signedIn) => this.signedIn(signedIn),
        push: (push) => this.pushed(push),
        time: (now_us) => this.clock.tell(now_us),
      },
    );
    this.writing = new Writing(this);
    this.desk = new Desk(this);
    this.now_us = this.clock.now_us();
    setInterval(() => (this.now_us = this.clock.now_us()), kTickMs);
    window.addEventListener("online", () => this.link.tryNow());
    window.addEventListener("hashchange", () => (this.screen = screenOfHash()));
    document.addEventListener("visibilitychange", () => void this.writing.flush());
    window.addEventListener("pagehide", () => void this.writing.flush());
    window.addEventListener("beforeunload", (event) => {
      if (this.writing.unsaved && this.linkState !== "on" && this.linkState !== "signed_out") event.preventDefault();
    });
    void this.link.takeUp().finally(() => (this.ready = true));
  }

  get hasDesk(): boolean {
    return this.me !== undefined && this.me.roles.some((at) => kDeskRoles.has(at.role));
  }

  /** Accepts and completes orders, rather than only seeing them. */
  get servesStation(): boolean {
    return this.me !== undefined && this.me.roles.some((at) => kStationRoles.has(at.role));
  }

  speak(tongue: Tongue): void {
    this.tongue = tongue;
    localStorage.setItem(kTongueKey, tongue);
  }

  look(theme: Theme): void {
    this.theme = theme;
    localStorage.setItem(kThemeKey, theme);
  }

  go(screen: Screen): void {
    location.hash = screen;
  }

  toast(text: string, kind: Toast["kind"] = "good"): void {
    const id = ++this.lastToast;
    this.toasts.push({ id, text, kind });
    setTimeout(() => this.dismiss(id), kToastMs);
  }

  dismiss(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }

  errorText(why: unknown): string {
    return errorText(this.words, why);
  }

  fail(why: unknown): void {
    if (why instanceof Refused && why.code === "SESSION_ENDED") return; // the sign-in page says so
    this.toast(this.errorText(why), "bad");
  }

  async signOut(): Promise<void> {
    await this.writing.flushFor(2_000);
    if ((this.writing.unsaved || this.link.changesWaiting > 0) && !confirm(this.words.signIn.outUnsaved)) return;
    this.signedOutWhy = "";
    await this.link.signOut();
    this.forget();
  }

  private linkBecame(state: LinkState): void {
    const before = this.linkState;
    this.linkState = state;
    if (state !== "signed_out") return;
    if (before === "on" || before === "lost") this.signedOutWhy = this.me === undefined ? "" : this.words.signIn.ended;
    this.forget();
  }

  /** Nothing of a record stays on the page after the session. */
  private forget(): void {
    this.me = undefined;
    this.notice = undefined;
    this.desk.forget();
    this.writing.forget();
  }

  private greeted(welcome: Welcome): void {
    this.welcome = welcome;
    this.clock.set(welcome.nowUs, welcome.practiceFactor, welcome.utcOffsetMin);
    this.now_us = this.clock.now_us();
  }

  private signedIn(signedIn: SignedIn): void {
    const isReturn = this.me !== undefined;
    this.me = signedIn;
    this.notice = undefined;
    this.signedOutWhy = "";
    if (isReturn) {
      this.returns++;
      this.toast(this.words.link.back);
    }
    if (this.hasDesk) void this.desk.open(isReturn);
  }

  private pushed(push: PushBody): void {
    if (push.case === "serverNotice") {
      this.notice = push.value.state === "ok" ? undefined : push.value;
      if (push.value.state === "shutting_down") this.link.waitBeforeReturn(push.value.reconnectAfterMs);
      if (push.value.state === "ok") void this.writing.flush();
    }
    this.desk.pushed(push);
  }
}

const kContext = Symbol("console");

export function makeConsole(): Console {
  return setContext(kContext, new Console());
}

export function theConsole(): Console {
  return getContext<Console>(kContext);
}
