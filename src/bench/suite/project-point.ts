import type { CpuProfile } from '../../devices/cpu-profiles.js';
import type { Device } from '../../devices/device.js';
import type { Link } from '../../devices/link.js';
import { type ProjectionInput, project } from '../../devices/project.js';
import { type Figure, figure } from '../../figure.js';
import { scaled } from '../../report/format.js';
import type { Projection } from '../../report/suite-report.js';
import { type OnDevice, onDevice } from './on-device.js';
import type { PointResult, PointWorkload } from './point.js';
import type { SynthesisRow } from './synthesis.js';

/** What of the machine and of a kernel's synthesis every projection of it needs. */
export interface Ground {
  readonly profile: CpuProfile;
  readonly synthesis: readonly SynthesisRow[];
}

/** A point of which the kernel was simulated. */
export type SimulatedPoint = PointResult & { readonly workload: PointWorkload };

export function isSimulated(point: PointResult): point is SimulatedPoint {
  return point.workload !== null;
}

/** What {@link project} takes of a point. */
export function projectionInput(
  { batch, workload }: SimulatedPoint,
  device: Device,
  link: Link,
  { area, fmax }: Pick<OnDevice, 'area' | 'fmax'>,
  { profile }: Ground,
): ProjectionInput {
  const { bytesIn, bytesOut, cycles, stallCycles, hostNsPerBatch } = workload;
  const { registerActivity, netActivity } = workload;
  return {
    device,
    link,
    workload: { messages: batch, bytesIn, bytesOut, cycles, stallCycles, hostNsPerBatch },
    area,
    fmax,
    activity:
      registerActivity === null
        ? null
        : { register: registerActivity, ...(netActivity === null ? {} : { net: netActivity }) },
    hostCoreWatts: profile.coreWatts,
  };
}

/** Projects a simulated point on a device, through each of its links. */
export function projectPoint(point: SimulatedPoint, device: Device, ground: Ground): Projection[] {
  const { operation, size, batch } = point;
  const there = onDevice(device, ground.synthesis);
  return device.links.map((link) => {
    const place = { operation, size, batch, device: device.id, link: link.id };
    if (there.fits === false) {
      return { ...place, fits: false, reason: there.reason ?? '', figures: null };
    }
    const projection = project(projectionInput(point, device, link, there, ground));
    const { clock, time, bound, watts, joulesPerMessage, hostJoulesPerMessage, usdPerBillion } =
      projection;
    const messagesPerSecond = scaled(projection.messagesPerSecond, 1, 'messages/s');
    return {
      ...place,
      fits: there.fits,
      reason: [there.reason, there.note, ...projection.notes]
        .filter((text) => text !== null)
        .join('; '),
      figures: {
        clock,
        time: {
          host: time.hostNs,
          linkIn: time.linkInNs,
          kernel: time.kernelNs,
          stall: time.stallNs,
          linkOut: time.linkOutNs,
          waits: time.waitsFor,
          total: time.totalNs,
          latency: time.latencyNs,
        },
        bound,
        messagesPerSecond,
        // The payload alone: a length sent with each message is no use to a caller.
        bytesPerSecond: payloadRate(messagesPerSecond, size.bytes),
        watts: watts.total,
        hostWatts: watts.host,
        joulesPerMessage,
        hostJoulesPerMessage,
        messagesPerJoule: scaled(projection.messagesPerJoule, 1, 'messages/J'),
        usdPerBillion,
      },
    };
  });
}

const payloadRate = (messagesPerSecond: Figure, bytes: number): Figure =>
  bytes === 0 ? figure(0, 'B/s', 'modelled') : scaled(messagesPerSecond, bytes, 'B/s');
