import { RtliftError } from '../errors.js';
import type { Kernel } from '../kernel/define-kernel.js';
import type { StaticValue } from '../kernel/port-map.js';
import type { Fit } from '../toolchain/fit.js';
import { badStaticSize } from '../toolchain/fit-held.js';

type Settings = Pick<Kernel<unknown, unknown>, 'name' | 'registers' | 'statics'>;

/** An address that the port cannot carry would silently reach another register. */
export function checkRegisters({ name, registers }: Settings, fit: Fit): void {
  if (registers === null || fit.registers === null) return;
  const limit = 2 ** fit.registers.addressBits;
  const writes = registers();
  for (let i = 0; i < writes.length; i += 2) {
    const address = writes[i] as number;
    if (address < limit && address % 4 === 0) continue;
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `kernel ${name}: register write ${i / 2} needs an address below ${limit}, a multiple of 4, got ${address}`,
      { kernel: name, limit, got: address },
    );
  }
}

/** A library serves every value of its static ports, so one of the cache may be of a kernel whose values were smaller. */
export function checkStatics({ name, statics }: Settings, { held }: Fit): void {
  for (const { name: port, width } of held) {
    const value = Object.hasOwn(statics, port) ? statics[port] : undefined;
    const wrong = value === undefined || width === null ? null : badStaticSize(value, width);
    if (wrong === null) continue;
    throw new RtliftError(
      'ERR_RTLIFT_DESCRIPTOR_MISMATCH',
      `kernel ${name}: the descriptor expects ${port} of ${wrong} for its value; the module has ${port} of ${width} bits`,
      { kernel: name, port },
    );
  }
}

/** A setting that is a port as 32-bit words, lowest first. */
function wordsOf(value: StaticValue, width: number): number[] {
  const words = new Array<number>(Math.ceil(width / 32)).fill(0);
  if (value instanceof Uint8Array) {
    value.forEach((byte, i) => {
      words[i >> 2] = ((words[i >> 2] ?? 0) | (byte << (8 * (i & 3)))) >>> 0;
    });
    return words;
  }
  const number = BigInt(value);
  return words.map((_, i) => Number((number >> BigInt(32 * i)) & 0xffffffffn));
}

/** All settings of a kernel as (address, data) pairs for its model, or `null` where it has none; see kernel_abi.h. */
export function settingsOf(
  { registers, statics }: Settings,
  { held }: Pick<Fit, 'held'>,
): Uint32Array | null {
  const pairs: number[] = [];
  for (const port of held) {
    const value = Object.hasOwn(statics, port.name) ? statics[port.name] : undefined;
    if (!('word' in port.from) || port.width === null || value === undefined) continue;
    const first = port.from.word;
    wordsOf(value, port.width).forEach((word, i) => {
      pairs.push(4 * (first + i) + 1, word);
    });
  }
  if (registers === null && pairs.length === 0) return null;
  const writes = registers?.() ?? [];
  return Uint32Array.from([...pairs, ...writes]);
}
