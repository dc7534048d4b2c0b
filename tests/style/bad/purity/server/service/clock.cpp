#include <mutex>

// Not a pure folder: the shell may.
std::mutex guard;
