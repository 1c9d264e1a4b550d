// What a model does to its surroundings ($display, $finish, $stop, $fatal, no convergence) becomes text for the log
// and a C++ exception that the driver turns into a typed fault.
#ifndef RTLIFT_DRIVER_MODEL_EVENTS_H_
#define RTLIFT_DRIVER_MODEL_EVENTS_H_

#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

#include "kernel_abi.h"

namespace rtlift {

// Thrown out of eval(); the model is in an undefined state afterwards.
struct ModelEvent {
  RtliftStatus status;
  std::string text;
  RtliftRule rule = RTLIFT_RULE_NONE;
};

[[noreturn]] __attribute__((noinline, cold)) inline void Violate(RtliftRule rule, std::string text) {
  throw ModelEvent{RTLIFT_PROTOCOL, std::move(text), rule};
}

// The model that runs on this thread. Verilator's user functions carry no pointer to it.
struct ModelContext {
  void (*log)(void* user, const char* text, size_t length) = nullptr;
  void* log_user = nullptr;
  // Last error line printed: an assertion prints its text and then calls vl_stop without it.
  std::string last_error;
};

inline thread_local ModelContext* current_model = nullptr;

// Makes `context` the current model for a scope.
class CurrentModel {
 public:
  explicit CurrentModel(ModelContext* context) : previous_(current_model) {
    current_model = context;
  }
  ~CurrentModel() { current_model = previous_; }
  CurrentModel(const CurrentModel&) = delete;
  CurrentModel& operator=(const CurrentModel&) = delete;

 private:
  ModelContext* previous_;
};

inline void Log(const std::string& text) {
  ModelContext* model = current_model;
  if (model == nullptr) return;
  if (text.find("%Error") != std::string::npos || text.find("%Fatal") != std::string::npos) {
    model->last_error = text;
  }
  if (model->log != nullptr) model->log(model->log_user, text.data(), text.size());
}

inline std::string At(const char* file, int line, const std::string& what) {
  std::string text;
  if (file != nullptr && *file != '\0') text = std::string(file) + ":" + std::to_string(line) + ": ";
  return text + what;
}

[[noreturn]] inline void RaiseStop(const char* file, int line) {
  const std::string printed = current_model != nullptr ? current_model->last_error : "";
  const std::string line_text = printed.substr(0, printed.find('\n'));
  if (line_text.find("%Fatal") != std::string::npos) {
    throw ModelEvent{RTLIFT_FATAL, At(file, line, "$fatal: " + line_text)};
  }
  if (line_text.find("%Error") != std::string::npos) {
    throw ModelEvent{RTLIFT_ASSERTION, At(file, line, line_text)};
  }
  throw ModelEvent{RTLIFT_STOP, At(file, line, "$stop")};
}

[[noreturn]] inline void RaiseFatal(const char* file, int line, const char* message) {
  const std::string text = message != nullptr ? message : "";
  const bool is_loop = text.find("converge") != std::string::npos;
  throw ModelEvent{is_loop ? RTLIFT_NO_CONVERGENCE : RTLIFT_FATAL, At(file, line, text)};
}

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_MODEL_EVENTS_H_
