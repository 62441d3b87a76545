// Who gets in: every method of the service, found through its descriptor, so that one added later is held to the same.
#include <gmock/gmock.h>
#include <google/protobuf/dynamic_message.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/todo/call_results.h"
#include "tests/support/todo/eventually.h"
#include "tests/support/todo/running_todo.h"

namespace todo::testing {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

class AccessTest : public ::testing::Test {
 protected:
  // The probe's connection is the only one until a call reaches the database.
  void SetUp() override {
    ASSERT_TRUE(Eventually([this] { return todo_.IsServing(); }));
    ASSERT_EQ(todo_.database().ServiceConnections(), 1);
  }

  static std::vector<const MethodDescriptor*> Methods() {
    std::vector<const MethodDescriptor*> methods;
    for (const char* name : {"todo.v1.TaskService", "todo.v1.TaskListService"}) {
      const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
      for (int i = 0; i < service->method_count(); ++i) methods.push_back(service->method(i));
    }
    return methods;
  }

  static const google::protobuf::FieldDescriptor* UserIdOf(const MethodDescriptor& method) {
    return method.input_type()->FindFieldByName("user_id");
  }

  // A request of the method's type, with nothing but a user in it.
  static std::unique_ptr<Message> MakeRequest(const MethodDescriptor& method, const std::string& user_id) {
    const Message* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.input_type());
    std::unique_ptr<Message> request(prototype->New());
    if (UserIdOf(method) != nullptr) request->GetReflection()->SetString(request.get(), UserIdOf(method), user_id);
    return request;
  }

  // Calls a method, unary or streaming, and gives the status that it ends with: OK where a stream begins.
  // `authorization` is sent as it is, and not at all where it is empty.
  grpc::Status Call(const MethodDescriptor& method, const Message& request, const std::string& authorization) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    if (!authorization.empty()) context.AddMetadata("authorization", authorization);
    grpc::Slice slice(request.SerializeAsString());
    grpc::GenericStub stub(todo_.channel());
    grpc::CompletionQueue queue;
    const auto wait = [&queue] {
      void* tag = nullptr;
      bool is_ok = false;
      queue.Next(&tag, &is_ok);
      return is_ok;
    };
    const std::string path = absl::StrCat("/", method.service()->full_name(), "/", method.name());
    // To the wire a unary call is a stream of one message each way.
    auto call = stub.PrepareCall(&context, path, &queue);
    call->StartCall(nullptr);
    wait();
    call->WriteLast(grpc::ByteBuffer(&slice, 1), grpc::WriteOptions(), nullptr);
    wait();
    grpc::ByteBuffer received;
    call->Read(&received, nullptr);
    const bool has_begun = wait();
    if (has_begun && method.server_streaming()) context.TryCancel();
    grpc::Status status;
    call->Finish(&status, nullptr);
    wait();
    return has_begun && method.server_streaming() ? grpc::Status::OK : status;
  }

  RunningTodo todo_;
};

TEST_F(AccessTest, EveryMethodDeniesACallWithoutATokenBeforeAnySql) {
  for (const MethodDescriptor* method : Methods()) {
    ASSERT_FALSE(method->client_streaming()) << "teach this test to call these";
    const grpc::Status status = Call(*method, *MakeRequest(*method, "ada"), "");
    EXPECT_EQ(status.error_code(), grpc::UNAUTHENTICATED) << method->name();
    EXPECT_EQ(ReasonOf(status), "auth.v1/MISSING_TOKEN") << method->name();
  }
  EXPECT_EQ(todo_.database().ServiceConnections(), 1);
}

TEST_F(AccessTest, EveryMethodDeniesABadTokenBeforeAnySql) {
  for (const MethodDescriptor* method : Methods()) {
    for (const char* authorization :
         {"Bearer nonsense", "Bearer expired-token", "token-of-ada", "Basic token-of-ada"}) {
      const grpc::Status status = Call(*method, *MakeRequest(*method, "ada"), authorization);
      EXPECT_EQ(status.error_code(), grpc::UNAUTHENTICATED) << method->name() << " " << authorization;
    }
  }
  EXPECT_EQ(todo_.database().ServiceConnections(), 1);
}

TEST_F(AccessTest, EveryMethodRefusesAnotherUserBeforeAnySql) {
  for (const MethodDescriptor* method : Methods()) {
    if (UserIdOf(*method) == nullptr) continue;
    // As close as the bytes can come, and as far.
    for (const char* other : {"bob", "Ada", "ada ", "ad", "adaa", ""}) {
      const grpc::Status status = Call(*method, *MakeRequest(*method, other), "Bearer token-of-ada");
      EXPECT_EQ(status.error_code(), grpc::PERMISSION_DENIED) << method->name() << " " << other;
      EXPECT_EQ(ReasonOf(status), "todo.v1/FORBIDDEN_USER_ACCESS") << method->name() << " " << other;
    }
  }
  EXPECT_EQ(todo_.database().ServiceConnections(), 1);
}

TEST_F(AccessTest, OnlyWhatIsAboutTheCallerNeedsNoUser) {
  for (const MethodDescriptor* method : Methods()) {
    EXPECT_EQ(UserIdOf(*method) == nullptr, method->name() == "GetMe" || method->name() == "DeleteMe")
        << method->name();
  }
}

TEST_F(AccessTest, EveryMethodLetsTheOwnerPastTheGuard) {
  for (const MethodDescriptor* method : Methods()) {
    const grpc::Status status = Call(*method, *MakeRequest(*method, "ada"), "Bearer token-of-ada");
    EXPECT_NE(status.error_code(), grpc::UNAUTHENTICATED) << method->name();
    EXPECT_NE(status.error_code(), grpc::PERMISSION_DENIED) << method->name();
    EXPECT_NE(status.error_code(), grpc::UNIMPLEMENTED) << method->name();
  }
  // The calls that are valid have reached the database: what the tests above count would have been seen.
  EXPECT_GT(todo_.database().ServiceConnections(), 1);
}

TEST_F(AccessTest, AVerifierThatIsAwayIsNoDenial) {
  todo_.verifier().Stop();
  for (const MethodDescriptor* method : Methods()) {
    const grpc::Status status = Call(*method, *MakeRequest(*method, "ada"), "Bearer token-of-ada");
    EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE) << method->name();
    EXPECT_EQ(ReasonOf(status), "auth.v1/AUTH_UNAVAILABLE") << method->name();
  }
  EXPECT_EQ(todo_.database().ServiceConnections(), 1);
}

TEST_F(AccessTest, GetMeTellsWhatTheTokenSays) {
  v1::GetMeResponse response;
  ASSERT_TRUE(todo_.Call(&Stub::GetMe, "ada", v1::GetMeRequest(), &response).ok());
  EXPECT_EQ(response.user_id(), "ada");
  EXPECT_EQ(response.name(), "The ada");
  EXPECT_EQ(response.email(), "ada@example.org");
  EXPECT_EQ(todo_.database().ServiceConnections(), 1);
}

TEST_F(AccessTest, AnotherUsersTaskUnderOnesOwnNameIsNotFound) {
  const v1::Task task = todo_.Create("ada", "Buy milk");
  const auto expect_not_found = [](const grpc::Status& status) {
    EXPECT_EQ(status.error_code(), grpc::NOT_FOUND);
    EXPECT_EQ(ReasonOf(status), "todo.v1/NOT_FOUND");
  };
  expect_not_found(todo_.Get("bob", task.id()));
  v1::ToggleTaskRequest toggle;
  toggle.set_user_id("bob");
  toggle.set_task_id(task.id());
  v1::ToggleTaskResponse toggled;
  expect_not_found(todo_.Call(&Stub::ToggleTask, "bob", toggle, &toggled));
  v1::DeleteTaskRequest remove;
  remove.set_user_id("bob");
  remove.set_task_id(task.id());
  v1::DeleteTaskResponse removed;
  expect_not_found(todo_.Call(&Stub::DeleteTask, "bob", remove, &removed));
  v1::Task unchanged;
  ASSERT_TRUE(todo_.Get("ada", task.id(), &unchanged).ok());
  EXPECT_EQ(unchanged.etag(), task.etag());
}

}  // namespace
}  // namespace todo::testing
