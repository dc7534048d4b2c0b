import type { Reply } from "../gen/kapok/v1/frame_pb";
import type { SignedIn, Welcome } from "../gen/kapok/v1/session_pb";
import { backoff_ms } from "./backoff";
import type { Beat } from "./beat";
import { Conversation } from "./conversation";
import type { Entrance } from "./entrance";
import { LinkLost, Refused, answerOf, type AnswerName, type AnswerOf, type PushBody, type RequestBody } from "./protocol";
import type { OpenSocket } from "./socket";

/** Where the session stands. `lost` tries again by itself. */
export type LinkState = "signed_out" | "connecting" | "on" | "lost";

export interface LinkListener {
  state(state: LinkState): void;
  welcome(welcome: Welcome): void;
  /** At each sign-in and each return: what was shown may be old now. */
  signedIn(signedIn: SignedIn): void;
  push(push: PushBody): void;
  time(now_us: bigint): void;
}

export interface LinkParts {
  openSocket: OpenSocket;
  beat: Beat;
  entrance: Entrance;
  client: string;
  random?: () => number;
}

interface Change {
  body: RequestBody;
  resolve: (reply: Reply) => void;
  reject: (why: Error) => void;
  sent: boolean;
}

/** Nothing was done; the same key is asked again after a while. */
const kAskAgain = new Set(["RETRY_AFTER", "SHUTTING_DOWN", "DEADLINE_EXCEEDED"]);
const kAskAgainMs = 1_000;
const kReadTries = 4;
/** The session may be there all the same: the server is not, for now. */
const kLater = new Set(["RETRY_AFTER", "SHUTTING_DOWN", "STORE_UNAVAILABLE", "DEADLINE_EXCEEDED", "INTERNAL"]);
const kKnownByCookie: RequestBody = { case: "resume", value: {} };

/**
 * One session over as many connections as it takes. Questions (`ask`) fail with LinkLost when the connection breaks.
 * Changes (`change`) carry a rising key, wait for the connection to come back and are asked again with their key, so
 * each happens once; they fail only when the server refuses them or the session ends.
 */
export class Link {
  private conversation: Conversation | undefined;
  private lastKey = 0n;
  /** Whose session this is. */
  private worker = 0n;
  private readonly changes = new Map<bigint, Change>();
  private attempt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private toldToWait_ms = 0;
  private current: LinkState = "signed_out";

  constructor(
    private readonly parts: LinkParts,
    private readonly listener: LinkListener,
  ) {}

  get state(): LinkState {
    return this.current;
  }

  /** Takes up the session this browser keeps. False when there is none: the person signs in. */
  async takeUp(): Promise<boolean> {
    this.become("connecting");
    await this.enter(kKnownByCookie).catch((why: unknown) => this.notConnected(why));
    return this.state !== "signed_out";
  }

  /** Rejects with Refused (wrong credentials, second factor needed, …) or LinkLost; nothing is tried again. */
  async signIn(account: string, password: string, totp: string, deviceLabel: string): Promise<void> {
    this.become("connecting");
    try {
      await this.enter({ case: "signIn", value: { account, password, totp, deviceLabel } });
    } catch (why) {
      this.end();
      throw why;
    }
  }

  /** Changes that wait are lost: ask `changesWaiting` first. */
  async signOut(): Promise<void> {
    await this.parts.entrance.leave().catch(() => undefined);
    this.end();
  }

  async ask<Name extends AnswerName>(body: RequestBody, name: Name): Promise<AnswerOf<Name>> {
    for (let tries = 1; ; ++tries) {
      if (this.conversation === undefined || this.current !== "on") throw new LinkLost("not connected");
      const reply = await this.conversation.ask(body);
      const busy = reply.body.case === "error" && reply.body.value.code === "RETRY_AFTER";
      if (!busy || tries === kReadTries) return this.answer(reply, name);
      await new Promise((resolve) => setTimeout(resolve, kAskAgainMs * tries));
    }
  }

  async change<Name extends AnswerName>(body: RequestBody, name: Name): Promise<AnswerOf<Name>> {
    if (this.current === "signed_out") throw new LinkLost("not signed in");
    // Numbers follow the clock: a page that was reloaded, or a second one of this session, goes on above.
    const now = BigInt(Date.now()) * 1000n;
    this.lastKey = this.lastKey + 1n > now ? this.lastKey + 1n : now;
    const key = this.lastKey;
    const reply = await new Promise<Reply>((resolve, reject) => {
      this.changes.set(key, { body, resolve, reject, sent: false });
      if (this.current === "on") this.send(key);
    });
    return this.answer(reply, name);
  }

  /** Changes not yet answered; more than none means that something is not saved. */
  get changesWaiting(): number {
    return this.changes.size;
  }

  /** The server said that it will be away: the next connection is tried after that time. */
  waitBeforeReturn(wait_ms: number): void {
    this.toldToWait_ms = wait_ms;
  }

  /** The network came back: no need to wait any longer. */
  tryNow(): void {
    if (this.current === "lost") this.comeBack();
  }

  private answer<Name extends AnswerName>(reply: Reply, name: Name): AnswerOf<Name> {
    try {
      return answerOf(reply, name);
    } catch (why) {
      if (why instanceof Refused && (why.code === "SESSION_ENDED" || why.code === "NOT_SIGNED_IN")) this.end();
      throw why;
    }
  }

  private async enter(body: RequestBody): Promise<void> {
    const { entryPass } = await this.parts.entrance.enter(body);
    const [conversation, welcome] = await Conversation.open(this.parts.openSocket, this.parts.beat, this.parts.client);
    // Pushes may follow the reply at once, before anybody here has looked at it.
    const early: PushBody[] = [];
    conversation.onPush = (push) => early.push(push);
    try {
      const signedIn = answerOf(await conversation.ask({ case: "resume", value: { entryPass } }), "signedIn");
      if (this.current !== "connecting") throw new LinkLost("signed out meanwhile");
      // Somebody else signed in from another window: nothing of the one before goes out under his name.
      if (this.worker !== 0n && signedIn.worker !== this.worker) throw new Refused("SESSION_ENDED", "", "");
      this.listener.welcome(welcome);
      this.takeSession(conversation, signedIn);
      for (const push of early) this.listener.push(push);
    } catch (why) {
      conversation.close();
      throw why;
    }
  }

  private takeSession(conversation: Conversation, signedIn: SignedIn): void {
    this.conversation = conversation;
    this.worker = signedIn.worker;
    this.attempt = 0;
    if (signedIn.lastKey > this.lastKey) this.lastKey = signedIn.lastKey;
    conversation.onPush = (push) => this.listener.push(push);
    conversation.onTime = (now_us) => this.listener.time(now_us);
    conversation.onClosed = () => {
      if (this.conversation !== conversation) return;
      this.conversation = undefined;
      for (const change of this.changes.values()) change.sent = false;
      this.tryLater();
    };
    this.become("on");
    for (const key of [...this.changes.keys()].sort((a, b) => (a < b ? -1 : 1))) this.send(key);
    this.listener.signedIn(signedIn);
  }

  private send(key: bigint): void {
    const change = this.changes.get(key);
    if (change === undefined || change.sent || this.conversation === undefined) return;
    change.sent = true;
    this.conversation.ask(change.body, key).then(
      (reply) => this.answered(key, reply),
      () => undefined, // the connection broke: asked again on the next one
    );
  }

  private answered(key: bigint, reply: Reply): void {
    const change = this.changes.get(key);
    if (change === undefined) return;
    if (reply.body.case === "error" && kAskAgain.has(reply.body.value.code)) {
      setTimeout(() => {
        change.sent = false;
        if (this.current === "on") this.send(key);
      }, kAskAgainMs);
      return;
    }
    this.changes.delete(key);
    change.resolve(reply);
  }

  private comeBack(): void {
    clearTimeout(this.retry);
    this.become("connecting");
    this.enter(kKnownByCookie).catch((why: unknown) => this.notConnected(why));
  }

  private notConnected(why: unknown): void {
    if (why instanceof Refused && !kLater.has(why.code)) this.end();
    else this.tryLater();
  }

  private tryLater(): void {
    if (this.current === "signed_out") return;
    clearTimeout(this.retry);
    this.become("lost");
    const wait_ms = this.toldToWait_ms + backoff_ms(this.attempt++, this.parts.random);
    this.toldToWait_ms = 0;
    this.retry = setTimeout(() => this.comeBack(), wait_ms);
  }

  private end(): void {
    clearTimeout(this.retry);
    this.worker = 0n;
    const conversation = this.conversation;
    this.conversation = undefined;
    conversation?.close();
    const changes = [...this.changes.values()];
    this.changes.clear();
    this.become("signed_out");
    for (const change of changes) change.reject(new Refused("SESSION_ENDED", "", ""));
  }

  private become(state: LinkState): void {
    if (this.current === state) return;
    this.current = state;
    this.listener.state(state);
  }
}
