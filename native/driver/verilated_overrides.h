// Included ahead of every Verilated file: takes over what Verilator's run-time library would do to the process.
//
// By default $stop, $fatal and a model that does not converge call abort(), a second $finish calls exit(0), and
// $display writes to stdout. See "Verilated/user functions" in Verilator's verilated_funcs.h.
#ifndef RTLIFT_DRIVER_VERILATED_OVERRIDES_H_
#define RTLIFT_DRIVER_VERILATED_OVERRIDES_H_

#ifdef __cplusplus
#define VL_USER_FINISH
#define VL_USER_STOP
#define VL_USER_FATAL
#define VL_USER_WARN

extern "C" int rtlift_print(const char* format, ...) __attribute__((format(printf, 1, 2)));
#define VL_PRINTF rtlift_print
#endif

#endif  // RTLIFT_DRIVER_VERILATED_OVERRIDES_H_
