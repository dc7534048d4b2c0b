import type { CallOver, CallView, OfferView } from "../gen/kapok/v1/call_pb";
import { WorkerState } from "../gen/kapok/v1/common_pb";
import type { DeskState } from "../gen/kapok/v1/duty_pb";
import type { PushBody } from "../wire/protocol";

/** What the worker's desk shows of offers and calls. Each push makes a new one. */
export interface DeskPicture {
  desk: DeskState | undefined;
  offer: OfferView | undefined;
  /** The talk as it was told; after a reload only desk.call and desk.contact are known. */
  call: CallView | undefined;
  /** How the last offer or call ended, until the next one. */
  ended: { offer: string } | { over: CallOver } | undefined;
}

export const kEmptyDesk: DeskPicture = { desk: undefined, offer: undefined, call: undefined, ended: undefined };

export function takeDesk(picture: DeskPicture, desk: DeskState): DeskPicture {
  const offered = desk.state === WorkerState.OFFERED;
  const offer = offered ? picture.offer : undefined;
  const call = desk.call !== 0n && picture.call?.call === desk.call ? picture.call : undefined;
  return { ...picture, desk, offer, call };
}

export function takePush(picture: DeskPicture, push: PushBody): DeskPicture {
  switch (push.case) {
    case "deskState":
      return takeDesk(picture, push.value);
    case "offerShown":
      return { ...picture, offer: push.value.offer, ended: undefined };
    case "offerWithdrawn": {
      if (picture.offer?.offer !== push.value.offer) return picture;
      return { ...picture, offer: undefined, ended: { offer: push.value.why } };
    }
    case "callConnected":
      return { ...picture, offer: undefined, call: push.value.call, ended: undefined };
    case "callOver": {
      const call = picture.call?.call === push.value.call ? undefined : picture.call;
      return { ...picture, call, ended: { over: push.value } };
    }
    default:
      return picture;
  }
}

/** The draft the desk is about: of the talk, else of the call that just ended. */
export function contactOf(picture: DeskPicture): bigint {
  return picture.call?.contact || picture.desk?.contact || 0n;
}
