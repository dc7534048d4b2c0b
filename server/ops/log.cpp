#include "ops/log.h"

#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>

namespace kapok::ops {
namespace {

constexpr std::size_t kLinesWaitingMax = 8192;

spdlog::level::level_enum level_of(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return spdlog::level::info;
    case Severity::kWarning:
      return spdlog::level::warn;
    case Severity::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::string line_of(const LogMessage& message, std::initializer_list<Field> fields) {
  std::string line = number_text(message) + ' ' + std::string(message.name);
  for (const Field& field : fields) {
    line += ' ';
    line += field.key();
    line += '=';
    line += field.value();
  }
  return line;
}

}  // namespace

struct Log::Sinks {
  explicit Sinks(spdlog::sink_ptr sink)
      : pool(std::make_shared<spdlog::details::thread_pool>(kLinesWaitingMax, 1U)),
        logger(std::make_shared<spdlog::async_logger>("kapokd", std::move(sink), pool,
                                                      spdlog::async_overflow_policy::overrun_oldest)) {
    logger->set_formatter(
        std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc));
    logger->set_level(spdlog::level::trace);
    logger->flush_on(spdlog::level::info);
  }

  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::async_logger> logger;
  std::atomic<std::size_t> lost_reported = 0;
};

Log::Log(Severity least)
    : least_(least), sinks_(std::make_unique<Sinks>(std::make_shared<spdlog::sinks::stderr_sink_mt>())) {}

Log::Log(Severity least, std::ostream& stream)
    : least_(least), sinks_(std::make_unique<Sinks>(std::make_shared<spdlog::sinks::ostream_sink_mt>(stream))) {}

// Dropping the pool joins its thread, which first writes every line that waits.
Log::~Log() {
  sinks_->logger.reset();
  sinks_->pool.reset();
}

void Log::write(LogId id, std::initializer_list<Field> fields) {
  const LogMessage& message = message_of(id);
  if (hears_) hears_(message);
  if (message.severity < least_) return;
  sinks_->logger->log(level_of(message.severity), line_of(message, fields));

  const std::size_t lost = sinks_->pool->overrun_counter();
  std::size_t reported = sinks_->lost_reported.load();
  if (lost == reported || !sinks_->lost_reported.compare_exchange_strong(reported, lost)) return;
  const LogMessage& warning = message_of(LogId::kLogLinesLost);
  sinks_->logger->log(level_of(warning.severity), line_of(warning, {{"lines", lost - reported}}));
}

}  // namespace kapok::ops
