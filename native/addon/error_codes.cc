#include "addon/error_codes.h"

namespace rtlift {

const char* ErrorCode(int32_t status) {
  switch (status) {
    case RTLIFT_CANCELLED:
      return "ERR_RTLIFT_CANCELLED";
    case RTLIFT_NO_PROGRESS:
      return "ERR_RTLIFT_KERNEL_NO_PROGRESS";
    case RTLIFT_FINISH:
      return "ERR_RTLIFT_KERNEL_FINISH";
    case RTLIFT_STOP:
      return "ERR_RTLIFT_KERNEL_STOP";
    case RTLIFT_FATAL:
      return "ERR_RTLIFT_KERNEL_FATAL";
    case RTLIFT_ASSERTION:
      return "ERR_RTLIFT_KERNEL_ASSERTION";
    case RTLIFT_NO_CONVERGENCE:
      return "ERR_RTLIFT_KERNEL_NO_CONVERGENCE";
    case RTLIFT_MODEL_WARNING:
      return "ERR_RTLIFT_KERNEL_WARNING";
    case RTLIFT_PROTOCOL:
      return "ERR_RTLIFT_KERNEL_PROTOCOL";
    case RTLIFT_REGISTER:
      return "ERR_RTLIFT_KERNEL_REGISTER";
    case RTLIFT_BAD_BATCH:
    case kInvalidArgument:
      return "ERR_RTLIFT_INVALID_ARG";
    case RTLIFT_NO_MEMORY:
      return "ERR_RTLIFT_NO_MEMORY";
    case kLibraryMissing:
    case kLibraryUnloadable:
      return "ERR_RTLIFT_LIBRARY_LOAD";
    case kLibraryNoEntryPoint:
    case kLibraryWrongAbi:
      return "ERR_RTLIFT_LIBRARY_FOREIGN";
    case kModelDiscarded:
      return "ERR_RTLIFT_MODEL_DISCARDED";
    case kModelClosed:
      return "ERR_RTLIFT_CLOSED";
    default:
      return "ERR_RTLIFT_INTERNAL";
  }
}

const char* RuleName(uint32_t rule) {
  switch (rule) {
    case RTLIFT_RULE_RESULT_LENGTH:
      return "result-length";
    case RTLIFT_RULE_RESULT_WITHOUT_MESSAGE:
      return "result-without-message";
    case RTLIFT_RULE_MISSING_RESULT:
      return "missing-result";
    case RTLIFT_RULE_PACKET_WITHOUT_END:
      return "packet-without-end";
    case RTLIFT_RULE_KEEP_HOLE:
      return "keep-hole";
    case RTLIFT_RULE_KEEP_NOT_FULL:
      return "keep-not-full";
    case RTLIFT_RULE_RESPONSE:
      return "response";
    case RTLIFT_RULE_VALID_DROPPED:
      return "valid-dropped";
    case RTLIFT_RULE_PAYLOAD_CHANGED:
      return "payload-changed";
    case RTLIFT_RULE_KEEP_EMPTY:
      return "keep-empty";
    case RTLIFT_RULE_OUTPUT_IN_RESET:
      return "output-in-reset";
    case RTLIFT_RULE_EXTRA_RESULT:
      return "extra-result";
    case RTLIFT_RULE_RESPONSE_WITHOUT_WRITE:
      return "response-without-write";
    default:
      return "unknown";
  }
}

Napi::Value MakeError(Napi::Env env, const Status& status) {
  napi_value code = nullptr;
  napi_value text = nullptr;
  napi_value error = nullptr;
  napi_create_string_utf8(env, ErrorCode(status.code), NAPI_AUTO_LENGTH, &code);
  napi_create_string_utf8(env, status.text.data(), status.text.size(), &text);
  napi_create_error(env, code, text, &error);
  return Napi::Value(env, error);
}

}  // namespace rtlift
