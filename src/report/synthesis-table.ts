import type { SynthesisRow } from '../synthesis/row.js';
import { targetOf } from '../synthesis/targets.js';

const count = (value: number): string => value.toLocaleString('en-US');
const mhz = (value: number): string =>
  value >= 100 ? `${Math.round(value)}` : (Math.round(value * 10) / 10).toString();

/** A number above this is data (a polynomial, an initial value), not a size. */
const LARGEST_SIZE = 0xffff;

/** Parameters that differ between rows, or the first two where none does; what is data and not a size is left out. */
export function shownParameters(row: SynthesisRow, all: readonly SynthesisRow[]): string {
  const isSize = (name: string): boolean =>
    all.every(({ parameters }) => {
      const value = parameters[name];
      return typeof value !== 'number' || value <= LARGEST_SIZE;
    });
  const sizes = Object.keys(row.parameters).filter(isSize);
  const varied = sizes.filter(
    (name) => new Set(all.map(({ parameters }) => parameters[name])).size > 1,
  );
  const shown = varied.length > 0 ? varied : sizes.slice(0, 2);
  return shown.map((name) => `${name} ${row.parameters[name]}`).join(', ');
}

/** `312 (243..456)`: a figure in MHz with its bounds; `-` without one. */
export function fmaxCell({ fmax }: SynthesisRow): string {
  if (fmax === null) return '-';
  const { value, low = value, high = value } = fmax;
  return low === high ? mhz(value) : `${mhz(value)} (${mhz(low)}..${mhz(high)})`;
}

/** Area in the units of the device, what is 0 left out. */
export function areaCell({ cells }: SynthesisRow): string {
  const { lut, ff, bram, dsp, lutRam, srl } = cells;
  const parts = [
    `${count(lut)} LUT`,
    `${count(ff)} FF`,
    ...(lutRam + srl > 0 ? [`${count(lutRam + srl)} LUT as RAM or shift register`] : []),
    ...(bram > 0 ? [`${count(bram)} BRAM`] : []),
    ...(dsp > 0 ? [`${count(dsp)} DSP`] : []),
  ];
  return parts.join(', ');
}

const table = (
  head: readonly string[],
  align: readonly string[],
  rows: readonly string[][],
): string => [head, align, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The table of one kernel's README: every row of its file. */
export function kernelSynthesisTable(rows: readonly SynthesisRow[]): string {
  const body = rows.map((row) => {
    const { cells, device, fits } = row;
    const area = [
      cells.lut,
      cells.ff,
      cells.carry,
      cells.bram,
      cells.dsp,
      cells.lutRam + cells.srl,
    ];
    const isUnmapped = cells.lut === 0 && !fits;
    return [
      shownParameters(row, rows),
      targetOf(device).label,
      ...area.map((value, i) => (i === 0 && isUnmapped ? '-' : count(value))),
      fits ? useCell(row) : 'does not fit',
      fits ? fmaxCell(row) : '-',
      fits ? levelsCell(row) : (row.reason ?? ''),
    ];
  });
  const tools = [
    ...new Set(
      rows.flatMap(({ tool }) => [
        `Yosys ${tool.yosys}`,
        ...(tool.nextpnr ? [`nextpnr-ice40 ${tool.nextpnr}`] : []),
      ]),
    ),
  ].sort();
  return [
    table(
      [
        'parameters',
        'device',
        'LUT',
        'FF',
        'carry bits',
        'BRAM',
        'DSP',
        'LUT as RAM, SRL',
        'takes',
        'Fmax, MHz',
        'critical path',
      ],
      ['---', '---', '---:', '---:', '---:', '---:', '---:', '---:', '---', '---:', '---'],
      body,
    ),
    '',
    `${tools.join(', ')}. Fmax of iCE40: after place and route, median over seeds and its spread. Of the others: estimated from the`,
    'mapped netlist, with a range. Units, what the estimate rests on and what it does not know: [docs/synthesis.md](../../docs/synthesis.md).',
  ].join('\n');
}

/** The resource that is taken most. */
function useCell({ utilisation }: SynthesisRow): string {
  const most = Object.entries(utilisation)
    .filter(([, { available }]) => available > 0)
    .map(([name, { used, available }]) => ({ name, share: used / available }))
    .sort((a, b) => b.share - a.share)[0];
  return most ? `${percent(most.share)} of ${most.name}` : '-';
}

const percent = (share: number): string =>
  share < 0.01 ? `${(100 * share).toFixed(2)} %` : `${Math.round(100 * share)} %`;

function levelsCell({ critical }: SynthesisRow): string {
  if (critical === null) return '-';
  const name = (text: string): string => (text.includes(' ') ? text : `\`${text}\``);
  return `${name(critical.from)} to ${name(critical.to)}: ${critical.text}`;
}

/** One line a kernel for the main README: the large device, and the iCE40 that holds it. */
export function mainSynthesisTable(
  kernels: readonly {
    readonly call: string;
    readonly rows: readonly SynthesisRow[];
    readonly small: string | null;
  }[],
): string {
  const body = kernels.map(({ call, rows, small }) => {
    const large = rows.find(({ device }) => device === 'xcvu47p');
    return [call, large ? areaCell(large) : '-', large ? fmaxCell(large) : '-', small ?? '-'];
  });
  return table(
    ['kernel', 'UltraScale+ VU47P: area', 'Fmax there, MHz, estimated', 'iCE40, placed and routed'],
    ['---', '---', '---:', '---'],
    body,
  );
}
