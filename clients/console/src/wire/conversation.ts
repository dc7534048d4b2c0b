import { create, fromBinary, toBinary } from "@bufbuild/protobuf";

import { ClientFrameSchema, ServerFrameSchema, type Reply } from "../gen/kapok/v1/frame_pb";
import type { Welcome } from "../gen/kapok/v1/session_pb";
import type { Beat } from "./beat";
import { LinkLost, answerOf, type PushBody, type RequestBody } from "./protocol";
import type { OpenSocket, Socket } from "./socket";

/** How long a connection may take to be greeted, and a request to be answered. */
export const kGreetingMs = 8_000;
export const kAnswerMs = 15_000;
/** The server holds 32 unanswered requests of a client; what is beyond waits here. */
export const kUnansweredMax = 24;
/** Two lost beats: the server answers each. */
const kSilentBeats = 2.5;

interface Waiting {
  resolve: (reply: Reply) => void;
  reject: (why: Error) => void;
  since: number;
}

/**
 * One connection: greets, asks and is answered, hears pushes, beats. A request that is not answered in time, or a
 * server that is silent, ends it; every request that waits then hears LinkLost. It never comes back: Link makes another.
 */
export class Conversation {
  onPush: (push: PushBody) => void = () => undefined;
  onClosed: () => void = () => undefined;
  /** Told at each Pong: the server's clock, for who shows time that runs. */
  onTime: (now_us: bigint) => void = () => undefined;

  private readonly waiting = new Map<bigint, Waiting>();
  private readonly queue: { body: RequestBody; key: bigint | undefined; waiting: Waiting }[] = [];
  private lastRequest = 0n;
  private heardAt = performance.now();
  private stopBeat: () => void = () => undefined;
  private open = true;

  private constructor(private readonly socket: Socket) {
    socket.onMessage = (bytes) => this.hear(bytes);
    socket.onClose = () => this.close("the connection broke");
  }

  /** Connects and greets. Rejects with LinkLost, or Refused when the server speaks another version. */
  static async open(openSocket: OpenSocket, beat: Beat, client: string): Promise<[Conversation, Welcome]> {
    const socket = openSocket();
    const conversation = new Conversation(socket);
    const late = setTimeout(() => conversation.close("no greeting in time"), kGreetingMs);
    try {
      await new Promise<void>((resolve, reject) => {
        socket.onOpen = resolve;
        conversation.onClosed = () => reject(new LinkLost("the server cannot be reached"));
      });
      conversation.onClosed = () => undefined;
      const hello: RequestBody = { case: "hello", value: { versionMin: 1, versionMax: 1, client } };
      const welcome = answerOf(await conversation.ask(hello), "welcome");
      conversation.keepAlive(beat, Math.max(500, welcome.pingIntervalMs));
      return [conversation, welcome];
    } catch (why) {
      conversation.close("not greeted");
      throw why;
    } finally {
      clearTimeout(late);
    }
  }

  /** The reply, an error among them. Rejects with LinkLost when the conversation ends first. */
  ask(body: RequestBody, key?: bigint): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (!this.open) return reject(new LinkLost("not connected"));
      const waiting = { resolve, reject, since: performance.now() };
      if (this.waiting.size >= kUnansweredMax) this.queue.push({ body, key, waiting });
      else this.send(body, key, waiting);
    });
  }

  close(why = "closed"): void {
    if (!this.open) return;
    this.open = false;
    this.stopBeat();
    this.socket.close();
    const lost = [...this.waiting.values(), ...this.queue.map((each) => each.waiting)];
    this.waiting.clear();
    this.queue.length = 0;
    for (const each of lost) each.reject(new LinkLost(why));
    this.onClosed();
  }

  private send(body: RequestBody, key: bigint | undefined, waiting: Waiting): void {
    const requestId = ++this.lastRequest;
    waiting.since = performance.now();
    this.waiting.set(requestId, waiting);
    const frame = create(ClientFrameSchema, key === undefined ? { requestId, body } : { requestId, key, body });
    this.socket.send(toBinary(ClientFrameSchema, frame));
  }

  private hear(bytes: Uint8Array): void {
    this.heardAt = performance.now();
    let frame;
    try {
      frame = fromBinary(ServerFrameSchema, bytes).frame;
    } catch {
      return this.close("a frame could not be read");
    }
    if (frame.case === "push") {
      // A push of a later server is passed over.
      if (frame.value.body.case !== undefined) this.onPush(frame.value.body);
    } else if (frame.case === "reply") {
      const reply = frame.value;
      const waiting = this.waiting.get(reply.requestId);
      this.waiting.delete(reply.requestId);
      if (reply.body.case === "pong") this.onTime(reply.body.value.nowUs);
      waiting?.resolve(reply);
      const next = this.queue.shift();
      if (next !== undefined) this.send(next.body, next.key, next.waiting);
    }
  }

  private keepAlive(beat: Beat, interval_ms: number): void {
    this.stopBeat = beat(interval_ms, () => {
      const now = performance.now();
      const unanswered = [...this.waiting.values()].some((each) => now - each.since > kAnswerMs);
      if (unanswered || now - this.heardAt > kSilentBeats * interval_ms) return this.close("the server is silent");
      this.ask({ case: "ping", value: {} }).catch(() => undefined);
    });
  }
}
