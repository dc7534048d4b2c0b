#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace kapok::cli {

/// Makes a self-signed P-256 certificate for `hosts` (names and IP addresses), valid ten years: clients pin its
/// fingerprint, so nobody has to trust an authority. Writes PEM: the certificate 0644, its key 0600. Refuses existing
/// files. Returns SHA-256 of the certificate, 64 hexadecimal digits. Throws LocalFailure.
std::string make_certificate(const std::filesystem::path& certificate, const std::filesystem::path& key,
                             const std::vector<std::string>& hosts);

}  // namespace kapok::cli
