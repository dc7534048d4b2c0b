// libdisk_faults.so: preloaded (LD_PRELOAD) into a real process, it makes chosen files fail, fill up, go slow, or the
// wall clock jump, on the orders of the control file that KAPOK_FAULTS names (fault_rules.h). The file is looked at
// before each operation, so that a test can change its mind while the process runs; it must be replaced by renaming.
// Beside it lies CONTROL.hits: per rule id two 64-bit counts, operations seen and operations struck.
//
// Whatever the library does not strike goes straight to the kernel. Memory maps and what libc writes inside itself
// (stdio) are not seen.

#include <dlfcn.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdarg>
#include <cstdlib>
#include <ctime>
#include <mutex>

#include "fault_rules.h"

namespace kapok::faults {
namespace {

struct Count {
  std::atomic<std::uint64_t> seen;
  std::atomic<std::uint64_t> struck;
};

struct ControlMark {
  ino_t inode = 0;
  std::int64_t modified_ns = 0;
  off_t bytes = -1;
  bool operator==(const ControlMark&) const = default;
};

/// The orders in force. Superseded ones are never freed: another thread may still read them, and they are few.
class Control {
 public:
  Control() : path_(std::getenv("KAPOK_FAULTS")) {
    if (path_ == nullptr) return;
    const std::string beside = std::string(path_) + ".hits";
    const auto fd =
        static_cast<int>(::syscall(SYS_openat, AT_FDCWD, beside.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    constexpr std::size_t kBytes = sizeof(Count) * kRulesMax;
    if (fd < 0 || ::syscall(SYS_ftruncate, fd, kBytes) != 0) std::abort();
    void* shared = ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared == MAP_FAILED) std::abort();
    ::syscall(SYS_close, fd);
    counts_ = static_cast<Count*>(shared);
  }

  const Orders* orders() {
    if (counts_ == nullptr) return nullptr;
    struct stat facts{};
    ControlMark mark;
    if (::stat(path_, &facts) == 0)
      mark = {facts.st_ino, facts.st_mtim.tv_sec * 1'000'000'000 + facts.st_mtim.tv_nsec, facts.st_size};
    const std::lock_guard lock(mutex_);
    if (mark != mark_) {
      mark_ = mark;
      orders_ = mark.bytes < 0 ? nullptr : new Orders(parse_orders(text()));
    }
    return orders_;
  }

  /// Counts the operation and says whether this one is struck.
  bool strikes(const Rule& rule) {
    Count& count = counts_[rule.id];
    const std::uint64_t seen = count.seen.fetch_add(1);
    if (seen < rule.skip || (rule.times > 0 && seen >= rule.skip + rule.times)) return false;
    count.struck.fetch_add(1);
    return true;
  }

 private:
  std::string text() const {
    std::string text;
    const auto fd = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path_, O_RDONLY | O_CLOEXEC));
    char part[4096];
    long got = 0;
    while (fd >= 0 && (got = ::syscall(SYS_read, fd, part, sizeof part)) > 0)
      text.append(part, static_cast<std::size_t>(got));
    if (fd >= 0) ::syscall(SYS_close, fd);
    return text;
  }

  const char* path_;
  Count* counts_ = nullptr;
  std::mutex mutex_;
  ControlMark mark_;
  const Orders* orders_ = nullptr;
};

Control& control() {
  static auto* kept = new Control;  // outlives every thread of the process
  return *kept;
}

struct Verdict {
  int error = 0;
  bool half = false;
};

void sleep_ms(std::int64_t length) {
  timespec left{length / 1000, length % 1000 * 1'000'000};
  while (::nanosleep(&left, &left) != 0) {
  }
}

Verdict judge(const Orders& orders, Operation operation, const char* path, bool grows) {
  Verdict verdict;
  for (const Rule& rule : orders.rules) {
    if (rule.operation != operation || ::fnmatch(rule.pattern.c_str(), path, 0) != 0) continue;
    if (rule.kind == FaultKind::kFull && !grows) continue;
    if (!control().strikes(rule)) continue;
    if (rule.kind == FaultKind::kKill) ::kill(::getpid(), SIGKILL);
    if (rule.kind == FaultKind::kDelay) sleep_ms(rule.delay_ms);
    if (rule.kind == FaultKind::kShort) verdict.half = true;
    if (rule.kind == FaultKind::kError && verdict.error == 0) verdict.error = rule.error;
    if (rule.kind == FaultKind::kFull && verdict.error == 0) verdict.error = ENOSPC;
  }
  return verdict;
}

/// `end` is how far the file must reach for the operation; below zero: it does not matter.
Verdict judge_fd(Operation operation, int fd, off_t end = -1) {
  const int before = errno;
  const Orders* orders = control().orders();
  errno = before;
  if (orders == nullptr || orders->rules.empty()) return {};
  char link[64];
  char path[PATH_MAX];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = ::readlink(link, path, sizeof path - 1);
  errno = before;
  if (length <= 0 || path[0] != '/') return {};
  path[length] = '\0';
  struct stat facts{};
  const bool grows = end >= 0 && ::fstat(fd, &facts) == 0 && end > facts.st_size;
  return judge(*orders, operation, path, grows);
}

off_t end_after(int fd, std::size_t count) {
  const off_t at = ::lseek(fd, 0, (::fcntl(fd, F_GETFL) & O_APPEND) != 0 ? SEEK_END : SEEK_CUR);
  return at < 0 ? -1 : at + static_cast<off_t>(count);
}

template <class T>
T fail(int error) {
  errno = error;
  return T{-1};
}

std::size_t cut(const Verdict& verdict, std::size_t count) { return verdict.half && count > 1 ? count / 2 : count; }

ssize_t write_at(int fd, const void* bytes, std::size_t count, off_t at) {
  const Verdict verdict = judge_fd(Operation::kWrite, fd, at + static_cast<off_t>(count));
  if (verdict.error != 0) return fail<ssize_t>(verdict.error);
  return ::syscall(SYS_pwrite64, fd, bytes, cut(verdict, count), at);
}

ssize_t read_at(int fd, void* bytes, std::size_t count, off_t at) {
  const Verdict verdict = judge_fd(Operation::kRead, fd);
  if (verdict.error != 0) return fail<ssize_t>(verdict.error);
  return ::syscall(SYS_pread64, fd, bytes, cut(verdict, count), at);
}

int sync_file(long call, int fd) {
  const Verdict verdict = judge_fd(Operation::kSync, fd);
  if (verdict.error != 0) return fail<int>(verdict.error);
  return static_cast<int>(::syscall(call, fd));
}

int truncate_file(int fd, off_t length) {
  const Verdict verdict = judge_fd(Operation::kTruncate, fd, length);
  if (verdict.error != 0) return fail<int>(verdict.error);
  return static_cast<int>(::syscall(SYS_ftruncate, fd, length));
}

/// posix_fallocate gives its error as its value.
int allocate(int fd, off_t at, off_t length) {
  const Verdict verdict = judge_fd(Operation::kAllocate, fd, at + length);
  if (verdict.error != 0) return verdict.error;
  return ::syscall(SYS_fallocate, fd, 0, at, length) == 0 ? 0 : errno;
}

int open_file(int directory, const char* path, int flags, mode_t mode) {
  const Orders* orders = control().orders();
  if (orders != nullptr && !orders->rules.empty()) {
    const Verdict verdict = judge(*orders, Operation::kOpen, path, false);
    if (verdict.error != 0) return fail<int>(verdict.error);
  }
  return static_cast<int>(::syscall(SYS_openat, directory, path, flags, mode));
}

std::int64_t clock_shift_s() {
  const int before = errno;
  const Orders* orders = control().orders();
  errno = before;
  return orders == nullptr ? 0 : orders->clock_shift_s;
}

int real_clock(clockid_t clock, timespec* now) {
  using Function = int (*)(clockid_t, timespec*);
  static const auto kReal = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "clock_gettime"));
  return kReal(clock, now);
}

mode_t mode_of(int flags, va_list arguments) {
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, mode_t) : 0;
}

}  // namespace
}  // namespace kapok::faults

using namespace kapok::faults;

extern "C" {

ssize_t write(int fd, const void* bytes, std::size_t count) {
  const Verdict verdict = judge_fd(Operation::kWrite, fd, end_after(fd, count));
  if (verdict.error != 0) return fail<ssize_t>(verdict.error);
  return ::syscall(SYS_write, fd, bytes, cut(verdict, count));
}

ssize_t writev(int fd, const iovec* parts, int count) {
  std::size_t bytes = 0;
  for (int i = 0; i < count; ++i) bytes += parts[i].iov_len;
  const Verdict verdict = judge_fd(Operation::kWrite, fd, end_after(fd, bytes));
  if (verdict.error != 0) return fail<ssize_t>(verdict.error);
  return ::syscall(SYS_writev, fd, parts, verdict.half && count > 1 ? count / 2 : count);
}

ssize_t read(int fd, void* bytes, std::size_t count) {
  const Verdict verdict = judge_fd(Operation::kRead, fd);
  if (verdict.error != 0) return fail<ssize_t>(verdict.error);
  return ::syscall(SYS_read, fd, bytes, cut(verdict, count));
}

ssize_t pwrite(int fd, const void* bytes, std::size_t count, off_t at) { return write_at(fd, bytes, count, at); }
ssize_t pwrite64(int fd, const void* bytes, std::size_t count, off64_t at) { return write_at(fd, bytes, count, at); }
ssize_t pread(int fd, void* bytes, std::size_t count, off_t at) { return read_at(fd, bytes, count, at); }
ssize_t pread64(int fd, void* bytes, std::size_t count, off64_t at) { return read_at(fd, bytes, count, at); }
int fsync(int fd) { return sync_file(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_file(SYS_fdatasync, fd); }
int ftruncate(int fd, off_t length) noexcept { return truncate_file(fd, length); }
int ftruncate64(int fd, off64_t length) noexcept { return truncate_file(fd, length); }
int posix_fallocate(int fd, off_t at, off_t length) { return allocate(fd, at, length); }
int posix_fallocate64(int fd, off64_t at, off64_t length) { return allocate(fd, at, length); }

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_file(AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_file(AT_FDCWD, path, flags, mode);
}

int clock_gettime(clockid_t clock, timespec* now) noexcept {
  const int result = real_clock(clock, now);
  if (clock == CLOCK_REALTIME && result == 0) now->tv_sec += clock_shift_s();
  return result;
}

int gettimeofday(timeval* now, void* /*zone*/) noexcept {
  timespec precise{};
  real_clock(CLOCK_REALTIME, &precise);
  *now = {precise.tv_sec + clock_shift_s(), precise.tv_nsec / 1000};
  return 0;
}

time_t time(time_t* out) noexcept {
  timespec precise{};
  real_clock(CLOCK_REALTIME, &precise);
  const time_t now = precise.tv_sec + clock_shift_s();
  if (out != nullptr) *out = now;
  return now;
}
}
