import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Cells } from '../../devices/power.js';
import type { SuiteReport } from '../../report/suite-report.js';
import { readSynthesis } from '../../synthesis/results.js';
import type { AnyPlan } from '../../verify/plan.js';

export type SynthesisRow = SuiteReport['synthesis'][number];

type Kernel = Pick<AnyPlan['kernel'], 'name' | 'rtl'>;

/**
 * What was synthesised of a kernel: the rows of `synthesis.json` beside its first source whose parameters are those of
 * this kernel. A parameter that a row does not name may have any value.
 * @returns none where nobody synthesised it.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for a `synthesis.json` that is none.
 */
export function synthesisOf({ name, rtl }: Kernel): SynthesisRow[] {
  const [source] = rtl.sources;
  if (source === undefined) return [];
  return readRows(join(dirname(source), 'synthesis.json'))
    .filter(({ kernel }) => kernel === name || kernel === rtl.top)
    .filter(({ parameters }) =>
      Object.entries(parameters).every(
        ([key, value]) =>
          rtl.parameters[key] === undefined || `${rtl.parameters[key]}` === `${value}`,
      ),
    )
    .map(({ kernel, parameters, device, fits, reason, cells, fmax }) => ({
      kernel,
      parameters,
      device,
      fits,
      ...(reason === undefined ? {} : { reason }),
      cells,
      fmax,
    }));
}

/** @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for a file that is there and is not what synthesis writes. */
function readRows(file: string): readonly SynthesisRow[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  // The schema of the report lets Zod's record be written to, the row of synthesis does not.
  return readSynthesis(text, file).rows as unknown as readonly SynthesisRow[];
}

/** Cells as the models of power count them. */
export function cellsOf({ cells, device }: SynthesisRow): Cells | null {
  if (cells === null) return null;
  const of = (name: string): number => cells[name] ?? 0;
  return {
    // A LUT that holds a memory is one all the same, and on ECP5 the sum of a carry bit (CCU2C) takes one.
    lut: of('lut') + of('lutRam') + (device.startsWith('ecp5') ? of('carry') : 0),
    ff: of('ff'),
    carry: of('carry'),
    bram: of('bram'),
    dsp: of('dsp'),
    srl: of('srl'),
  };
}
