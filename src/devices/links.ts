import { estimate, type Figure } from '../figure.js';
import type { Link, LinkDirection } from './link.js';

const ns = (value: number, low: number, high: number): Figure =>
  estimate(value, low, high, 'ns', 'assumed');
const rate = (value: number, low: number, high: number, provenance: Figure['provenance']): Figure =>
  estimate(value, low, high, 'B/s', provenance);
const none = estimate(0, 0, 0, 'ns', 'assumed');
const noWatts = estimate(0, 0, 0, 'W', 'assumed');

const direction = (
  given: Pick<LinkDirection, 't0Ns' | 'bytesPerSecond'> & Partial<LinkDirection>,
): LinkDirection => ({
  perTransferNs: none,
  perMessageNs: none,
  leastBytes: 1,
  transferBytes: null,
  hostCpuNsPerByte: estimate(0, 0, 0, 'ns/B', 'assumed'),
  ...given,
});

/**
 * The window of AWS F2 that the CPU reads and writes itself: write-combined bursts in, a dword a read out.
 * 300 MB in about 100 s are 3 MB/s, or 1.3 us a dword; both figures are one user's, hence their range.
 * @see aws/aws-fpga issue 711
 */
export const F2_MMIO: Link = {
  id: 'mmio',
  name: 'AWS F2 PCIS window, write-combined in, dword reads out',
  in: direction({
    t0Ns: ns(500, 250, 1000),
    bytesPerSecond: rate(2.5e9, 2e9, 3e9, 'measured'),
    leastBytes: 64,
  }),
  out: direction({
    t0Ns: none,
    bytesPerSecond: rate(3e6, 2.4e6, 4e6, 'measured'),
    leastBytes: 4,
  }),
  overlaps: true,
  isDuplex: false,
  isHostDriven: true,
  queueDepth: 1,
  watts: noWatts,
  source:
    'aws/aws-fpga issue 711; posting of the first write assumed from PCIe latencies of 0.5-1 us',
};

/**
 * Input through the window, results written by the card into pinned memory of the host. No figure of F2 is published:
 * the results' rate is what the streaming engine of the same shell reaches in 4 KB packets and above.
 * @see aws/aws-fpga SDE_HW_Guide and issue 748: 5 GB/s at 4 KB, 12.4 GB/s at most, card to host
 */
export const F2_PCIM: Link = {
  id: 'pcim',
  name: 'AWS F2: PCIS window in, the card writes results (PCIM)',
  in: F2_MMIO.in,
  out: direction({
    t0Ns: ns(1500, 700, 5000),
    bytesPerSecond: rate(10e9, 5e9, 12.4e9, 'assumed'),
    perTransferNs: ns(20, 4, 100),
    leastBytes: 64,
    transferBytes: 4096,
    hostCpuNsPerByte: estimate(0.05, 0.02, 0.2, 'ns/B', 'assumed'),
  }),
  overlaps: true,
  isDuplex: true,
  isHostDriven: false,
  queueDepth: 8,
  watts: noWatts,
  source:
    'in: aws/aws-fpga issue 711; out: assumed from SDE_HW_Guide and issue 748; needs physical addresses, so hugepages or a driver',
};
