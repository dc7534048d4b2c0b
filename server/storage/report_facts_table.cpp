#include "storage/report_facts_table.h"

#include <unordered_map>

#include "storage/connection.h"

namespace kapok::storage {
namespace {

constexpr auto kInt = CellKind::kInteger;
constexpr auto kText = CellKind::kText;

const Sql kCalls(
    "SELECT arrived_at, answered_at, outcome FROM call "
    "WHERE city_id = :city AND arrived_at >= :from AND arrived_at < :to AND unit_id IN " KAPOK_UNIT_SET);
const Sql kContacts(
    "SELECT id, started_at, state, type, call_id, minimal_due, full_due, minimal_at, finalised_at FROM contact "
    "WHERE city_id = :city AND ((started_at >= :from AND started_at < :to) OR state = 'draft') "
    "AND unit_id IN " KAPOK_UNIT_SET);
const Sql kNeeds(
    "SELECT n.contact_id, n.kind FROM contact k JOIN need n ON n.contact_id = k.id "
    "WHERE k.city_id = :city AND k.started_at >= :from AND k.started_at < :to AND k.unit_id IN " KAPOK_UNIT_SET);
const Sql kCallbacks(
    "SELECT first_hung_up_at, last_hung_up_at, due_at, state, unanswered_arrivals, high_risk FROM follow_up "
    "WHERE city_id = :city AND kind = 'callback' AND state IN ('scheduled', 'claimed') "
    "AND unit_id IN " KAPOK_UNIT_SET);
const Sql kMissed(
    "SELECT at, state FROM missed_caller WHERE city_id = :city AND state = 'open' AND unit_id IN " KAPOK_UNIT_SET);
const Sql kReferrals(
    "SELECT created_at, state, accept_by FROM referral "
    "WHERE city_id = :city AND ((created_at >= :from AND created_at < :to) OR state = 'dispatched') "
    "AND to_unit IN " KAPOK_UNIT_SET);

Values of_day(const ReportFactsAsked& asked) {
  Values in{asked.city, asked.day.from.us, asked.day.to.us};
  append_units(in, asked.units);
  return in;
}

Values of_units(const ReportFactsAsked& asked) {
  Values in{asked.city};
  append_units(in, asked.units);
  return in;
}

void read_calls(ReadTransaction& tx, const ReportFactsAsked& asked, reporting::DayFacts& facts) {
  tx.connection().query(kCalls, of_day(asked), {kInt, kInt, kText}, [&](const Values& row) {
    reporting::CallFact fact;
    const bool sound =
        read_cell(row[0], fact.arrived_at) && read_cell(row[1], fact.answered_at) && read_cell(row[2], fact.outcome);
    if (sound) facts.calls.push_back(fact);
  });
}

void read_contacts(ReadTransaction& tx, const ReportFactsAsked& asked, reporting::DayFacts& facts) {
  std::unordered_map<std::int64_t, std::size_t> at;
  tx.connection().query(kContacts, of_day(asked), {kInt, kInt, kText, kText, kInt, kInt, kInt, kInt, kInt},
                        [&](const Values& row) {
                          reporting::ContactFact fact;
                          fact.manual = row[4].null;
                          const bool sound = read_cell(row[1], fact.started_at) && read_cell(row[2], fact.state) &&
                                             read_cell(row[3], fact.type) && read_cell(row[5], fact.minimal_due) &&
                                             read_cell(row[6], fact.full_due) && read_cell(row[7], fact.minimal_at) &&
                                             read_cell(row[8], fact.finalised_at);
                          if (!sound) return;
                          at[row[0].integer] = facts.contacts.size();
                          facts.contacts.push_back(std::move(fact));
                        });
  tx.connection().query(kNeeds, of_day(asked), {kInt, kText}, [&](const Values& row) {
    casework::NeedKind kind{};
    const auto contact = at.find(row[0].integer);
    if (contact != at.end() && read_cell(row[1], kind)) facts.contacts[contact->second].needs.push_back(kind);
  });
}

void read_callbacks(ReadTransaction& tx, const ReportFactsAsked& asked, reporting::DayFacts& facts) {
  tx.connection().query(kCallbacks, of_units(asked), {kInt, kInt, kInt, kText, kInt, kInt}, [&](const Values& row) {
    casework::Callback callback;
    const bool sound = read_cell(row[0], callback.first_hung_up_at) && read_cell(row[1], callback.last_hung_up_at) &&
                       read_cell(row[2], callback.due_at) && read_cell(row[3], callback.state) &&
                       read_cell(row[4], callback.unanswered_arrivals) && read_cell(row[5], callback.high_risk);
    if (!sound) return;
    facts.callbacks.push_back({callback.first_hung_up_at, callback.due_at, callback.state,
                               casework::overdue(callback, asked.now, asked.offset)});
  });
}

void read_missed(ReadTransaction& tx, const ReportFactsAsked& asked, reporting::DayFacts& facts) {
  tx.connection().query(kMissed, of_units(asked), {kInt, kText}, [&](const Values& row) {
    reporting::MissedCallerFact fact;
    if (read_cell(row[0], fact.at) && read_cell(row[1], fact.state)) facts.missed_callers.push_back(fact);
  });
}

void read_referrals(ReadTransaction& tx, const ReportFactsAsked& asked, reporting::DayFacts& facts) {
  tx.connection().query(kReferrals, of_day(asked), {kInt, kText, kInt}, [&](const Values& row) {
    casework::Referral referral;
    const bool sound = read_cell(row[0], referral.created_at) && read_cell(row[1], referral.state) &&
                       read_cell(row[2], referral.accept_by);
    if (sound) facts.referrals.push_back({referral.created_at, referral.state, casework::overdue(referral, asked.now)});
  });
}

}  // namespace

reporting::DayFacts read_day_facts(ReadTransaction& tx, const ReportFactsAsked& asked) {
  reporting::DayFacts facts;
  read_calls(tx, asked, facts);
  read_contacts(tx, asked, facts);
  read_callbacks(tx, asked, facts);
  read_missed(tx, asked, facts);
  read_referrals(tx, asked, facts);
  return facts;
}

}  // namespace kapok::storage
