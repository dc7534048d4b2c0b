import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";

import { CallOverSchema, CallViewSchema, OfferShownSchema, OfferWithdrawnSchema } from "../src/gen/kapok/v1/call_pb";
import { CallOutcome, WorkerState } from "../src/gen/kapok/v1/common_pb";
import { DeskStateSchema } from "../src/gen/kapok/v1/duty_pb";
import { contactOf, kEmptyDesk, takeDesk, takePush, type DeskPicture } from "../src/state/desk_picture";

const offer = (id: bigint) => ({ case: "offerShown", value: create(OfferShownSchema, { offer: { offer: id, epoch: 2 } }) }) as const;
const desk = (state: WorkerState, more: { call?: bigint; contact?: bigint } = {}) => create(DeskStateSchema, { state, ...more });
const ringing = (): DeskPicture => takeDesk(takePush(kEmptyDesk, offer(4n)), desk(WorkerState.OFFERED));

describe("DeskPicture", () => {
  it("shows an offer until it is withdrawn, and why", () => {
    const withdrawn = (id: bigint) => ({ case: "offerWithdrawn", value: create(OfferWithdrawnSchema, { offer: id, why: "timeout" }) }) as const;
    expect(ringing().offer?.offer).toBe(4n);
    expect(takePush(ringing(), withdrawn(3n)).offer?.offer).toBe(4n);
    const gone = takePush(ringing(), withdrawn(4n));
    expect(gone.offer).toBeUndefined();
    expect(gone.ended).toEqual({ offer: "timeout" });
  });

  it("forgets an offer that the server does not know after a return", () => {
    expect(takeDesk(ringing(), desk(WorkerState.READY)).offer).toBeUndefined();
  });

  it("goes over into the talk, and out of it with how it ended", () => {
    const talking = takePush(ringing(), { case: "callConnected", value: { call: create(CallViewSchema, { call: 7n, contact: 8n }) } } as never);
    expect(talking.offer).toBeUndefined();
    expect(contactOf(talking)).toBe(8n);
    const over = takePush(talking, { case: "callOver", value: create(CallOverSchema, { call: 7n, outcome: CallOutcome.ANSWERED }) });
    expect(over.call).toBeUndefined();
    expect(over.ended).toMatchObject({ over: { outcome: CallOutcome.ANSWERED } });
  });

  it("knows the draft of a talk after a reload by the desk's state alone", () => {
    expect(contactOf(takeDesk(kEmptyDesk, desk(WorkerState.TALKING, { call: 7n, contact: 8n })))).toBe(8n);
  });

  it("drops the talk it knew when the desk has another one", () => {
    const talking = { ...kEmptyDesk, call: create(CallViewSchema, { call: 7n }) };
    expect(takeDesk(talking, desk(WorkerState.TALKING, { call: 9n })).call).toBeUndefined();
    expect(takeDesk(talking, desk(WorkerState.TALKING, { call: 7n })).call?.call).toBe(7n);
  });
});
