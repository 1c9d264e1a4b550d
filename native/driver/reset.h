// Resets a model.
#ifndef RTLIFT_DRIVER_RESET_H_
#define RTLIFT_DRIVER_RESET_H_

#include <cstdint>
#include <string>

#include "clocking.h"
#include "model_events.h"

namespace rtlift {

// Of the slowest clock.
constexpr uint32_t kResetCycles = 8;
// A synchronous reset needs an edge, and a pipeline of it some more, before outputs must obey.
constexpr uint32_t kResetSettledCycles = 3;

template <typename Design>
void Reset(Simulation<Design>& simulation, bool has_monitors) {
  using Output = typename Design::Output;
  auto& top = *simulation.top;
  Design::InputsIdle(top);
  Design::SetReset(top, true);
  // A level may stay up through a reset, and so may what counts only after a message; a valid may not.
  const bool is_watched = has_monitors && Design::kHasReset && Output::kHandshake != Handshake::kLevel &&
                          !Output::kAfterMessage;
  for (uint32_t i = 0; i < kResetCycles * Design::kSlowestPeriod; ++i) {
    simulation.Settle();
    if (is_watched && i >= kResetSettledCycles * Design::kSlowestPeriod && Output::Valid(top) != 0) {
      Violate(RTLIFT_RULE_OUTPUT_IN_RESET, std::string(Output::kValidName) + " is high in cycle " +
                                               std::to_string(i) + " of reset, expected low");
    }
    simulation.Edge();
  }
  Design::SetReset(top, false);
  simulation.Settle();
}

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_RESET_H_
