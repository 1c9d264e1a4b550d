#ifndef RTLIFT_HOST_BOUNDED_LOG_H_
#define RTLIFT_HOST_BOUNDED_LOG_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace rtlift {

// Text printed by the RTL. A $display in an always block can print gigabytes, so only the head is
// kept: what went wrong first is what explains the rest.
class BoundedLog {
 public:
  static constexpr size_t kMaxBytes = 64 * 1024;

  void Append(const char* text, size_t length) noexcept {
    const size_t kept = std::min(length, kMaxBytes - text_.size());
    dropped_bytes_ += length - kept;
    try {
      text_.append(text, kept);
    } catch (...) {  // out of memory must not unwind through the kernel library
      dropped_bytes_ += kept;
    }
  }

  // Returns what was collected, with a note of what was not, and starts anew.
  std::string Take() {
    std::string text = std::move(text_);
    text_.clear();
    if (dropped_bytes_ > 0) {
      text += "\n[rtlift: " + std::to_string(dropped_bytes_) + " more bytes dropped]\n";
      dropped_bytes_ = 0;
    }
    return text;
  }

 private:
  std::string text_;
  uint64_t dropped_bytes_ = 0;
};

}  // namespace rtlift

#endif  // RTLIFT_HOST_BOUNDED_LOG_H_
