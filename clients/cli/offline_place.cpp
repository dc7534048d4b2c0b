#include "cli/offline_place.h"

#include "storage/store_layout.h"

namespace kapok::cli {

std::filesystem::path Place::keys() const {
  return key_file.empty() ? storage::key_file_of(directory) : std::filesystem::path(key_file);
}

void add_place(CLI::App& command, const Commands& commands, Place& place) {
  command.add_option("--data", place.directory, commands.words({"数据目录", "data directory"}))->required();
  command.add_option("--key-file", place.key_file,
                     commands.words({"密钥文件，默认在数据目录内", "key file, within the data directory by default"}));
  command
      .add_option("--city-number", place.city_number, commands.words({"城市编号 1–1023", "number of the city, 1–1023"}))
      ->check(CLI::Range(1, 1023));
}

OfflineStore open_place(Invocation& run, const Place& place) {
  run.terminal.note({"kapokctl 直接打开 {}（持有目录锁）", "kapokctl itself opens {}, holding its lock"},
                    place.directory);
  return OfflineStore::open(place.directory, place.keys(), place.city_number);
}

}  // namespace kapok::cli
