import type { ContactView, LogRow } from "../gen/kapok/v1/contact_pb";
import type { Console } from "./console.svelte";
import { Draft, type DispatchAsked, type DraftState } from "./draft";
import { formOf, type Form } from "./form";

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

  constructor(private readonly console: Console) {}

  get contact(): bigint {
    return this.draft?.contact ?? 0n;
  }

  get unsaved(): boolean {
    return this.form !== undefined && this.state !== "saved";
  }

  /** Shows that draft; the one before is saved first. */
  async open(contact: bigint): Promise<void> {
    if (this.contact === contact) return;
    const before = this.draft;
    await before?.flush();
    let view: ContactView;
    try {
      view = await this.console.link.ask({ case: "showContact", value: { contact } }, "contactView");
    } catch (why) {
      return this.console.fail(why);
    }
    if (view.contact === undefined || this.draft !== before) return;
    before?.close();
    this.view = view;
    this.form = formOf(view.contact.fields);
    this.savedAt_us = 0n;
    this.state = "saved";
    this.why = undefined;
    const draft: Draft = new Draft(this.console.link, contact, view.contact.version, formOf(view.contact.fields), () => {
      if (this.draft === draft) this.changed(draft);
    });
    this.draft = draft;
  }

  /** What the page holds; called on each change of it. */
  write(form: Form): void {
    this.draft?.write(form);
  }

  async flush(): Promise<void> {
    await this.draft?.flush();
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

  private changed(draft: Draft): void {
    if (draft.state === "saved" && this.state !== "saved") this.savedAt_us = this.console.clock.now_us();
    this.state = draft.state;
    this.why = draft.why;
    this.other = draft.other;
  }
}
