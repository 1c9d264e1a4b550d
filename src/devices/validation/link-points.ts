import type { Link } from '../link.js';
import { linkRange } from '../link.js';
import { F2_MMIO, F2_SDE, F2_SDE_16K, USB_FIFO, XDMA, XDMA4 } from '../links.js';
import { exactly, over, type Range, scale } from '../range.js';
import { type ModelPoint, modelPoint, type Published } from './point.js';

interface LinkCase extends Published {
  readonly link: Link;
  readonly way: 'in' | 'out';
  readonly bytes: number;
  /** `rate`: of a stream of transfers; `single`: one transfer after the other; `latency`: of one. */
  readonly of: 'rate' | 'single' | 'latency';
}

/** GB/s of a rate, us of a latency. */
function predict({ link, way, bytes, of }: LinkCase): Range {
  const [bytesIn, bytesOut] = way === 'in' ? [bytes, 0] : [0, bytes];
  const time = linkRange(link, { bytesIn, bytesOut, messages: 1 })[way];
  if (of === 'latency') return scale(time.latency, 1e-3);
  return over(exactly(bytes), of === 'rate' ? time.period : time.latency);
}

const GB = 1e9;
const MB = 1e6;

/** The engine with packets of another size, by what one of 16 KB costs. */
const packets = (bytes: number): Link => ({
  ...F2_SDE_16K,
  in: { ...F2_SDE_16K.in, transferBytes: bytes },
  out: { ...F2_SDE_16K.out, transferBytes: bytes },
});

const rate = (
  what: string,
  gigabytes: number,
  given: Pick<LinkCase, 'link' | 'way' | 'bytes' | 'role' | 'source'> & {
    of?: LinkCase['of'];
    isBoardKnown?: boolean;
  },
): LinkCase => ({ what, value: gigabytes, unit: 'GB/s', of: 'rate', ...given });

const latency = (
  what: string,
  microseconds: number,
  given: Pick<LinkCase, 'link' | 'way' | 'bytes' | 'role' | 'source'>,
): LinkCase => ({ what, value: microseconds, unit: 'us', of: 'latency', ...given });

const F2_WINDOW = { link: F2_MMIO, bytes: 300 * MB, role: 'fitted' } as const;
const F2_SMALL = { link: F2_SDE, bytes: GB, role: 'fitted' } as const;
const ISSUE_748 = 'aws/aws-fpga issue 748';
const FIO = 'aws/aws-fpga, master, sdk/tests/fio_dma_tools/README.md, commit 2a36c4d7';
const NITEFURY = 'RHSResearchLLC/NiteFury-and-LiteFury issue 51: dd both ways at once';
const REGEX =
  "assumed: README of Cyansemi's RegEx demo on an Alveo U50, a document whose repository was not noted";
const NTT = 'fyquah/hardcaml_zprize, zprize/ntt/docs/zprize_ntt_top.mld, commit 3a3a57d0';
/** One process on one character device, or a card of four lanes. */
const ONE_CHANNEL = { link: XDMA, role: 'judge' } as const;
/** A large copy under XRT on a card of sixteen lanes. */
const FOUR_CHANNELS = { link: XDMA4, role: 'judge' } as const;
const FIFO = { link: USB_FIFO, role: 'judge', bytes: 100 * MB } as const;

const CASES: readonly LinkCase[] = [
  rate('F2 MMIO, write-combined burst', 2.5, {
    ...F2_WINDOW,
    way: 'in',
    source: 'aws/aws-fpga issue 711',
  }),
  rate('F2 MMIO, dword reads', 0.003, {
    ...F2_WINDOW,
    way: 'out',
    source: 'aws/aws-fpga issue 711',
  }),
  rate('F2 streaming engine, 4 KB packets, to the card', 2.5, {
    ...F2_SMALL,
    way: 'in',
    source: ISSUE_748,
  }),
  rate('F2 streaming engine, 4 KB packets, to the host', 5, {
    ...F2_SMALL,
    way: 'out',
    source: ISSUE_748,
  }),
  rate('F2 streaming engine, 16 KB packets, "over 10 GB/s", to the card', 10, {
    link: F2_SDE_16K,
    way: 'in',
    bytes: GB,
    role: 'fitted',
    source: ISSUE_748,
  }),
  rate('F2 streaming engine, 32 KB packets, "over 10 GB/s", to the card', 10, {
    link: packets(32_768),
    way: 'in',
    bytes: GB,
    role: 'judge',
    isBoardKnown: true,
    source: ISSUE_748,
  }),
  rate('F2 streaming engine, 4 KB packets, loopback', 3.4, {
    ...F2_SMALL,
    way: 'in',
    role: 'judge',
    isBoardKnown: true,
    source: ISSUE_748,
  }),
  rate('F1 XDMA, a channel, 1 MB writes by fio', 2.875, {
    link: XDMA,
    way: 'in',
    bytes: GB,
    role: 'fitted',
    source: FIO,
  }),
  rate('F1 XDMA, a channel, 1 MB reads by fio', 3.15, {
    link: XDMA,
    way: 'out',
    bytes: GB,
    role: 'fitted',
    source: FIO,
  }),
  rate('F1 XDMA, four channels, 1 MB writes by fio', 11.45, {
    link: XDMA4,
    way: 'in',
    bytes: GB,
    role: 'fitted',
    source: FIO,
  }),
  rate('F1 XDMA, four channels, 1 MB reads by fio', 12.55, {
    link: XDMA4,
    way: 'out',
    bytes: GB,
    role: 'fitted',
    source: FIO,
  }),
  latency('F1 XDMA, half of a round trip of FireSim', 13.5, {
    link: XDMA,
    way: 'in',
    bytes: 64,
    role: 'fitted',
    source: 'firesim PR 167, derived: docs/models.md',
  }),
  latency('XDMA, write of 32 B under interrupts', 30, {
    link: XDMA,
    way: 'in',
    bytes: 32,
    role: 'fitted',
    source: 'Xilinx/dma_ip_drivers issue 321',
  }),
  latency('XDMA, transfer of 180 KB', 80, {
    ...ONE_CHANNEL,
    way: 'in',
    bytes: 180e3,
    source: 'Xilinx/dma_ip_drivers issue 110',
  }),
  rate('XDMA on NiteFury (PCIe 2.0 x4), calls of 8 B', 147e-6, {
    ...ONE_CHANNEL,
    way: 'in',
    bytes: 8,
    of: 'single',
    source: NITEFURY,
  }),
  rate('XDMA on NiteFury (PCIe 2.0 x4), calls of 512 B', 9.2e-3, {
    ...ONE_CHANNEL,
    way: 'in',
    bytes: 512,
    of: 'single',
    source: NITEFURY,
  }),
  rate('XDMA on NiteFury (PCIe 2.0 x4), calls of 4 KB', 68.5e-3, {
    ...ONE_CHANNEL,
    way: 'in',
    bytes: 4096,
    of: 'single',
    source: NITEFURY,
  }),
  rate('XDMA on a Kintex-7 (PCIe 2.0 x4), 8 MB to the card', 1.6, {
    ...ONE_CHANNEL,
    way: 'in',
    bytes: 8 * MB,
    of: 'single',
    source: 'Prandr/dma_ip_drivers issue 6',
  }),
  rate('XDMA on a Kintex-7 (PCIe 2.0 x4), 8 MB to the host', 1.3, {
    ...ONE_CHANNEL,
    way: 'out',
    bytes: 8 * MB,
    of: 'single',
    source: 'Prandr/dma_ip_drivers issue 6',
  }),
  rate('XDMA on a Z19-P (PCIe 3.0 x16), calls of 1 MB, 5 to 6 GB/s', 5.5, {
    ...ONE_CHANNEL,
    way: 'out',
    bytes: MB,
    of: 'single',
    source: 'Xilinx/dma_ip_drivers issue 293',
  }),
  rate('XRT on an Alveo U50, copy in of 252 MB', 8.392, {
    ...FOUR_CHANNELS,
    way: 'in',
    bytes: 252 * MB,
    source: REGEX,
  }),
  rate('XRT on an Alveo U50, copy out of 62 MB', 3.289, {
    ...FOUR_CHANNELS,
    way: 'out',
    bytes: 62 * MB,
    source: REGEX,
  }),
  rate('XRT on an Alveo U200, dma test, to the card', 9.303, {
    ...FOUR_CHANNELS,
    way: 'in',
    bytes: 256 * MB,
    source: 'Xilinx/XRT issue 6883',
  }),
  rate('XRT on an Alveo U200, dma test, to the host', 11.909, {
    ...FOUR_CHANNELS,
    way: 'out',
    bytes: 256 * MB,
    source: 'Xilinx/XRT issue 6883',
  }),
  rate('XRT on an Alveo U280, dma test of 40,960 B, to the card', 2.977, {
    ...FOUR_CHANNELS,
    way: 'in',
    bytes: 40_960,
    source: 'Xilinx/XRT issue 6787, first line of the log',
  }),
  rate('XRT on a Varium C1100 (PCIe 3.0 x4), copy in of 128 MiB', 0.134217728 / 0.0414, {
    ...ONE_CHANNEL,
    way: 'in',
    bytes: 2 ** 27,
    of: 'single',
    source: NTT,
  }),
  rate('XRT on a Varium C1100 (PCIe 3.0 x4), copy out of 128 MiB', 0.134217728 / 0.0552, {
    ...ONE_CHANNEL,
    way: 'out',
    bytes: 2 ** 27,
    of: 'single',
    source: NTT,
  }),
  rate('FT245 synchronous FIFO, host to FPGA', 0.33 / 8, {
    ...FIFO,
    way: 'in',
    source: 'FPGAwars/FPGA-peripherals PR 19: 330 Mbit/s',
  }),
  rate('FT232H synchronous FIFO, Windows driver', 0.044, {
    ...FIFO,
    way: 'out',
    source: '0x6a77/JD2XX issue 9',
  }),
  rate('FT232H synchronous FIFO, its Linux driver of 2018', 0.008, {
    ...FIFO,
    way: 'out',
    source: '0x6a77/JD2XX issue 9',
  }),
  rate('FT232H synchronous FIFO, Windows, loopback', 0.042, {
    ...FIFO,
    way: 'in',
    source: 'WangXuan95/FPGA-ftdi245fifo issue 5',
  }),
];

/** Every published figure of a link that was found. */
export function linkPoints(): ModelPoint[] {
  return CASES.map((point) => modelPoint('link', point, predict(point)));
}
