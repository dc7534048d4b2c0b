#pragma once

#include "kapok/v1/contact.pb.h"
#include "kapok/v1/referral.pb.h"
#include "load/random_streams.h"

namespace kapok::load {

/// What a worker of the simulated city writes down: invented people with the project's mix of material and emotional
/// needs. Every text passes the server's rules for a full record.
class Writing {
 public:
  explicit Writing(Stream stream) : stream_(stream) {}

  /// A complete form.
  v1::ContactFields contact();
  /// The form as it looks while talking: no more than the first of the text.
  static v1::ContactFields draft(const v1::ContactFields& whole, double share);
  /// The needs of `fields` that an order can carry: material ones first, else all. Empty when there is no need.
  static v1::Dispatch dispatch(const v1::ContactFields& fields, std::int64_t to_unit, bool urgent);
  v1::ClosureResult closure();

 private:
  void add_needs(v1::ContactFields& fields);

  Stream stream_;
};

}  // namespace kapok::load
