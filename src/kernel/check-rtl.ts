import type { InputMap, OutputMap, PortMap, StreamMap } from './port-map.js';

/** What a field of a descriptor should have been, and was not. */
export interface Wrong {
  readonly expected: string;
  readonly got: unknown;
}

type Keys<T> = Readonly<Record<keyof T, true>>;

const STREAM: Keys<StreamMap> = {
  prefix: true,
  suffix: true,
  data: true,
  valid: true,
  ready: true,
  keep: true,
  last: true,
  clock: true,
  byteOrder: true,
};
const INPUT: Keys<InputMap> = { ...STREAM, handshake: true, busy: true, next: true };
const OUTPUT: Keys<OutputMap> = {
  ...STREAM,
  handshake: true,
  takes: true,
  afterMessage: true,
  quietCycles: true,
};
const PORTS: Keys<PortMap> = {
  clock: true,
  clocks: true,
  reset: true,
  isResetActiveLow: true,
  input: true,
  inputs: true,
  output: true,
  registers: true,
};
const CHOICES: Readonly<Record<string, readonly unknown[]>> = {
  'input.handshake': ['stream', 'start'],
  'output.handshake': ['stream', 'pulse', 'level'],
  'input.byteOrder': ['little', 'big'],
  'output.byteOrder': ['little', 'big'],
  'output.takes': ['beats', 'last'],
};

function badKeys(where: string, keys: object, value: object): Wrong | null {
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(keys, key)) continue;
    return { expected: `${where} has the keys ${Object.keys(keys).join(', ')}`, got: key };
  }
  return null;
}

function badStream(role: 'input' | 'output', where: string, value: unknown): Wrong | null {
  if (value === undefined || typeof value === 'string') return null;
  if (typeof value !== 'object' || value === null) {
    return { expected: `${where} is a prefix or an object`, got: typeof value };
  }
  const wrong = badKeys(where, role === 'input' ? INPUT : OUTPUT, value);
  if (wrong) return wrong;
  for (const [key, given] of Object.entries(value)) {
    const choices = CHOICES[`${role}.${key}`];
    if (!choices || given === undefined || choices.includes(given)) continue;
    return { expected: `${where}.${key} is ${choices.join(' or ')}`, got: given };
  }
  const { handshake, ready, busy, next, data } = value as InputMap;
  if (busy !== undefined && ready !== undefined) {
    return { expected: `${where} names ready or busy`, got: 'both' };
  }
  if (next !== undefined && handshake !== 'start') {
    return { expected: `${where}.next goes with handshake start`, got: handshake ?? 'stream' };
  }
  if (Array.isArray(data) && data.length === 0) {
    return { expected: `${where}.data names at least one port`, got: 'none' };
  }
  const { quietCycles } = value as OutputMap;
  if (quietCycles !== undefined && !(Number.isSafeInteger(quietCycles) && quietCycles > 0)) {
    return { expected: `${where}.quietCycles is an integer of 1 or more`, got: quietCycles };
  }
  return null;
}

/** What is wrong with a port map; a misspelt key would otherwise be a silent default. */
export function badPortMap(ports: PortMap = {}): Wrong | null {
  const wrong =
    badKeys('rtl.ports', PORTS, ports) ??
    badStream('input', 'rtl.ports.input', ports.input) ??
    badStream('output', 'rtl.ports.output', ports.output);
  if (wrong) return wrong;
  if (ports.input !== undefined && ports.inputs !== undefined) {
    return { expected: 'rtl.ports names input or inputs', got: 'both' };
  }
  for (const [name, input] of Object.entries(ports.inputs ?? {})) {
    const bad = badStream('input', `rtl.ports.inputs.${name}`, input);
    if (bad) return bad;
  }
  for (const [clock, ratio] of Object.entries(ports.clocks ?? {})) {
    if (ratioOf(ratio) === null) {
      return {
        expected: `rtl.ports.clocks.${clock} is a ratio to the clock such as 2, 0.5 or [3, 2], of terms up to 64`,
        got: JSON.stringify(ratio),
      };
    }
  }
  return null;
}

/** A ratio as a fraction of integers 1 to 64, or `null`. */
export function ratioOf(ratio: unknown): readonly [number, number] | null {
  const isTerm = (value: unknown): boolean =>
    Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 64;
  if (Array.isArray(ratio)) {
    return ratio.length === 2 && ratio.every(isTerm) ? [ratio[0], ratio[1]] : null;
  }
  if (typeof ratio !== 'number') return null;
  for (let below = 1; below <= 64; below++) {
    if (isTerm(ratio * below)) return [ratio * below, below];
  }
  return null;
}

// What says how sources are read. Not what names files to write, runs a compiler, or takes arguments from a file.
const FLAGS = [
  /^-W(no-)?(lint|style|[A-Z][A-Z0-9]*)$/,
  /^(-D|\+define\+)[A-Za-z_]\w*(=[\w.'+-]*)?$/,
  /^(-U)[A-Za-z_]\w*$/,
  /^--?bbox-(sys|unsup)$/,
  /^-sv$/,
  /^--?relative-includes$/,
  /^--?(no-)?assert$/,
  /^--?autoflush$/,
  /^\+(1364|1800)-\d{4}ext\+\w+$/,
  /^\+libext\+[\w.+]+$/,
];
const FLAGS_WITH_VALUE: Readonly<Record<string, RegExp>> = {
  '--language': /^(1364|1800)-\d{4}$/,
  '--default-language': /^(1364|1800)-\d{4}$/,
  '--timescale': /^\d+[munpf]?s\/\d+[munpf]?s$/,
  '--unroll-count': /^\d+$/,
  '--unroll-stmts': /^\d+$/,
  '--converge-limit': /^\d+$/,
  '-y': /^\//,
};

/** An argument to Verilator that a descriptor may not give. */
export function badVerilatorFlag(flags: readonly string[] = []): Wrong | null {
  for (let i = 0; i < flags.length; i++) {
    const flag = flags[i] as string;
    if (typeof flag === 'string' && FLAGS.some((known) => known.test(flag))) continue;
    const value = Object.hasOwn(FLAGS_WITH_VALUE, flag) ? FLAGS_WITH_VALUE[flag] : undefined;
    if (value?.test(flags[i + 1] ?? '')) {
      i++;
      continue;
    }
    return {
      expected: `rtl.verilatorFlags are such as say how sources are read (-Wno-..., -D..., --bbox-unsup, -sv, --language, --timescale, --unroll-count, -y)`,
      got: value ? `${flag} ${flags[i + 1] ?? 'without a value'}` : flag,
    };
  }
  return null;
}

/** A static port whose value is not one. */
export function badStatic(statics: Readonly<Record<string, unknown>>): Wrong | null {
  for (const [port, value] of Object.entries(statics)) {
    const isInteger =
      (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) ||
      (typeof value === 'bigint' && value >= 0n);
    if (isInteger || value instanceof Uint8Array) continue;
    return { expected: `statics.${port} is an integer of 0 or more, or bytes`, got: String(value) };
  }
  return null;
}
