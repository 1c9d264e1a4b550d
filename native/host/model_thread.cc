#include "host/model_thread.h"

#include <thread>
#include <utility>

namespace rtlift {
namespace {

// The return value is what counts. A library may return a number this host does not know; it must
// not pass for one of the host's own.
int32_t KnownStatus(int32_t status) {
  return status >= RTLIFT_OK && status <= RTLIFT_INTERNAL ? status
                                                          : static_cast<int32_t>(RTLIFT_INTERNAL);
}

Status StatusOf(int32_t code, RtliftFault* fault) {
  fault->text[sizeof(fault->text) - 1] = '\0';
  Status status{KnownStatus(code), fault->text};
  if (status.text.empty()) {
    status.text = "the kernel library gave status " + std::to_string(code) + " and no reason";
  }
  return status;
}

RtliftFault EmptyFault() {
  RtliftFault fault;
  fault.status = RTLIFT_OK;
  fault.rule = RTLIFT_RULE_NONE;
  fault.cycle = 0;
  fault.message_index = RTLIFT_NO_MESSAGE;
  fault.text[0] = '\0';
  return fault;
}

}  // namespace

ModelThread::ModelThread(std::shared_ptr<const KernelLibrary> library, ModelSettings settings,
                         std::shared_ptr<ModelObserver> observer)
    : library_(std::move(library)), settings_(std::move(settings)), observer_(std::move(observer)) {}

void ModelThread::Main() {
  Create();
  while (std::shared_ptr<Job> job = NextJob()) {
    if (model_ != nullptr) {
      Execute(job.get());
    } else {
      job->outcome = fault_;
      job->outcome.log = log_.Take();
    }
    Settle(std::move(job));
  }
  Destroy();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ended_ = true;
  }
  ended_changed_.notify_all();
  observer_->OnEnded();
}

void ModelThread::Create() {
  RtliftFault fault = EmptyFault();
  const auto path = [](const std::string& text) { return text.empty() ? nullptr : text.c_str(); };
  const RtliftModelOptions options{settings_.seed,
                                   OnLog,
                                   this,
                                   settings_.monitors ? 1u : 0u,
                                   settings_.activity_every,
                                   path(settings_.coverage_path),
                                   path(settings_.trace_path),
                                   settings_.trace_from,
                                   settings_.trace_to};
  model_ = library_->api().create(&options, &fault);
  if (model_ != nullptr) {
    const std::lock_guard<std::mutex> lock(mutex_);
    alive_ = model_;
    return;
  }
  fault_.status = StatusOf(fault.status == RTLIFT_OK ? RTLIFT_INTERNAL : fault.status, &fault);
  fault_.status.text = "the model was not created: " + fault_.status.text;
  fault_.cycle = fault.cycle;
  fault_.rule = fault.rule;
}

void ModelThread::Destroy() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    alive_ = nullptr;
  }
  if (model_ != nullptr) library_->api().destroy(model_);
  model_ = nullptr;
}

// A thread that sleeps takes 10 to 30 us to wake, as long as a batch of a few hundred messages; a caller who awaits one
// batch and sends the next is back in less. So it looks for a while before it sleeps.
void ModelThread::SpinForCall() {
  constexpr std::chrono::microseconds kSpin{50};
  const uint64_t calls = calls_.load(std::memory_order_relaxed);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (closing_ || !queue_.empty()) return;
  }
  const auto end = std::chrono::steady_clock::now() + kSpin;
  while (calls_.load(std::memory_order_acquire) == calls) {
    std::this_thread::yield();
    if (std::chrono::steady_clock::now() > end) return;
  }
}

std::shared_ptr<Job> ModelThread::NextJob() {
  SpinForCall();
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return closing_ || !queue_.empty(); });
    if (queue_.empty()) return nullptr;
    std::shared_ptr<Job> job = std::move(queue_.front());
    queue_.pop_front();
    if (job->state_ == Job::State::kSettled) continue;  // cancelled while queued
    job->state_ = Job::State::kRunning;
    running_ = job;
    return job;
  }
}

void ModelThread::Execute(Job* job) {
  const RtliftKernelApi& api = library_->api();
  RtliftFault fault = EmptyFault();
  const int32_t code = job->Execute(api, model_, settings_.activity_every != 0, &fault);
  Outcome& outcome = job->outcome;
  if (code == RTLIFT_OK || code == RTLIFT_BAD_BATCH) {
    outcome.model_cycles = api.cycles(model_);
  } else {
    // Only destroy may follow a fault. It comes before the log is taken: final blocks print, too.
    outcome.model_cycles = fault.cycle;
    Destroy();
  }
  if (code != RTLIFT_OK) {
    outcome.status = StatusOf(code, &fault);
    outcome.cycle = fault.cycle;
    outcome.rule = fault.rule;
    outcome.message_index = fault.message_index;
  }
  if (model_ == nullptr) {
    fault_.status = {kModelDiscarded, "the model was discarded after: " + outcome.status.text};
    fault_.cycle = outcome.cycle;
    fault_.rule = outcome.rule;
    fault_.model_cycles = outcome.model_cycles;
  }
  outcome.log = log_.Take();
}

void ModelThread::Settle(std::shared_ptr<Job> job) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    job->state_ = Job::State::kSettled;
    running_.reset();
  }
  observer_->OnSettled(std::move(job));
}

void ModelThread::SettleUnrun(std::shared_ptr<Job> job, int32_t code, const char* text) {
  job->outcome.status = {code, text};
  observer_->OnSettled(std::move(job));
}

uint64_t ModelThread::Heartbeat() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return alive_ == nullptr ? 0 : library_->api().cycles(alive_);
}

void ModelThread::Submit(std::shared_ptr<Job> job) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!closing_) {
      queue_.push_back(std::move(job));
      calls_.fetch_add(1, std::memory_order_release);
    } else {
      job->state_ = Job::State::kSettled;
    }
  }
  if (job != nullptr) {
    SettleUnrun(std::move(job), kModelClosed, "the model is closed");
  } else {
    wake_.notify_one();
  }
}

void ModelThread::Cancel(const std::shared_ptr<Job>& job) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (job->state_ == Job::State::kRunning) job->RequestCancel();
    if (job->state_ != Job::State::kQueued) return;
    job->state_ = Job::State::kSettled;  // stays in the queue, where NextJob passes over it
  }
  SettleUnrun(job, RTLIFT_CANCELLED, "cancelled before it ran");
}

void ModelThread::Close(bool discard) {
  std::deque<std::shared_ptr<Job>> unrun;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    closing_ = true;
    calls_.fetch_add(1, std::memory_order_release);
    if (discard) {
      for (std::shared_ptr<Job>& job : queue_) {
        if (job->state_ != Job::State::kQueued) continue;
        job->state_ = Job::State::kSettled;
        unrun.push_back(std::move(job));
      }
      queue_.clear();
      if (running_ != nullptr) running_->RequestCancel();
    }
  }
  wake_.notify_one();
  for (std::shared_ptr<Job>& job : unrun) {
    SettleUnrun(std::move(job), RTLIFT_CANCELLED, "cancelled before it ran: the model was closed");
  }
}

bool ModelThread::WaitUntilEnded(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock<std::mutex> lock(mutex_);
  return ended_changed_.wait_until(lock, deadline, [this] { return ended_; });
}

void ModelThread::OnLog(void* user, const char* text, size_t length) {
  static_cast<ModelThread*>(user)->log_.Append(text, length);
}

}  // namespace rtlift
