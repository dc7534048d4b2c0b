import { describe, expect, it } from "vitest";

import { ContactType, RiskLevel, ServiceKind } from "../src/gen/kapok/v1/contact_pb";
import { NeedKind, NeedState, Urgency } from "../src/gen/kapok/v1/need_pb";
import { cut, fieldsOf, formOf, groupOf, missingFields, needKinds, sameForm, toggleNeed, type Form } from "../src/state/form";

const empty = () => formOf(undefined);
const withNeeds = (form: Form, ...kinds: NeedKind[]): Form => ({ ...form, needs: kinds.reduce(toggleNeed, form.needs) });

describe("Form", () => {
  it("begins with the first value of each list", () => {
    expect(empty().type).toBe(ContactType.NOT_RECORDED);
    expect(empty().risk).toBe(RiskLevel.NOT_ASSESSED);
    expect(empty().needs).toEqual([]);
  });

  it("is the same after a way over the wire", () => {
    const form = withNeeds({ ...empty(), summary: "𠮷婆婆", type: ContactType.SELF, services: [ServiceKind.COUNSELLING] }, NeedKind.OIL);
    form.needs[0]!.quantity = 12;
    expect(sameForm(formOf(fieldsOf(form)), form)).toBe(true);
    expect(sameForm(formOf(fieldsOf(form)), empty())).toBe(false);
  });

  it("groups needs as the reports do", () => {
    expect(groupOf(NeedKind.SHELTER)).toBe("material");
    expect(groupOf(NeedKind.ANXIETY)).toBe("emotional");
    expect(groupOf(NeedKind.POLICY)).toBe("other");
    const all = [...needKinds("material"), ...needKinds("emotional"), ...needKinds("other")];
    expect(all).toHaveLength(30);
    expect(new Set(all).size).toBe(30);
  });

  it("adds and takes away a need by one tap, but not one that an order carries", () => {
    const once = toggleNeed([], NeedKind.OIL);
    expect(once).toMatchObject([{ kind: NeedKind.OIL, urgency: Urgency.NORMAL, state: NeedState.OPEN }]);
    expect(toggleNeed(once, NeedKind.OIL)).toEqual([]);
    const carried = [{ ...once[0]!, referral: 9n }];
    expect(toggleNeed(carried, NeedKind.OIL)).toEqual(carried);
  });

  it("holds no more needs than a contact may", () => {
    expect(withNeeds(empty(), ...needKinds("material"), ...needKinds("emotional"), ...needKinds("other")).needs).toHaveLength(30);
  });

  it("asks for a type first", () => expect(missingFields(empty())).toEqual(["type"]));

  it("asks nothing more of a wrong number, and one line of a complaint", () => {
    expect(missingFields({ ...empty(), type: ContactType.WRONG_NUMBER })).toEqual([]);
    expect(missingFields({ ...empty(), type: ContactType.COMPLAINT })).toEqual(["summary"]);
  });

  it("asks for risk after emotional needs, counselling or worry, and only then", () => {
    const told = { ...empty(), type: ContactType.SELF, summary: "一句" };
    expect(missingFields(told)).toEqual([]);
    expect(missingFields(withNeeds(told, NeedKind.ANXIETY))).toEqual(["risk"]);
    expect(missingFields({ ...told, worried: true })).toEqual(["risk"]);
    expect(missingFields({ ...told, services: [ServiceKind.COUNSELLING] })).toEqual(["risk"]);
    expect(missingFields({ ...told, services: [ServiceKind.WELFARE_SUPPORT] })).toEqual([]);
    expect(missingFields({ ...told, worried: true, risk: RiskLevel.NONE })).toEqual([]);
  });

  it("asks where goods go: an address, a number or a point", () => {
    const goods = withNeeds({ ...empty(), type: ContactType.SELF, summary: "一句" }, NeedKind.RICE_FLOUR);
    expect(missingFields(goods)).toEqual(["address"]);
    for (const place of [{ address: "沙面大街" }, { personNumber: "020-1" }, { point: 3n }])
      expect(missingFields({ ...goods, ...place })).toEqual([]);
  });

  it("cuts by characters, never inside one", () => {
    expect(cut("𠮷𠮷𠮷", 2)).toBe("𠮷𠮷");
    expect(cut("米面", 2)).toBe("米面");
  });
});
