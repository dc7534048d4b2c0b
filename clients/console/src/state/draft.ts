import type { ContactSaved, ContactView } from "../gen/kapok/v1/contact_pb";
import type { AnswerName, AnswerOf, RequestBody } from "../wire/protocol";
import { Refused } from "../wire/protocol";
import { fieldsOf, formOf, sameForm, type Form } from "./form";

/** saved: the server has what stands here. conflict: another desk saved too; the person decides. refused: see `why`. */
export type DraftState = "saved" | "changed" | "saving" | "conflict" | "refused";

/** What a draft asks of the link. */
export interface DraftLink {
  change<Name extends AnswerName>(body: RequestBody, name: Name): Promise<AnswerOf<Name>>;
  ask<Name extends AnswerName>(body: RequestBody, name: Name): Promise<AnswerOf<Name>>;
}

export interface DispatchAsked {
  needs: number[]; // positions in the form
  toUnit: bigint;
  urgency: number;
  note: string;
}

/** Autosave of proto/README: at most every 5 s, and soon after the last key. */
const kPauseMs = 1_000;
const kBetweenMs = 5_000;

/**
 * One draft being written: saves itself, one save at a time, compare-and-set on the version. What is written while a
 * save is under way is saved by the next. A lost connection only delays: the link asks again.
 */
export class Draft {
  state: DraftState = "saved";
  why: Refused | undefined;
  /** The other version, while `state` is conflict. */
  other: Form | undefined;

  private saved: Form;
  private version: bigint;
  private otherVersion = 0n;
  private lastSave_ms = -Infinity;
  private unsavedSince_ms: number | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private underWay: Promise<void> | undefined;
  private closed = false;

  constructor(
    private readonly link: DraftLink,
    readonly contact: bigint,
    version: bigint,
    private form: Form,
    private readonly changed: () => void,
  ) {
    this.version = version;
    this.saved = form;
  }

  /** What the page holds now; a copy of its own. */
  write(form: Form): void {
    if (this.closed) return;
    this.form = form;
    if (this.state === "conflict") return;
    if (sameForm(form, this.saved)) {
      if (this.underWay === undefined) this.become("saved");
      return;
    }
    if (this.state !== "saving") this.become("changed");
    this.schedule();
  }

  /** Saves now what is not saved. Resolves when that is done or refused. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    if (this.underWay !== undefined) await this.underWay;
    if (this.closed || this.state === "conflict" || sameForm(this.form, this.saved)) return;
    this.underWay = this.save();
    await this.underWay;
  }

  /** Rejects with Refused; the draft goes on then. */
  async finalise(dispatches: DispatchAsked[]): Promise<ContactSaved> {
    clearTimeout(this.timer);
    if (this.underWay !== undefined) await this.underWay;
    const form = this.form;
    const value = { contact: this.contact, version: this.version, fields: fieldsOf(form), dispatches };
    try {
      const saved = await this.link.change({ case: "finaliseContact", value }, "contactSaved");
      this.close();
      return saved;
    } catch (why) {
      if (why instanceof Refused && why.code === "VERSION_CONFLICT") await this.lookAtOther();
      throw why;
    }
  }

  /** After a conflict: mine replaces the other, or the other replaces mine. The form that stands now. */
  decide(mine: boolean): Form {
    if (this.state !== "conflict" || this.other === undefined) return this.form;
    this.version = this.otherVersion;
    this.saved = this.other;
    if (!mine) this.form = this.other;
    this.other = undefined;
    this.become(sameForm(this.form, this.saved) ? "saved" : "changed");
    this.schedule();
    return this.form;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private schedule(): void {
    if (this.closed || this.state === "conflict" || this.underWay !== undefined) return;
    if (sameForm(this.form, this.saved)) return;
    clearTimeout(this.timer);
    const now = performance.now();
    this.unsavedSince_ms ??= now;
    // Who never pauses is saved all the same.
    const pause = Math.min(kPauseMs, this.unsavedSince_ms + kBetweenMs - now);
    this.timer = setTimeout(() => void this.flush(), Math.max(0, pause, this.lastSave_ms + kBetweenMs - now));
  }

  private async save(): Promise<void> {
    const form = this.form;
    this.lastSave_ms = performance.now();
    this.unsavedSince_ms = undefined;
    this.become("saving");
    const value = { contact: this.contact, version: this.version, fields: fieldsOf(form) };
    try {
      const saved = await this.link.change({ case: "saveDraft", value }, "contactSaved");
      this.version = saved.version;
      this.saved = form;
      this.why = undefined;
      this.become(sameForm(this.form, form) ? "saved" : "changed");
    } catch (why) {
      await this.notSaved(why);
    } finally {
      this.underWay = undefined;
      if (this.state === "changed") this.schedule();
    }
  }

  private async notSaved(why: unknown): Promise<void> {
    if (why instanceof Refused && why.code === "VERSION_CONFLICT") return this.lookAtOther();
    this.why = why instanceof Refused ? why : undefined;
    const later = !(why instanceof Refused) || why.code.startsWith("STORE_");
    this.become(later ? "changed" : "refused");
  }

  private async lookAtOther(): Promise<void> {
    let view: ContactView;
    try {
      view = await this.link.ask({ case: "showContact", value: { contact: this.contact } }, "contactView");
    } catch (why) {
      this.why = why instanceof Refused ? why : undefined;
      return this.become(why instanceof Refused ? "refused" : "changed");
    }
    this.other = formOf(view.contact?.fields);
    this.otherVersion = view.contact?.version ?? 0n;
    if (!sameForm(this.other, this.form)) return this.become("conflict");
    // An own save whose answer was lost, or equal words on two desks.
    this.version = this.otherVersion;
    this.saved = this.other;
    this.other = undefined;
    this.become("saved");
  }

  private become(state: DraftState): void {
    this.state = state;
    this.changed();
  }
}
