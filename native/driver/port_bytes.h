// Moves bytes between memory and the ports of a Verilated model.
//
// Verilator stores a port of up to 64 bits in one little-endian integer and a wider one in 32-bit words, least
// significant first. On a little-endian host both are the bytes of AXI4-Stream in order: byte i at tdata[8*i +: 8].
#ifndef RTLIFT_DRIVER_PORT_BYTES_H_
#define RTLIFT_DRIVER_PORT_BYTES_H_

#include <cstdint>
#include <cstring>

namespace rtlift {

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "rtlift kernel libraries need a little-endian host"
#endif

// Writes the first `count` bytes of a port of `kBytes` bytes and clears the rest.
template <uint32_t kBytes, typename Port>
inline void StorePartial(Port& port, const uint8_t* source, uint32_t count) {
  static_assert(sizeof(Port) >= kBytes, "the port is narrower than a beat");
  auto* target = reinterpret_cast<uint8_t*>(&port);
  std::memset(target, 0, kBytes);
  if (count != 0) std::memcpy(target, source, count);
}

// Writes a whole beat; the constant size lets the compiler use vector moves.
template <uint32_t kBytes, typename Port>
inline void StoreFull(Port& port, const uint8_t* source) {
  static_assert(sizeof(Port) >= kBytes, "the port is narrower than a beat");
  std::memcpy(reinterpret_cast<uint8_t*>(&port), source, kBytes);
}

template <typename Port>
inline const uint8_t* BytesOf(const Port& port) {
  return reinterpret_cast<const uint8_t*>(&port);
}

// Sets the low `count` of `kLanes` keep bits.
template <uint32_t kLanes, typename Port>
inline void StoreKeep(Port& port, uint32_t count) {
  if constexpr (kLanes <= 64) {
    const uint64_t mask = count >= 64 ? ~uint64_t{0} : (uint64_t{1} << count) - 1;
    std::memcpy(reinterpret_cast<uint8_t*>(&port), &mask, sizeof(Port) < 8 ? sizeof(Port) : 8);
  } else {
    auto* target = reinterpret_cast<uint8_t*>(&port);
    std::memset(target, 0, sizeof(Port));
    std::memset(target, 0xff, count / 8);
    if (count % 8 != 0) target[count / 8] = static_cast<uint8_t>((1u << (count % 8)) - 1);
  }
}

// Counts the keep bits of a beat; -1 when they are not contiguous from lane 0.
template <uint32_t kLanes, typename Port>
inline int32_t CountKeep(const Port& port) {
  if constexpr (kLanes <= 64) {
    uint64_t mask = 0;
    std::memcpy(&mask, &port, sizeof(Port) < 8 ? sizeof(Port) : 8);
    if ((mask & (mask + 1)) != 0) return -1;
    return __builtin_popcountll(mask);
  } else {
    const uint8_t* keep = BytesOf(port);
    uint32_t count = 0;
    while (count < kLanes && ((keep[count / 8] >> (count % 8)) & 1) != 0) ++count;
    for (uint32_t lane = count; lane < kLanes; ++lane) {
      if (((keep[lane / 8] >> (lane % 8)) & 1) != 0) return -1;
    }
    return static_cast<int32_t>(count);
  }
}

// The same where the first byte lies in the highest lane.
template <uint32_t kLanes, typename Port>
inline void StoreKeepHigh(Port& port, uint32_t count) {
  auto* target = reinterpret_cast<uint8_t*>(&port);
  std::memset(target, 0, sizeof(Port));
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t lane = kLanes - 1 - i;
    target[lane / 8] = static_cast<uint8_t>(target[lane / 8] | (1u << (lane % 8)));
  }
}
template <uint32_t kLanes, typename Port>
inline int32_t CountKeepHigh(const Port& port) {
  const uint8_t* keep = BytesOf(port);
  const auto at = [&](uint32_t i) { return (keep[(kLanes - 1 - i) / 8] >> ((kLanes - 1 - i) % 8)) & 1; };
  uint32_t count = 0;
  while (count < kLanes && at(count) != 0) ++count;
  for (uint32_t i = count; i < kLanes; ++i) {
    if (at(i) != 0) return -1;
  }
  return static_cast<int32_t>(count);
}

// Writes one port that carries `kBits` bits of a beat from `source` on; Verilator wants the bits above clear.
template <uint32_t kBits, bool kIsBig, typename Port>
inline void StoreField(Port& port, const uint8_t* source) {
  constexpr uint32_t kBytes = (kBits + 7) / 8;
  static_assert(sizeof(Port) >= kBytes, "the port is narrower than its field");
  auto* target = reinterpret_cast<uint8_t*>(&port);
  std::memset(target, 0, sizeof(Port));
  for (uint32_t i = 0; i < kBytes; ++i) target[i] = source[kIsBig ? kBytes - 1 - i : i];
  if constexpr (kBits % 8 != 0) {
    target[kBytes - 1] = static_cast<uint8_t>(target[kBytes - 1] & ((1u << (kBits % 8)) - 1));
  }
}
template <uint32_t kBits, bool kIsBig, typename Port>
inline void LoadField(const Port& port, uint8_t* target) {
  constexpr uint32_t kBytes = (kBits + 7) / 8;
  const uint8_t* source = BytesOf(port);
  for (uint32_t i = 0; i < kBytes; ++i) target[i] = source[kIsBig ? kBytes - 1 - i : i];
}

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_PORT_BYTES_H_
