import { breakEven } from '../../devices/break-even.js';
import { deviceById } from '../../devices/catalogue.js';
import type { Device } from '../../devices/device.js';
import type { Link } from '../../devices/link.js';
import type { Cells } from '../../devices/power.js';
import { type Bound, type ProjectionInput, project } from '../../devices/project.js';
import type { Figure } from '../../figure.js';
import type { CostModel } from './cost-model.js';

/** A card that is not there: what would be chosen if it were. */
export interface DeviceQuestion {
  /** One of the catalogue by its id, or read from a device file. */
  readonly device: string | Device;
  /** Default: the first link of the device. */
  readonly link?: Link;
  /** Of the kernel on this device, MHz, from `rtlift synth`; without it the range of unsynthesised kernels. */
  readonly fmax?: Figure;
  readonly area?: Cells;
}

/** Modelled device time beside measured host time: the same batch, two clocks, never added. */
export interface DeviceChoice {
  readonly device: string;
  readonly link: string;
  /** What would run the batch: the device, or JavaScript here; `null` where the kernel's cycles are not known. */
  readonly choice: 'device' | 'javascript' | null;
  /** From handing the batch to the card to its last result, ns, modelled. */
  readonly deviceTime: Figure | null;
  /** Host time of the batch on JavaScript, ns. */
  readonly hostTime: Figure | null;
  /** What takes the longest on the way through the card. */
  readonly bound: Bound | null;
  /** Messages a batch from which the card is the faster one at this message size; `null`: never. */
  readonly flipsAt: number | null;
  /** The same in words. */
  readonly reason: string;
}

/** What is known of a batch and of the kernel's work on it. */
export interface DeviceLoad {
  readonly messages: number;
  readonly bytes: number;
  readonly resultBytes: number;
  /** Cycles of a batch, learnt from the simulation. */
  readonly cycles: CostModel;
  /** Host time of the batch on JavaScript, ns; `null` where nobody timed it. */
  readonly hostTime: Figure | null;
}

/**
 * Says what would be chosen with a card, for a caller that waits for each batch.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for a device that is not in the catalogue.
 */
export function explainDevice(question: DeviceQuestion, load: DeviceLoad): DeviceChoice {
  const device =
    typeof question.device === 'string' ? deviceById(question.device) : question.device;
  const link = question.link ?? device.links[0];
  const names = { device: device.name, link: link.name };
  const { messages, bytes, cycles, hostTime } = load;
  if (cycles.observations === 0 || messages === 0 || hostTime === null) {
    const missing =
      hostTime === null
        ? 'the javascript path is not timed where another one was named'
        : "no batch has run on the verilator path yet, so the kernel's cycles were not counted";
    const reason = `nothing can be said of ${device.name}: ${missing}`;
    const unknown = { choice: null, deviceTime: null, hostTime: null, bound: null, flipsAt: null };
    return { ...names, ...unknown, reason };
  }
  const input: ProjectionInput = {
    device,
    link,
    workload: {
      messages,
      bytesIn: bytes,
      bytesOut: messages * load.resultBytes,
      cycles: Math.max(1, cycles.predict(messages, bytes)),
    },
    area: question.area ?? null,
    fmax: question.fmax ?? null,
  };
  const { time, bound } = project(input);
  const { unit, provenance } = hostTime;
  const rivalNs = { value: hostTime.value / messages, unit, provenance };
  const { batch, why } = breakEven({
    ...input,
    rivalNs,
    fixedCycles: Math.min(cycles.predict(0, 0), input.workload.cycles),
    measure: 'latency',
  });
  const choice = time.latencyNs.value < hostTime.value ? 'device' : 'javascript';
  const us = (ns: number): string => `${(ns / 1000).toFixed(1)} us`;
  const range = `${us(time.latencyNs.low ?? 0)} to ${us(time.latencyNs.high ?? 0)}`;
  const winner = choice === 'device' ? device.name : 'javascript';
  return {
    ...names,
    choice,
    deviceTime: time.latencyNs,
    hostTime,
    bound,
    flipsAt: batch,
    reason: `${winner}: ${us(time.latencyNs.value)} (${range}, modelled) on ${device.name} through ${link.name}, bound by the ${bound}, against ${us(hostTime.value)} of host time on javascript; ${why}`,
  };
}
