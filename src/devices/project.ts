import { RtliftError } from '../errors.js';
import type { Figure } from '../figure.js';
import { chooseClock } from './clock.js';
import type { Device } from './device.js';
import { linkEnergyNj, linkRange } from './link.js';
import { type Activity, type Cells, checkCells, cycleEnergy } from './power.js';
import { usdPerBillionMessages } from './price.js';
import type { Projection, ProjectionInput } from './projection.js';
import {
  atMost,
  checkFigure,
  checkNumber,
  exactly,
  over,
  type Range,
  scale,
  sum,
  times,
  toFigure,
  ZERO,
} from './range.js';
import { type Part, steadyState, waitsOf } from './waits.js';

export type { Bound, Projection, ProjectionInput, Workload } from './projection.js';

/** Toggles a bit and cycle where nobody counted them: Vivado assumes 12.5 %, random data give 50 %. */
const ASSUMED_ACTIVITY: Range = { low: 0.125, value: 0.25, high: 0.5 };
/** Share of a device that a kernel takes which nobody synthesised. */
const ASSUMED_SHARE: Range = { low: 0.005, value: 0.05, high: 0.5 };
/** Share of cycles in which memories and DSP blocks work. */
const ASSUMED_DUTY: Range = { low: 0.25, value: 0.5, high: 1 };

/** Cells in ranges: exact from synthesis, else a share of the device. */
function cellsOf(area: Cells | null, { resources }: Device): { [name in keyof Cells]: Range } {
  if (area) {
    const { lut, ff, carry, bram, dsp, srl } = checkCells(area);
    return {
      lut: exactly(lut),
      ff: exactly(ff),
      carry: exactly(carry),
      bram: exactly(bram),
      dsp: exactly(dsp),
      srl: exactly(srl),
    };
  }
  const lut = scale(ASSUMED_SHARE, resources.lut);
  const ff = scale(ASSUMED_SHARE, resources.ff);
  return { lut, ff, carry: ZERO, bram: ZERO, dsp: ZERO, srl: ZERO };
}

/**
 * Projects a batch on a device: link and kernel time, what bounds it, watts, joules and price.
 *
 * Idle, shell and clock watts are charged for the whole time of a batch, so that a half-idle device looks as costly as
 * it is. The energy of the work depends on the cycles alone. Bounds are worst cases: every part at its best, or worst.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for a count or figure out of its range.
 */
export function project(input: ProjectionInput): Projection {
  const { device, workload, area, fmax, activity = null } = input;
  const link = input.link ?? device.links[0];
  const { messages, bytesIn, bytesOut } = workload;
  const cycles = checkNumber('cycles', workload.cycles);
  const stallCycles = checkNumber('stallCycles', workload.stallCycles ?? 0);
  if (stallCycles > cycles) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `stallCycles are part of cycles, so at most ${cycles}, got ${stallCycles}`,
      { arg: 'stallCycles', got: stallCycles, limit: cycles },
    );
  }
  const { mhz, note } = chooseClock(device, fmax);
  const notes = [note];

  const moved = linkRange(link, { bytesIn, bytesOut, messages });
  const packing = workload.hostNsPerBatch
    ? checkFigure('hostNsPerBatch', workload.hostNsPerBatch)
    : ZERO;
  if (!workload.hostNsPerBatch) notes.push('host time of packing and unpacking not counted');
  const driver = link.isHostDriven ? ZERO : sum(moved.in.hostCpu, moved.out.hostCpu);
  const host = sum(packing, driver);
  const kernel = over(exactly(cycles * 1000), mhz);
  const stall = over(exactly(stallCycles * 1000), mhz);

  const hostPart: Part = { bound: 'host', time: host };
  const inPart: Part = { bound: 'link in', time: moved.in.period };
  const outPart: Part = { bound: 'link out', time: moved.out.period };
  const kernelPart: Part = { bound: 'kernel', time: kernel };
  const turns = link.isHostDriven
    ? [[hostPart, inPart, outPart], [kernelPart]]
    : link.isDuplex
      ? [[hostPart], [inPart], [outPart], [kernelPart]]
      : [[hostPart], [inPart, outPart], [kernelPart]];
  const before = sum(packing, moved.in.hostBefore, moved.out.hostBefore);
  const latency = sum(before, moved.in.latency, kernel, moved.out.latency);
  const alone: Part[] = [
    { bound: 'host', time: before },
    { bound: 'link in', time: moved.in.latency },
    kernelPart,
    { bound: 'link out', time: moved.out.latency },
  ];
  const state = link.overlaps ? steadyState(turns, true) : steadyState([alone], false);
  const { total: steady, bound } = state;
  const waits = waitsOf(state, kernel);
  if (!(steady.low > 0)) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      'a workload must take time: cycles, bytesIn or bytesOut must be above 0',
      { arg: 'workload', got: workload },
    );
  }

  const { power } = device;
  const cells = cellsOf(area, device);
  if (!area) notes.push('area not synthesised: 0.5 % to 50 % of the device assumed');
  const toggles = activityOf(activity);
  if (!activity) notes.push('activity not counted: 0.125 to 0.5 toggles a bit and cycle assumed');
  const energy = cycleEnergy(power.coefficients, cells, { ...toggles, duty: ASSUMED_DUTY });
  const staticWatts = checkFigure('power.static', power.static);
  const shellWatts = checkFigure('power.shell', power.shell);
  const clockWatts = scale(times(energy.clockPj, mhz), 1e-6);
  const linkWatts = over(linkEnergyNj(link, steady), steady);
  const workNj = scale(energy.workPj, (cycles - stallCycles) / 1000);
  const hostBusy = link.isHostDriven ? sum(host, moved.in.occupancy, moved.out.occupancy) : host;
  const coreWatts = input.hostCoreWatts ? checkFigure('hostCoreWatts', input.hostCoreWatts) : ZERO;
  if (!input.hostCoreWatts) notes.push('energy of the host not counted');
  const hostNj = times(coreWatts, hostBusy);
  const idleNj = times(sum(staticWatts, shellWatts, clockWatts), steady);
  const totalNj = sum(idleNj, linkEnergyNj(link, steady), workNj, hostNj);
  const dynamicWatts = over(workNj, steady);
  // A core is busy for no more than all of the time, whatever the bounds of its parts.
  const hostWatts = times(coreWatts, atMost(over(hostBusy, steady), 1));

  const joules = scale(totalNj, 1e-9 / messages);
  const messagesPerSecond = toFigure(over(exactly(messages * 1e9), steady), '1/s');
  const ns = (range: Range): Figure => toFigure(range, 'ns');
  const watts = (range: Range): Figure => toFigure(range, 'W');
  return {
    device: device.id,
    link: link.id,
    clock: toFigure(mhz, 'MHz', fmax ? 'modelled' : 'assumed'),
    time: {
      hostNs: ns(host),
      linkInNs: ns(moved.in.occupancy),
      kernelNs: ns(kernel),
      stallNs: ns(stall),
      waitNs: ns(waits.all),
      waitsFor: {
        host: ns(waits.host),
        linkIn: ns(waits.linkIn),
        linkOut: ns(waits.linkOut),
      },
      linkOutNs: ns(moved.out.occupancy),
      totalNs: ns(steady),
      latencyNs: ns(latency),
    },
    bound,
    utilisation: toFigure(atMost(over(kernel, steady), 1), '1'),
    messagesPerSecond,
    bytesPerSecond: toFigure(over(exactly(bytesIn * 1e9), steady), 'B/s'),
    watts: {
      static: watts(staticWatts),
      shell: watts(shellWatts),
      clock: watts(clockWatts),
      dynamic: watts(dynamicWatts),
      link: watts(linkWatts),
      host: watts(hostWatts),
      total: watts(sum(staticWatts, shellWatts, clockWatts, dynamicWatts, linkWatts, hostWatts)),
    },
    joulesPerMessage: toFigure(joules, 'J'),
    hostJoulesPerMessage: toFigure(scale(hostNj, 1e-9 / messages), 'J'),
    messagesPerJoule: toFigure(over(exactly(1), joules), '1/J'),
    usdPerBillion: device.price ? usdPerBillionMessages(device.price, messagesPerSecond) : null,
    notes,
  };
}

/** Times the activity of the registers, where no net was counted: 0.82 in one kernel mapped to gates, with what that may be off. */
const UNCOUNTED_NETS: Range = { low: 0.6, value: 1, high: 1.25 };

function activityOf(activity: Activity | null): { register: Range; net: Range } {
  if (!activity) return { register: ASSUMED_ACTIVITY, net: ASSUMED_ACTIVITY };
  const register = exactly(checkNumber('activity.register', activity.register));
  if (activity.net === undefined) return { register, net: times(register, UNCOUNTED_NETS) };
  const counted = checkNumber('activity.net', activity.net);
  const { value } = register;
  return {
    register,
    net: { low: Math.min(value, counted), value, high: Math.max(value, counted) },
  };
}
