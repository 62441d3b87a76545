#include "gateway/readiness.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"

namespace gateway {
namespace {

constexpr absl::Duration kProbeTimeout = absl::Seconds(1);
constexpr std::chrono::seconds kInterval(1);

}  // namespace

Readiness::Readiness(std::vector<ServiceUpstream> upstreams)
    : upstreams_(std::move(upstreams)), thread_([this] { Run(); }) {}

Readiness::~Readiness() {
  {
    common::MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  asked_.NotifyAll();
  thread_.join();
}

void Readiness::Ask(Answer answer) {
  bool is_ending = false;
  {
    common::MutexLock lock(mutex_);
    is_ending = is_ending_;
    if (!is_ending) waiting_.push_back(std::move(answer));
  }
  if (is_ending) return answer(false);
  asked_.NotifyOne();
}

void Readiness::SetEnding() {
  state_.SetEnding();
  common::MutexLock lock(mutex_);
  is_ending_ = true;
}

void Readiness::Run() {
  auto next_round = std::chrono::steady_clock::now();
  while (true) {
    std::vector<Answer> round;
    bool is_over = false;
    {
      common::MutexLock lock(mutex_);
      while (waiting_.empty() && !is_stopping_ && asked_.WaitUntil(mutex_, next_round)) {
      }
      is_over = is_stopping_;
      round.swap(waiting_);
    }
    const absl::Status found = is_over ? absl::UnavailableError("the gateway is stopping") : ProbeAll();
    state_.Set(found);
    next_round = std::chrono::steady_clock::now() + kInterval;
    for (const Answer& answer : round) answer(found.ok());
    if (is_over) return;
  }
}

absl::Status Readiness::ProbeAll() {
  for (const ServiceUpstream& entry : upstreams_) {
    const absl::Status status = entry.upstream->Probe(kProbeTimeout);
    if (!status.ok()) return absl::UnavailableError(absl::StrCat(entry.service, ": ", status.message()));
  }
  return absl::OkStatus();
}

}  // namespace gateway
