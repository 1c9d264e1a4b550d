import { type Html, html } from '../../verify/coverage/html.js';
import type { Projection } from '../suite-report.js';
import { chart } from './chart.js';
import { figureCell, figureText } from './figure-cell.js';
import { kernelTable } from './kernel-table.js';
import { readable } from './readable.js';
import { MARK_OFFSET_PX, ROW_Y, ROWS_PADDING, rowsSpec } from './rows-spec.js';
import { caption, type Section } from './section.js';
import { colour, colourMark, legend } from './symbols.js';
import { emptyNote, foldedTable, textCell } from './table.js';
import { batchName, placeName, type View, viewName, viewPanels } from './views.js';

type Figures = NonNullable<Projection['figures']>;

/**
 * The time between two batches as the kernel sees it: it works, or stalls as it did in the simulation, or stands because the
 * host or a link is slower. The parts add up to the total, whatever overlaps.
 */
const PARTS: readonly {
  readonly name: string;
  readonly colour: number;
  readonly ns: (time: Figures['time']) => number;
}[] = [
  { name: 'waits for the host', colour: 4, ns: ({ waits }) => waits.host.value },
  { name: 'waits for link in', colour: 0, ns: ({ waits }) => waits.linkIn.value },
  {
    name: 'kernel works',
    colour: 2,
    ns: ({ kernel, stall }) => Math.max(0, kernel.value - stall.value),
  },
  {
    name: 'stalls in its own run',
    colour: 3,
    ns: ({ kernel, stall }) => Math.min(kernel.value, stall.value),
  },
  { name: 'waits for link out', colour: 1, ns: ({ waits }) => waits.linkOut.value },
];

export async function timeSection(views: readonly View[]): Promise<Section> {
  const id = 'time';
  const title = 'Where the time goes';
  if (!views.some(({ projections }) => projections.some(({ figures }) => figures))) {
    const body = emptyNote('no kernel of the run was projected onto a device that it fits on.');
    return { id, title, body };
  }
  const panels = new Map<View, Html>();
  for (const view of views) panels.set(view, await viewBody(view));
  const body = html`${caption(
    'of the time between two batches in a steady stream of them, in which share the kernel works, stalls as it did in the simulation, or stands because the host, the link in or the link out is slower; behind each name that time and, in brackets, what bounds it.',
    'how long a batch takes on the host or on a link: where they overlap with the kernel only what it waits for them is drawn, and the table has the rest. The simulation serves a kernel at full rate, so stalls in its own run are rare. All of it is modelled.',
  )}
${legend(
  'Parts',
  PARTS.map((part) => [colourMark(part.colour), part.name] as const),
)}
${viewPanels(views, (view) => panels.get(view) ?? html``)}`;
  return { id, title, body };
}

async function viewBody(view: View): Promise<Html> {
  const fitting = view.projections.filter(({ figures }) => figures !== null);
  const batches = [...new Set(fitting.map(({ batch }) => batch))].sort((a, b) => a - b);
  const shown = [...new Set([batches[0], batches.at(-1)])].filter((batch) => batch !== undefined);
  const charts: Html[] = [];
  for (const batch of shown) {
    charts.push(html`<h4>${batchName(batch)}</h4>
${await bars(view, batch)}`);
  }
  const missing = [
    ...new Map(
      view.projections.filter(({ fits }) => fits === false).map((entry) => [entry.device, entry]),
    ).values(),
  ].map(({ device, reason }) => html`<p class="soft">Not on ${device}: ${reason}.</p>`);
  return html`${charts.length === 0 ? emptyNote('no projection of it fits.') : charts}${missing}${table(view)}${kernelTable(view.measurements)}`;
}

function bars(view: View, batch: number): Promise<Html> {
  const entries = view.projections.filter((entry) => entry.batch === batch);
  const drawn = entries.flatMap((entry) =>
    entry.figures ? [{ entry, figures: entry.figures }] : [],
  );
  const rowOf = (entry: Projection, { time, bound }: Figures): string =>
    `${placeName(entry)}: ${readable(time.total.value, 'ns')} (${bound})`;
  const values = drawn.flatMap(({ entry, figures }) => {
    const parts = PARTS.map((part) => ({ ...part, value: part.ns(figures.time) }));
    const sum = parts.reduce((total, { value }) => total + value, 0);
    let from = 0;
    return parts
      .filter(({ value }) => value > 0)
      .map(({ name, value }) => {
        const share = value / sum;
        const at = { from, to: from + share };
        from += share;
        const percent = `${Math.round(share * 100)} %`;
        return {
          row: rowOf(entry, figures),
          part: name,
          ...at,
          middle: (at.from + at.to) / 2,
          label: percent,
          title: `${name}: ${readable(value, 'ns')}, ${percent}; total ${figureText(figures.time.total)}`,
        };
      });
  });
  const rows = drawn.map(({ entry, figures }) => rowOf(entry, figures));
  const x = { type: 'quantitative' as const, scale: { domain: [0, 1] } };
  return chart(
    `Where the time goes: ${viewName(view)}, ${batchName(batch)}; values in the table`,
    ROWS_PADDING,
    (width) =>
      rowsSpec(width, {
        values,
        rows,
        layers: [
          {
            mark: {
              type: 'bar',
              height: 16,
              yOffset: MARK_OFFSET_PX,
              stroke: 'var(--card)',
              strokeWidth: 1,
            },
            encoding: {
              x: {
                ...x,
                field: 'from',
                axis: { format: '%', title: 'share of the time', tickCount: 5 },
              },
              x2: { field: 'to' },
              color: {
                field: 'part',
                type: 'nominal',
                legend: null,
                scale: {
                  domain: PARTS.map(({ name }) => name),
                  range: PARTS.map((part) => colour(part.colour)),
                },
              },
              description: { field: 'title' },
            },
          },
          {
            transform: [{ filter: `datum.to - datum.from > ${40 / width}` }],
            mark: {
              type: 'text',
              yOffset: MARK_OFFSET_PX,
              color: 'var(--on-series)',
              fontSize: 11,
              aria: false,
            },
            encoding: { x: { ...x, field: 'middle' }, y: ROW_Y, text: { field: 'label' } },
          },
        ],
      }),
  );
}

function table({ projections }: View): Html {
  const heads = [
    'device',
    'batch',
    'host',
    'link in',
    'kernel',
    'stalls in it',
    'link out',
    'between batches',
    'kernel waits for host',
    'for link in',
    'for link out',
    'one batch alone',
    'bound by',
    'clock',
    'power',
    'USD a billion',
    'notes',
  ];
  const rows = projections.map((entry) => ({
    head: placeName(entry),
    cells: [textCell(entry.batch.toLocaleString('en-US')), ...timeCells(entry, heads.length - 2)],
  }));
  return foldedTable('Table: times of a batch', heads, rows);
}

function timeCells({ figures, reason }: Projection, columns: number): Html[] {
  if (!figures) return [html`<td class="words" colspan="${columns}">does not fit: ${reason}</td>`];
  const { time, bound, clock, watts, usdPerBillion } = figures;
  const { host, linkIn, kernel, stall, linkOut, total, waits, latency } = time;
  return [
    ...[host, linkIn, kernel, stall, linkOut, total].map(figureCell),
    ...[waits.host, waits.linkIn, waits.linkOut, latency].map(figureCell),
    textCell(bound),
    ...[clock, watts, usdPerBillion].map(figureCell),
    html`<td class="words">${reason}</td>`,
  ];
}
