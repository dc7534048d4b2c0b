import { create, fromBinary, toBinary } from "@bufbuild/protobuf";

import { ClientFrameSchema, ServerFrameSchema, type Reply, type ServerFrame } from "../gen/kapok/v1/frame_pb";
import type { SignedIn } from "../gen/kapok/v1/session_pb";
import { LinkLost, Refused, answerOf, type RequestBody } from "./protocol";

/**
 * Signing in over HTTPS (proto/README, "In a browser"): the session lives in a cookie that no script can read; what
 * comes back is a pass for one WebSocket.
 */
export interface Entrance {
  /** SignIn, or Resume of the session the cookie names. Rejects with Refused, or LinkLost when nobody answers. */
  enter(body: RequestBody): Promise<SignedIn>;
  /** Ends the session and takes the cookie away. */
  leave(): Promise<void>;
}

const kEnterMs = 15_000;
const kFrameType = "application/x-protobuf";

/** There is a session exactly when there is this cookie; its value goes back in a header, which no other site can do. */
function csrf(): string | undefined {
  return /(?:^|; )__Host-kapok-csrf=([0-9a-f]+)/.exec(document.cookie)?.[1];
}

async function post(path: string, body: RequestBody, proof: string | undefined): Promise<Reply> {
  const headers = { "Content-Type": kFrameType, ...(proof === undefined ? {} : { "X-Kapok-Csrf": proof }) };
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), kEnterMs);
  let answer: ServerFrame["frame"];
  try {
    const response = await fetch(path, {
      method: "POST",
      headers,
      body: toBinary(ClientFrameSchema, create(ClientFrameSchema, { requestId: 1n, body })),
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
      signal: late.signal,
    });
    // Whatever the status: a refusal stands in the frame.
    if (!response.headers.get("Content-Type")?.startsWith(kFrameType)) {
      if (response.status < 500) throw new Refused(response.status === 403 ? "FORBIDDEN" : "INTERNAL", "", "");
      throw new LinkLost(`the server answers ${response.status}`);
    }
    answer = fromBinary(ServerFrameSchema, new Uint8Array(await response.arrayBuffer())).frame;
  } catch (why) {
    throw why instanceof LinkLost || why instanceof Refused ? why : new LinkLost("the server cannot be reached");
  } finally {
    clearTimeout(timer);
  }
  if (answer.case !== "reply") throw new Refused("INTERNAL", "no reply", "");
  return answer.value;
}

/** The entrance of the server this page came from. */
export function httpsEntrance(path: string): Entrance {
  return {
    enter: async (body) => {
      const proof = csrf();
      if (body.case === "resume" && proof === undefined) throw new Refused("SESSION_ENDED", "", "");
      return answerOf(await post(path, body, proof), "signedIn");
    },
    leave: async () => {
      const proof = csrf();
      try {
        if (proof !== undefined) answerOf(await post(path, { case: "signOut", value: {} }, proof), "done");
      } finally {
        // Also when the server cannot be reached: without its proof nobody takes this session up from here.
        document.cookie = "__Host-kapok-csrf=; Max-Age=0; Path=/; Secure; SameSite=Strict";
      }
    },
  };
}
