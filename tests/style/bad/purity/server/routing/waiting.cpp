#include <boost/asio.hpp>
#include <mutex>
#include <vector>

// A comment may speak of std::mutex and rand().
const char* kWord = "steady_clock";

long now() { return std::chrono::steady_clock::now().time_since_epoch().count(); }
long wall() { return time(nullptr); }
int dice() { return rand() % 6; }
void guard() { std::mutex held; }
int reach() { return socket(2, 1, 0); }
void say() { spdlog::info("x"); }
void keep(soci::session& sql);
long wait_time(long wait_time_s) { return wait_time_s; }
