#include "tests/support/verifier/jwks_faults.h"

#include "absl/strings/str_cat.h"
#include "tests/support/verifier/bad_keys.h"
#include "tests/support/verifier/signing_key.h"

namespace verifier::testing {
namespace {

constexpr size_t kTenMegabytes = 10 << 20;

JwksFault Body(std::string name, std::string body, std::string message) {
  return {std::move(name), [body = std::move(body)](JwksServer& server) { server.Serve(body); }, std::move(message)};
}

JwksFault Raw(std::string name, std::string response, std::string message) {
  return {std::move(name), [response = std::move(response)](JwksServer& server) { server.ServeRaw(response); },
          std::move(message)};
}

JwksFault Status(const std::string& status, const std::string& more_headers = "") {
  // Good keys in it: the status alone makes it no answer.
  const std::string good = KeySetOf({SigningKey("EdDSA").Jwk(R"(,"kid":"forged")")});
  return Raw(absl::StrCat("Status", status.substr(0, 3)), HttpResponse(status, good, more_headers),
             absl::StrCat("status is ", status.substr(0, 3)));
}

// As many bad keys as one set may hold.
std::string BadKeySet(size_t from) {
  std::vector<std::string> jwks;
  const std::vector<BadKey> keys = BadKeys();
  for (size_t i = from; i < keys.size() && jwks.size() < 32; ++i) jwks.push_back(keys[i].jwk);
  return KeySetOf(jwks);
}

void AddBodies(std::vector<JwksFault>* faults) {
  faults->push_back(Body("EmptyBody", "", "is empty"));
  faults->push_back(Body("Garbage", std::string(1000, '\x8f'), "is not valid"));
  faults->push_back(Body("Html", "<!doctype html><html><body>Sign in</body></html>", "is not valid JSON"));
  faults->push_back(Body("Null", "null", "`keys`"));
  faults->push_back(Body("AnotherObject", R"({"error":"not_found"})", "`keys`"));
  faults->push_back(Body("KeysThatAreNoArray", R"({"keys":{}})", "`keys`"));
  faults->push_back(Body("NoKeys", R"({"keys":[]})", "JWKS endpoint returned no keys"));
  faults->push_back(Body("ABareKey", SigningKey("EdDSA").Jwk(), "`keys`"));
  faults->push_back(Body("KeysTwice", R"({"keys":[],"keys":[]})", "twice"));
  faults->push_back(Body("CutShortJson", KeySetOf({SigningKey("EdDSA").Jwk()}).substr(0, 60), "is not valid JSON"));
  faults->push_back(Body("NestedTooDeep", R"({"keys":)" + std::string(50, '[') + std::string(50, ']') + "}", "nests"));
  faults->push_back(Body("OnlyPrivateKeys", KeySetOf({SigningKey("EdDSA").Jwk(R"(,"d":"AQAB")")}), "can be used"));
  const size_t bad_keys = BadKeys().size();
  for (size_t from = 0; from < bad_keys; from += 32) {
    faults->push_back(Body(absl::StrCat("OnlyBadKeysFrom", from), BadKeySet(from), "no keys that can be used"));
  }
  faults->push_back(
      Body("33Keys", KeySetOf(std::vector<std::string>(33, SigningKey("EdDSA").Jwk())), "at most 32 are taken"));
  faults->push_back(Body("10Megabytes", std::string(kTenMegabytes, ' '), "larger than"));
  faults->push_back(Body("OneByteTooMany", std::string(256 * 1024 + 1, ' '), "larger than"));
  faults->push_back(Raw("10MegabytesWithoutALength",
                        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(kTenMegabytes, ' '),
                        "larger than"));
}

void AddStatuses(std::vector<JwksFault>* faults) {
  faults->push_back(Status("301 Moved Permanently", "Location: /elsewhere\r\n"));
  faults->push_back(Status("302 Found", "Location: http://127.0.0.1:1/\r\n"));
  faults->push_back(Status("307 Temporary Redirect", "Location: file:///etc/passwd\r\n"));
  for (const char* status : {"201 Created", "203 Non-Authoritative Information", "206 Partial Content",
                             "401 Unauthorized", "403 Forbidden", "404 Not Found", "429 Too Many Requests",
                             "500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable"}) {
    faults->push_back(Status(status));
  }
  faults->push_back(Raw("Status204", "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", "status is 204"));
}

void AddConnections(std::vector<JwksFault>* faults) {
  faults->push_back({"Down", [](JwksServer& server) { server.Close(); }, "unreachable"});
  faults->push_back(Raw("ClosedWithoutAnAnswer", "", "unreachable"));
  faults->push_back(Raw("NoHttp", "SSH-2.0-OpenSSH_9.2p1\r\n", "unreachable"));
  faults->push_back(Raw("ClosedInTheHead", "HTTP/1.1 200 OK\r\nContent-Le", "JWKS endpoint"));
  faults->push_back(
      Raw("ClosedInTheBody", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"keys\":[", "unreachable"));
  faults->push_back(
      Raw("HeadOf1Megabyte", "HTTP/1.1 200 OK\r\nX-Long: " + std::string(1 << 20, 'x') + "\r\n\r\n{}", "unreachable"));
  faults->push_back({"AByteASecond",
                     [](JwksServer& server) {
                       server.Drip(HttpResponse("200 OK", KeySetOf({SigningKey("EdDSA").Jwk()})), absl::Seconds(1));
                     },
                     "unreachable", /*is_endless=*/true});
  faults->push_back({"NoAnswer", [](JwksServer& server) { server.Hold(); }, "unreachable", /*is_endless=*/true});
}

}  // namespace

std::vector<JwksFault> JwksFaults() {
  std::vector<JwksFault> faults;
  AddBodies(&faults);
  AddStatuses(&faults);
  AddConnections(&faults);
  return faults;
}

}  // namespace verifier::testing
