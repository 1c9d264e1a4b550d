import type { Kernel } from '../kernel/define-kernel.js';
import { classify } from '../kernels/classify.js';
import { crc } from '../kernels/crc.js';
import { literalMatch } from '../kernels/literal-match.js';
import { recordFilter } from '../kernels/record-filter.js';
import { sha1 } from '../kernels/sha1.js';
import { sha256 } from '../kernels/sha256.js';
import { siphash } from '../kernels/siphash.js';
import type { SynthesisDevice } from '../synthesis/row.js';
import { ADD_ORDER_FILTER } from './rivals/record-filter.js';

/** One parameter set of a built-in kernel, and the devices of which its `synthesis.json` keeps a row. */
export interface SynthesisDesign {
  /** Folder of hdl/ that holds `synthesis.json`. */
  readonly folder: string;
  /** How the README names it. */
  readonly call: string;
  readonly kernel: Pick<Kernel<never, unknown>, 'name' | 'rtl'>;
  readonly devices: readonly SynthesisDevice[];
  /** Parameters that the RTL takes and no descriptor asks for. */
  readonly isRtlOnly?: true;
}

const ALL: readonly SynthesisDevice[] = ['ice40-hx8k', 'ice40-up5k', 'ecp5-85k', 'xcvu47p'];
const ICE40: readonly SynthesisDevice[] = ['ice40-hx8k', 'ice40-up5k'];

/** Neither key nor patterns nor weights reach the RTL: they are settings. */
const KEY = new Uint8Array(16);
const words = (count: number, bytes: number): string[] => new Array(count).fill('x'.repeat(bytes));

function withParameters(
  kernel: SynthesisDesign['kernel'],
  parameters: Readonly<Record<string, number>>,
): SynthesisDesign['kernel'] {
  const { name, rtl } = kernel;
  return { name, rtl: { ...rtl, parameters: { ...rtl.parameters, ...parameters } } };
}

/**
 * The built-in kernels with their default parameters, the first of each name, and with smaller ones where
 * the defaults are too large for an iCE40.
 */
export const SYNTHESIS_DESIGNS: readonly SynthesisDesign[] = [
  { folder: 'sha256', call: 'sha256()', kernel: sha256(), devices: ALL },
  {
    folder: 'sha256',
    call: "sha256({ architecture: 'pipelined' })",
    kernel: sha256({ architecture: 'pipelined' }),
    devices: ALL,
  },
  {
    folder: 'sha256',
    call: 'sha256({ lanes: 1, fifoBlocks: 2 })',
    kernel: sha256({ lanes: 1, fifoBlocks: 2 }),
    devices: ['ice40-hx8k'],
  },
  { folder: 'sha1', call: 'sha1()', kernel: sha1(), devices: ALL },
  {
    folder: 'sha1',
    call: 'sha1({ lanes: 1, fifoBlocks: 2 })',
    kernel: sha1({ lanes: 1, fifoBlocks: 2 }),
    devices: ICE40,
  },
  { folder: 'crc', call: "crc('crc-32')", kernel: crc('crc-32'), devices: ALL },
  {
    folder: 'crc',
    call: "crc('crc-16/ccitt-false')",
    kernel: crc('crc-16/ccitt-false'),
    devices: ICE40,
  },
  { folder: 'siphash', call: 'siphash(key)', kernel: siphash(KEY), devices: ALL },
  {
    folder: 'siphash',
    call: 'siphash(key, { lanes: 1, fifoDepth: 16 })',
    kernel: siphash(KEY, { lanes: 1, fifoDepth: 16 }),
    devices: ICE40,
  },
  {
    folder: 'record_filter',
    call: 'recordFilter({ fields, rules })',
    kernel: recordFilter(ADD_ORDER_FILTER),
    devices: ALL,
  },
  {
    folder: 'record_filter',
    call: 'recordFilter({ fields, rules })',
    kernel: recordFilter({
      recordBytes: 8,
      fields: { a: { offset: 0, bytes: 4 } },
      rules: [{ field: 'a', is: '<', value: 1 }],
    }),
    devices: ICE40,
  },
  {
    // The least that the RTL takes; the function gives no fewer than 4 fields and 16 comparators.
    folder: 'record_filter',
    call: 'recordFilter({ fields, rules })',
    kernel: withParameters(recordFilter(ADD_ORDER_FILTER), {
      RECORD_BYTES: 8,
      FIELDS: 2,
      COMPARATORS: 8,
      TERMS: 8,
    }),
    devices: ['ice40-hx8k'],
    isRtlOnly: true,
  },
  { folder: 'classify', call: 'classify()', kernel: classify(), devices: ALL },
  {
    folder: 'classify',
    call: 'classify({ weights })',
    kernel: classify({ weights: new Int8Array(256) }),
    devices: ICE40,
  },
  {
    folder: 'literal_match',
    call: 'literalMatch(patterns)',
    kernel: literalMatch(words(256, 16)),
    devices: ALL,
  },
  {
    // The smallest that the function gives; its tables are still twice the block RAM of an HX8K.
    folder: 'literal_match',
    call: 'literalMatch(patterns)',
    kernel: literalMatch(words(32, 4)),
    devices: ICE40,
  },
  {
    // What would fit: patterns of one byte, RTL that no descriptor asks for. Two bytes take 34 blocks of RAM.
    folder: 'literal_match',
    call: 'literalMatch(patterns)',
    kernel: withParameters(literalMatch(words(32, 4)), { PATTERN_BYTES: 1 }),
    devices: ['ice40-hx8k'],
    isRtlOnly: true,
  },
];
