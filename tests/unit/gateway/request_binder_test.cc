#include "gateway/request_binder.h"

#include <gtest/gtest.h>

#include "gateway_testing/v1/shelf_service.pb.h"
#include "tests/support/gateway/descriptors.h"

namespace gateway {
namespace {

using gateway_testing::v1::BookRequest;

struct BindCase {
  const char* name;
  const char* method;
  const char* target;
  const char* body;
  const char* request;  // in short text form; or `!` and the error
};

void PrintTo(const BindCase& c, std::ostream* out) { *out << c.name; }

class Binding : public testing::TestWithParam<BindCase> {
 protected:
  const std::unique_ptr<Api> api_ = *Api::Create(gateway_testing::DescriptorSet(), {"gateway_testing.v1.ShelfService"});
};

TEST_P(Binding, GivesTheRequestOrNamesTheField) {
  const std::string_view target = GetParam().target;
  const size_t question = target.find('?');
  const auto match = api_->table().Find(GetParam().method, target.substr(0, question));
  ASSERT_EQ(match.outcome, RouteTable::Outcome::kFound);
  std::string bytes;
  const RequestParts parts{match.values, question == std::string_view::npos ? "" : target.substr(question + 1),
                           GetParam().body};
  const auto error = BindRequest(api_->routes()[match.route], parts, &bytes);
  if (error) {
    EXPECT_EQ("!" + error->field + ": " + error->message, GetParam().request);
    return;
  }
  BookRequest request;
  ASSERT_TRUE(request.ParseFromString(bytes));
  EXPECT_EQ(request.ShortDebugString(), GetParam().request);
}

INSTANTIATE_TEST_SUITE_P(
    All, Binding,
    testing::ValuesIn(std::vector<BindCase>{
        {"Path", "GET", "/v1/shelves/s/books/b", "", R"(shelf: "s" book: "b")"},
        {"AdditionalBinding", "GET", "/v1/library/x/books/a%2Fb/c", "", R"(name: "library/x/books/a%2Fb/c")"},
        {"CustomMethod", "PEEK", "/v1/peek/b", "", R"(book: "b")"},
        {"Query", "GET", "/v1/shelves/s/books/b?page_size=5&item.inner.name=n", "",
         R"(shelf: "s" book: "b" item { inner { name: "n" } } page_size: 5)"},
        {"PathBeatsQuery", "GET", "/v1/shelves/s/books/b?shelf=evil", "", R"(shelf: "s" book: "b")"},
        {"BodyField", "POST", "/v1/shelves/s/books", R"({"aString":"x"})", R"(shelf: "s" item { a_string: "x" })"},
        {"BodyFieldAndQuery", "POST", "/v1/shelves/s/books?page_size=5", R"({"aString":"x"})",
         R"(shelf: "s" item { a_string: "x" } page_size: 5)"},
        {"BodyFieldNull", "POST", "/v1/shelves/s/books", "null", R"(shelf: "s")"},
        {"BodyFieldEmpty", "POST", "/v1/shelves/s/books", "", R"(shelf: "s")"},
        {"BodyFieldNotInQuery", "POST", "/v1/shelves/s/books?item.aString=x", "{}",
         "!item.aString: belongs in the body"},
        {"BodyRepeated", "PUT", "/v1/shelves/s/tags", R"(["a","b"])", R"(shelf: "s" tags: "a" tags: "b")"},
        {"BodyRepeatedWrong", "PUT", "/v1/shelves/s/tags", R"("a")", "!: must be an array"},
        {"WholeBody", "POST", "/v1/shelves/s/books/b:merge", R"({"name":"n","item":{"anInt32":1}})",
         R"(shelf: "s" book: "b" name: "n" item { an_int32: 1 })"},
        {"PathBeatsBody", "POST", "/v1/shelves/s/books/b:merge", R"({"shelf":"evil","book":"evil"})",
         R"(shelf: "s" book: "b")"},
        {"WholeBodyLeavesNothing", "POST", "/v1/shelves/s/books/b:merge?page_size=5", "{}",
         "!page_size: belongs in the body"},
        {"WholeBodyEmpty", "POST", "/v1/shelves/s/books/b:merge", "", R"(shelf: "s" book: "b")"},
        {"NoBodyTaken", "DELETE", "/v1/shelves/s/books/b", R"({"a":1})", "!: this method takes no body"},
        {"EmptyObjectIsNoBody", "DELETE", "/v1/shelves/s/books/b", "{}", R"(shelf: "s" book: "b")"},
        {"UnknownInBody", "POST", "/v1/shelves/s/books", R"({"inner":{"x":1}})", "!inner.x: is not known"},
        {"UnknownInQuery", "GET", "/v1/shelves/s/books/b?x=1", "", "!x: is not known"},
        {"NotJson", "POST", "/v1/shelves/s/books", "{", "!: the body is not valid JSON"},
        {"DuplicateName", "POST", "/v1/shelves/s/books", R"({"aString":"a","aString":"b"})",
         R"(!: the body the name "aString" stands twice in one object)"},
        {"BeyondSixtyFourBits", "POST", "/v1/shelves/s/books", R"({"anInt64":18446744073709551616})",
         "!anInt64: is out of range"},
        {"PatchMask", "PATCH", "/v1/shelves/s/books/b", R"({"aString":"x","inner":{"name":null}})",
         R"(shelf: "s" book: "b" item { a_string: "x" inner { } } update_mask { paths: "a_string" paths: "inner.name" })"},
        {"PatchNullClears", "PATCH", "/v1/shelves/s/books/b", R"({"maybeText":null})",
         R"(shelf: "s" book: "b" item { } update_mask { paths: "maybe_text" })"},
        {"PatchMapAsAWhole", "PATCH", "/v1/shelves/s/books/b", R"({"labels":{"a":"1"}})",
         R"(shelf: "s" book: "b" item { labels { key: "a" value: "1" } } update_mask { paths: "labels" })"},
        {"PatchGivenMaskStays", "PATCH", "/v1/shelves/s/books/b?update_mask=aBool", R"({"aString":"x"})",
         R"(shelf: "s" book: "b" item { a_string: "x" } update_mask { paths: "a_bool" })"},
        {"PatchNothing", "PATCH", "/v1/shelves/s/books/b", "{}", R"(shelf: "s" book: "b" item { })"},
        {"NoMaskForPost", "POST", "/v1/shelves/s/books", R"({"aString":"x"})", R"(shelf: "s" item { a_string: "x" })"},
    }),
    [](const auto& param_info) { return param_info.param.name; });

}  // namespace
}  // namespace gateway
