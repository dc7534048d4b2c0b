#include "load/writing.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <fmt/core.h>

namespace kapok::load {
namespace {

struct Story {
  v1::NeedKind kind;
  std::string_view text;
  bool material;
};

constexpr std::array kStories{
    Story{v1::NEED_KIND_RICE_FLOUR, "独居老人家中米面将尽，行动不便，请协助配送", true},
    Story{v1::NEED_KIND_FRESH_FOOD, "一家三口暂不能外出，需要蔬菜和鸡蛋", true},
    Story{v1::NEED_KIND_MEDICINE, "父亲的降压药只够两天，请帮忙到医院代取", true},
    Story{v1::NEED_KIND_INFANT_GOODS, "婴儿奶粉和纸尿裤短缺，附近买不到", true},
    Story{v1::NEED_KIND_DRINKING_WATER, "老楼停水，需要饮用水", true},
    Story{v1::NEED_KIND_CLOTHING, "夜间降温，缺少棉被", true},
    Story{v1::NEED_KIND_URGENT_MEDICAL, "透析日期将到，需要安排就医车辆", true},
    Story{v1::NEED_KIND_ANXIETY, "连日睡不着，担心家人，情绪焦虑，已作情绪安抚", false},
    Story{v1::NEED_KIND_LOW_MOOD, "失业后情绪低落，愿意接受后续回访", false},
    Story{v1::NEED_KIND_LONELINESS, "子女在外地，感到孤独，想有人说说话", false},
    Story{v1::NEED_KIND_FAMILY_CONFLICT, "与家人争吵后来电，情绪激动，经疏导后平复", false},
    Story{v1::NEED_KIND_CAREGIVER_STRAIN, "长期照顾卧床母亲，身心疲惫，了解喘息服务", false},
    Story{v1::NEED_KIND_BEREAVEMENT, "亲人离世，悲伤难以平复，已约定下次通话", false},
};

constexpr std::array<std::string_view, 12> kSurnames{"陈", "李", "黄", "梁", "何", "林",
                                                     "冯", "区", "麦", "邝", "容", "欧"};

constexpr std::array kOtherTypes{v1::CONTACT_TYPE_SILENT, v1::CONTACT_TYPE_WRONG_NUMBER, v1::CONTACT_TYPE_THANKS,
                                 v1::CONTACT_TYPE_CONSULTATION};

}  // namespace

void Writing::add_needs(v1::ContactFields& fields) {
  const std::size_t count = stream_.chance(0.3) ? 2 : 1;
  std::string summary;
  bool emotional = false;
  for (std::size_t place = 0; place < count; ++place) {
    const Story& story = kStories[stream_.below(kStories.size())];
    const auto same = [&](const v1::Need& need) { return need.kind() == story.kind; };
    if (std::any_of(fields.needs().begin(), fields.needs().end(), same)) continue;
    v1::Need& need = *fields.add_needs();
    need.set_kind(story.kind);
    need.set_urgency(stream_.chance(0.15) ? v1::URGENCY_URGENT : v1::URGENCY_NORMAL);
    need.set_detail(std::string(story.text.substr(0, 45)));  // 15 characters
    if (story.material) need.set_quantity(static_cast<std::uint32_t>(1 + stream_.below(5)));
    summary += fmt::format("{}。", story.text);
    emotional = emotional || !story.material;
  }
  fields.set_summary(summary);
  fields.set_risk(stream_.chance(0.03) ? v1::RISK_LEVEL_MODERATE : v1::RISK_LEVEL_NONE);
  fields.add_services(emotional ? v1::SERVICE_KIND_EMOTIONAL_SUPPORT : v1::SERVICE_KIND_WELFARE_SUPPORT);
}

v1::ContactFields Writing::contact() {
  v1::ContactFields fields;
  fields.set_language(stream_.chance(0.5) ? v1::LANGUAGE_CANTONESE : v1::LANGUAGE_MANDARIN);
  fields.set_consent(v1::CONSENT_GIVEN);
  if (stream_.chance(0.12)) {
    fields.set_type(kOtherTypes[stream_.below(kOtherTypes.size())]);
    fields.set_summary("来电咨询或无需进一步服务，已说明。");
    fields.set_risk(v1::RISK_LEVEL_NONE);
    return fields;
  }
  const bool self = stream_.chance(0.65);
  fields.set_type(self ? v1::CONTACT_TYPE_SELF : v1::CONTACT_TYPE_ON_BEHALF);
  fields.set_relation(self ? v1::CALLER_RELATION_SELF : v1::CALLER_RELATION_FAMILY);
  fields.set_person_name(
      fmt::format("{}{}", kSurnames[stream_.below(kSurnames.size())], stream_.chance(0.5) ? "女士" : "先生"));
  fields.set_address(fmt::format("演练路{}号{}房", 1 + stream_.below(300), 101 + stream_.below(800)));
  add_needs(fields);
  return fields;
}

v1::ContactFields Writing::draft(const v1::ContactFields& whole, double share) {
  v1::ContactFields fields;
  fields.set_type(whole.type());
  fields.set_language(whole.language());
  // Three bytes to a Han character: a text is cut between characters only.
  const auto characters = whole.summary().size() / 3;
  const auto kept =
      std::min<std::size_t>(characters, static_cast<std::size_t>(static_cast<double>(characters) * share));
  fields.set_summary(whole.summary().substr(0, kept * 3));
  return fields;
}

v1::Dispatch Writing::dispatch(const v1::ContactFields& fields, std::int64_t to_unit, bool urgent) {
  v1::Dispatch order;
  for (int place = 0; place < fields.needs_size(); ++place)
    if (fields.needs(place).kind() <= v1::NEED_KIND_SHELTER) order.add_needs(static_cast<std::uint32_t>(place));
  for (int place = 0; order.needs().empty() && place < fields.needs_size(); ++place)
    order.add_needs(static_cast<std::uint32_t>(place));
  order.set_to_unit(to_unit);
  order.set_urgency(urgent ? v1::URGENCY_URGENT : v1::URGENCY_NORMAL);
  order.set_note("请尽快联系求助人，送达后回复。");
  return order;
}

v1::ClosureResult Writing::closure() {
  if (stream_.chance(0.8)) return v1::CLOSURE_RESULT_SOLVED;
  return stream_.chance(0.5) ? v1::CLOSURE_RESULT_PARTLY_SOLVED : v1::CLOSURE_RESULT_LINKED_OUT;
}

}  // namespace kapok::load
