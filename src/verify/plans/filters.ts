import { defineKernel } from '../../kernel/define-kernel.js';
import { classify } from '../../kernels/classify.js';
import { type AnyPlan, planOf } from '../plan.js';
import type { Random } from '../random.js';
import { recordFilterPlan } from './record-filter.js';

const floorOf = (folder: string): URL =>
  new URL(`../../../hdl/${folder}/coverage.json`, import.meta.url);

/** Text of tokens of every kind and length, between every kind of separator. */
function makeText(random: Random): Uint8Array {
  const parts: string[] = [];
  for (let i = random.below(14); i > 0; i--) {
    const letters = random.pick(['abcxyz', 'ABCXYZ', '0189', 'aZ9', 'azAZ09']);
    const size = random.pick([1, 2, 3, 5, 7, 8, 9, 14, 15, 16, 17, 31, 33]);
    for (let n = size; n > 0; n--) parts.push(letters[random.below(letters.length)] as string);
    // Neighbours of the letters and digits among them.
    parts.push(random.pick([' ', '/', ':', '@', '[', '`', '{', '\n', '\0', '\xc1', '  ']));
  }
  if (random.below(2) === 0) parts.pop();
  return Uint8Array.from(Buffer.from(parts.join(''), 'latin1'));
}

type Classify = ReturnType<typeof classify>;

// hdl/classify/README.md, "Registers".
const BIAS = 0x10;
const POINTER = 0x18;

/** The kernel with the second half of its weights written first, and with BIAS written amid them. */
function inHalves(kernel: Classify): Classify {
  const writes = [...(kernel.registers?.() ?? [])];
  const at = writes.findIndex((word, i) => i % 2 === 0 && word === POINTER);
  const settings = writes.slice(0, at);
  const weights = writes.slice(at + 2);
  // Pairs of a register and a word of four weights.
  const half = weights.length / 2;
  const bias = settings.findIndex((word, i) => i % 2 === 0 && word === BIAS);
  const registers = () =>
    Uint32Array.from([
      ...settings,
      ...[POINTER, 2 * half],
      ...weights.slice(half, half + 8),
      ...settings.slice(bias, bias + 2),
      ...weights.slice(half + 8),
      ...[POINTER, 0],
      ...weights.slice(0, half),
    ]);
  return defineKernel({ ...kernel, registers });
}

function classifyPlan(bytesPerCycle: 8 | 16, tableSize: number): AnyPlan {
  const table = (of: (i: number) => number): Int8Array =>
    Int8Array.from({ length: tableSize }, (_, i) => of(i));
  const values = (of: (i: number) => number): Int8Array =>
    Int8Array.from({ length: 16 }, (_, i) => of(i));
  const settings = [
    {
      weights: table((i) => (i * 73) & 0xff),
      values: values((i) => 3 * i - 20),
      bias: -77,
      threshold: 100,
    },
    {
      weights: table((i) => (i % 2 === 0 ? 127 : -128)),
      values: values(() => -128),
      // A token or two away from what 32 bits hold.
      bias: 0x7fff_c000,
      threshold: 0x7fff_ffff,
    },
    {
      weights: table((i) => ((i * i) >> 3) & 0xff),
      values: values((i) => (i % 3) - 1),
      // The bits that the first one has not.
      bias: 76,
      threshold: -3,
    },
    {
      weights: table((i) => ~(i * 73) & 0xff),
      values: values((i) => ~(3 * i - 20)),
      bias: -5,
      threshold: 99,
    },
  ];
  const kernels = settings.map((each) => classify({ ...each, bytesPerCycle }));
  return planOf([...kernels, ...kernels.slice(0, 2).map(inHalves)], {
    inputs: makeText,
    floor: floorOf('classify'),
  });
}

export const FILTER_PLANS: Readonly<Record<string, () => AnyPlan>> = {
  recordFilter: () => recordFilterPlan(floorOf('record_filter')),
  classify: () => classifyPlan(8, 256),
  // A table whose size does not divide the hash into halves.
  'classify-16': () => classifyPlan(16, 512),
};
