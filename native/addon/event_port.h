#ifndef RTLIFT_ADDON_EVENT_PORT_H_
#define RTLIFT_ADDON_EVENT_PORT_H_

#include <napi.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "host/job.h"

namespace rtlift {

// A job that was settled or, without one, a model that ended.
struct Event {
  std::shared_ptr<Job> job;
  uint64_t model_id = 0;
};

// Carries events from the threads of models to the JavaScript thread of one environment. However
// many there are, the event loop is woken once until it takes them. Outlives its environment where
// an abandoned thread still holds it.
class EventPort {
 public:
  explicit EventPort(napi_threadsafe_function wake) : wake_(wake) {}

  void Post(Event event) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (closed_) return;
    events_.push_back(std::move(event));
    // Under the lock, so that Close cannot release the function in between.
    if (events_.size() == 1) napi_call_threadsafe_function(wake_, nullptr, napi_tsfn_nonblocking);
  }

  std::vector<Event> Take() {
    std::vector<Event> taken;
    const std::lock_guard<std::mutex> lock(mutex_);
    taken.swap(events_);
    return taken;
  }

  // Events are dropped from here on. On the JavaScript thread.
  void Close() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (closed_) return;
    closed_ = true;
    events_.clear();
    napi_release_threadsafe_function(wake_, napi_tsfn_abort);
  }

 private:
  std::mutex mutex_;
  std::vector<Event> events_;
  bool closed_ = false;
  const napi_threadsafe_function wake_;
};

}  // namespace rtlift

#endif  // RTLIFT_ADDON_EVENT_PORT_H_
