#include "storage/sealed_file.h"

#include <sodium.h>

#include <istream>

#include "core/check.h"
#include "storage/bytes.h"
#include "storage/durable_file.h"
#include "storage/running_digest.h"

namespace kapok::storage {
namespace {

constexpr std::string_view kMagic = "KAPOKSEA";
constexpr std::uint8_t kContainerVersion = 1;
constexpr std::size_t kFingerprintBytes = 16;
constexpr std::size_t kDigestBytes = RunningDigest::kBytes;
constexpr std::size_t kFileKeyBytes = crypto_secretstream_xchacha20poly1305_KEYBYTES;
constexpr std::size_t kSealedKeyBytes = kFileKeyBytes + crypto_box_SEALBYTES;
constexpr std::size_t kStreamHeaderBytes = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
constexpr std::size_t kFactsBytes = kMagic.size() + 4 + 6 * 8 + kHistoryBytes + kFingerprintBytes;
constexpr std::size_t kHeaderBytes = kFactsBytes + kSealedKeyBytes + kStreamHeaderBytes + kDigestBytes;
constexpr std::size_t kPlainChunkBytes = 64 * 1024;
constexpr std::size_t kTagBytes = crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr std::size_t kSealedChunkMax = kPlainChunkBytes + kTagBytes;

using StreamState = crypto_secretstream_xchacha20poly1305_state;

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

std::string facts_of(const SealedHeader& header) {
  std::string bytes(kMagic);
  put_number(bytes, kContainerVersion);
  put_number(bytes, static_cast<std::uint8_t>(header.kind));
  put_number(bytes, std::uint16_t{0});
  for (const std::int64_t number :
       {header.city, header.after_seq, header.to_seq, header.schema, header.reaches_to.us, header.made_at.us})
    put_number(bytes, number);
  KAPOK_CHECK(header.history.size() == kHistoryBytes && header.fingerprint.size() == kFingerprintBytes);
  return bytes + header.history + header.fingerprint;
}

Error damaged(const char* why) { return {ErrorCode::kRowDamaged, why}; }

Result<SealedHeader> header_of(std::string_view bytes) {
  ByteTaker take{bytes};
  if (take.take(kMagic.size()) != kMagic) return damaged("is no sealed backup file");
  const auto version = take.number<std::uint8_t>();
  if (version > kContainerVersion) return damaged("was made by a newer program");
  RunningDigest digest;
  digest.add(bytes.substr(0, kHeaderBytes - kDigestBytes));
  if (digest.value() != bytes.substr(kHeaderBytes - kDigestBytes)) return damaged("has a damaged header");
  SealedHeader header;
  const auto kind = take.number<std::uint8_t>();
  const auto reserved = take.number<std::uint16_t>();
  header.kind = static_cast<SealedKind>(kind);
  for (std::int64_t* number :
       {&header.city, &header.after_seq, &header.to_seq, &header.schema, &header.reaches_to.us, &header.made_at.us})
    *number = take.number<std::int64_t>();
  header.history = take.take(kHistoryBytes);
  header.fingerprint = take.take(kFingerprintBytes);
  const bool known = header.kind == SealedKind::kBase || header.kind == SealedKind::kSegment;
  const bool empty_segment = header.kind == SealedKind::kSegment && header.after_seq == header.to_seq;
  const bool ordered = header.after_seq >= 0 && header.to_seq >= header.after_seq && !empty_segment;
  if (version != kContainerVersion || !known || reserved != 0 || !ordered || header.city < 1)
    return damaged("has a header that makes no sense");
  return header;
}

bool read_exactly(std::istream& in, std::string& into, std::size_t count) {
  into.resize(count);
  in.read(into.data(), static_cast<std::streamsize>(count));
  return static_cast<std::size_t>(in.gcount()) == count;
}

/// The chunks of a file in their wrapping, with the digest that closes it.
class ChunkReader {
 public:
  explicit ChunkReader(std::istream& in) : in_(in) {}

  Result<SealedHeader> header() {
    if (!read_exactly(in_, header_bytes, kHeaderBytes)) return damaged("is too short to be a sealed backup file");
    digest_.add(header_bytes);
    return header_of(header_bytes);
  }

  /// The next chunk into `chunk`; false at the end, when the digest held and nothing follows.
  Result<bool> next(std::string& chunk) {
    std::string length_bytes;
    if (!read_exactly(in_, length_bytes, 4)) return damaged("is cut off");
    digest_.add(length_bytes);
    const auto length = ByteTaker{length_bytes}.number<std::uint32_t>();
    if (length == 0) return end();
    if (length <= kTagBytes || length > kSealedChunkMax) return damaged("is damaged");
    if (!read_exactly(in_, chunk, length)) return damaged("is cut off");
    digest_.add(chunk);
    return true;
  }

  std::string header_bytes;

 private:
  Result<bool> end() {
    std::string stored;
    if (!read_exactly(in_, stored, kDigestBytes)) return damaged("is cut off");
    if (stored != digest_.value()) return damaged("does not match its digest");
    if (in_.peek() != std::istream::traits_type::eof()) return damaged("has bytes after its end");
    return false;
  }

  std::istream& in_;
  RunningDigest digest_;
};

}  // namespace

// ---------------------------------------------------------------- writing

struct SealedFileWriter::Parts {
  explicit Parts(DurableFile to) : file(std::move(to)) {}

  DurableFile file;
  StreamState stream{};
  RunningDigest digest;
  std::string header_bytes;
  std::string waiting;
  std::uint64_t bytes = 0;
  bool first = true;

  Result<> put(std::string_view part) {
    digest.add(part);
    bytes += part.size();
    return file.write(part);
  }

  Result<> seal_chunk(std::string_view plain, unsigned char tag) {
    const std::string_view bound = first ? std::string_view(header_bytes) : std::string_view{};
    first = false;
    std::string sealed(plain.size() + kTagBytes, '\0');
    crypto_secretstream_xchacha20poly1305_push(&stream, raw(sealed), nullptr, raw(plain), plain.size(), raw(bound),
                                               bound.size(), tag);
    std::string framed;
    put_number(framed, static_cast<std::uint32_t>(sealed.size()));
    return put(framed + sealed);
  }
};

SealedFileWriter::SealedFileWriter(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SealedFileWriter::~SealedFileWriter() = default;

Result<std::unique_ptr<SealedFileWriter>> SealedFileWriter::create(const std::filesystem::path& file,
                                                                   SealedHeader header, const BackupPublicKey& key) {
  KAPOK_CHECK(sodium_init() >= 0);
  auto out = DurableFile::create(file);
  if (!out) return out.error();
  auto parts = std::make_unique<Parts>(std::move(out).value());
  header.fingerprint = key.fingerprint();

  SecretKey file_key;
  static_assert(kFileKeyBytes == SecretKey::kBytes);
  crypto_secretstream_xchacha20poly1305_keygen(file_key.data());
  std::string sealed_key(kSealedKeyBytes, '\0');
  crypto_box_seal(raw(sealed_key), file_key.data(), kFileKeyBytes, key.bytes.data());
  std::string stream_header(kStreamHeaderBytes, '\0');
  crypto_secretstream_xchacha20poly1305_init_push(&parts->stream, raw(stream_header), file_key.data());

  const std::string bytes = facts_of(header) + sealed_key + stream_header;
  RunningDigest digest;
  digest.add(bytes);
  parts->header_bytes = bytes + digest.value();
  if (auto written = parts->put(parts->header_bytes); !written) return written.error();
  return std::unique_ptr<SealedFileWriter>(new SealedFileWriter(std::move(parts)));
}

Result<> SealedFileWriter::append(std::string_view plain) {
  // The last full chunk waits: only finish() knows which one carries the final tag.
  while (!plain.empty()) {
    if (parts_->waiting.size() == kPlainChunkBytes) {
      const auto put = parts_->seal_chunk(parts_->waiting, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
      if (!put) return put;
      parts_->waiting.clear();
    }
    const std::string_view part = plain.substr(0, kPlainChunkBytes - parts_->waiting.size());
    parts_->waiting += part;
    plain.remove_prefix(part.size());
  }
  return Done{};
}

Result<> SealedFileWriter::finish() {
  KAPOK_CHECK(!parts_->waiting.empty());  // a sealed file without content is our mistake
  auto put = parts_->seal_chunk(parts_->waiting, crypto_secretstream_xchacha20poly1305_TAG_FINAL);
  if (!put) return put;
  std::string end;
  put_number(end, std::uint32_t{0});
  if (put = parts_->put(end); !put) return put;
  if (put = parts_->put(parts_->digest.value()); !put) return put;
  return parts_->file.finish();
}

std::uint64_t SealedFileWriter::bytes_written() const { return parts_->bytes; }

// ---------------------------------------------------------------- reading

struct SealedFileReader::Parts {
  explicit Parts(std::istream& in) : chunks(in) {}

  ChunkReader chunks;
  SealedHeader header;
  StreamState stream{};
  bool first = true;
  bool final_seen = false;
};

SealedFileReader::SealedFileReader(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SealedFileReader::~SealedFileReader() { sodium_memzero(&parts_->stream, sizeof parts_->stream); }

const SealedHeader& SealedFileReader::header() const { return parts_->header; }

Result<std::unique_ptr<SealedFileReader>> SealedFileReader::open(std::istream& in, const BackupPrivateKey& key) {
  KAPOK_CHECK(sodium_init() >= 0);
  auto parts = std::make_unique<Parts>(in);
  auto header = parts->chunks.header();
  if (!header) return header.error();
  parts->header = std::move(header).value();
  if (parts->header.fingerprint != key.public_key.fingerprint())
    return Error{ErrorCode::kForbidden,
                 "is sealed to another backup key, " + fingerprint_text(parts->header.fingerprint)};

  const std::string_view bytes = parts->chunks.header_bytes;
  const std::string_view sealed_key = bytes.substr(kFactsBytes, kSealedKeyBytes);
  const std::string_view stream_header = bytes.substr(kFactsBytes + kSealedKeyBytes, kStreamHeaderBytes);
  SecretKey file_key;
  if (crypto_box_seal_open(file_key.data(), raw(sealed_key), sealed_key.size(), key.public_key.bytes.data(),
                           key.secret.data()) != 0)
    return damaged("cannot be opened with its key");
  if (crypto_secretstream_xchacha20poly1305_init_pull(&parts->stream, raw(stream_header), file_key.data()) != 0)
    return damaged("cannot be opened with its key");
  return std::unique_ptr<SealedFileReader>(new SealedFileReader(std::move(parts)));
}

Result<bool> SealedFileReader::next(std::string& plain) {
  std::string sealed;
  const auto more = parts_->chunks.next(sealed);
  if (!more) return more;
  if (*more == parts_->final_seen) return damaged("does not end where its stream ends");
  if (!*more) return false;
  const std::string_view bound = parts_->first ? std::string_view(parts_->chunks.header_bytes) : std::string_view{};
  parts_->first = false;
  std::string opened(sealed.size() - kTagBytes, '\0');
  unsigned char tag = 0;
  if (crypto_secretstream_xchacha20poly1305_pull(&parts_->stream, raw(opened), nullptr, &tag, raw(sealed),
                                                 sealed.size(), raw(bound), bound.size()) != 0)
    return damaged("was changed after it was sealed");
  parts_->final_seen = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
  plain += opened;
  return true;
}

// ---------------------------------------------------------------- without a key

Result<SealedHeader> read_sealed_header(std::istream& in) { return ChunkReader(in).header(); }

Result<SealedHeader> check_sealed(std::istream& in) {
  ChunkReader chunks(in);
  auto header = chunks.header();
  if (!header) return header;
  std::string chunk;
  bool any = false;
  for (;;) {
    const auto more = chunks.next(chunk);
    if (!more) return more.error();
    if (!*more) break;
    any = true;
  }
  if (!any) return damaged("is empty");
  return header;
}

}  // namespace kapok::storage
