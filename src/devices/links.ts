import { estimate, type Figure } from '../figure.js';
import type { Link, LinkDirection } from './link.js';

const ns = (value: number, low: number, high: number): Figure =>
  estimate(value, low, high, 'ns', 'assumed');
const rate = (value: number, low: number, high: number, provenance: Figure['provenance']): Figure =>
  estimate(value, low, high, 'B/s', provenance);
const nsPerByte = (value: number, low: number, high: number): Figure =>
  estimate(value, low, high, 'ns/B', 'assumed');
const watts = (value: number, low: number, high: number): Figure =>
  estimate(value, low, high, 'W', 'assumed');

const none = ns(0, 0, 0);
/** A host core copies 5 to 50 GB/s; 20 GB/s is assumed. */
const copied = nsPerByte(0.05, 0.02, 0.2);
/** PCIe links are part of the card's shell. */
const inShell = watts(0, 0, 0);

type Given = Pick<LinkDirection, 't0Ns' | 'bytesPerSecond'> & Partial<LinkDirection>;

const direction = (given: Given): LinkDirection => ({
  perTransferNs: none,
  perMessageNs: none,
  leastBytes: 1,
  transferBytes: null,
  hostCpuNsPerByte: nsPerByte(0, 0, 0),
  ...given,
});

/**
 * The window of AWS F2 that the CPU reads and writes itself: write-combined bursts in, a dword a read out. 300 MB in
 * about 100 s are 3 MB/s, or 1.3 us a dword; both figures are one user's, hence their range.
 * @see aws/aws-fpga issue 711
 */
export const F2_MMIO: Link = {
  id: 'mmio',
  name: 'AWS F2 PCIS window: write-combined in, dword reads out',
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
  watts: inShell,
  source: 'aws/aws-fpga issue 711; posting of the first write assumed',
};

/**
 * The streaming engine of the F2 kit, polled from user space: 4 KB packets reach 2.5 GB/s in and 5 GB/s out, and the
 * port 12 GB/s at most, so that a packet costs 4096 / 2.5 - 4096 / 12 = 1.3 us in and 0.49 us out beside its bytes.
 * @see aws/aws-fpga issue 748
 */
export const F2_SDE: Link = {
  id: 'sde',
  name: 'AWS F2 streaming engine, 4 KB packets',
  in: direction({
    t0Ns: ns(3000, 1000, 10_000),
    bytesPerSecond: rate(12e9, 10e9, 12.4e9, 'datasheet'),
    perTransferNs: ns(1297, 650, 1950),
    transferBytes: 4096,
    hostCpuNsPerByte: copied,
  }),
  out: direction({
    t0Ns: ns(3000, 1000, 10_000),
    bytesPerSecond: rate(12e9, 10e9, 12.4e9, 'datasheet'),
    perTransferNs: ns(478, 240, 720),
    transferBytes: 4096,
    hostCpuNsPerByte: copied,
  }),
  overlaps: true,
  isDuplex: true,
  isHostDriven: false,
  queueDepth: 32,
  watts: inShell,
  source: 'aws/aws-fpga issue 748, 32 descriptors of 4096 B; first packet assumed',
};

/**
 * The same engine with packets of 16 KB, for large batches: "over 10 GB/s" to the card, of which 10 are taken. A packet of 4 KB takes
 * as long, 1.6 us, so a batch that does not fill one of 16 KB is charged for it. No figure to the host was published: what 4 KB
 * packets cost beside their bytes is assumed.
 * @see aws/aws-fpga issue 748
 */
export const F2_SDE_16K: Link = {
  ...F2_SDE,
  id: 'sde-16k',
  name: 'AWS F2 streaming engine, 16 KB packets',
  in: {
    ...F2_SDE.in,
    perTransferNs: ns(273, 100, 1300),
    leastBytes: 16_384,
    transferBytes: 16_384,
  },
  out: { ...F2_SDE.out, leastBytes: 16_384, transferBytes: 16_384 },
  source:
    'aws/aws-fpga issue 748, packets of 16 KB to the card; to the host and first packet assumed',
};

/**
 * Input through the window, results written by the card into pinned memory of the host. No figure of it on F2 is
 * published: the results' rate is assumed between that of the streaming engine's 4 KB packets and its port.
 */
export const F2_PCIM: Link = {
  id: 'pcim',
  name: 'AWS F2: PCIS window in, results written by the card (PCIM)',
  // A core writes the bursts: 0.4 ns a byte at 2.5 GB/s.
  in: { ...F2_MMIO.in, hostCpuNsPerByte: nsPerByte(0.4, 1 / 3, 0.5), isHostMoved: true },
  out: direction({
    t0Ns: ns(1500, 700, 5000),
    bytesPerSecond: rate(10e9, 5e9, 12e9, 'assumed'),
    perTransferNs: ns(20, 4, 100),
    leastBytes: 64,
    transferBytes: 4096,
    hostCpuNsPerByte: copied,
  }),
  overlaps: true,
  isDuplex: true,
  isHostDriven: false,
  queueDepth: 8,
  watts: inShell,
  source:
    'in: aws/aws-fpga issue 711; out: assumed; needs physical addresses, so hugepages or a driver',
};

/**
 * One channel of the XDMA engine under its Linux driver, as F1 had it. Bandwidth: fio, 1 MB a call. t0: between 13 us
 * (FireSim on F1, half of a round trip) and 30 us (a 32-byte write under interrupts). Not usable on F2's small shell.
 * @see aws/aws-fpga, master, sdk/tests/fio_dma_tools/README.md; Xilinx/dma_ip_drivers issue 321; firesim PR 167
 */
export const XDMA: Link = {
  id: 'xdma',
  name: 'XDMA, one channel (AWS F1 and Alveo; not on F2)',
  in: direction({
    t0Ns: ns(20_000, 10_000, 60_000),
    bytesPerSecond: rate(2.87e9, 2.6e9, 3.2e9, 'measured'),
    hostCpuNsPerByte: copied,
  }),
  out: direction({
    t0Ns: ns(20_000, 10_000, 60_000),
    bytesPerSecond: rate(3.1e9, 2.8e9, 3.4e9, 'measured'),
    hostCpuNsPerByte: copied,
  }),
  overlaps: true,
  isDuplex: true,
  isHostDriven: false,
  queueDepth: 2,
  watts: inShell,
  source:
    'aws/aws-fpga master fio_dma_tools/README.md; Xilinx/dma_ip_drivers issue 321; firesim PR 167',
};

/**
 * Four channels of the XDMA engine at once, as F1 and Alveo cards on 16 lanes have: large copies, split over them.
 * @see aws/aws-fpga, master, sdk/tests/fio_dma_tools/README.md: 11.4 to 11.5 GB/s written, 12.3 to 12.8 GB/s read
 */
export const XDMA4: Link = {
  ...XDMA,
  id: 'xdma4',
  name: 'XDMA, four channels on PCIe 3.0 x16 (AWS F1 and Alveo; not on F2)',
  in: { ...XDMA.in, bytesPerSecond: rate(11.45e9, 10.4e9, 12e9, 'measured') },
  out: { ...XDMA.out, bytesPerSecond: rate(12.55e9, 11.2e9, 13e9, 'measured') },
  queueDepth: 4,
  source: 'aws/aws-fpga master fio_dma_tools/README.md; t0 as of one channel',
};

/**
 * USB 2.0 through an FT232H or FT2232H in synchronous FIFO mode: 40 MB/s at most by its datasheet. A transfer waits for
 * a microframe of 125 us and the scheduler; the driver touches every byte.
 * @see FT232H datasheet, as quoted in eblot/pyftdi issue 126; FPGAwars/Alhambra-II-FPGA issue 4: 15 mA for the FTDI chip
 */
export const USB_FIFO: Link = {
  id: 'usb',
  name: 'USB 2.0, FT232H class, synchronous FIFO',
  in: direction({
    t0Ns: ns(250_000, 125_000, 1_000_000),
    bytesPerSecond: rate(40e6, 10e6, 60e6, 'datasheet'),
    hostCpuNsPerByte: nsPerByte(1, 0.25, 4),
  }),
  out: direction({
    t0Ns: ns(250_000, 125_000, 1_000_000),
    bytesPerSecond: rate(40e6, 10e6, 60e6, 'datasheet'),
    hostCpuNsPerByte: nsPerByte(1, 0.25, 4),
  }),
  overlaps: true,
  isDuplex: false,
  isHostDriven: false,
  queueDepth: 4,
  watts: watts(0.075, 0.05, 0.35),
  source: 'FT232H datasheet (40 MB/s); t0 and CPU time assumed; 15 mA at 5 V: Alhambra II issue 4',
};

/**
 * SPI from a USB bridge: 30 Mbit/s assumed. The wires shift both ways at once, but a bridge is sent commands to write or to read, so the
 * directions take turns.
 */
export const SPI: Link = {
  id: 'spi',
  name: 'SPI at 30 MHz behind a USB bridge',
  in: direction({
    t0Ns: ns(250_000, 125_000, 1_000_000),
    bytesPerSecond: rate(3e6, 0.5e6, 3.75e6, 'assumed'),
    hostCpuNsPerByte: nsPerByte(4, 1, 20),
  }),
  out: direction({
    t0Ns: ns(250_000, 125_000, 1_000_000),
    bytesPerSecond: rate(3e6, 0.5e6, 3.75e6, 'assumed'),
    hostCpuNsPerByte: nsPerByte(4, 1, 20),
  }),
  overlaps: true,
  isDuplex: false,
  isHostDriven: false,
  queueDepth: 1,
  watts: USB_FIFO.watts,
  source: 'assumed',
};

/** Every link that rtlift knows without a device file. */
export const LINKS: readonly Link[] = [
  F2_MMIO,
  F2_PCIM,
  F2_SDE,
  F2_SDE_16K,
  XDMA,
  XDMA4,
  USB_FIFO,
  SPI,
];
