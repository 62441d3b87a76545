#pragma once

#include <string>
#include <utility>
#include <variant>

#include "auth/v1/token_verifier.pb.h"

namespace verifier {

// Which rule a token failed, and how, in words that hold no part of the signature and no secret.
struct Rejection {
  auth::v1::RejectionReason reason;
  std::string detail;
  // For the log: the token's `kid`, whatever it names; and its `sub`, where the signature was good.
  std::string key_id = {};
  std::string subject = {};
};

// What a step of verification made of its input, or why the token is rejected there.
template <typename T>
class OrRejection {
 public:
  OrRejection(T value) : content_(std::move(value)) {}                  // NOLINT(google-explicit-constructor)
  OrRejection(Rejection rejection) : content_(std::move(rejection)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return std::holds_alternative<T>(content_); }
  // Only where ok().
  const T& operator*() const& { return std::get<T>(content_); }
  T&& operator*() && { return std::get<T>(std::move(content_)); }
  const T* operator->() const { return &std::get<T>(content_); }
  // Only where not ok().
  const Rejection& rejection() const { return std::get<Rejection>(content_); }

 private:
  std::variant<T, Rejection> content_;
};

}  // namespace verifier
