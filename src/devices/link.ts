import type { Figure } from '../figure.js';
import {
  checkFigure,
  checkNumber,
  exactly,
  larger,
  over,
  type Range,
  scale,
  sum,
  times,
  toFigure,
} from './range.js';

/** One direction of a link. */
export interface LinkDirection {
  /** From the request to the first byte at the other end, ns; hidden behind other batches in flight. */
  readonly t0Ns: Figure;
  /** Payload at full rate, B/s. */
  readonly bytesPerSecond: Figure;
  /** Time that a transfer, or descriptor, holds the link beside its bytes, ns; nothing hides it. */
  readonly perTransferNs: Figure;
  /** Time that each message holds the link beside its bytes, ns: a doorbell, a descriptor of its own. */
  readonly perMessageNs: Figure;
  /** The least that moves: one dword of a register read, one beat of a burst. */
  readonly leastBytes: number;
  /** Bytes of one transfer; a larger batch takes several. `null`: a batch is one transfer. */
  readonly transferBytes: number | null;
  /** CPU time of the host for a byte, ns, where a copy or a driver touches it. */
  readonly hostCpuNsPerByte: Figure;
  /** Whether that is the time in which a core puts the bytes on the link itself, and none beside it; default false. */
  readonly isHostMoved?: boolean;
}

/** How a batch reaches a device and its results come back. */
export interface Link {
  /** `mmio`, `pcim`, `sde`, `sde-16k`, `xdma`, `xdma4`, `usb`, `spi`, or what a device file names it. */
  readonly id: string;
  readonly name: string;
  readonly in: LinkDirection;
  readonly out: LinkDirection;
  /** Whether the kernel works while a later batch comes in and an earlier one goes out. */
  readonly overlaps: boolean;
  /** Whether both directions move at once. */
  readonly isDuplex: boolean;
  /** Whether a core of the host moves every byte itself and can do nothing else meanwhile. */
  readonly isHostDriven: boolean;
  /** Batches in flight, over which the latency of a transfer is spread. */
  readonly queueDepth: number;
  /** Watts of the link beside shell and card, all the time. */
  readonly watts: Figure;
  readonly source: string;
}

export interface Payload {
  /** Bytes of the whole batch, framing included. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly messages: number;
}

export interface DirectionTime {
  /** A transfer alone, from request to last byte, ns. */
  readonly latencyNs: Figure;
  /** Time for which it holds the link, ns. */
  readonly occupancyNs: Figure;
  /** Between one batch and the next with `queueDepth` in flight, ns. */
  readonly periodNs: Figure;
  /** CPU time of the host, ns: all of the occupancy where the host moves the bytes. */
  readonly hostCpuNs: Figure;
}

export interface LinkTime {
  readonly in: DirectionTime;
  readonly out: DirectionTime;
}

/** As {@link DirectionTime}, in ranges. */
export interface DirectionRange {
  readonly latency: Range;
  readonly occupancy: Range;
  readonly period: Range;
  readonly hostCpu: Range;
  /** Of `hostCpu`, what a batch alone takes beside `latency`. */
  readonly hostBefore: Range;
}

function directionRange(
  name: string,
  direction: LinkDirection,
  bytes: number,
  messages: number,
  link: Link,
): DirectionRange {
  const nothing = exactly(0);
  // No result bytes at all means no transfer: not the price of an empty one.
  if (bytes === 0)
    return {
      latency: nothing,
      occupancy: nothing,
      period: nothing,
      hostCpu: nothing,
      hostBefore: nothing,
    };
  const read = (key: 't0Ns' | 'bytesPerSecond' | 'perTransferNs' | 'perMessageNs'): Range =>
    checkFigure(`link.${name}.${key}`, direction[key]);
  const moved = Math.max(bytes, direction.leastBytes);
  // Of a stream of batches the last transfer is part full, so a fraction counts; the first is always whole.
  const transfers =
    direction.transferBytes === null ? 1 : Math.max(1, moved / direction.transferBytes);
  const occupancy = sum(
    over(exactly(moved * 1e9), read('bytesPerSecond')),
    scale(read('perTransferNs'), transfers),
    scale(read('perMessageNs'), messages),
  );
  const latency = sum(read('t0Ns'), occupancy);
  // Little's law: no more than queueDepth batches are under way at once.
  const period = larger(occupancy, scale(latency, 1 / link.queueDepth));
  const touched = scale(
    checkFigure(`link.${name}.hostCpuNsPerByte`, direction.hostCpuNsPerByte),
    moved,
  );
  const isMoved = link.isHostDriven || direction.isHostMoved;
  const hostCpu = link.isHostDriven ? occupancy : touched;
  return { latency, occupancy, period, hostCpu, hostBefore: isMoved ? nothing : hostCpu };
}

/** As {@link linkTime}, in ranges. */
export function linkRange(
  link: Link,
  { bytesIn, bytesOut, messages }: Payload,
): { readonly in: DirectionRange; readonly out: DirectionRange } {
  checkNumber('bytesIn', bytesIn);
  checkNumber('bytesOut', bytesOut);
  checkNumber('messages', messages, 1);
  checkNumber('link.queueDepth', link.queueDepth, 1);
  return {
    in: directionRange('in', link.in, bytesIn, messages, link),
    out: directionRange('out', link.out, bytesOut, messages, link),
  };
}

/**
 * Time of one batch on a link, each way: `t0 + bytes / bandwidth + transfers x perTransfer + messages x perMessage`.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for negative sizes, no message, or a figure whose bounds cross.
 */
export function linkTime(link: Link, payload: Payload): LinkTime {
  const ranges = linkRange(link, payload);
  const figures = ({ latency, occupancy, period, hostCpu }: DirectionRange): DirectionTime => ({
    latencyNs: toFigure(latency, 'ns'),
    occupancyNs: toFigure(occupancy, 'ns'),
    periodNs: toFigure(period, 'ns'),
    hostCpuNs: toFigure(hostCpu, 'ns'),
  });
  return { in: figures(ranges.in), out: figures(ranges.out) };
}

/** Energy of a link that is on for a time, in ranges: W x ns = nJ. */
export function linkEnergyNj(link: Link, ns: Range): Range {
  return times(checkFigure('link.watts', link.watts), ns);
}
