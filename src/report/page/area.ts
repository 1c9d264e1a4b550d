import { type Html, html } from '../../verify/coverage/html.js';
import type { SuiteReport } from '../suite-report.js';
import { figureCell } from './figure-cell.js';
import { caption, type Section } from './section.js';
import { emptyNote, scrollTable, textCell } from './table.js';

type Entry = SuiteReport['synthesis'][number];

export function areaSection({ synthesis }: SuiteReport): Section {
  const id = 'area';
  const title = 'Area and clock';
  if (synthesis.length === 0) {
    return {
      id,
      title,
      body: emptyNote('no kernel of the run has a synthesis.json beside its RTL.'),
    };
  }
  const kinds = [...new Set(synthesis.flatMap(({ cells }) => Object.keys(cells ?? {})))];
  const heads = ['kernel', 'device', 'Fmax', ...kinds.map(kindName), 'fits', 'parameters'];
  const rows = synthesis.map((entry) => ({
    head: entry.kernel,
    cells: [
      textCell(entry.device),
      figureCell(entry.fmax),
      ...kinds.map((kind) => countCell(entry.cells?.[kind])),
      fitCell(entry),
      html`<td class="words">${parametersText(entry.parameters)}</td>`,
    ],
  }));
  const body = html`${caption(
    'the cells that a kernel takes on each device after synthesis, and the highest clock at which it should still work.',
    'that it was built: nothing here ran on a card, and an Fmax without place and route is an estimate, with a range.',
  )}
${scrollTable('Area and Fmax of each kernel on each device', heads, rows)}`;
  return { id, title, body };
}

function kindName(kind: string): string {
  return kind.length <= 4 ? kind.toUpperCase() : kind;
}

function fitCell({ fits, reason }: Entry): Html {
  return fits
    ? textCell('yes')
    : html`<td class="words"><b>no</b>: ${reason ?? 'it is too large'}</td>`;
}

/** Cells are counted by synthesis; the schema keeps them as plain numbers. */
function countCell(count: number | undefined): Html {
  return count === undefined
    ? textCell('-')
    : html`<td class="f y" title="${count.toLocaleString('en-US')}, synthesised">${count.toLocaleString('en-US')}</td>`;
}

export function parametersText(parameters: Entry['parameters']): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ');
}
