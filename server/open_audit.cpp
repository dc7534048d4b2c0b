#include "open_audit.h"

#include <filesystem>
#include <utility>

#include "storage/audit_head_files.h"
#include "storage/store_layout.h"

namespace kapok {
namespace {

Result<storage::AuditSigner> load_or_make_key(const std::filesystem::path& file, ops::Log& log) {
  if (std::filesystem::exists(file)) return storage::AuditSigner::load(file);
  auto made = storage::AuditSigner::create_file(file);
  if (made.ok()) log.write(ops::LogId::kAuditKeyMade);
  return made;
}

}  // namespace

Result<std::unique_ptr<storage::AuditHeadWriter>> open_audit_heads(const Config& config, storage::Database& database,
                                                                   const service::Clock& clock, ops::Log& log) {
  auto signer = load_or_make_key(storage::audit_key_file_of(storage::key_file_of(config.data_dir)), log);
  if (!signer) return signer.error();
  const bool elsewhere = !config.second_path.empty();
  if (!elsewhere) log.write(ops::LogId::kNoSecondPath);
  storage::AuditHeadWriter::Settings settings;
  settings.directory = storage::audit_heads_directory(elsewhere ? config.second_path : config.data_dir);
  settings.city = CityId{config.city_number};
  storage::AuditHeadWriter::Tell tell;
  tell.not_kept = [&log](const Error&) { log.write(ops::LogId::kAuditHeadNotKept); };
  tell.broken = [&log](std::int64_t seq) { log.write(ops::LogId::kAuditChainBroken, {{"row", seq}}); };
  return std::make_unique<storage::AuditHeadWriter>(
      database, std::move(*signer), std::move(settings), [&clock] { return clock.now(); }, std::move(tell));
}

}  // namespace kapok
