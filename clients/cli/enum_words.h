#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/generated_enum_reflection.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "cli/words.h"
#include "kapok/v1/frame.pb.h"

/// The words of every enumeration of the protocol (DESIGN §3, domain §2.3). Values count from 1 without gaps, so a
/// list stands in the order of its enumeration; one with a word too few does not compile.
namespace kapok::cli {

template <class E>
inline constexpr int kEnumWords = 0;

#define KAPOK_ENUM_WORDS(E, ...)                                                 \
  template <>                                                                    \
  inline constexpr auto kEnumWords<v1::E> = std::to_array<Words>({__VA_ARGS__}); \
  static_assert(kEnumWords<v1::E>.size() == static_cast<std::size_t>(v1::E##_MAX), #E " needs a word for each value")

using W = Words;

KAPOK_ENUM_WORDS(Role, W("社工", "worker"), W("副站长", "station lead"), W("站长", "station official"),
                 W("专职督导", "supervisor"), W("值班督导", "duty supervisor"), W("区督导小组组长", "district lead"),
                 W("区域负责人", "region lead"), W("市督导中心", "city centre"), W("民政局", "civil affairs"),
                 W("数据管理员", "data steward"), W("审计员", "auditor"), W("评估方", "evaluator"),
                 W("系统运维", "system operator"), W("电话网关", "gateway"));
KAPOK_ENUM_WORDS(UnitKind, W("省", "province"), W("市", "city"), W("区域", "region"), W("区", "district"),
                 W("社工站", "station"), W("社工点", "point"));
KAPOK_ENUM_WORDS(RingPreset, W("标准", "normal"), W("本站优先", "local"));
KAPOK_ENUM_WORDS(Skill, W("心理疏导", "counselling"), W("危机干预", "crisis"), W("儿童保护", "child protection"),
                 W("家庭暴力", "domestic violence"), W("养老照护", "elder care"), W("助残", "disability"),
                 W("法律", "legal"));
KAPOK_ENUM_WORDS(LineMode, W("平台接入", "trunk"), W("呼转接入", "forwarded"), W("仅登记", "recorded only"));
KAPOK_ENUM_WORDS(EndpointKind, W("工作台", "desk"), W("值班手机", "phone"), W("总值班电话", "duty phone"));
KAPOK_ENUM_WORDS(WorkerState, W("未上岗", "off duty"), W("暂离", "away"), W("可接听", "ready"), W("新来电", "offered"),
                 W("通话中", "talking"), W("整理记录", "after call"));
KAPOK_ENUM_WORDS(CallState, W("等候", "waiting"), W("分派中", "offered"), W("通话中", "talking"), W("已结束", "ended"));
KAPOK_ENUM_WORDS(CallOutcome, W("未结束", "not ended"), W("接通", "answered"), W("未接通挂断", "abandoned"),
                 W("短时挂断", "short-abandoned"), W("漏接", "missed"), W("漏接（无人在岗）", "missed, nobody on duty"),
                 W("重启丢失", "lost on restart"), W("网关丢失", "gateway lost"), W("线路故障", "network failure"),
                 W("测试", "test"));
KAPOK_ENUM_WORDS(KpiBucket, W("接通", "answered"), W("未接通挂断", "abandoned"), W("短时挂断", "short-abandoned"),
                 W("漏接", "missed"), W("系统故障", "system failure"), W("不计", "not counted"));
KAPOK_ENUM_WORDS(CallerClass, W("危机", "crisis"), W("优先", "vulnerable"), W("普通", "normal"), W("回电", "callback"));
KAPOK_ENUM_WORDS(Channel, W("电话", "phone"), W("短信", "SMS"), W("网页", "web chat"), W("微信", "WeChat"),
                 W("来访", "walk-in"), W("入户", "home visit"), W("信函", "letter"), W("12345转办", "12345 transfer"),
                 W("联动转入", "110/120 transfer"));
KAPOK_ENUM_WORDS(EndedBy, W("未结束", "not ended"), W("来电人", "caller"), W("社工", "worker"), W("系统", "system"),
                 W("线路", "network"));
KAPOK_ENUM_WORDS(OfferReason, W("按序分派", "in turn"), W("续接", "same worker again"), W("备班", "backup"),
                 W("转接", "transfer"), W("转接退回", "returned"));
KAPOK_ENUM_WORDS(TransferKind, W("直接转接", "cold"), W("陪同转接", "warm"));
KAPOK_ENUM_WORDS(TransferEnd, W("已接手", "taken"), W("对方未接", "not taken"), W("已取消", "cancelled"),
                 W("来电已结束", "the call ended"), W("原社工已离开", "the first has gone"));
KAPOK_ENUM_WORDS(ContactState, W("草稿", "draft"), W("已提交", "finalised"));
KAPOK_ENUM_WORDS(ContactType, W("未填", "not recorded"), W("本人求助", "self"), W("代他人求助", "on behalf"),
                 W("单位来电", "organisation"), W("政策咨询", "consultation"), W("无声来电", "silent"),
                 W("接通即挂", "hang-up"), W("打错", "wrong number"), W("骚扰来电（恶作剧）", "prank"),
                 W("辱骂威胁", "abusive"), W("骚扰来电（性骚扰）", "sexual nuisance"), W("推销", "advert"),
                 W("测试", "test"), W("致谢", "thanks"), W("投诉", "complaint"));
KAPOK_ENUM_WORDS(CallerRelation, W("未填", "not recorded"), W("本人", "self"), W("家属", "family"),
                 W("邻居", "neighbour"), W("朋友", "friend"), W("村居工作人员", "community worker"),
                 W("单位", "organisation"), W("其他", "other"));
KAPOK_ENUM_WORDS(RiskLevel, W("未评估", "not assessed"), W("无", "none"), W("低风险", "low"), W("中风险", "moderate"),
                 W("高风险", "high"), W("紧急", "imminent"));
KAPOK_ENUM_WORDS(Language, W("未填", "not recorded"), W("普通话", "Mandarin"), W("粤语", "Cantonese"),
                 W("客家话", "Hakka"), W("潮汕话", "Teochew"), W("英语", "English"), W("手语", "sign language"),
                 W("其他", "other"));
KAPOK_ENUM_WORDS(ServiceKind, W("心理疏导", "counselling"), W("情绪支持", "emotional support"),
                 W("保障支持", "welfare support"));
KAPOK_ENUM_WORDS(Consent, W("未询问", "not asked"), W("同意", "given"), W("单独同意", "given separately"),
                 W("监护人同意", "by guardian"), W("不同意", "refused"), W("紧急救助无需", "not needed for rescue"));
KAPOK_ENUM_WORDS(NeedGroup, W("物资保障", "material aid"), W("心理情绪", "emotional support"), W("其他", "other"));
KAPOK_ENUM_WORDS(NeedKind, W("米面", "rice and flour"), W("食用油", "oil"), W("蔬菜肉蛋", "fresh food"),
                 W("饮用水", "drinking water"), W("药品", "medicine"), W("婴幼儿用品", "infant goods"),
                 W("衣被", "clothing"), W("辅具", "assistive device"), W("紧急就医", "urgent medical access"),
                 W("住处", "shelter"), W("焦虑", "anxiety"), W("情绪低落", "low mood"), W("孤独", "loneliness"),
                 W("丧亲", "bereavement"), W("家庭矛盾", "family conflict"), W("照护压力", "caregiver strain"),
                 W("自伤自杀", "self-harm"), W("创伤", "trauma"), W("政策", "policy"),
                 W("救助申请", "relief application"), W("儿童保护", "child protection"),
                 W("家庭暴力", "domestic violence"), W("养老照护", "elder care"), W("助残", "disability"),
                 W("就学", "school"), W("就业", "work"), W("法律", "legal"), W("住房", "housing"),
                 W("邻里纠纷", "neighbour dispute"), W("走失流浪", "homeless or lost"));
KAPOK_ENUM_WORDS(Urgency, W("一般", "normal"), W("紧急", "urgent"));
KAPOK_ENUM_WORDS(NeedState, W("待处理", "open"), W("已派单", "referred"), W("已满足", "met"), W("未能满足", "not met"),
                 W("已撤回", "withdrawn"));
KAPOK_ENUM_WORDS(ReferralState, W("已派单", "dispatched"), W("已接单", "accepted"), W("已办结", "completed"),
                 W("已退单", "returned"), W("已撤单", "withdrawn"));
KAPOK_ENUM_WORDS(ReturnReason, W("非本辖区", "out of area"), W("不属本站职责", "not our remit"),
                 W("重复工单", "duplicate"), W("信息不全", "missing information"), W("求助人撤回", "caller withdrew"),
                 W("已在服务", "already served"), W("需上级协调", "needs higher level"));
KAPOK_ENUM_WORDS(ClosureResult, W("已解决", "solved"), W("部分解决", "partly solved"), W("解释说明", "explained"),
                 W("已转介/已链接资源", "linked out"), W("暂无法解决", "not solvable"), W("无法联系", "lost contact"),
                 W("拒绝服务", "declined"));
KAPOK_ENUM_WORDS(ShiftState, W("计划", "planned"), W("在岗", "on duty"), W("已结束", "closed"), W("缺岗", "absent"),
                 W("取消", "cancelled"));
KAPOK_ENUM_WORDS(CallbackState, W("待回电", "scheduled"), W("已认领", "claimed"), W("已完成", "done"),
                 W("无法联系", "unreachable"), W("拒绝", "declined"), W("已自行接通", "superseded"));
KAPOK_ENUM_WORDS(AttemptResult, W("已接通", "reached"), W("无人接听", "no answer"), W("忙", "busy"),
                 W("无法接通", "unreachable number"), W("他人接听", "other person answered"), W("拒绝", "declined"));
KAPOK_ENUM_WORDS(MissedCallerState, W("待知悉", "open"), W("已知悉", "acknowledged"));
KAPOK_ENUM_WORDS(ImportKind, W("区域", "regions"), W("社工站", "stations"), W("社工点", "points"), W("热线", "lines"),
                 W("人员", "people"), W("督导片区", "patches"), W("班次", "shifts"));
KAPOK_ENUM_WORDS(GatewayCapability, W("留住来电", "holds caller"), W("振铃", "rings endpoint"),
                 W("早期媒体", "early media"), W("撤回振铃", "withdraw"), W("挂断", "hang up"),
                 W("REFER 转接", "transfer by REFER"), W("网内转接", "native transfer"),
                 W("接听后重新排队", "requeue after answer"), W("监听", "listen"), W("录音", "record"),
                 W("按键", "DTMF"), W("文字", "text"));
KAPOK_ENUM_WORDS(ReferralBox, W("收到", "incoming"), W("发出", "outgoing"));
KAPOK_ENUM_WORDS(Saved, W("无需保存", "nothing to save"), W("已存库", "in the store"), W("已存盘待入库", "spooled"));

KAPOK_ENUM_WORDS(ReadingList, W("一条记录", "of one record"), W("查阅过多", "alerts"), W("紧急调阅", "broken glass"));
KAPOK_ENUM_WORDS(RecordKind, W("通话", "call"), W("服务记录", "contact"), W("服务工单", "referral"),
                 W("服务对象", "person"));
KAPOK_ENUM_WORDS(ReadingHow, W("检索结果", "search hit"), W("导出", "exported"), W("查阅", "opened"),
                 W("紧急调阅", "broke the glass"), W("填写或处理", "changed"), W("被拒", "refused"),
                 W("一小时内查阅过多", "many within an hour"), W("查阅过多，已停", "too many, stopped"));
KAPOK_ENUM_WORDS(Scope, W("本人", "own"), W("经办", "assigned"), W("本站", "own station"), W("督导片区", "patch"),
                 W("辖区", "subtree"), W("其他", "other"));

KAPOK_ENUM_WORDS(FigureKind, W("数量", "count"), W("比例", "share"), W("时长", "duration"));
KAPOK_ENUM_WORDS(FigureState, W("已测量", "measured"), W("无数据", "nothing"), W("未测量", "not measured"));

#undef KAPOK_ENUM_WORDS

/// For a screen: `—` when unset, "other" for a value this program does not know.
template <class E>
std::string word(E value, Language language) {
  const auto at = static_cast<std::size_t>(value);
  if (at == 0) return "—";
  if (at > kEnumWords<E>.size()) return say(language, {"其他", "other"});
  return std::string(kEnumWords<E>[at - 1].in(language));
}

/// Several values of one enumeration in a cell.
template <class E>
std::string words_of(const google::protobuf::RepeatedField<int>& values, Language language) {
  std::string text;
  for (const int value : values) text += (text.empty() ? "" : "、") + word(static_cast<E>(value), language);
  return text;
}

/// The stable name of a value as `--json` shows it and options take it: CALL_STATE_WAITING is `waiting`.
std::string stable_name(const google::protobuf::EnumValueDescriptor& value);
/// All stable names, comma between, for help texts.
std::string stable_names(const google::protobuf::EnumDescriptor& enumeration);

template <class E>
std::string stable_name(E value) {
  const auto* found = google::protobuf::GetEnumDescriptor<E>()->FindValueByNumber(static_cast<int>(value));
  return found == nullptr ? "other" : stable_name(*found);
}

/// Reads a stable name, a Chinese or an English word; nothing for anything else.
template <class E>
std::optional<E> from_word(std::string_view text) {
  for (std::size_t at = 1; at <= kEnumWords<E>.size(); ++at) {
    const auto value = static_cast<E>(at);
    const Words& words = kEnumWords<E>[at - 1];
    if (text == stable_name(value) || text == words.in(Language::kChinese) || text == words.in(Language::kEnglish))
      return value;
  }
  return std::nullopt;
}

}  // namespace kapok::cli
