import type { CellKind, SynthesisRow } from '../synthesis/row.js';
import { targetOf } from '../synthesis/targets.js';
import { formatFigure, formatNumber } from './format.js';

const NAMES: readonly (readonly [CellKind, string])[] = [
  ['lut', 'LUT'],
  ['ff', 'FF'],
  ['carry', 'carry bits'],
  ['bram', 'BRAM'],
  ['dsp', 'DSP'],
  ['lutRam', 'LUT as RAM'],
  ['srl', 'LUT as shift register'],
];

/** One row as text, a line a question. */
export function synthesisRowText(row: SynthesisRow): string {
  const { kernel, parameters, device, tool, fits, reason, cells, utilisation, fmax } = row;
  const target = targetOf(device);
  const set = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  const taken = Object.entries(utilisation).map(
    ([name, { used, available }]) =>
      `${name} ${used.toLocaleString('en-US')} of ${available.toLocaleString('en-US')}${available > 0 ? ` (${formatNumber((100 * used) / available)} %)` : ''}`,
  );
  const counted = NAMES.filter(([kind]) => cells[kind] > 0).map(
    ([kind, name]) => `${cells[kind].toLocaleString('en-US')} ${name}`,
  );
  return [
    `${kernel} on ${target.label} (${target.part})`,
    ...(set.length > 0 ? [`  parameters  ${set.join(' ')}`] : []),
    `  cells       ${counted.join(', ') || 'none'}`,
    `  takes       ${taken.join(', ')}`,
    fits ? `  Fmax        ${fmaxText(row)}` : `  does not fit: ${reason}`,
    ...(fmax && row.critical
      ? [`  critical    ${row.critical.from} -> ${row.critical.to}: ${row.critical.text}`]
      : []),
    `  tools       Yosys ${tool.yosys}${tool.nextpnr ? `, nextpnr-ice40 ${tool.nextpnr}` : ''}`,
  ].join('\n');
}

function fmaxText({ fmax, seeds, device }: SynthesisRow): string {
  if (fmax === null) return 'no path between registers';
  const from =
    fmax.provenance === 'synthesised'
      ? `after place and route, ${seeds?.length} seed${seeds?.length === 1 ? '' : 's'}: median (lowest..highest)`
      : 'estimated from the mapped netlist';
  const { shellClockMHz } = targetOf(device);
  const limit = shellClockMHz === null ? '' : `; the shell offers up to ${shellClockMHz} MHz`;
  return `${formatFigure(fmax)} MHz, ${from}${limit}`;
}
