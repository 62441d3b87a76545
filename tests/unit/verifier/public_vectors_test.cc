// Signatures and keys whose verdicts others have published: NIST's CAVP and the reference implementation of Ed25519, as
// Debian's python3-cryptography-vectors has them.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/verifier/public_key.h"

namespace verifier {
namespace {

// Fails, never skips, where the package is missing.
std::ifstream Open(const std::string& name) {
  std::ifstream file(absl::StrCat(CRYPTOGRAPHY_VECTORS_DIR, "/asymmetric/", name));
  EXPECT_TRUE(file.is_open()) << name << " is missing: scripts/install-dependencies --test installs it";
  return file;
}

// Big-endian, padded with zeros in front to this many bytes; 0 for as long as it is.
std::string Bytes(const std::string& hex, size_t length = 0) {
  std::string bytes = absl::HexStringToBytes(hex.size() % 2 == 0 ? hex : "0" + hex);
  if (length > bytes.size()) bytes.insert(0, length - bytes.size(), '\0');
  return bytes;
}

// One test of a CAVP response file: its section, such as `P-256,SHA-256`, and its fields.
struct Row {
  std::string section;
  std::map<std::string, std::string> fields;

  const std::string& operator[](const std::string& name) const { return fields.at(name); }
  bool ShouldHold() const { return absl::StartsWith(fields.at("Result"), "P"); }
};

// Reads a response file; a row ends with its `Result`, and the modulus `n` goes for all rows that follow.
std::vector<Row> ReadRows(const std::string& name) {
  std::ifstream file = Open(name);
  std::vector<Row> rows;
  Row row;
  for (std::string line; std::getline(file, line);) {
    const std::string text(absl::StripAsciiWhitespace(line));
    if (absl::StartsWith(text, "[")) row.section = text.substr(1, text.size() - 2);
    const std::vector<std::string> sides = absl::StrSplit(text, absl::MaxSplits(" = ", 1));
    if (sides.size() != 2 || absl::StartsWith(text, "[")) continue;
    row.fields[sides[0]] = sides[1];
    if (sides[0] == "Result") rows.push_back(row);
  }
  return rows;
}

// How many rows held and how many did not, so that a file that was not understood is no success.
struct Count {
  int good = 0;
  int bad = 0;

  void Add(bool good_row) { ++(good_row ? good : bad); }
};

TEST(PublicVectors, Ed25519) {
  std::ifstream file = Open("Ed25519/sign.input");
  int count = 0;
  for (std::string line; std::getline(file, line); ++count) {
    const std::vector<std::string> fields = absl::StrSplit(line, ':');
    ASSERT_GE(fields.size(), 4u);
    const absl::StatusOr<PublicKey> key = PublicKey::FromEd25519(Bytes(fields[1]));
    ASSERT_TRUE(key.ok()) << count << ": " << key.status();
    const std::string message = Bytes(fields[2]);
    const std::string signature = Bytes(fields[3]).substr(0, 64);
    EXPECT_TRUE(key->Verify(message, signature)) << count;
    EXPECT_FALSE(key->Verify(message + "x", signature)) << count;
  }
  EXPECT_EQ(count, 1024);
}

struct CurveOfTest {
  Algorithm algorithm;
  size_t bytes;
};

TEST(PublicVectors, EcdsaSignatures) {
  const std::map<std::string, CurveOfTest> curves = {{"P-256,SHA-256", {Algorithm::kEs256, 32}},
                                                     {"P-384,SHA-384", {Algorithm::kEs384, 48}},
                                                     {"P-521,SHA-512", {Algorithm::kEs512, 66}}};
  Count count;
  for (const Row& row : ReadRows("ECDSA/FIPS_186-3/SigVer.rsp")) {
    const auto curve = curves.find(row.section);
    if (curve == curves.end()) continue;
    const auto [algorithm, bytes] = curve->second;
    const absl::StatusOr<PublicKey> key =
        PublicKey::FromEc(algorithm, Bytes(row["Qx"], bytes), Bytes(row["Qy"], bytes));
    const bool holds = key.ok() && key->Verify(Bytes(row["Msg"]), Bytes(row["R"], bytes) + Bytes(row["S"], bytes));
    EXPECT_EQ(holds, row.ShouldHold()) << row.section << " " << row["Msg"].substr(0, 16);
    count.Add(holds);
  }
  EXPECT_EQ(count.good + count.bad, 45);
  EXPECT_GE(count.good, 9);
}

TEST(PublicVectors, EcPublicKeys) {
  const std::map<std::string, CurveOfTest> curves = {
      {"P-256", {Algorithm::kEs256, 32}}, {"P-384", {Algorithm::kEs384, 48}}, {"P-521", {Algorithm::kEs512, 66}}};
  Count count;
  for (const Row& row : ReadRows("ECDSA/FIPS_186-3/PKV.rsp")) {
    const auto curve = curves.find(row.section);
    if (curve == curves.end()) continue;
    const auto [algorithm, bytes] = curve->second;
    const absl::StatusOr<PublicKey> key =
        PublicKey::FromEc(algorithm, Bytes(row["Qx"], bytes), Bytes(row["Qy"], bytes));
    EXPECT_EQ(key.ok(), row.ShouldHold()) << row.section << " " << row["Qx"] << ": " << row["Result"];
    count.Add(key.ok());
  }
  EXPECT_EQ(count.good + count.bad, 36);
  EXPECT_GE(count.good, 6);
}

// Runs `expect` on each row of an RSA file whose key and hash are ones that are taken.
void ForEachRsaRow(const std::string& name, const std::map<std::string, Algorithm>& algorithms,
                   const std::function<void(const Row&, const PublicKey&, bool holds)>& expect) {
  for (const Row& row : ReadRows(name)) {
    const auto algorithm = algorithms.find(row["SHAAlg"]);
    if (algorithm == algorithms.end()) continue;
    const std::string modulus = Bytes(row["n"]);
    const absl::StatusOr<PublicKey> key = PublicKey::FromRsa(algorithm->second, modulus, Bytes(row["e"]));
    ASSERT_EQ(key.ok(), modulus.size() >= 256) << key.status();
    if (!key.ok()) continue;
    expect(row, *key, key->Verify(Bytes(row["Msg"]), Bytes(row["S"], modulus.size())));
  }
}

TEST(PublicVectors, RsaPkcs1Signatures) {
  Count count;
  ForEachRsaRow("RSA/FIPS_186-2/SigVer15_186-3.rsp",
                {{"SHA256", Algorithm::kRs256}, {"SHA384", Algorithm::kRs384}, {"SHA512", Algorithm::kRs512}},
                [&count](const Row& row, const PublicKey&, bool holds) {
                  EXPECT_EQ(holds, row.ShouldHold()) << row["Result"];
                  count.Add(holds);
                });
  EXPECT_GE(count.good, 9);
  EXPECT_GE(count.bad, 40);
}

// The salt of these has 10 bytes, and JWS wants one as long as the hash (RFC 7518 section 3.5): the good ones among
// them are no good here.
TEST(PublicVectors, RsaPssSignaturesOfAnotherSaltLength) {
  Count count;
  ForEachRsaRow("RSA/FIPS_186-2/SigVerPSS_186-3.rsp",
                {{"SHA256", Algorithm::kPs256}, {"SHA384", Algorithm::kPs384}, {"SHA512", Algorithm::kPs512}},
                [&count](const Row& row, const PublicKey&, bool holds) {
                  EXPECT_FALSE(holds);
                  count.Add(row.ShouldHold());
                });
  EXPECT_GE(count.good, 9);
}

}  // namespace
}  // namespace verifier
