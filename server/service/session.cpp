#include "service/session.h"

#include <algorithm>

namespace kapok::service {

std::string rights_of(const Subject& subject) {
  std::vector<std::string> parts;
  for (const RoleGrant& grant : subject.roles)
    parts.push_back(std::string(name_of(grant.role)) + "@" + std::to_string(grant.unit.value));
  for (const UnitId station : subject.patch_stations) parts.push_back("patch@" + std::to_string(station.value));
  std::sort(parts.begin(), parts.end());
  std::string text = "station@" + std::to_string(subject.own_station.value);
  if (subject.second_factor) text += " second_factor";
  for (const std::string& part : parts) text.append(" ").append(part);
  return text;
}

}  // namespace kapok::service
