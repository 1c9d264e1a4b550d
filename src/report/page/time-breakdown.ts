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

/** Parts of a batch from the host to the host again; stalls are part of the kernel's time and drawn apart. */
const PARTS: readonly {
  readonly name: string;
  readonly colour: number;
  readonly ns: (time: Figures['time']) => number;
}[] = [
  { name: 'host', colour: 4, ns: ({ host }) => host.value },
  { name: 'link in', colour: 0, ns: ({ linkIn }) => linkIn.value },
  {
    name: 'kernel',
    colour: 2,
    ns: ({ kernel, stall }) => Math.max(0, kernel.value - stall.value),
  },
  { name: 'stalls', colour: 3, ns: ({ kernel, stall }) => Math.min(kernel.value, stall.value) },
  { name: 'link out', colour: 1, ns: ({ linkOut }) => linkOut.value },
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
    'of the work that a batch makes, which share falls on the host, on the link in, on the kernel, on its stalls and on the link out; behind each name the time of the batch and, in brackets, what bounds it.',
    'that the parts run one after the other: where the link allows it they overlap, and the time behind each name is shorter than their sum. All of it is modelled.',
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
                axis: { format: '%', title: 'share of the work', tickCount: 5 },
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
    'of it stalls',
    'link out',
    'total',
    'latency of one',
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
  const { host, linkIn, kernel, stall, linkOut, total, latency } = time;
  return [
    ...[host, linkIn, kernel, stall, linkOut, total, latency].map(figureCell),
    textCell(bound),
    ...[clock, watts, usdPerBillion].map(figureCell),
    html`<td class="words">${reason}</td>`,
  ];
}
