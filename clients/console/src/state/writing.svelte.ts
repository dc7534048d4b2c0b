import type { ContactView, LogRow } from "../gen/kapok/v1/contact_pb";
import type { Console } from "./console.svelte";
import { Draft, type DispatchAsked, type DraftState } from "./draft";
import { formOf, type Form } from "./form";

/** A draft that is not on the page and not saved either. */
interface Parked {
  draft: Draft;
  view: ContactView;
  form: Form;
}

/** The draft on the page and the list of unfinished ones. */
export class Writing {
  view = $state.raw<ContactView | undefined>(undefined);
  form = $state<Form | undefined>(undefined);
  state = $state<DraftState>("saved");
  why = $state.raw<unknown>(undefined);
  other = $state.raw<Form | undefined>(undefined);
  savedAt_us = $state.raw(0n);
  finalising = $state(false);
  drafts = $state.raw<LogRow[]>([]);

  private draft: Draft | undefined;
  private lastAsked = 0;
  /** Left for another one before it was saved, by contact: they go on saving themselves. */
  private readonly parked = new Map<bigint, Parked>();

  constructor(private readonly console: Console) {}

  get contact(): bigint {
    return this.draft?.contact ?? 0n;
  }

  get unsaved(): boolean {
    return (this.form !== undefined && this.state !== "saved") || this.parked.size > 0;
  }

  /** Shows that draft. What is not saved of the one before is kept, and shown again when that one is opened. */
  async open(contact: bigint): Promise<void> {
    if (this.contact === contact) return;
    const mine = ++this.lastAsked;
    const kept = this.parked.get(contact);
    if (kept !== undefined) {
      this.leave();
      this.parked.delete(contact);
      this.show(kept.draft, kept.view, kept.form);
      return;
    }
    let view: ContactView;
    try {
      view = await this.console.link.ask({ case: "showContact", value: { contact } }, "contactView");
    } catch (why) {
      return this.console.fail(why);
    }
    if (view.contact === undefined || mine !== this.lastAsked) return; // another one was asked for meanwhile
    this.leave();
    const form = formOf(view.contact.fields);
    const draft: Draft = new Draft(this.console.link, contact, view.contact.version, form, () => this.changed(draft));
    this.show(draft, view, formOf(view.contact.fields));
  }

  /** What the page holds; called on each change of it. */
  write(form: Form): void {
    this.draft?.write(form);
  }

  async flush(): Promise<void> {
    const all = [...this.parked.values()].map((each) => each.draft);
    await Promise.all([this.draft, ...all].map((draft) => draft?.flush()));
  }

  /** As flush, but waits no longer than that. */
  async flushFor(at_most_ms: number): Promise<void> {
    await Promise.race([this.flush(), new Promise((resolve) => setTimeout(resolve, at_most_ms))]);
  }

  decide(mine: boolean): void {
    if (this.draft === undefined) return;
    const standing = this.draft.decide(mine);
    if (!mine) this.form = { ...standing, needs: standing.needs.map((need) => ({ ...need })) };
  }

  async finalise(dispatches: DispatchAsked[]): Promise<void> {
    const draft = this.draft;
    if (draft === undefined || this.finalising) return;
    this.finalising = true;
    try {
      const saved = await draft.finalise(dispatches);
      if (this.draft === draft) this.forgetDraft();
      this.console.toast(this.console.words.form.finalised(saved.displayNumber, saved.referrals.length));
      void this.listDrafts();
    } catch (why) {
      if (draft.state !== "conflict") this.console.fail(why);
    } finally {
      this.finalising = false;
    }
  }

  async listDrafts(): Promise<void> {
    try {
      const page = await this.console.link.ask({ case: "listDrafts", value: {} }, "logPage");
      this.drafts = page.rows;
    } catch {
      // Without the store the list stays as it was.
    }
  }

  forget(): void {
    for (const { draft } of this.parked.values()) draft.close();
    this.parked.clear();
    this.forgetDraft();
    this.drafts = [];
  }

  private forgetDraft(): void {
    this.draft?.close();
    this.draft = undefined;
    this.view = undefined;
    this.form = undefined;
    this.other = undefined;
    this.state = "saved";
  }

  private show(draft: Draft, view: ContactView, form: Form): void {
    this.draft = draft;
    this.view = view;
    this.form = form;
    this.savedAt_us = 0n;
    this.state = draft.state;
    this.why = draft.why;
    this.other = draft.other;
  }

  /** Takes the draft off the page; it is closed once it is saved. */
  private leave(): void {
    if (this.draft === undefined || this.form === undefined || this.view === undefined) return;
    if (this.draft.state === "saved") {
      this.draft.close();
    } else {
      this.parked.set(this.draft.contact, { draft: this.draft, view: this.view, form: $state.snapshot(this.form) as Form });
      void this.draft.flush();
    }
    this.draft = undefined;
  }

  private changed(draft: Draft): void {
    if (draft !== this.draft) {
      if (draft.state !== "saved" || !this.parked.delete(draft.contact)) return;
      return draft.close();
    }
    if (draft.state === "saved" && this.state !== "saved") this.savedAt_us = this.console.clock.now_us();
    this.state = draft.state;
    this.why = draft.why;
    this.other = draft.other;
  }
}
