// Writes a window of cycles as a waveform (VCD), in libraries that were built for it. Elsewhere it is nothing at all.
#ifndef RTLIFT_DRIVER_WAVEFORM_H_
#define RTLIFT_DRIVER_WAVEFORM_H_

#include <cstdint>

#if VM_TRACE
#include <memory>

#include "verilated_vcd_c.h"
#endif

namespace rtlift {

#if VM_TRACE
class Waveform {
 public:
  template <typename Context, typename Top>
  void Open(Context* context, Top* top, const char* path, uint64_t from, uint64_t to) {
    context->traceEverOn(true);
    file_.reset(new VerilatedVcdC);
    top->trace(file_.get(), 99);
    file_->open(path);
    from_ = from;
    to_ = to;
  }
  // Two moments a cycle: settled before the edge, and after it.
  void Show(uint64_t cycle) {
    ++moment_;
    if (file_ != nullptr && cycle >= from_ && cycle < to_) file_->dump(moment_);
  }
  void Close() {
    if (file_ != nullptr) file_->close();
    file_.reset();
  }

 private:
  std::unique_ptr<VerilatedVcdC> file_;
  uint64_t moment_ = 0;
  uint64_t from_ = 0;
  uint64_t to_ = 0;
};
#else
class Waveform {
 public:
  template <typename Context, typename Top>
  void Open(Context*, Top*, const char*, uint64_t, uint64_t) {}
  void Show(uint64_t) {}
  void Close() {}
};
#endif

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_WAVEFORM_H_
