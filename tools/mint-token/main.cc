// mint-token: signs tokens for local tries. A developer's tool.
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>

#include "absl/time/clock.h"
#include "common/core/config_reader.h"
#include "tools/mint-token/options.h"
#include "tools/mint-token/private_key.h"
#include "tools/mint-token/signer.h"

namespace {

constexpr size_t kMinSecretBytes = 32;

absl::StatusOr<std::string> ReadAll(const std::string& path) {
  const auto read = [](std::istream& in) { return std::string((std::istreambuf_iterator<char>(in)), {}); };
  if (path == "-") return read(std::cin);
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError("the key's file cannot be read: " + path);
  return read(file);
}

absl::StatusOr<std::string> Secret(const mint::Options& options) {
  std::optional<std::string> secret;
  if (!options.secret_variable.empty()) {
    secret = common::ConfigReader::ProcessEnvironment()(options.secret_variable);
    if (!secret)
      return absl::NotFoundError("the variable that --secret-env names is not set: " + options.secret_variable);
  } else {
    absl::StatusOr<std::string> text = ReadAll(options.secret_path);
    if (!text.ok()) return text.status();
    secret = *std::move(text);
    while (!secret->empty() && (secret->back() == '\n' || secret->back() == '\r')) secret->pop_back();
  }
  if (secret->size() < kMinSecretBytes) return absl::InvalidArgumentError("the secret is shorter than 32 characters");
  return *std::move(secret);
}

absl::StatusOr<std::string> Run(const mint::Options& options) {
  if (options.key_path.empty()) {
    const absl::StatusOr<std::string> secret = Secret(options);
    if (!secret.ok()) return secret.status();
    return mint::SignToken(options, "HS256", *secret, absl::Now());
  }
  absl::StatusOr<std::string> pem = ReadAll(options.key_path);
  if (!pem.ok()) return pem.status();
  const absl::StatusOr<mint::PrivateKey> key = mint::ReadPrivateKey(*std::move(pem), options.algorithm);
  if (!key.ok()) return key.status();
  if (options.prints_key_set) return mint::PublicKeySet(*key, options.key_id.value_or(""));
  return mint::SignToken(options, key->algorithm, key->pem, absl::Now());
}

}  // namespace

int main(int argc, char** argv) {
  const absl::StatusOr<mint::Options> options = mint::ParseOptions({argv + 1, argv + argc});
  if (options.ok() && options->help) {
    std::cout << mint::kUsage;
    return 0;
  }
  const absl::StatusOr<std::string> text = options.ok() ? Run(*options) : options.status();
  if (!text.ok()) {
    std::cerr << "mint-token: " << text.status().message() << "\n(see mint-token --help)\n";
    return 1;
  }
  std::cout << *text << "\n";
  return 0;
}
