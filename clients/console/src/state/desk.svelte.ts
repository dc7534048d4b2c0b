import { WorkerState } from "../gen/kapok/v1/common_pb";
import type { DeskState } from "../gen/kapok/v1/duty_pb";
import { Refused, type PushBody, type RequestBody } from "../wire/protocol";
import type { Console } from "./console.svelte";
import { contactOf, kEmptyDesk, takeDesk, takePush, type DeskPicture } from "./desk_picture";

/** The worker's duty, offers and calls. */
export class Desk {
  picture = $state.raw<DeskPicture>(kEmptyDesk);
  /** The account has no place where it could be rung. */
  noDesk = $state(false);
  busy = $state(false);

  constructor(private readonly console: Console) {}

  get state(): WorkerState {
    return this.picture.desk?.state ?? WorkerState.UNSPECIFIED;
  }

  /** Offers come to this connection from now on. On a return the worker is as ready as he was. */
  async open(isReturn: boolean): Promise<void> {
    const wasReady = isReturn && this.state === WorkerState.READY;
    this.shown = 0n; // its record may not have come through
    try {
      const desk = await this.console.link.ask({ case: "openDesk", value: {} }, "deskState");
      this.take(desk);
      this.noDesk = false;
      if (wasReady && desk.state === WorkerState.AWAY) await this.setReady(true);
    } catch (why) {
      if (why instanceof Refused && (why.code === "UNKNOWN_ENDPOINT" || why.code === "FORBIDDEN")) this.noDesk = true;
      else this.console.fail(why);
    }
    void this.console.writing.listDrafts();
  }

  takeDuty(): Promise<void> {
    return this.duty({ case: "takeDuty", value: {} });
  }
  leaveDuty(): Promise<void> {
    return this.duty({ case: "leaveDuty", value: {} });
  }
  setReady(ready: boolean): Promise<void> {
    return this.duty({ case: "setReady", value: { ready } });
  }
  endAfterCall(): Promise<void> {
    return this.duty({ case: "endAfterCall", value: {} });
  }

  async accept(): Promise<void> {
    const offer = this.picture.offer;
    if (offer === undefined || this.busy) return;
    await this.doing(async () => {
      const value = { offer: offer.offer, epoch: offer.epoch };
      const call = await this.console.link.change({ case: "acceptOffer", value }, "callView");
      this.picture = { ...this.picture, offer: undefined, call, ended: undefined };
      this.console.go("desk");
      this.showContact();
    });
  }

  async decline(): Promise<void> {
    const offer = this.picture.offer;
    if (offer === undefined || this.busy) return;
    await this.doing(async () => {
      await this.console.link.change({ case: "declineOffer", value: { offer: offer.offer, epoch: offer.epoch } }, "done");
      // This desk hears no OfferWithdrawn of its own decline; the next offer may be here already.
      const next = this.picture.offer?.offer === offer.offer ? undefined : this.picture.offer;
      this.picture = { ...this.picture, offer: next, ended: { offer: "declined" } };
    });
  }

  async hangUp(): Promise<void> {
    const call = this.picture.desk?.call || this.picture.call?.call || 0n;
    if (call === 0n) return;
    await this.doing(async () => {
      await this.console.link.change({ case: "hangUp", value: { call } }, "done");
    });
  }

  pushed(push: PushBody): void {
    this.picture = takePush(this.picture, push);
    if (push.case === "deskState" || push.case === "callConnected") this.showContact();
    if (push.case === "callConnected") this.console.go("desk");
    if (push.case === "callOver") void this.console.writing.listDrafts();
  }

  forget(): void {
    this.picture = kEmptyDesk;
    this.noDesk = false;
  }

  private take(desk: DeskState): void {
    this.picture = takeDesk(this.picture, desk);
    this.showContact();
  }

  /** The form of the call that begins comes by itself; the worker may look at another one afterwards. */
  private shown = 0n;
  private showContact(): void {
    const contact = contactOf(this.picture);
    if (contact !== 0n && contact !== this.shown) void this.console.writing.open(contact);
    this.shown = contact;
  }

  private async duty(body: RequestBody): Promise<void> {
    await this.doing(async () => this.take(await this.console.link.change(body, "deskState")));
  }

  private async doing(act: () => Promise<void>): Promise<void> {
    this.busy = true;
    try {
      await act();
    } catch (why) {
      if (why instanceof Refused && (why.code === "OFFER_GONE" || why.code === "NOT_YOURS"))
        this.picture = { ...this.picture, offer: undefined };
      this.console.fail(why);
    } finally {
      this.busy = false;
    }
  }
}
