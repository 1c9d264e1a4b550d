// Writes registers through an AXI4-Lite subordinate, addresses and data back to back.
// See Arm IHI 0022, AXI4-Lite: write address, write data and write response channels are independent.
#ifndef RTLIFT_DRIVER_REGISTER_DRIVER_H_
#define RTLIFT_DRIVER_REGISTER_DRIVER_H_

#include <cstdint>
#include <cstdio>

#include "clocking.h"
#include "kernel_abi.h"
#include "model_events.h"
#include "watchdog.h"

namespace rtlift {

template <typename Design>
void WriteRegisters(Simulation<Design>& simulation, const RtliftRegisterWrite* writes, uint64_t count,
                    const volatile int32_t* cancel, bool has_monitors, uint64_t seed) {
  constexpr uint64_t kIdleLimit = 100000;
  // EXOKAY does not exist in AXI4-Lite.
  static const char* const kResponses[] = {"OKAY", "1 (reserved)", "SLVERR", "DECERR"};
  auto& top = *simulation.top;
  uint64_t addresses = 0, datas = 0, responses = 0, idle = 0;
  Design::RegisterIdle(top);
  Design::RegisterStrobe(top);
  Design::RegisterWriteResponseReady(top) = 1;
  // Under monitors the three channels wait for each other in every order, as they may.
  uint32_t draw = (static_cast<uint32_t>(seed + simulation.cycle) * 0x9e3779b9u) | 1;
  bool offers_address = false, offers_data = false, takes_response = true, was_valid = false;
  // A response that answers nothing must not pass for that of a write which is still to come.
  while (addresses < count || datas < count || responses < count) {
    if (addresses < count) Design::RegisterAddress(top) = writes[addresses].address;
    if (datas < count) Design::RegisterData(top) = writes[datas].data;
    draw ^= draw << 13;
    draw ^= draw >> 17;
    draw ^= draw << 5;
    offers_address = addresses < count && (offers_address || !has_monitors || (draw & 3) != 0);
    offers_data = datas < count && (offers_data || !has_monitors || (draw & 12) != 0);
    takes_response = !has_monitors || (draw & 48) != 0;
    Design::RegisterAddressValid(top) = offers_address;
    Design::RegisterDataValid(top) = offers_data;
    Design::RegisterWriteResponseReady(top) = takes_response;
    simulation.Settle();
    const bool address_beat = offers_address && Design::RegisterAddressReady(top) != 0;
    const bool data_beat = offers_data && Design::RegisterDataReady(top) != 0;
    const bool is_valid = Design::RegisterWriteResponseValid(top) != 0;
    if (has_monitors && was_valid && !is_valid) {
      throw ModelEvent{RTLIFT_REGISTER, "an AXI4-Lite response fell while bready was low", RTLIFT_RULE_VALID_DROPPED};
    }
    const bool response_beat = is_valid && takes_response;
    was_valid = is_valid && !takes_response;
    const uint32_t response = Design::RegisterWriteResponse(top);
    // It may come in the cycle in which the write is taken, at the earliest.
    if (has_monitors && response_beat &&
        (responses >= addresses + address_beat || responses >= datas + data_beat)) {
      throw ModelEvent{RTLIFT_REGISTER, "an AXI4-Lite write response before write " + std::to_string(responses) +
                                            " was taken", RTLIFT_RULE_RESPONSE_WITHOUT_WRITE};
    }
    if (response_beat && response != 0) {
      char text[160];
      const RtliftRegisterWrite& write = writes[responses < count ? responses : count - 1];
      std::snprintf(text, sizeof text,
                    "AXI4-Lite write %llu (address 0x%x, data 0x%x): expected OKAY, got %s",
                    static_cast<unsigned long long>(responses), write.address, write.data,
                    kResponses[response & 3]);
      throw ModelEvent{RTLIFT_REGISTER, text, RTLIFT_RULE_RESPONSE};
    }
    simulation.Edge();
    if (address_beat) offers_address = false;
    if (data_beat) offers_data = false;
    addresses += address_beat;
    datas += data_beat;
    responses += response_beat;
    idle = address_beat || data_beat || response_beat ? 0 : idle + 1;
    if (idle > kIdleLimit) {
      throw ModelEvent{RTLIFT_NO_PROGRESS, "no AXI4-Lite beat for 100000 cycles at write " + std::to_string(responses) +
                                               " of " + std::to_string(count)};
    }
    CheckCancel(cancel);
  }
  Design::RegisterIdle(top);
  simulation.Settle();
}

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_REGISTER_DRIVER_H_
