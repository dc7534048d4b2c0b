#include "service/directory.h"

namespace kapok::service {

Directory::Directory(Tree tree, std::vector<DirectoryLine> lines, std::vector<DirectoryWorker> workers)
    : tree_(std::move(tree)), lines_(std::move(lines)), workers_(std::move(workers)) {
  for (std::size_t at = 0; at < lines_.size(); ++at) {
    line_at_[lines_[at].id] = at;
    line_by_number_[lines_[at].number] = at;
  }
  for (std::size_t at = 0; at < workers_.size(); ++at) {
    worker_at_[workers_[at].id] = at;
    worker_by_account_[workers_[at].account] = at;
    for (std::size_t which = 0; which < workers_[at].endpoints.size(); ++which)
      endpoint_at_[workers_[at].endpoints[which].id] = {at, which};
  }
}

const DirectoryLine* Directory::line(LineId id) const {
  const auto found = line_at_.find(id);
  return found == line_at_.end() ? nullptr : &lines_[found->second];
}

const DirectoryLine* Directory::line_by_number(std::string_view canonical) const {
  const auto found = line_by_number_.find(std::string(canonical));
  return found == line_by_number_.end() ? nullptr : &lines_[found->second];
}

const DirectoryWorker* Directory::worker(WorkerId id) const {
  const auto found = worker_at_.find(id);
  return found == worker_at_.end() ? nullptr : &workers_[found->second];
}

const DirectoryWorker* Directory::worker_by_account(std::string_view account) const {
  const auto found = worker_by_account_.find(std::string(account));
  return found == worker_by_account_.end() ? nullptr : &workers_[found->second];
}

WorkerId Directory::worker_of(EndpointId id) const {
  const auto found = endpoint_at_.find(id);
  return found == endpoint_at_.end() ? WorkerId{} : workers_[found->second.first].id;
}

const DirectoryEndpoint* Directory::endpoint(EndpointId id) const {
  const auto found = endpoint_at_.find(id);
  return found == endpoint_at_.end() ? nullptr : &workers_[found->second.first].endpoints[found->second.second];
}

std::string Directory::unit_zh(UnitId id) const {
  const auto* found = tree_.find(id);
  return found ? found->name_zh : std::string{};
}

std::string Directory::line_zh(LineId id) const {
  const auto* found = line(id);
  return found ? found->name_zh : std::string{};
}

std::string Directory::worker_name(WorkerId id) const {
  const auto* found = worker(id);
  return found ? found->name : std::string{};
}

}  // namespace kapok::service
