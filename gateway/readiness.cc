#include "gateway/readiness.h"

#include <utility>

namespace gateway {
namespace {

constexpr absl::Duration kProbeTimeout = absl::Seconds(1);

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
  common::MutexLock lock(mutex_);
  is_ending_ = true;
}

void Readiness::Run() {
  while (true) {
    std::vector<Answer> round;
    bool is_over = false;
    {
      common::MutexLock lock(mutex_);
      while (waiting_.empty() && !is_stopping_) asked_.Wait(mutex_);
      is_over = is_stopping_;
      round.swap(waiting_);
    }
    const bool is_ready = !is_over && ProbeAll();
    for (const Answer& answer : round) answer(is_ready);
    if (is_over) return;
  }
}

bool Readiness::ProbeAll() {
  for (const ServiceUpstream& entry : upstreams_) {
    if (!entry.upstream->Probe(kProbeTimeout).ok()) return false;
  }
  return true;
}

}  // namespace gateway
