import type { CallerClass, CallOutcome, Channel, EndedBy, Role, WorkerState } from "../gen/kapok/v1/common_pb";
import type { OfferReason } from "../gen/kapok/v1/call_pb";
import type { CallerRelation, Consent, ContactState, ContactType, Language, RiskLevel, ServiceKind } from "../gen/kapok/v1/contact_pb";
import type { NeedKind, NeedState, Urgency } from "../gen/kapok/v1/need_pb";
import type { ClosureResult, ReferralState, ReturnReason } from "../gen/kapok/v1/referral_pb";
import type { MissingField, NeedGroupName } from "../state/form";

type Of<Parameters extends unknown[]> = (...parameters: Parameters) => string;

/** The codes of proto/README, "Errors". */
export type ErrorCode =
  | "INVALID_ARGUMENT" | "TEXT_NOT_UTF8" | "TEXT_TOO_LONG" | "UNKNOWN_LINE" | "UNKNOWN_UNIT" | "UNKNOWN_WORKER"
  | "UNKNOWN_CALL" | "UNKNOWN_OFFER" | "UNKNOWN_CONTACT" | "UNKNOWN_REFERRAL" | "UNKNOWN_CALLBACK" | "UNKNOWN_SHIFT"
  | "UNKNOWN_ENDPOINT" | "NUMBER_NOT_USABLE" | "SEARCH_TOO_SHORT" | "NARROW_SEARCH" | "IMPORT_REFUSED"
  | "SHIFT_ENDS_BEFORE_START" | "SHIFT_TOO_LONG" | "VERSION_CONFLICT" | "WRONG_STATE" | "ALREADY_TAKEN" | "OFFER_GONE"
  | "NOT_YOURS" | "CALL_ENDED" | "NOT_ON_DUTY" | "BUSY" | "ALREADY_ON_DUTY" | "NOBODY_FREE" | "NOT_SIGNED_IN"
  | "WRONG_CREDENTIALS" | "SECOND_FACTOR_NEEDED" | "FORBIDDEN" | "SESSION_ENDED" | "LOCKED_OUT" | "BAD_FRAME"
  | "FRAME_TOO_LARGE" | "UNKNOWN_REQUEST" | "VERSION_NOT_SUPPORTED" | "KEY_REUSED" | "STALE_REQUEST" | "MISSING_KEY"
  | "RETRY_AFTER" | "STORE_UNAVAILABLE" | "STORE_FULL" | "DEADLINE_EXCEEDED" | "SHUTTING_DOWN" | "GATEWAY_UNAVAILABLE"
  | "ROW_DAMAGED" | "INTERNAL";

/**
 * Every text of the console. A language is one object of this type, so a text or the word of an enumeration value that
 * is missing does not compile.
 */
export interface Words {
  product: string; tagline: string; other: string; withheld: string; close: string; cancel: string; optional: string;
  more: string; loading: string; skipToContent: string; practice: Of<[factor: number]>; listSeparator: string;
  screens: Record<"desk" | "referrals" | "log", string>;
  navigation: string;
  settings: Record<"language" | "switchTo" | "theme" | "light" | "dark" | "auto", string>;
  signIn: Record<
    | "title" | "account" | "password" | "totp" | "totpHint" | "go" | "going" | "unreachable"
    | "emptyAccount" | "emptyPassword" | "ended" | "out" | "outUnsaved",
    string
  >;
  link: Record<"lost" | "connecting" | "back" | "tryNow" | "degraded" | "notRecorded" | "shuttingDown", string>;
  duty: Record<
    | "title" | "take" | "leave" | "ready" | "away" | "setReady" | "setAway" | "noDesk" | "offDuty"
    | "away_hint" | "ready_hint",
    string
  > & { shiftUntil: Of<[time: string]>; waiting: Of<[count: number]>; since: Of<[duration: string]> };
  offer: Record<
    "title" | "accept" | "decline" | "line" | "caller" | "waited" | "unit" | "secondAttempt" | "ended" | "sound",
    string
  > & {
    keys: Of<[accept: string, decline: string]>;
    secondsLeft: Of<[count: number]>;
    from: Of<[name: string]>;
    beside: Of<[name: string]>;
    withdrawn: Record<
      "timeout" | "caller_left" | "answered_elsewhere" | "declined" | "shift_ended" | "device_lost" | "cancelled",
      string
    >;
  };
  call: Record<
    "talking" | "duration" | "hangUp" | "goesOn" | "beingDialled" | "afterCall" | "endAfterCall",
    string
  > & { over: Of<[outcome: string, by: string]>; afterCallLeft: Of<[duration: string]> };
  form: Record<
    | "title" | "pick" | "savedPlain" | "changed" | "saving" | "waitingForLink" | "conflictTitle" | "conflictText"
    | "keepMine" | "takeOther" | "mine" | "theirs" | "dataTypes" | "otherTypes" | "relation" | "personName"
    | "personNumber" | "address" | "language" | "summary" | "summaryHint" | "needs" | "chosen" | "quantity" | "less"
    | "moreOf" | "urgent" | "detail" | "carried" | "services" | "risk" | "riskAsked" | "worried" | "consent"
    | "sameWorker" | "dispatch" | "dispatchNeeds" | "dispatchTo" | "dispatchFind" | "dispatchNote"
    | "noUnit" | "finalise" | "finalising" | "whileTalking" | "missingTitle" | "drafts" | "noDrafts",
    string
  > & {
    saved: Of<[time: string]>;
    notSaved: Of<[why: string]>;
    charactersLeft: Of<[count: number]>;
    groups: Record<NeedGroupName, string>;
    remove: Of<[need: string]>;
    finalised: Of<[number: string, referrals: number]>;
    missing: Record<MissingField | "dispatch", string>;
  };
  referrals: Record<
    | "title" | "unit" | "none" | "noneEver" | "openOnly" | "from" | "owner" | "person" | "address"
    | "needs" | "note" | "outcome" | "accept" | "complete" | "giveBack" | "open" | "history" | "result" | "resultNote"
    | "reason" | "reasonNote" | "confirmComplete" | "confirmReturn" | "takenUnknown" | "tooLate" | "refresh"
    | "pickResult" | "pickReason" | "sayResult" | "sayMissing" | "damaged",
    string
  > & {
    overdueBy: Of<[duration: string]>;
    left: Of<[duration: string]>;
    age: Of<[duration: string]>;
    accepted: Of<[number: string]>;
    completed: Of<[number: string]>;
    returned: Of<[number: string]>;
    taken: Of<[name: string]>;
    refreshed: Of<[time: string]>;
    returnedTimes: Of<[count: number]>;
  };
  log: Record<
    | "title" | "search" | "searchHint" | "tooShort" | "period" | "none" | "next" | "waited" | "talked" | "record"
    | "answeredBy" | "writtenBy" | "masked" | "corrections" | "draft",
    string
  > & {
    periods: Record<"today" | "week" | "month" | "all", string>;
    results: Of<[count: number, more: boolean]>;
    columns: Record<"number" | "at" | "unit" | "outcome" | "worker" | "person" | "needs", string>;
    open: Of<[number: string]>;
  };
  time: Record<"today" | "yesterday", string> & {
    seconds: Of<[n: number]>;
    minutes: Of<[n: number]>;
    hours: Of<[h: number, m: number]>;
    days: Of<[d: number, h: number]>;
  };
  role: Record<Role, string>;
  workerState: Record<WorkerState, string>;
  callerClass: Record<CallerClass, string>;
  outcome: Record<CallOutcome, string>;
  endedBy: Record<EndedBy, string>;
  offerReason: Record<OfferReason, string>;
  channel: Record<Channel, string>;
  contactState: Record<ContactState, string>;
  contactType: Record<ContactType, string>;
  relation: Record<CallerRelation, string>;
  risk: Record<RiskLevel, string>;
  riskHint: Record<RiskLevel, string>;
  language: Record<Language, string>;
  service: Record<ServiceKind, string>;
  consent: Record<Consent, string>;
  need: Record<NeedKind, string>;
  needState: Record<NeedState, string>;
  urgency: Record<Urgency, string>;
  referralState: Record<ReferralState, string>;
  returnReason: Record<ReturnReason, string>;
  closure: Record<ClosureResult, string>;
  error: Record<ErrorCode, string>;
  unknownError: Of<[code: string]>;
  notConnected: string;
}
