#pragma once

#include <string>
#include <vector>

#include "cli/offline_store.h"
#include "core/role.h"

namespace kapok::cli {

/// Makes an account without a server: init for the first ones, practice cities for thousands of devices.
struct NewAccount {
  std::string account;
  std::string name;
  Role role = Role::kWorker;
  UnitId unit;
};

WorkerId add_account(OfflineStore& store, const NewAccount& account);

/// Gives the account a random password of 80 bits and returns it; only its Argon2id hash is stored.
std::string give_password(OfflineStore& store, WorkerId worker);

struct EnrolledDevice {
  std::string account;
  std::string device_token;  ///< 256 random bits; only its digest is stored
};

/// Enrols a device for a person, or for everybody who has an account, in transactions of 500.
EnrolledDevice enrol_device(OfflineStore& store, WorkerId worker, const std::string& account, const std::string& label);
std::vector<EnrolledDevice> enrol_devices_of_all(OfflineStore& store, const std::string& label,
                                                 const std::function<void(std::size_t done, std::size_t of)>& reached);

}  // namespace kapok::cli
