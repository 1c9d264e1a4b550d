#ifndef RTLIFT_HOST_MODEL_SETTINGS_H_
#define RTLIFT_HOST_MODEL_SETTINGS_H_

#include <cstdint>
#include <string>

namespace rtlift {

// How a model is created; see RtliftModelOptions.
struct ModelSettings {
  ModelSettings(uint64_t seed = 1) : seed(seed) {}  // NOLINT: a seed alone is what most need

  uint64_t seed;
  bool monitors = false;
  uint32_t activity_every = 0;  // 0: changes are not counted
  std::string coverage_path;  // empty: none
  std::string trace_path;     // empty: none
  uint64_t trace_from = 0;
  uint64_t trace_to = 0;
};

}  // namespace rtlift

#endif  // RTLIFT_HOST_MODEL_SETTINGS_H_
