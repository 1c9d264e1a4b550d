/**
 * rtlift: offload a hot operation to a Verilog kernel that Verilator simulates in the process, or to JavaScript, and
 * find out with numbers whether an FPGA is worth it.
 * @module
 */

export { type Offloaded, type OffloadOptions, offload } from './dispatch/offload.js';
export type { KernelStats, OffloadStats } from './dispatch/stats.js';
export type { StreamOptions } from './dispatch/stream.js';
export { ERROR_CODES, type ErrorCode, type ErrorDetails, RtliftError } from './errors.js';
export type { Figure, Provenance } from './figure.js';
export { type PackedBatch, pack, unpack } from './kernel/batch.js';
export { BitSet } from './kernel/bit-set.js';
export type { Codec, ValueOf } from './kernel/codec.js';
export {
  bitSet,
  bytes,
  fixedBytes,
  type RecordFields,
  type RecordOf,
  record,
  type UintOptions,
  uint,
  uint8,
  uint16,
  uint32,
  uint64,
} from './kernel/codecs.js';
export {
  defineKernel,
  type Kernel,
  type KernelDescriptor,
  type Limits,
  type ParameterValue,
  type PortMap,
  type ResolvedRtl,
  type Rtl,
} from './kernel/define-kernel.js';
export {
  type LiteralMatchOptions,
  type LiteralPattern,
  literalMatch,
  MAX_PATTERN_BYTES,
  MAX_PATTERNS,
} from './kernels/literal-match.js';
export { type Sha256Options, sha256 } from './kernels/sha256.js';
export type {
  KernelCounters,
  PackedRunOptions,
  PathName,
  RunOptions,
  StimulusOptions,
} from './paths/path.js';
export { DISPLAY_CHANNEL } from './paths/verilator-model.js';
export {
  type BuildOptions,
  type BuildProgress,
  buildKernel,
  type KernelBuild,
} from './toolchain/build-kernel.js';
export type { Fit, RegisterPorts, StreamPorts } from './toolchain/fit.js';
export { type BuildFlags, FAST_FLAGS, PLAIN_FLAGS } from './toolchain/flags.js';
export type { ToolMessage } from './toolchain/run-tool.js';
