import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Cells } from '../../devices/power.js';
import type { SuiteReport } from '../../report/suite-report.js';
import type { AnyPlan } from '../../verify/plan.js';

export type SynthesisRow = SuiteReport['synthesis'][number];

type Kernel = Pick<AnyPlan['kernel'], 'name' | 'rtl'>;

/**
 * What was synthesised of a kernel: the rows of `synthesis.json` beside its first source whose parameters are those of
 * this kernel. A parameter that a row does not name may have any value.
 * @returns none where nobody synthesised it.
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

function readRows(file: string): readonly SynthesisRow[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  const data = JSON.parse(text) as { schema?: string; rows?: readonly SynthesisRow[] };
  return data.schema === 'rtlift-synthesis-1' ? (data.rows ?? []) : [];
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
