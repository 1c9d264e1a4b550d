// How a stream says that it has a beat. See src/kernel/port-map.ts.
#ifndef RTLIFT_DRIVER_HANDSHAKE_H_
#define RTLIFT_DRIVER_HANDSHAKE_H_

namespace rtlift {

enum class Handshake { kStream, kStart, kPulse, kLevel };

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_HANDSHAKE_H_
