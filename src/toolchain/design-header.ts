import { activityLines } from './activity-header.js';
import type { PlannedActivity } from './activity-plan.js';
import { type ClockStep, clockSteps } from './clock-steps.js';
import type {
  Fit,
  HeldPort,
  InputStream,
  OutputStream,
  RegisterSignal,
  Signal,
  StreamPorts,
} from './fit.js';

/**
 * Raised whenever what this folder writes or decides for the same RTL changes: a library of the version before must not
 * be taken from the cache.
 */
export const GENERATOR_VERSION = 10;

/** Class name of every Verilated model: the library exports one symbol only, so libraries never see each other's. */
export const MODEL_PREFIX = 'Vkernel';

/** The member of the model's class that is a port: a name that is a word of C++ has a prefix. */
export type MemberOf = (signal: Pick<Signal, 'escapedName'>) => string;

/** Reads the members from the class that Verilator wrote. */
export function memberNames(modelHeader: string): MemberOf {
  const members = new Set(
    [...modelHeader.matchAll(/VL_(?:IN|OUT|INOUT)\w*\(\(?&(\w+)/g)].map((match) => match[1]),
  );
  return ({ escapedName }) =>
    members.has(escapedName) || !members.has(`__SYM__${escapedName}`)
      ? escapedName
      : `__SYM__${escapedName}`;
}

function constant(type: string, name: string, value: unknown): string {
  return `    static constexpr ${type} ${name} = ${String(value)};`;
}

const HANDSHAKES = {
  stream: 'kStream',
  start: 'kStart',
  pulse: 'kPulse',
  level: 'kLevel',
} as const;

class HeaderWriter {
  readonly lines: string[] = [];
  readonly #member: MemberOf;

  constructor(member: MemberOf) {
    this.#member = member;
  }

  accessor(
    name: string,
    signal: Pick<Signal, 'escapedName'>,
    isConst = false,
    indent = '    ',
  ): void {
    const top = isConst ? 'const Top& top' : 'Top& top';
    const member = this.#member(signal);
    this.lines.push(`${indent}static decltype(auto) ${name}(${top}) { return (top.${member}); }`);
  }

  /** What messages call the signals. */
  portNames({ fields, valid, ready, keep, last }: StreamPorts): string[] {
    const text = (name: string, value = ''): string =>
      constant('const char*', name, JSON.stringify(value));
    return [
      text('kDataName', fields.map(({ name }) => name).join(', ')),
      text('kValidName', valid.name),
      text('kReadyName', ready?.name),
      text('kKeepName', keep?.name),
      text('kLastName', last?.name),
    ];
  }

  stream(stream: InputStream | OutputStream, isOutput: boolean): void {
    const { ready, keep, last } = stream;
    this.lines.push(
      '    using Top = Design::Top;',
      ...this.portNames(stream),
      constant('uint32_t', 'kBytes', stream.beatBytes),
      constant('uint32_t', 'kClock', stream.clock),
      constant('Handshake', 'kHandshake', `Handshake::${HANDSHAKES[stream.handshake]}`),
      constant('bool', 'kIsBig', stream.byteOrder === 'big'),
      constant('bool', 'kIsBusy', stream.isBusy),
      constant('bool', 'kHasReady', ready !== null),
      constant('bool', 'kHasKeep', keep !== null),
      constant('bool', 'kHasLast', last !== null),
    );
    this.accessor('Valid', stream.valid, isOutput);
    if (ready) this.accessor('Ready', ready, !isOutput);
    if (keep) this.accessor('Keep', keep, isOutput);
    this.lines.push(
      constant('uint32_t', 'kKeepPortBytes', keep ? `sizeof(Top::${this.#member(keep)})` : 1),
    );
    if (last) this.accessor('Last', last, isOutput);
  }

  fields(name: 'Store' | 'Load', { fields, byteOrder }: StreamPorts): void {
    const isBig = byteOrder === 'big';
    const calls = fields.map(
      (field) =>
        `${name}Field<${field.width}, ${isBig}>(top.${this.#member(field)}, beat + ${field.offset});`,
    );
    const [top, beat] =
      name === 'Store' ? ['Top& top', 'const uint8_t* beat'] : ['const Top& top', 'uint8_t* beat'];
    this.lines.push(`    static void ${name}(${top}, ${beat}) { ${calls.join(' ')} }`);
  }

  input(stream: InputStream, index: number): void {
    this.lines.push(`  struct Input${index} {`, constant('uint32_t', 'kIndex', index));
    this.stream(stream, false);
    this.lines.push(constant('bool', 'kHasNext', stream.next !== null));
    if (stream.next) this.accessor('Next', stream.next);
    this.fields('Store', stream);
    this.spareBits(stream);
    this.lines.push('  };');
  }

  /** The bits of a beat that no port carries: of a port that is no whole bytes. */
  spareBits({ fields, beatBytes, byteOrder }: InputStream): void {
    const spare = new Array<number>(beatBytes).fill(0);
    for (const { offset, width } of fields) {
      const bytes = Math.ceil(width / 8);
      const highest = byteOrder === 'big' ? offset : offset + bytes - 1;
      spare[highest] = (0xff << (8 - (bytes * 8 - width))) & 0xff;
    }
    this.lines.push(
      constant(
        'bool',
        'kHasSpareBits',
        spare.some((bits) => bits !== 0),
      ),
      `    static constexpr uint8_t kSpareBits[] = {${spare.join(', ')}};`,
    );
  }

  output(stream: OutputStream): void {
    this.lines.push('  struct Output {');
    this.stream(stream, true);
    this.lines.push(
      constant('bool', 'kTakesLast', stream.takes === 'last'),
      constant('bool', 'kAfterMessage', stream.afterMessage),
    );
    this.fields('Load', stream);
    this.lines.push('  };');
  }

  /** Sets 32 bits of a setting; a port may hold several, and the last of them only in part. */
  statics(held: readonly HeldPort[]): void {
    const hasStatics = held.some((port) => 'word' in port.from);
    this.lines.push(constant('bool', 'kHasStatics', hasStatics));
    this.lines.push('  static void SetStatic(Top& top, uint32_t word, uint32_t value) {');
    this.lines.push('    (void)top; (void)word; (void)value;');
    for (const port of held) {
      if (!('word' in port.from) || port.width === null) continue;
      const words = Math.ceil(port.width / 32);
      const first = port.from.word;
      this.lines.push(
        `    if (word >= ${first} && word < ${first + words}) SetWord(top.${this.#member(port)}, word - ${first}, value);`,
      );
    }
    this.lines.push(
      '  }',
      '  template <typename Port> static void SetWord(Port& port, uint32_t word, uint32_t value) {',
      '    const size_t at = size_t{word} * 4;',
      '    std::memcpy(reinterpret_cast<uint8_t*>(&port) + at, &value, sizeof port - at < 4 ? sizeof port - at : 4);',
      '  }',
    );
  }

  idle(fit: Fit): void {
    const { inputs, output, registers, held } = fit;
    const streams = inputs.flatMap(({ valid, next }) =>
      [valid, ...(next ? [next] : [])].map((signal) => `top.${this.#member(signal)} = 0;`),
    );
    if (output.ready) streams.push(`top.${this.#member(output.ready)} = 0;`);
    const levels = held.flatMap((port) =>
      'level' in port.from
        ? [`Fill(top.${this.#member(port)}, ${port.width ?? 0}, ${port.from.level});`]
        : [],
    );
    this.lines.push(
      '  template <typename Port> static void Fill(Port& port, uint32_t bits, bool level) {',
      '    std::memset(&port, 0, sizeof port);',
      '    for (uint32_t i = 0; level && i < bits; ++i) reinterpret_cast<uint8_t*>(&port)[i / 8] |= 1u << (i % 8);',
      '  }',
      `  static void StreamsIdle(Top& top) { ${streams.join(' ')} }`,
      `  static void InputsIdle(Top& top) { StreamsIdle(top); ${levels.join(' ')}${registers ? ' RegisterIdle(top);' : ''} }`,
    );
  }

  clocks(fit: Fit): void {
    const first = fit.clocks[0];
    if (first) this.accessor('Clock', first, false, '  ');
    const resets = fit.resets.map(
      (reset) => `top.${this.#member(reset)} = ${reset.isActiveLow ? '!on' : 'on'};`,
    );
    // In cycles of the kernel's clock, rounded up.
    const periods = fit.clocks.map(({ ratio: [above, below] }) => Math.ceil(below / above));
    this.lines.push(
      `  static constexpr bool kHasReset = ${fit.resets.length > 0};`,
      `  static constexpr uint32_t kSlowestPeriod = ${Math.max(...periods)};`,
      `  static void SetReset(Top& top, bool on) { (void)top; (void)on; ${resets.join(' ')} }`,
    );
    const steps = fit.clocks.length > 1 ? clockSteps(fit.clocks.map(({ ratio }) => ratio)) : [];
    const list = (of: (step: ClockStep) => number): string =>
      steps.length > 0 ? steps.map(of).join(', ') : '0';
    const sets = fit.clocks.map(
      (clock, i) =>
        `if ((rising >> ${i}) & 1) top.${this.#member(clock)} = 1; if ((falling >> ${i}) & 1) top.${this.#member(clock)} = 0;`,
    );
    this.lines.push(
      `  static constexpr uint32_t kClockSteps = ${steps.length};`,
      `  static constexpr uint32_t kClockRising[] = {${list(({ rising }) => rising)}};`,
      `  static constexpr uint32_t kClockFalling[] = {${list(({ falling }) => falling)}};`,
      `  static constexpr double kClockPhase[] = {${list(({ phase }) => phase)}};`,
      `  static void SetClocks(Top& top, uint32_t rising, uint32_t falling) { ${sets.join(' ')} }`,
    );
  }

  registers(registers: NonNullable<Fit['registers']>): void {
    const { signals } = registers;
    const port = (name: string, signal: RegisterSignal, isConst = false): void =>
      this.accessor(name, signals[signal], isConst, '  ');
    const idle = (['awvalid', 'wvalid', 'bready'] as const).map(
      (signal) => `top.${this.#member(signals[signal])} = 0;`,
    );
    port('RegisterAddress', 'awaddr');
    port('RegisterAddressValid', 'awvalid');
    port('RegisterAddressReady', 'awready', true);
    port('RegisterData', 'wdata');
    port('RegisterDataValid', 'wvalid');
    port('RegisterDataReady', 'wready', true);
    port('RegisterWriteResponse', 'bresp', true);
    port('RegisterWriteResponseValid', 'bvalid', true);
    port('RegisterWriteResponseReady', 'bready');
    this.lines.push(
      `  static void RegisterStrobe(Top& top) { ${signals.wstrb ? `top.${this.#member(signals.wstrb)} = 0xf;` : '(void)top;'} }`,
      `  static void RegisterIdle(Top& top) { ${idle.join(' ')} }`,
    );
  }
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
  member: MemberOf,
  activity: PlannedActivity | null,
): string {
  const { inputs, output, registers } = fit;
  const writer = new HeaderWriter(member);
  writer.lines.push(
    '// Generated from the elaborated design; do not edit.',
    '#pragma once',
    '#include <cstdint>',
    '#include <cstring>',
    '#include <tuple>',
    '#include "handshake.h"',
    '#include "port_bytes.h"',
    `#include "${MODEL_PREFIX}.h"`,
    // The driver reaches into the model for its clock record, and for the bits whose changes it counts.
    `#include "${MODEL_PREFIX}___024root.h"`,
    ...(activity?.hasInstances ? [`#include "${MODEL_PREFIX}__Syms.h"`] : []),
    'namespace rtlift {',
    'struct Design {',
    `  using Top = ${MODEL_PREFIX};`,
    `  static constexpr const char* kName = "${kernelName}";`,
    `  static constexpr const char* kBuildId = "${buildId}";`,
    `  static constexpr bool kHasRegisters = ${registers !== null};`,
    `  static constexpr bool kMayEvaluateOnce = ${mayEvaluateOnce};`,
    `  static constexpr bool kIsPlain = ${fit.isPlain};`,
    `  static constexpr bool kIsSerial = ${fit.isSerial};`,
    `  static constexpr uint64_t kQuietCycles = ${output.quietCycles ?? 0};`,
    `  static constexpr uint32_t kResultBytes = ${output.resultBytes ?? 0};`,
    `  static constexpr uint32_t kInputs = ${inputs.length};`,
    `  static constexpr int64_t kInputBytes[] = {${inputs.map((input) => input.messageBytes ?? -1).join(', ')}};`,
  );
  inputs.forEach((input, i) => {
    writer.input(input, i);
  });
  writer.output(output);
  const sources = inputs.map((_, i) => `Source<Design, Input${i}>(batch)`).join(', ');
  const types = inputs.map((_, i) => `Source<Design, Input${i}>`).join(', ');
  writer.lines.push(
    `  using Inputs = std::tuple<${inputs.map((_, i) => `Input${i}`).join(', ')}>;`,
    '  template <template <typename, typename> class Source, typename Batch>',
    `  static std::tuple<${types}> MakeSources(const Batch& batch) { return {${sources}}; }`,
  );
  if (fit.isPlain) {
    writer.accessor('InData', inputs[0]?.fields[0] as Signal, false, '  ');
    writer.accessor('OutData', output.fields[0] as Signal, true, '  ');
  }
  writer.clocks(fit);
  writer.statics(fit.held);
  writer.idle(fit);
  if (registers) writer.registers(registers);
  const clocks = fit.clocks.map(({ name }) => name);
  writer.lines.push(...activityLines(activity, clocks));
  writer.lines.push('};', '}  // namespace rtlift', '');
  return writer.lines.join('\n');
}
