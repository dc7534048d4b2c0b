#include "cli/write_up.h"

#include <boost/json/src.hpp>
#include <fstream>
#include <map>
#include <sstream>

#include "cli/desk_words.h"
#include "cli/enum_words.h"
#include "cli/lookup.h"

namespace kapok::cli {
namespace {

constexpr std::size_t kFileBytesMax = 256 * 1024;

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, at);) parts.push_back(part);
  return parts;
}

v1::Need need_from(const Invocation& run, std::string text) {
  v1::Need need;
  need.set_urgency(v1::URGENCY_NORMAL);
  need.set_state(v1::NEED_STATE_OPEN);
  if (text.ends_with('!')) {
    need.set_urgency(v1::URGENCY_URGENT);
    text.pop_back();
  }
  const auto colon = text.find(':');
  need.set_kind(word_from<v1::NeedKind>(run, "--need", text.substr(0, colon)));
  if (colon != std::string::npos) need.set_detail(text.substr(colon + 1));
  return need;
}

std::uint32_t need_place(const Invocation& run, const v1::ContactFields& fields, const std::string& text) {
  if (const std::int64_t place = id_from(text); place > 0 && place <= fields.needs_size())
    return static_cast<std::uint32_t>(place - 1);
  const auto kind = from_word<v1::NeedKind>(text);
  for (int at = 0; kind && at < fields.needs_size(); ++at)
    if (fields.needs(at).kind() == *kind) return static_cast<std::uint32_t>(at);
  throw UsageError(say(run.language(), {"--dispatch：没有需求“{}”", "--dispatch: there is no need {}"}, text));
}

v1::Dispatch dispatch_from(Invocation& run, const WriteUp& chosen, const v1::ContactFields& fields,
                           const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos)
    throw UsageError(
        say(run.language(), {"--dispatch：写成 需求=单位[:urgent]", "--dispatch: write NEED=UNIT[:urgent]"}));
  v1::Dispatch dispatch;
  std::string unit = text.substr(equals + 1);
  dispatch.set_urgency(v1::URGENCY_NORMAL);
  if (const auto colon = unit.rfind(':'); colon != std::string::npos) {
    dispatch.set_urgency(word_from<v1::Urgency>(run, "--dispatch", unit.substr(colon + 1)));
    unit.erase(colon);
  }
  for (const auto& need : split(text.substr(0, equals), ',')) dispatch.add_needs(need_place(run, fields, need));
  dispatch.set_to_unit(find_unit(run, unit).unit());
  dispatch.set_note(chosen.note);
  return dispatch;
}

std::string text_of(const boost::json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : boost::json::serialize(value);
}

void take_list(const boost::json::value& value, std::vector<std::string>& list) {
  if (!value.is_array()) return list.push_back(text_of(value));
  for (const auto& each : value.as_array()) list.push_back(text_of(each));
}

void show_saved(Invocation& run, const v1::Reply& reply, bool finalised) {
  const auto& saved = reply.contact_saved();
  if (run.print_json(saved)) return;
  run.terminal.out << say(run.language(),
                          finalised ? Words{"已提交 {}（版本 {}）", "finalised {} (version {})"}
                                    : Words{"已存草稿 {}（版本 {}）", "draft saved {} (version {})"},
                          saved.display_number(), saved.version())
                   << '\n';
  for (const auto referral : saved.referrals())
    run.terminal.say({"已派单，工单 {}", "referral {} dispatched"}, referral);
}

}  // namespace

void fill(Invocation& run, const WriteUp& chosen, v1::ContactFields& fields) {
  if (!chosen.type.empty()) fields.set_type(word_from<v1::ContactType>(run, "--type", chosen.type));
  if (!chosen.relation.empty()) fields.set_relation(word_from<v1::CallerRelation>(run, "--relation", chosen.relation));
  if (!chosen.risk.empty()) fields.set_risk(word_from<v1::RiskLevel>(run, "--risk", chosen.risk));
  if (!chosen.language.empty()) fields.set_language(word_from<v1::Language>(run, "--language", chosen.language));
  if (!chosen.consent.empty()) fields.set_consent(word_from<v1::Consent>(run, "--consent", chosen.consent));
  if (!chosen.summary.empty()) fields.set_summary(chosen.summary);
  if (!chosen.person.empty()) fields.set_person_name(chosen.person);
  if (!chosen.person_number.empty()) fields.set_person_number(chosen.person_number);
  if (!chosen.address.empty()) fields.set_address(chosen.address);
  if (chosen.worried) fields.set_worried(true);
  if (chosen.same_worker) fields.set_same_worker(*chosen.same_worker);
  for (const auto& service : chosen.services)
    fields.add_services(word_from<v1::ServiceKind>(run, "--service", service));
  for (const auto& need : chosen.needs) *fields.add_needs() = need_from(run, need);
}

void read_file(Invocation& run, const std::string& file, WriteUp& chosen) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  if (stream) text << stream.rdbuf();
  if (!stream || text.view().size() > kFileBytesMax)
    throw LocalFailure(say(run.language(), {"无法读取 {}", "cannot read {}"}, file));
  boost::json::error_code failed;
  const auto value = boost::json::parse(text.str(), failed);
  if (failed || !value.is_object())
    throw UsageError(say(run.language(), {"{} 不是 JSON 对象", "{} is no JSON object"}, file));
  const std::map<std::string_view, std::string*> texts = {{"type", &chosen.type},
                                                          {"relation", &chosen.relation},
                                                          {"risk", &chosen.risk},
                                                          {"language", &chosen.language},
                                                          {"summary", &chosen.summary},
                                                          {"person", &chosen.person},
                                                          {"person_number", &chosen.person_number},
                                                          {"address", &chosen.address},
                                                          {"consent", &chosen.consent},
                                                          {"note", &chosen.note},
                                                          {"reason", &chosen.reason}};
  const std::map<std::string_view, std::vector<std::string>*> lists = {
      {"services", &chosen.services}, {"needs", &chosen.needs}, {"dispatches", &chosen.dispatches}};
  const std::map<std::string_view, bool*> flags = {{"worried", &chosen.worried}, {"finalise", &chosen.finalise}};
  for (const auto& entry : value.as_object()) {
    const std::string_view name(entry.key().data(), entry.key().size());
    if (const auto found = texts.find(name); found != texts.end()) {
      if (found->second->empty()) *found->second = text_of(entry.value());
    } else if (const auto list = lists.find(name); list != lists.end()) {
      take_list(entry.value(), *list->second);
    } else if (const auto flag = flags.find(name); flag != flags.end()) {
      *flag->second |= entry.value().is_bool() && entry.value().as_bool();
    } else if (name == "same_worker") {
      if (!chosen.same_worker && entry.value().is_bool()) chosen.same_worker = entry.value().as_bool();
    } else {
      throw UsageError(say(run.language(), {"{}：不认识 {}", "{}: unknown name {}"}, file, std::string(name)));
    }
  }
}

void write_up(Invocation& run, WriteUp chosen) {
  if (!chosen.file.empty()) read_file(run, chosen.file, chosen);
  const v1::Contact before = open_contact(run, chosen.contact).contact();
  v1::ContactFields fields = before.fields();
  fill(run, chosen, fields);
  v1::ClientFrame frame;
  if (!chosen.finalise) {
    if (!chosen.dispatches.empty())
      throw UsageError(say(run.language(),
                           {"派单须与提交同时：加 --finalise", "orders are dispatched on finalising: add --finalise"}));
    auto& save = *frame.mutable_save_draft();
    save.set_contact(before.id());
    save.set_version(before.version());
    *save.mutable_fields() = fields;
  } else {
    auto& finalise = *frame.mutable_finalise_contact();
    finalise.set_contact(before.id());
    finalise.set_version(before.version());
    *finalise.mutable_fields() = fields;
    for (const auto& order : chosen.dispatches) *finalise.add_dispatches() = dispatch_from(run, chosen, fields, order);
  }
  show_saved(run, run.change(frame), chosen.finalise);
}

void record_manual(Invocation& run, WriteUp chosen, const ManualCall& call) {
  if (!chosen.file.empty()) read_file(run, chosen.file, chosen);
  v1::ClientFrame frame;
  auto& manual = *frame.mutable_record_manual();
  manual.set_unit(unit_or(run, call.unit, own_unit(run)));
  if (!call.line.empty()) manual.set_line(find_line(run, call.line).line());
  manual.set_channel(word_from<v1::Channel>(run, "--channel", call.channel));
  manual.set_caller_number(call.caller);
  manual.set_occurred_at_us(call.at.empty() ? run.now_us() : instant_from(run, "--at", call.at, true));
  if (!call.ended.empty()) manual.set_ended_at_us(instant_from(run, "--ended", call.ended, true));
  if (!call.answered_by.empty()) manual.set_answered_by(find_worker(run, call.answered_by).worker());
  fill(run, chosen, *manual.mutable_fields());
  for (const auto& order : chosen.dispatches)
    *manual.add_dispatches() = dispatch_from(run, chosen, manual.fields(), order);
  show_saved(run, run.change(frame), true);
}

void correct(Invocation& run, WriteUp chosen) {
  if (!chosen.file.empty()) read_file(run, chosen.file, chosen);
  const v1::Contact before = open_contact(run, chosen.contact).contact();
  v1::ClientFrame frame;
  auto& change = *frame.mutable_correct_contact();
  change.set_contact(before.id());
  change.set_version(before.version());
  *change.mutable_fields() = before.fields();
  fill(run, chosen, *change.mutable_fields());
  change.set_reason(chosen.reason);
  show_saved(run, run.change(frame), true);
}

}  // namespace kapok::cli
