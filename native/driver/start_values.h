// Values of what the RTL leaves open, from the seed and the name of the variable; see src/toolchain/start-values.ts.
#ifndef RTLIFT_DRIVER_START_VALUES_H_
#define RTLIFT_DRIVER_START_VALUES_H_

#include <cstdint>

#include "verilated.h"

namespace rtlift {

// FNV-1a, 64 bits.
inline uint64_t StartHash(uint64_t hash, const char* text) {
  for (; *text != '\0'; ++text) hash = (hash ^ static_cast<unsigned char>(*text)) * 0x100000001b3u;
  return hash * 0x100000001b3u;
}
template <typename... Indices>
inline uint64_t StartKey(const char* module, const char* name, Indices... indices) {
  uint64_t key = StartHash(StartHash(0xcbf29ce484222325u, module), name);
  ((key = (key ^ static_cast<uint64_t>(indices)) * 0x9e3779b97f4a7c15u + 1), ...);
  return key;
}

// splitmix64 of the key and the seed of the context, as VL_RAND_RESET_* would have it: 0 where nothing is random.
inline uint64_t StartDraw(uint64_t key, uint32_t word) {
  VerilatedContext& context = *Verilated::threadContextp();
  if (context.randReset() == 0) return 0;
  if (context.randReset() == 1) return ~uint64_t{0};
  uint64_t z = key + (static_cast<uint64_t>(context.randSeed()) << 32) + (word + 1) * 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

inline IData StartI(uint64_t key, int bits) { return static_cast<IData>(StartDraw(key, 0)) & VL_MASK_I(bits); }
inline QData StartQ(uint64_t key, int bits) { return StartDraw(key, 0) & VL_MASK_Q(bits); }
inline WDataOutP StartW(uint64_t key, int bits, WDataOutP out) {
  const int words = VL_WORDS_I(bits);
  for (int i = 0; i < words; ++i) out[i] = static_cast<EData>(StartDraw(key, static_cast<uint32_t>(i)));
  out[words - 1] &= VL_MASK_E(bits);
  return out;
}

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_START_VALUES_H_
