#include <string>
#include <vector>

#include "protocol/codec_themes.h"

namespace kapok::protocol {
namespace {

constexpr std::size_t kCapabilitiesMax = 32;
constexpr std::size_t kPasswordCharsMax = 256;
constexpr std::size_t kTotpCharsMax = 10;
constexpr std::size_t kTokenCharsMax = 128;

api::Hello read(const v1::Hello& in, FieldReader& fields) {
  api::Hello out{.version_min = in.version_min(),
                 .version_max = in.version_max(),
                 .client = fields.line("client", in.client(), kNameCharsMax),
                 .capabilities = {}};
  if (!fields.fits("capabilities", static_cast<std::size_t>(in.capabilities_size()), kCapabilitiesMax)) return out;
  for (const auto& name : in.capabilities())
    out.capabilities.push_back(fields.line("capabilities", name, kNameCharsMax));
  return out;
}

api::SignIn read(const v1::SignIn& in, FieldReader& fields) {
  return {.account = fields.line("account", in.account(), kNameCharsMax),
          .password = fields.line("password", in.password(), kPasswordCharsMax),
          .totp = fields.line("totp", in.totp(), kTotpCharsMax),
          .device_label = fields.line("device_label", in.device_label(), kNameCharsMax)};
}

api::SetPassword read(const v1::SetPassword& in, FieldReader& fields) {
  return {.worker = fields.id<WorkerId>("worker", in.worker()),
          .password = fields.line("password", in.password(), kPasswordCharsMax)};
}

api::EnrolDevice read(const v1::EnrolDevice& in, FieldReader& fields) {
  return {.worker = fields.id<WorkerId>("worker", in.worker()),
          .label = fields.line("label", in.label(), kNameCharsMax)};
}

void write(const api::RoleAt& in, v1::RoleAt& out) {
  out.set_role(to_wire<v1::Role>(in.role));
  out.set_unit(in.unit.value);
  out.set_unit_zh(in.unit_zh);
}

}  // namespace

bool read_session(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kHello:
      out = read(frame.hello(), fields);
      return true;
    case v1::ClientFrame::kSignIn:
      out = read(frame.sign_in(), fields);
      return true;
    case v1::ClientFrame::kSignInDevice:
      out = api::SignInDevice{fields.line("device_token", frame.sign_in_device().device_token(), kTokenCharsMax)};
      return true;
    case v1::ClientFrame::kResume:
      out = api::Resume{fields.line("session_token", frame.resume().session_token(), kTokenCharsMax),
                        fields.line("entry_pass", frame.resume().entry_pass(), kTokenCharsMax)};
      return true;
    case v1::ClientFrame::kSignOut:
      out = api::SignOut{};
      return true;
    case v1::ClientFrame::kPing:
      out = api::Ping{};
      return true;
    case v1::ClientFrame::kSetPassword:
      out = read(frame.set_password(), fields);
      return true;
    case v1::ClientFrame::kEnrolDevice:
      out = read(frame.enrol_device(), fields);
      return true;
    default:
      return false;
  }
}

void write(const api::Welcome& in, v1::Reply& reply) {
  auto& out = *reply.mutable_welcome();
  out.set_version(in.version);
  out.set_server(in.server);
  out.set_city_zh(in.city_zh);
  out.set_city_en(in.city_en);
  out.set_city(in.city.value);
  out.set_utc_offset_min(in.utc_offset_min);
  out.set_now_us(in.now.us);
  out.set_practice_factor(in.practice_factor);
  out.set_frame_bytes_max(in.frame_bytes_max);
  out.set_ping_interval_ms(in.ping_interval_ms);
  write_texts(in.capabilities, *out.mutable_capabilities());
}

void write(const api::SignedIn& in, v1::Reply& reply) {
  auto& out = *reply.mutable_signed_in();
  out.set_session(in.session.value);
  out.set_session_token(in.session_token);
  out.set_worker(in.worker.value);
  out.set_name(in.name);
  out.set_account(in.account);
  out.set_unit(in.unit.value);
  out.set_unit_zh(in.unit_zh);
  out.set_unit_en(in.unit_en);
  for (const auto& one : in.roles) write(one, *out.add_roles());
  out.set_expires_at_us(in.expires_at.us);
  out.set_last_key(in.last_key);
  out.set_entry_pass(in.entry_pass);
}

void write(const api::Pong& in, v1::Reply& reply) { reply.mutable_pong()->set_now_us(in.now.us); }

void write(const api::DeviceEnrolled& in, v1::Reply& reply) {
  auto& out = *reply.mutable_device_enrolled();
  out.set_device(in.device.value);
  out.set_device_token(in.device_token);
}

}  // namespace kapok::protocol
