import { create } from "@bufbuild/protobuf";

import {
  CallerRelation,
  Consent,
  ContactFieldsSchema,
  ContactType,
  Language,
  RiskLevel,
  ServiceKind,
  type ContactFields,
} from "../gen/kapok/v1/contact_pb";
import { NeedKind, NeedState, Urgency } from "../gen/kapok/v1/need_pb";

/** A need as the form shows it. */
export interface FormNeed {
  id: bigint;
  kind: NeedKind;
  urgency: Urgency;
  state: NeedState;
  detail: string;
  quantity: number; // 0 = not said
  referral: bigint;
}

/** What a worker writes, as plain values that a page can watch; ContactFields on the wire. */
export interface Form {
  type: ContactType;
  relation: CallerRelation;
  personName: string;
  personNumber: string;
  address: string;
  point: bigint;
  language: Language;
  summary: string;
  risk: RiskLevel;
  worried: boolean;
  services: ServiceKind[];
  consent: Consent;
  answeredBy: bigint;
  needs: FormNeed[];
  sameWorker: boolean;
}

/** Limits of proto/kapok/v1/contact.proto and need.proto, in characters as the server counts them. */
export const kFormLimits = { personName: 64, personNumber: 20, address: 200, summary: 8000, detail: 200, quantity: 10_000, needs: 32 };

export function formOf(fields: ContactFields | undefined): Form {
  const from = fields ?? create(ContactFieldsSchema);
  return {
    type: from.type || ContactType.NOT_RECORDED,
    relation: from.relation || CallerRelation.NOT_RECORDED,
    personName: from.personName,
    personNumber: from.personNumber,
    address: from.address,
    point: from.point,
    language: from.language || Language.NOT_RECORDED,
    summary: from.summary,
    risk: from.risk || RiskLevel.NOT_ASSESSED,
    worried: from.worried,
    services: [...from.services],
    consent: from.consent || Consent.NOT_ASKED,
    answeredBy: from.answeredBy,
    needs: from.needs.map(({ id, kind, urgency, state, detail, quantity, referral }) => {
      return { id, kind, urgency: urgency || Urgency.NORMAL, state: state || NeedState.OPEN, detail, quantity, referral };
    }),
    sameWorker: from.sameWorker,
  };
}

export function fieldsOf(form: Form): ContactFields {
  return create(ContactFieldsSchema, {
    ...form,
    services: [...form.services],
    needs: form.needs.map((need) => ({ ...need })),
  });
}

/** Equal forms have equal texts. */
export function sameForm(a: Form, b: Form): boolean {
  const text = (form: Form) => JSON.stringify(form, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
  return text(a) === text(b);
}

/** From someone with a matter; other types are only counted. */
export function isData(type: ContactType): boolean {
  return type >= ContactType.SELF && type <= ContactType.CONSULTATION;
}

export type NeedGroupName = "material" | "emotional" | "other";

export function groupOf(kind: NeedKind): NeedGroupName {
  if (kind <= NeedKind.SHELTER) return "material";
  return kind <= NeedKind.TRAUMA ? "emotional" : "other";
}

export function needKinds(group: NeedGroupName): NeedKind[] {
  const all = Object.values(NeedKind).filter((kind): kind is NeedKind => typeof kind === "number");
  return all.filter((kind) => kind !== NeedKind.UNSPECIFIED && groupOf(kind) === group);
}

/** Emotional needs, services beyond welfare, or the worker's worry ask for a risk level (domain §0.13). */
export function riskMustBeAsked(form: Form): boolean {
  const emotional = form.needs.some((need) => groupOf(need.kind) === "emotional");
  return form.worried || emotional || form.services.some((kind) => kind !== ServiceKind.WELFARE_SUPPORT);
}

export type MissingField = "type" | "summary" | "risk" | "address";

/** What a whole record still lacks, as server/casework/contact.h says it; the server has the last word. */
export function missingFields(form: Form): MissingField[] {
  const missing: MissingField[] = [];
  const oneLine = [ContactType.COMPLAINT, ContactType.ABUSIVE, ContactType.SEXUAL_NUISANCE].includes(form.type);
  if (form.type === ContactType.NOT_RECORDED) missing.push("type");
  if ((isData(form.type) || oneLine) && form.summary.trim() === "") missing.push("summary");
  if (!isData(form.type)) return missing;
  if (riskMustBeAsked(form) && form.risk === RiskLevel.NOT_ASSESSED) missing.push("risk");
  const place = form.point !== 0n || form.address.trim() !== "" || form.personNumber.trim() !== "";
  if (!place && form.needs.some((need) => groupOf(need.kind) === "material")) missing.push("address");
  return missing;
}

/** One tap: a need that is not there is added, one that is goes away, unless an order carries it. */
export function toggleNeed(needs: FormNeed[], kind: NeedKind): FormNeed[] {
  const found = needs.find((need) => need.kind === kind);
  if (found !== undefined) return found.referral === 0n ? needs.filter((need) => need !== found) : needs;
  if (needs.length >= kFormLimits.needs) return needs;
  const added = { id: 0n, kind, urgency: Urgency.NORMAL, state: NeedState.OPEN, detail: "", quantity: 0, referral: 0n };
  return [...needs, added];
}

/** At most `count` characters as the server counts them: a character beyond 16 bits is one. */
export function cut(text: string, count: number): string {
  return text.length <= count ? text : [...text].slice(0, count).join("");
}
