#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/invocation.h"

namespace kapok::cli {

/// What a person says about a contact on the command line; empty = leave as it is.
struct WriteUp {
  std::string contact;  ///< display number or id
  std::string type;
  std::string relation;
  std::string risk;
  std::string language;
  std::string summary;
  std::string person;
  std::string person_number;
  std::string address;
  std::string consent;
  std::vector<std::string> services;
  std::vector<std::string> needs;       ///< KIND[:detail], a trailing `!` makes it urgent
  std::vector<std::string> dispatches;  ///< NEED[,NEED…]=UNIT[:urgent], NEED = place from 1 or kind
  std::string note;                     ///< of the orders dispatched
  bool worried = false;
  std::optional<bool> same_worker;
  bool finalise = false;
  std::string file;  ///< a JSON file with the same names, read first
  std::string reason;
};

/// A contact without a call of ours.
struct ManualCall {
  std::string unit;
  std::string line;
  std::string channel = "phone";
  std::string caller;
  std::string at;
  std::string ended;
  std::string answered_by;
};

/// Writes what is said over `fields`. Throws UsageError naming the option and the words it takes.
void fill(Invocation& run, const WriteUp& chosen, v1::ContactFields& fields);

/// Reads a JSON file of a contact over `chosen`: type, relation, risk, language, summary, person, person_number,
/// address, consent, worried, same_worker, services, needs ["rice_flour:two bags"], dispatches ["1=440103001:urgent"],
/// note, finalise.
void read_file(Invocation& run, const std::string& file, WriteUp& chosen);

/// Opens the draft, fills it, saves or finalises it, and says what came of it.
void write_up(Invocation& run, WriteUp chosen);

/// 电话补录: entered and finalised in one request.
void record_manual(Invocation& run, WriteUp chosen, const ManualCall& call);

/// 补正: opens the finalised contact and writes what is said over it, with the reason.
void correct(Invocation& run, WriteUp chosen);

}  // namespace kapok::cli
