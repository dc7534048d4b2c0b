import { create } from "@bufbuild/protobuf";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ContactSavedSchema, ContactType, ContactViewSchema, type ContactFields } from "../src/gen/kapok/v1/contact_pb";
import { Draft, type DraftLink } from "../src/state/draft";
import { fieldsOf, formOf, type Form } from "../src/state/form";
import { Refused, type RequestBody } from "../src/wire/protocol";

/** A contact on a server that keeps versions. */
class Store {
  version = 1n;
  fields: ContactFields = fieldsOf(formOf(undefined));
  saves: string[] = [];
  delay_ms = 50;
  finalised = false;

  link: DraftLink = {
    change: async (body: RequestBody) => {
      await new Promise((resolve) => setTimeout(resolve, this.delay_ms));
      const value = body.value as { version: bigint; fields: ContactFields };
      if (value.version !== this.version) throw new Refused("VERSION_CONFLICT", "", "");
      this.version++;
      this.fields = value.fields;
      this.saves.push(value.fields.summary);
      this.finalised = body.case === "finaliseContact";
      return create(ContactSavedSchema, { version: this.version, displayNumber: "GZ-261122-0001" }) as never;
    },
    ask: () => Promise.resolve(create(ContactViewSchema, { contact: { version: this.version, fields: this.fields } }) as never),
  };

  /** Another desk of the same worker. */
  writeElsewhere(summary: string): void {
    this.version++;
    this.fields = fieldsOf({ ...formOf(undefined), summary });
  }
}

let store: Store;
let draft: Draft;
const text = (summary: string): Form => ({ ...formOf(undefined), summary });

beforeEach(() => {
  vi.useFakeTimers();
  store = new Store();
  draft = new Draft(store.link, 5n, 1n, formOf(undefined), () => undefined);
});
afterEach(() => vi.useRealTimers());

describe("Draft", () => {
  it("saves itself a second after the first words", async () => {
    draft.write(text("米"));
    expect(draft.state).toBe("changed");
    await vi.advanceTimersByTimeAsync(1_100);
    expect(draft.state).toBe("saved");
    expect(store.saves).toEqual(["米"]);
  });

  it("saves at most every 5 s while one writes on", async () => {
    for (let at = 0; at < 200; ++at) {
      draft.write(text("字".repeat(at + 1)));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(store.saves.length).toBeGreaterThanOrEqual(3);
    expect(store.saves.length).toBeLessThanOrEqual(5);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(store.saves.at(-1)).toBe("字".repeat(200));
  });

  it("saves what was written while a save was under way by the next one", async () => {
    store.delay_ms = 3_000;
    draft.write(text("一"));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(draft.state).toBe("saving");
    draft.write(text("一二"));
    await vi.advanceTimersByTimeAsync(15_000);
    expect(store.saves).toEqual(["一", "一二"]);
    expect(draft.state).toBe("saved");
  });

  it("saves nothing when nothing changed", async () => {
    draft.write(formOf(undefined));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(store.saves).toEqual([]);
    expect(draft.state).toBe("saved");
  });

  it("saves at once when it is told to", async () => {
    draft.write(text("快"));
    const flushed = draft.flush();
    await vi.advanceTimersByTimeAsync(60);
    await flushed;
    expect(store.saves).toEqual(["快"]);
  });

  it("shows both versions after a conflict and lets mine win by decision only", async () => {
    store.writeElsewhere("另一台电脑写的");
    draft.write(text("我写的"));
    await vi.advanceTimersByTimeAsync(1_200);
    expect(draft.state).toBe("conflict");
    expect(draft.other?.summary).toBe("另一台电脑写的");
    await vi.advanceTimersByTimeAsync(20_000);
    expect(store.fields.summary).toBe("另一台电脑写的");
    expect(draft.decide(true).summary).toBe("我写的");
    await vi.advanceTimersByTimeAsync(7_000);
    expect(store.fields.summary).toBe("我写的");
    expect(draft.state).toBe("saved");
  });

  it("takes the other version when the person says so", async () => {
    store.writeElsewhere("另一台电脑写的");
    draft.write(text("我写的"));
    await vi.advanceTimersByTimeAsync(1_200);
    expect(draft.decide(false).summary).toBe("另一台电脑写的");
    await vi.advanceTimersByTimeAsync(7_000);
    expect(draft.state).toBe("saved");
    expect(store.fields.summary).toBe("另一台电脑写的");
  });

  it("is no conflict when the other version says the same", async () => {
    store.writeElsewhere("同样的话");
    draft.write(text("同样的话"));
    await vi.advanceTimersByTimeAsync(1_200);
    expect(draft.state).toBe("saved");
  });

  it("says what is refused and tries the store again by itself", async () => {
    const change = store.link.change;
    store.link.change = () => Promise.reject(new Refused("STORE_UNAVAILABLE", "", ""));
    draft.write(text("等"));
    await vi.advanceTimersByTimeAsync(1_200);
    expect(draft.state).toBe("changed");
    expect(draft.why?.code).toBe("STORE_UNAVAILABLE");
    store.link.change = change;
    await vi.advanceTimersByTimeAsync(6_000);
    expect(draft.state).toBe("saved");
    expect(draft.why).toBeUndefined();
  });

  it("finalises with what stands there, after the save that is under way", async () => {
    store.delay_ms = 500;
    draft.write({ ...text("一"), type: ContactType.SELF });
    await vi.advanceTimersByTimeAsync(1_200);
    draft.write({ ...text("一二"), type: ContactType.SELF });
    const finalised = draft.finalise([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect((await finalised).displayNumber).toBe("GZ-261122-0001");
    expect(store.saves).toEqual(["一", "一二"]);
    expect(store.finalised).toBe(true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(store.saves).toHaveLength(2);
  });
});
