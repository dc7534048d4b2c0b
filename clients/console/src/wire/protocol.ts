import type { MessageInitShape } from "@bufbuild/protobuf";

import type { ClientFrameSchema, Push, Reply } from "../gen/kapok/v1/frame_pb";

/** What may be asked: the body of a ClientFrame, `{ case, value }`. */
export type RequestBody = NonNullable<MessageInitShape<typeof ClientFrameSchema>["body"]>;

type ReplyBody = Reply["body"];
type Answer = Exclude<ReplyBody, { case: undefined } | { case: "error" }>;

/** The name of the answer in Reply, as the proto file names it beside the request. */
export type AnswerName = Answer["case"];
export type AnswerOf<Name extends AnswerName> = Extract<Answer, { case: Name }>["value"];

export type PushBody = Exclude<Push["body"], { case: undefined }>;

/** The server refused; `code` is stable and stands in proto/README.md. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
    readonly textZh: string,
  ) {
    super(detail === "" ? code : `${code}: ${detail}`);
    this.name = "Refused";
  }
}

/** The connection broke, or was never made, before there was an answer. */
export class LinkLost extends Error {
  constructor(why: string) {
    super(why);
    this.name = "LinkLost";
  }
}

/** The answer of that name; throws Refused for an error, and for an answer that nobody asked for. */
export function answerOf<Name extends AnswerName>(reply: Reply, name: Name): AnswerOf<Name> {
  const body = reply.body;
  if (body.case === "error") throw new Refused(body.value.code, body.value.detail, body.value.textZh);
  if (body.case !== name) throw new Refused("INTERNAL", `expected ${name}, heard ${body.case ?? "nothing"}`, "");
  return body.value as AnswerOf<Name>;
}
