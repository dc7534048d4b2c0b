#include "storage/connection.h"
#include "storage/scanned_table.h"

/// Scan and change of keys of the audit details; what they mean is in audit_chain.h. The chain's own hashes are no
/// seals: verify_audit_chain checks them.
namespace kapok::storage {
namespace {

const Sql kPage(
    "SELECT seq, 0, detail FROM audit_detail WHERE seq > :after AND CAST(:part AS BIGINT) = 0 ORDER BY seq LIMIT "
    ":limit");
const Sql kFind("SELECT detail FROM audit_detail WHERE seq = :seq AND CAST(:part AS BIGINT) = 0");
const Sql kReseal(
    "UPDATE audit_detail SET detail = :detail WHERE seq = :seq AND CAST(:part AS BIGINT) = 0 AND detail = :before");
const SealedColumn kSealed{"audit_detail", "detail",
                           &kPage,         &kFind,
                           &kReseal,       [](RowKey key) { return std::pair(std::string("audit_detail"), key.id); }};
const bool kScanned =
    register_scanned({"audit_detail",
                      [](ReadTransaction& tx, RowKey after, std::int64_t limit, bool reseal) {
                        return scan_sealed_column(kSealed, tx, after, limit, reseal);
                      },
                      [](ReadTransaction& tx, RowKey key) { return look_at_sealed_column(kSealed, tx, key); }});

}  // namespace
}  // namespace kapok::storage
