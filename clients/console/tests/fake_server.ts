import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";

import { ClientFrameSchema, ReplySchema, ServerFrameSchema, type ClientFrame } from "../src/gen/kapok/v1/frame_pb";
import { SignedInSchema, type SignedIn } from "../src/gen/kapok/v1/session_pb";
import type { Entrance } from "../src/wire/entrance";
import { LinkLost, type PushBody, type RequestBody } from "../src/wire/protocol";
import type { Socket } from "../src/wire/socket";

type ReplyBody = NonNullable<MessageInitShape<typeof ReplySchema>["body"]>;
type Answerer = (frame: ClientFrame) => ReplyBody | "silence" | "break";

/** A server in the same thread: greets, resumes, answers pings, and for the rest does as the test says. */
export class FakeServer implements Entrance {
  heard: ClientFrame[] = [];
  connections = 0;
  up = true;
  worker = 7n;
  answer: Answerer = () => ({ case: "done", value: {} });
  entries: RequestBody[] = [];
  refuseEntry: Error | undefined;
  private socket: Socket | undefined;

  openSocket = (): Socket => {
    const socket: Socket = {
      send: (bytes) => queueMicrotask(() => this.take(socket, bytes)),
      close: () => this.broken(socket),
      onOpen: () => undefined,
      onMessage: () => undefined,
      onClose: () => undefined,
    };
    queueMicrotask(() => {
      if (!this.up) return socket.onClose();
      this.connections++;
      this.socket = socket;
      socket.onOpen();
    });
    return socket;
  };

  enter(body: RequestBody): Promise<SignedIn> {
    this.entries.push(body);
    if (this.refuseEntry !== undefined) return Promise.reject(this.refuseEntry);
    if (!this.up) return Promise.reject(new LinkLost("down"));
    return Promise.resolve(create(SignedInSchema, { entryPass: "pass" }));
  }
  leave(): Promise<void> {
    return Promise.resolve();
  }

  push(body: PushBody): void {
    const frame = create(ServerFrameSchema, { frame: { case: "push", value: { body } } });
    this.socket?.onMessage(toBinary(ServerFrameSchema, frame));
  }

  bytes(bytes: Uint8Array): void {
    this.socket?.onMessage(bytes);
  }

  breakConnection(): void {
    const socket = this.socket;
    if (socket !== undefined) this.broken(socket);
  }

  bodies(name: ClientFrame["body"]["case"]): ClientFrame[] {
    return this.heard.filter((frame) => frame.body.case === name);
  }

  private broken(socket: Socket): void {
    if (this.socket === socket) this.socket = undefined;
    queueMicrotask(() => socket.onClose());
  }

  private take(socket: Socket, bytes: Uint8Array): void {
    if (this.socket !== socket) return;
    const frame = fromBinary(ClientFrameSchema, bytes);
    this.heard.push(frame);
    const body = this.bodyFor(frame);
    if (body === "silence") return;
    if (body === "break") return this.broken(socket);
    const reply = create(ReplySchema, { requestId: frame.requestId, body });
    socket.onMessage(toBinary(ServerFrameSchema, create(ServerFrameSchema, { frame: { case: "reply", value: reply } })));
  }

  private bodyFor(frame: ClientFrame): ReplyBody | "silence" | "break" {
    if (frame.body.case === "hello") return { case: "welcome", value: { version: 1, pingIntervalMs: 5000, practiceFactor: 1 } };
    if (frame.body.case === "resume") return { case: "signedIn", value: { name: "陈嘉", worker: this.worker, lastKey: 0n } };
    if (frame.body.case === "ping") return { case: "pong", value: { nowUs: 1n } };
    return this.answer(frame);
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; ++turn) await Promise.resolve();
}
