import type { Device } from '../devices/device.js';
import type { Link } from '../devices/link.js';
import { larger, rangeOf } from '../devices/range.js';
import { estimate } from '../figure.js';
import type { RightSize } from './advice.js';
import { areaOf } from './area.js';
import type { CyclesModel } from './cycles/model.js';
import { BatchCycles, type Ground, largeBatch, projectBatch } from './workload.js';

const LANES = [1, 2, 4, 8, 16, 32, 64] as const;
/** A link that waits for the kernel one part in fifty is as good as busy. */
const SLACK = 1.02;

/** A size that a kernel could have. */
interface Size {
  readonly parameter: 'LANES' | 'DATA_BYTES';
  readonly value: number;
  readonly model: CyclesModel;
}

/** Sizes of a kernel, smallest first: by its lanes, else by the width of its stream. */
export function sizesOf(cycles: CyclesModel): Size[] {
  const lanes = LANES.flatMap((value) => {
    const model = cycles.withLanes(value);
    return model === null ? [] : [{ parameter: 'LANES' as const, value, model }];
  });
  const widths = cycles.widths().map(({ bytes, model }) => ({
    parameter: 'DATA_BYTES' as const,
    value: bytes,
    model,
  }));
  return [...lanes, ...widths];
}

/**
 * The area-smallest number of lanes, or width of the stream, with which the link, and not the kernel, is the limit; `null` for a
 * kernel of one size.
 */
export function rightSizeOf(
  ground: Ground,
  { device, link }: { readonly device: Device; readonly link: Link },
): RightSize | null {
  const { subject, sizes } = ground;
  const batch = largeBatch(ground.sizes.reduce((most, { bytes }) => Math.max(most, bytes), 1));
  let last: RightSize | null = null;
  for (const { parameter, value: size, model } of sizesOf(ground.cycles)) {
    const kernel = {
      ...subject.kernel,
      rtl: {
        ...subject.kernel.rtl,
        parameters: { ...subject.kernel.rtl.parameters, [parameter]: size },
      },
    };
    const area = areaOf(kernel, device);
    const resized: Ground = { ...ground, cycles: model, subject: { ...subject, kernel } };
    const cycles = new BatchCycles(model, sizes);
    const { time } = projectBatch(resized, cycles, device, link, area, batch);
    const moved = larger(rangeOf(time.linkInNs), rangeOf(time.linkOutNs)).value;
    const saturates = time.kernelNs.value <= moved * SLACK;
    const each = cycles.of(batch);
    const { low, value, high } = area.spread;
    const lut = area.cells?.lut ?? null;
    last = {
      parameter,
      value: size,
      cyclesPerMessage: estimate(
        each.value / batch,
        each.low / batch,
        each.high / batch,
        'cycles',
        model.provenance,
      ),
      saturates,
      lut:
        lut === null
          ? null
          : estimate(
              lut * value,
              lut * low,
              lut * high,
              'LUT',
              value === low && value === high ? 'synthesised' : 'modelled',
            ),
      note: `${area.basis}; ${saturates ? `keeps up with ${link.id}` : `even ${parameter} ${size} holds ${link.id} back`}`,
    };
    if (saturates) return last;
  }
  return last;
}
