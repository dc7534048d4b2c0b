#include "protocol/wire_enum.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/generated_enum_reflection.h>
#include <gtest/gtest.h>

#include <cctype>
#include <set>
#include <string>
#include <vector>

#include "kapok/v1/frame.pb.h"

namespace kapok::protocol {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::FileDescriptor;

template <class Ours, class OnWire>
struct Pair {
  using E = Ours;
  using Wire = OnWire;
};

using Pairs = testing::Types<
    Pair<Role, v1::Role>, Pair<Scope, v1::Scope>, Pair<UnitKind, v1::UnitKind>, Pair<RingPreset, v1::RingPreset>,
    Pair<LineMode, v1::LineMode>, Pair<Skill, v1::Skill>, Pair<EndpointKind, v1::EndpointKind>,
    Pair<WorkerState, v1::WorkerState>, Pair<CallState, v1::CallState>, Pair<CallOutcome, v1::CallOutcome>,
    Pair<KpiBucket, v1::KpiBucket>, Pair<CallerClass, v1::CallerClass>, Pair<Channel, v1::Channel>,
    Pair<EndedBy, v1::EndedBy>, Pair<casework::ShiftState, v1::ShiftState>,
    Pair<casework::ContactState, v1::ContactState>, Pair<casework::ContactType, v1::ContactType>,
    Pair<casework::CallerRelation, v1::CallerRelation>, Pair<casework::RiskLevel, v1::RiskLevel>,
    Pair<casework::Language, v1::Language>, Pair<casework::ServiceKind, v1::ServiceKind>,
    Pair<casework::Consent, v1::Consent>, Pair<casework::NeedGroup, v1::NeedGroup>,
    Pair<casework::NeedKind, v1::NeedKind>, Pair<casework::Urgency, v1::Urgency>,
    Pair<casework::NeedState, v1::NeedState>, Pair<casework::ReferralState, v1::ReferralState>,
    Pair<casework::ReturnReason, v1::ReturnReason>, Pair<casework::ClosureResult, v1::ClosureResult>,
    Pair<casework::CallbackState, v1::CallbackState>, Pair<casework::AttemptResult, v1::AttemptResult>,
    Pair<casework::MissedCallerState, v1::MissedCallerState>, Pair<reporting::FigureKind, v1::FigureKind>,
    Pair<reporting::FigureState, v1::FigureState>, Pair<routing::OfferReason, v1::OfferReason>,
    Pair<routing::TransferKind, v1::TransferKind>, Pair<routing::TransferEnd, v1::TransferEnd>>;

/// Enumerations of the api alone have no stable names of their own; these are their values in order.
struct Nameless {
  const EnumDescriptor* on_wire;
  int values;
  std::vector<std::string> names;
};

std::vector<Nameless> nameless() {
  using google::protobuf::GetEnumDescriptor;
  static_assert(static_cast<int>(api::ImportKind::kShifts) == 6 && kWireValues<api::ImportKind> == 7);
  static_assert(static_cast<int>(api::ReferralBox::kOutgoing) == 1 && kWireValues<api::ReferralBox> == 2);
  static_assert(static_cast<int>(api::GatewayCapability::kText) == 11 && kWireValues<api::GatewayCapability> == 12);
  static_assert(static_cast<int>(api::Saved::kSpool) == 2 && kWireValues<api::Saved> == 3);
  static_assert(static_cast<int>(api::ReadingList::kBrokenGlass) == 2 && kWireValues<api::ReadingList> == 3);
  static_assert(static_cast<int>(api::RecordKind::kPerson) == 3 && kWireValues<api::RecordKind> == 4);
  static_assert(static_cast<int>(api::ReadingHow::kStopped) == 7 && kWireValues<api::ReadingHow> == 8);
  return {
      {GetEnumDescriptor<v1::ImportKind>(),
       kWireValues<api::ImportKind>,
       {"regions", "stations", "points", "lines", "people", "patches", "shifts"}},
      {GetEnumDescriptor<v1::ReferralBox>(), kWireValues<api::ReferralBox>, {"incoming", "outgoing"}},
      {GetEnumDescriptor<v1::GatewayCapability>(),
       kWireValues<api::GatewayCapability>,
       {"holds_caller", "rings_endpoint", "early_media", "withdraw", "hangup", "transfer_refer", "transfer_native",
        "requeue_after_answer", "listen", "record", "dtmf", "text"}},
      {GetEnumDescriptor<v1::Saved>(), kWireValues<api::Saved>, {"nothing_to_save", "store", "spool"}},
      {GetEnumDescriptor<v1::ReadingList>(), kWireValues<api::ReadingList>, {"of_record", "alerts", "broken_glass"}},
      {GetEnumDescriptor<v1::RecordKind>(), kWireValues<api::RecordKind>, {"call", "contact", "referral", "person"}},
      {GetEnumDescriptor<v1::ReadingHow>(),
       kWireValues<api::ReadingHow>,
       {"search_hit", "exported", "opened", "broke_glass", "changed", "refused", "many_opened", "stopped"}}};
}

/// `CallState` → `CALL_STATE_`.
std::string prefix_of(const EnumDescriptor& type) {
  std::string prefix;
  for (const char c : type.name()) {
    if (std::isupper(static_cast<unsigned char>(c)) && !prefix.empty()) prefix += '_';
    prefix += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return prefix + '_';
}

void expect_values(const EnumDescriptor& type, const std::vector<std::string>& names) {
  ASSERT_EQ(type.value_count(), static_cast<int>(names.size()) + 1) << type.name();
  EXPECT_EQ(type.FindValueByNumber(0)->name(), prefix_of(type) + "UNSPECIFIED");
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::string expected = prefix_of(type);
    for (const char c : names[i]) expected += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    EXPECT_EQ(type.FindValueByNumber(static_cast<int>(i) + 1)->name(), expected);
  }
}

template <class T>
class WireEnum : public testing::Test {};
TYPED_TEST_SUITE(WireEnum, Pairs);

TYPED_TEST(WireEnum, IsOursPlusOneUnderTheSameName) {
  std::vector<std::string> names;
  for (const auto& row : kEnumNames<typename TypeParam::E>) names.emplace_back(row.name);
  expect_values(*google::protobuf::GetEnumDescriptor<typename TypeParam::Wire>(), names);
}

TYPED_TEST(WireEnum, EveryValueSurvivesThereAndBack) {
  for (const auto& row : kEnumNames<typename TypeParam::E>) {
    const auto wire = to_wire<typename TypeParam::Wire>(row.value);
    EXPECT_EQ(from_wire<typename TypeParam::E>(wire), row.value) << row.name;
  }
  EXPECT_EQ(from_wire<typename TypeParam::E>(0), std::nullopt);
  EXPECT_EQ(from_wire<typename TypeParam::E>(-1), std::nullopt);
  EXPECT_EQ(from_wire<typename TypeParam::E>(static_cast<int>(count_of<typename TypeParam::E>()) + 1), std::nullopt);
}

TEST(WireEnums, EnumerationsWithoutStableNamesHaveTheSameValues) {
  for (const auto& one : nameless()) {
    EXPECT_EQ(static_cast<int>(one.names.size()), one.values);
    expect_values(*one.on_wire, one.names);
  }
}

template <class... P>
std::set<std::string> names_of_pairs(testing::Types<P...>) {
  return {google::protobuf::GetEnumDescriptor<typename P::Wire>()->name()...};
}

void collect_enums(const FileDescriptor& file, std::set<std::string>& names) {
  for (int i = 0; i < file.enum_type_count(); ++i) names.insert(file.enum_type(i)->name());
  for (int i = 0; i < file.dependency_count(); ++i) collect_enums(*file.dependency(i), names);
}

TEST(WireEnums, NoEnumerationOfTheProtocolIsLeftOut) {
  std::set<std::string> compared = names_of_pairs(Pairs{});
  for (const auto& one : nameless()) compared.insert(one.on_wire->name());
  std::set<std::string> declared;
  collect_enums(*v1::ClientFrame::descriptor()->file(), declared);
  EXPECT_EQ(compared, declared);
}

}  // namespace
}  // namespace kapok::protocol
