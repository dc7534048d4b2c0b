#include <algorithm>

#include "cli/command_line.h"
#include "cli/offline_files.h"
#include "cli/offline_store.h"
#include "cli/output_json.h"
#include "cli/progress_bar.h"
#include "cli/table_printer.h"
#include "service/contact_index.h"
#include "service/directory_store.h"
#include "storage/audit_chain.h"
#include "storage/contact_table.h"
#include "storage/quarantine_table.h"
#include "storage/search_index.h"
#include "storage/store_rebuild.h"
#include "storage/store_scan.h"

/// store scan and store damaged, on the files themselves, under the lock.
namespace kapok::cli {
namespace {

constexpr std::int64_t kContactsPerTransaction = 200;

struct Choice {
  std::string directory;
  std::string key_file;
  std::int64_t city_number = 1;
  bool rebuild = false;
};

struct Findings {
  storage::ScanReport report;
  std::vector<storage::DamagedRow> damaged;
  storage::AuditVerdict audit;
  std::vector<std::string> rebuild_faults;

  [[nodiscard]] bool sound() const { return report.sound() && audit.sound() && rebuild_faults.empty(); }
};

std::string row_name(const storage::DamagedRow& row) {
  const std::string part = row.key.part != 0 ? "/" + std::to_string(row.key.part) : std::string{};
  return row.table + " " + std::to_string(row.key.id) + part;
}

OfflineStore open_store(Invocation& run, const Choice& chosen) {
  run.terminal.note({"kapokctl 直接打开 {}（持有目录锁）", "kapokctl itself opens {}, holding its lock"},
                    chosen.directory);
  return OfflineStore::open(chosen.directory, key_file_for(chosen.directory, chosen.key_file), chosen.city_number);
}

Findings scan(Invocation& run, OfflineStore& store) {
  Findings found;
  store.read([&](storage::ReadTransaction& tx) {
    ProgressBar bar(run.terminal, say(run.language(), {"核对", "checking"}),
                    static_cast<std::size_t>(std::max<std::int64_t>(storage::rows_to_scan(tx), 1)));
    found.report = storage::scan_store(
        tx, [&](const storage::DamagedRow& row) { found.damaged.push_back(row); },
        [&](std::int64_t rows) { bar.reached(static_cast<std::size_t>(rows)); });
    found.audit = storage::verify_audit_chain(tx);
  });
  return found;
}

/// The quarantine says afterwards exactly what this scan found.
void keep_in_quarantine(OfflineStore& store, const std::vector<storage::DamagedRow>& damaged) {
  store.write([&](storage::Transaction& tx) -> Result<> {
    const auto kept = storage::QuarantineTable::list(tx, 1'000'000);
    for (const auto& old : kept) {
      const bool still = std::any_of(damaged.begin(), damaged.end(), [&](const storage::DamagedRow& row) {
        return row.table == old.row.table && row.key == old.row.key;
      });
      if (!still) storage::QuarantineTable::remove(tx, old.row.table, old.row.key);
    }
    for (const storage::DamagedRow& row : damaged) storage::QuarantineTable::put(tx, row);
    return Done{};
  });
}

void remake_indices(Invocation& run, OfflineStore& store, std::vector<std::string>& faults) {
  std::vector<std::string> names;
  store.read([&](storage::ReadTransaction& tx) { names = storage::index_names(tx); });
  ProgressBar bar(run.terminal, say(run.language(), {"重建索引", "remaking indices"}), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    try {
      store.write([&](storage::Transaction& tx) -> Result<> {
        storage::remake_index(tx, names[i]);
        return Done{};
      });
    } catch (const LocalFailure& failure) {
      faults.push_back("index " + names[i] + ": " + failure.what());
    }
    bar.reached(i + 1);
  }
}

/// One stretch of contacts into the emptied index; the last of them, none at the end.
ContactId index_stretch(OfflineStore& store, storage::SearchIndex& index, const service::Directory& directory,
                        ContactId after, std::int64_t& indexed) {
  ContactId last;
  store.write([&](storage::Transaction& tx) -> Result<> {
    for (const ContactId id : storage::finalised_contacts(tx, after, kContactsPerTransaction)) {
      last = id;
      const auto contact = storage::ContactTable::get(tx, id);
      if (!contact) continue;  // damaged: named by the scan, found by nothing
      if (auto done = service::index_contact(tx, index, directory, *contact); !done) return done;
      ++indexed;
    }
    return Done{};
  });
  return last;
}

void remake_search(Invocation& run, OfflineStore& store, std::vector<std::string>& faults) {
  std::shared_ptr<const service::Directory> directory;
  std::int64_t contacts = 0;
  store.read([&](storage::ReadTransaction& tx) {
    directory = or_local_failure(service::load_directory(tx, store.city(), store.now()));
    contacts = storage::count_finalised_contacts(tx);
  });
  store.write([](storage::Transaction& tx) -> Result<> {
    storage::empty_search(tx);
    return Done{};
  });
  const auto index = storage::make_fts5_index();
  std::int64_t indexed = 0, done = 0, documents = 0;
  ProgressBar bar(run.terminal, say(run.language(), {"重建检索", "remaking search"}),
                  static_cast<std::size_t>(std::max<std::int64_t>(contacts, 1)));
  for (ContactId last = index_stretch(store, *index, *directory, {}, indexed); last.is_set();
       last = index_stretch(store, *index, *directory, last, indexed)) {
    done = std::min(done + kContactsPerTransaction, contacts);
    bar.reached(static_cast<std::size_t>(done));
  }
  bar.finish();
  std::string fault;
  store.write([&](storage::Transaction& tx) -> Result<> {
    fault = storage::search_fault(tx);
    documents = storage::count_search_documents(tx);
    return Done{};
  });
  if (!fault.empty()) faults.push_back("search index: " + fault);
  if (documents != indexed)
    faults.push_back("search holds " + std::to_string(documents) + " of " + std::to_string(indexed) + " contacts");
  run.terminal.note({"检索已重建：{} 份服务记录，共 {} 份已提交", "search remade: {} contacts of {} finalised"},
                    indexed, contacts);
}

void print_json(Terminal& terminal, const Findings& found) {
  std::string tables, damaged, faults;
  for (const auto& table : found.report.tables)
    tables += std::string(tables.empty() ? "" : ",") + "\n    {\"table\": " + json_string(table.table) +
              ", \"rows\": " + std::to_string(table.rows) + ", \"damaged\": " + std::to_string(table.damaged) + "}";
  for (const auto& row : found.damaged)
    damaged += std::string(damaged.empty() ? "" : ",") + "\n    {\"table\": " + json_string(row.table) +
               ", \"row\": " + json_string(std::to_string(row.key.id)) + ", \"what\": " + json_string(row.what) + "}";
  std::vector<std::string> all = found.report.structure;
  all.insert(all.end(), found.rebuild_faults.begin(), found.rebuild_faults.end());
  for (const auto& fault : all) faults += std::string(faults.empty() ? "" : ", ") + json_string(fault);
  terminal.out << "{\n  \"sound\": " << (found.sound() ? "true" : "false") << ",\n  \"rows\": " << found.report.rows
               << ",\n  \"damaged\": " << found.report.damaged
               << ",\n  \"audit_sound\": " << (found.audit.sound() ? "true" : "false") << ",\n  \"tables\": [" << tables
               << "\n  ],\n  \"damaged_rows\": [" << damaged << "\n  ],\n  \"faults\": [" << faults << "]\n}\n";
}

void print(Invocation& run, const Findings& found) {
  Terminal& terminal = run.terminal;
  if (terminal.json) return print_json(terminal, found);
  const auto title = [&](Words words) { return std::string(terminal.words(words)); };
  TablePrinter tables(
      {{title({"表", "table"})}, {title({"行", "rows"}), Align::kRight}, {title({"受损", "damaged"}), Align::kRight}});
  for (const auto& table : found.report.tables)
    tables.add({table.table, std::to_string(table.rows), std::to_string(table.damaged)});
  tables.print(terminal);
  TablePrinter rows({{title({"受损的行", "damaged row"})}, {title({"说明", "what"})}});
  for (const auto& row : found.damaged) rows.add({row_name(row), row.what});
  if (!found.damaged.empty()) terminal.out << '\n';
  rows.print(terminal);
  for (const auto& fault : found.report.structure)
    terminal.say({"结构：{}（--rebuild 可重建索引）", "structure: {} (--rebuild remakes indices)"}, fault);
  for (const auto& fault : found.rebuild_faults) terminal.say({"重建：{}", "rebuild: {}"}, fault);
  if (!found.audit.sound())
    terminal.say({"审计链在第 {} 行断裂：请运行 kapokctl audit verify",
                  "the audit chain breaks at row {}: run kapokctl audit verify"},
                 *found.audit.first_bad_seq);
  if (found.sound())
    terminal.say({"{} 行全部完好", "all {} rows are sound"}, found.report.rows);
  else
    terminal.say({"{} 行中 {} 行受损", "{} rows, {} damaged"}, found.report.rows, found.report.damaged);
}

ExitCode scan_store(Invocation& run, const Choice& chosen) {
  OfflineStore store = open_store(run, chosen);
  std::vector<std::string> faults;
  if (chosen.rebuild) {
    remake_indices(run, store, faults);
    remake_search(run, store, faults);
  }
  Findings found = scan(run, store);
  found.rebuild_faults = std::move(faults);
  keep_in_quarantine(store, found.damaged);
  print(run, found);
  return found.sound() ? ExitCode::kOk : ExitCode::kRefused;
}

void list_damaged(Invocation& run, const Choice& chosen) {
  OfflineStore store = open_store(run, chosen);
  std::vector<storage::QuarantinedRow> kept;
  store.read([&](storage::ReadTransaction& tx) { kept = storage::QuarantineTable::list(tx, 100'000); });
  const auto title = [&](Words words) { return std::string(run.terminal.words(words)); };
  TablePrinter rows({{title({"受损的行", "damaged row"})}, {title({"说明", "what"})}});
  for (const auto& each : kept) rows.add({row_name(each.row), each.row.what});
  rows.print(run.terminal);
  run.terminal.say({"隔离的行：{}", "rows in quarantine: {}"}, kept.size());
}

void add_place(CLI::App& command, const Commands& commands, Choice& chosen) {
  command.add_option("--data", chosen.directory, commands.words({"数据目录", "data directory"}))->required();
  command.add_option("--key-file", chosen.key_file,
                     commands.words({"密钥文件，默认在数据目录内", "key file, within the data directory by default"}));
  command
      .add_option("--city-number", chosen.city_number,
                  commands.words({"城市编号 1–1023", "number of the city, 1–1023"}))
      ->check(CLI::Range(1, 1023));
}

}  // namespace

void add_store_commands(Commands& commands) {
  auto* group = commands.add_group("store", {"（本机）数据", "(offline) the rows of the store"});
  auto* scan = commands.add(
      *group, "scan", {"逐行核对，--rebuild 重建索引与检索", "check every row; --rebuild remakes indices and search"});
  auto chosen = std::make_shared<Choice>();
  add_place(*scan, commands, *chosen);
  scan->add_flag("--rebuild", chosen->rebuild, commands.words({"先重建索引和检索", "remake indices and search first"}));
  commands.does(scan,
                std::function<ExitCode(Invocation&)>([chosen](Invocation& run) { return scan_store(run, *chosen); }));
  auto* damaged = commands.add(*group, "damaged", {"已隔离的受损行", "rows that were found damaged"});
  auto place = std::make_shared<Choice>();
  add_place(*damaged, commands, *place);
  commands.does(damaged, [place](Invocation& run) { list_damaged(run, *place); });
}

}  // namespace kapok::cli
