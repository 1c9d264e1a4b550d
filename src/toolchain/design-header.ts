import type { Fit } from './fit.js';

/**
 * Raised whenever what this folder writes or decides for the same RTL changes: a library of the version before must not
 * be taken from the cache.
 */
export const GENERATOR_VERSION = 4;

/** Class name of every Verilated model: the library exports one symbol only, so libraries never see each other's. */
export const MODEL_PREFIX = 'Vkernel';

function accessor(name: string, port: string, isConst = false): string {
  const top = isConst ? 'const Top& top' : 'Top& top';
  return `  static decltype(auto) ${name}(${top}) { return (top.${port}); }`;
}

/**
 * Writes `design.h`: the one place where the driver's names meet the ports of this kernel's model.
 *
 * Only ports that exist get an accessor; the driver asks for the others behind `if constexpr`.
 */
export function designHeader(
  kernelName: string,
  buildId: string,
  fit: Fit,
  mayEvaluateOnce: boolean,
): string {
  const { input, output, registers, reset } = fit;
  const prefix = registers?.prefix ?? '';
  const idle = [`top.${input.valid} = 0;`, `top.${output.ready} = 0;`];
  for (const port of fit.tiedInputs) idle.push(`Clear(top.${port});`);
  const lines = [
    '// Generated from the elaborated design; do not edit.',
    '#pragma once',
    '#include <cstdint>',
    '#include <cstring>',
    `#include "${MODEL_PREFIX}.h"`,
    // The driver reaches into the model for its clock record only.
    `#include "${MODEL_PREFIX}___024root.h"`,
    'namespace rtlift {',
    'struct Design {',
    `  using Top = ${MODEL_PREFIX};`,
    `  static constexpr const char* kName = "${kernelName}";`,
    `  static constexpr const char* kBuildId = "${buildId}";`,
    `  static constexpr uint32_t kInBeatBytes = ${input.beatBytes};`,
    `  static constexpr uint32_t kOutBeatBytes = ${output.beatBytes};`,
    `  static constexpr bool kInHasKeep = ${input.keep !== null};`,
    `  static constexpr bool kInHasLast = ${input.last !== null};`,
    `  static constexpr bool kOutHasKeep = ${output.keep !== null};`,
    `  static constexpr bool kOutHasLast = ${output.last !== null};`,
    `  static constexpr bool kHasRegisters = ${registers !== null};`,
    `  static constexpr bool kMayEvaluateOnce = ${mayEvaluateOnce};`,
    accessor('Clock', fit.clock),
    accessor('InData', input.data),
    accessor('InValid', input.valid),
    accessor('InReady', input.ready, true),
    ...(input.keep ? [accessor('InKeep', input.keep)] : []),
    ...(input.last ? [accessor('InLast', input.last)] : []),
    accessor('OutData', output.data, true),
    accessor('OutValid', output.valid, true),
    accessor('OutReady', output.ready),
    ...(output.keep ? [accessor('OutKeep', output.keep, true)] : []),
    ...(output.last ? [accessor('OutLast', output.last, true)] : []),
    '  template <typename Port> static void Clear(Port& port) { std::memset(&port, 0, sizeof port); }',
    `  static void SetReset(Top& top, bool on) { top.${reset.name} = ${reset.isActiveLow ? '!on' : 'on'}; }`,
    `  static void InputsIdle(Top& top) { ${idle.join(' ')}${registers ? ' RegisterIdle(top);' : ''} }`,
  ];
  if (registers) {
    lines.push(
      accessor('RegisterAddress', `${prefix}_awaddr`),
      accessor('RegisterAddressValid', `${prefix}_awvalid`),
      accessor('RegisterAddressReady', `${prefix}_awready`, true),
      accessor('RegisterData', `${prefix}_wdata`),
      accessor('RegisterDataValid', `${prefix}_wvalid`),
      accessor('RegisterDataReady', `${prefix}_wready`, true),
      accessor('RegisterWriteResponse', `${prefix}_bresp`, true),
      accessor('RegisterWriteResponseValid', `${prefix}_bvalid`, true),
      accessor('RegisterWriteResponseReady', `${prefix}_bready`),
      `  static void RegisterStrobe(Top& top) { ${registers.hasStrobe ? `top.${prefix}_wstrb = 0xf;` : '(void)top;'} }`,
      `  static void RegisterIdle(Top& top) { top.${prefix}_awvalid = 0; top.${prefix}_wvalid = 0; top.${prefix}_bready = 0; }`,
    );
  }
  lines.push('};', '}  // namespace rtlift', '');
  return lines.join('\n');
}
