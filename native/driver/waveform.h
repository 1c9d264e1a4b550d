// Writes a window of cycles as a waveform (VCD), in libraries that were built for it. Elsewhere it is nothing at all.
//
// A cycle of the kernel's clock takes 10 ns, whatever the simulation evaluates in it: cycle n begins at n * 10 ns, where
// the clock rises, and with one clock its inputs change in its middle, where the clock falls.
#ifndef RTLIFT_DRIVER_WAVEFORM_H_
#define RTLIFT_DRIVER_WAVEFORM_H_

#include <cstdint>

#if VM_TRACE
#include <memory>

#include "verilated_vcd_c.h"
#endif

namespace rtlift {

constexpr uint64_t kWaveCycle = 10'000;  // ps

#if VM_TRACE
class Waveform {
 public:
  template <typename Context, typename Top>
  void Open(Context* context, Top* top, const char* path, uint64_t from, uint64_t to) {
    context->traceEverOn(true);
    file_.reset(new VerilatedVcdC);
    top->trace(file_.get(), 99);
    // Not what a `timescale of the RTL says.
    file_->set_time_unit("1ps");
    file_->set_time_resolution("1ps");
    file_->open(path);
    from_ = from;
    to_ = to;
  }
  // The values of a moment, in ps since the beginning of `cycle`; 0: right after what was shown before. Moments that are
  // not later than that come right after it too.
  void Show(uint64_t cycle, uint64_t moment) {
    if (file_ == nullptr || cycle < from_ || cycle >= to_) return;
    const uint64_t time = cycle * kWaveCycle + moment;
    last_ = time > last_ ? time : last_ + 1;
    file_->dump(last_);
  }
  void Close() {
    if (file_ != nullptr) file_->close();
    file_.reset();
  }

 private:
  std::unique_ptr<VerilatedVcdC> file_;
  uint64_t last_ = 0;
  uint64_t from_ = 0;
  uint64_t to_ = 0;
};
#else
class Waveform {
 public:
  template <typename Context, typename Top>
  void Open(Context*, Top*, const char*, uint64_t, uint64_t) {}
  void Show(uint64_t, uint64_t) {}
  void Close() {}
};
#endif

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_WAVEFORM_H_
