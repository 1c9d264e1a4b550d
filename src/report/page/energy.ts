import type { Figure } from '../../figure.js';
import { type Html, html } from '../../verify/coverage/html.js';
import { chart } from './chart.js';
import { decades, prefixedLabel } from './decades.js';
import { figureCell, figureText } from './figure-cell.js';
import { readable } from './readable.js';
import { MARK_OFFSET_PX, ROWS_PADDING, rowsSpec } from './rows-spec.js';
import { caption, type Section } from './section.js';
import { colour, legend, shape, shapeMark } from './symbols.js';
import { emptyNote, foldedTable, textCell } from './table.js';
import { batchName, placeName, type View, viewName, viewPanels } from './views.js';

interface Entry {
  readonly name: string;
  readonly kind: 'software' | 'device';
  readonly batch: number;
  readonly joules: Figure;
  readonly perJoule: Figure;
}

const SHAPES = { software: 0, device: 3 } as const;
const COLOURS = { software: 7, device: 0 } as const;

export async function energySection(views: readonly View[]): Promise<Section> {
  const id = 'energy';
  const title = 'Energy a message';
  if (views.length === 0) {
    return { id, title, body: emptyNote('the run measured nothing and projected nothing.') };
  }
  const panels = new Map<View, Html>();
  for (const view of views) panels.set(view, await viewBody(view));
  const body = html`${caption(
    'joules a message takes at the largest batch that devices have, with the range of the estimate as a bar; further left is better. A device is charged its idle power too, software the power of one busy core.',
    'what a meter would show: nothing here was measured with one unless its mark says so. Where two bars overlap, which one is better is not known.',
  )}
${legend('Kinds', [
  [shapeMark(SHAPES.software, COLOURS.software), 'software on a core of this machine'],
  [shapeMark(SHAPES.device, COLOURS.device), 'device, modelled'],
])}
${viewPanels(views, (view) => panels.get(view) ?? html``)}`;
  return { id, title, body };
}

/** The simulator is left out: nobody would run it for its energy. */
function entriesOf({ measurements, projections }: View): Entry[] {
  const software = measurements
    .filter(({ runner }) => runner !== 'verilator')
    .map(({ runner, batch, host }) => ({
      name: runner,
      kind: 'software' as const,
      batch,
      joules: host.joulesPerMessage,
      perJoule: host.messagesPerJoule,
    }));
  const devices = projections.flatMap((entry) =>
    entry.figures
      ? [
          {
            name: placeName(entry),
            kind: 'device' as const,
            batch: entry.batch,
            joules: entry.figures.joulesPerMessage,
            perJoule: entry.figures.messagesPerJoule,
          },
        ]
      : [],
  );
  return [...software, ...devices];
}

async function viewBody(view: View): Promise<Html> {
  const entries = entriesOf(view);
  const devices = entries.filter(({ kind }) => kind === 'device');
  const last = Math.max(...(devices.length > 0 ? devices : entries).map(({ batch }) => batch));
  const shown = entries
    .filter(({ batch, joules }) => batch === last && joules.value > 0)
    .sort((a, b) => a.joules.value - b.joules.value);
  if (shown.length === 0) return emptyNote('no energy is known of it.');
  const rowOf = ({ name, joules }: Entry): string => `${name}: ${readable(joules.value, 'J')}`;
  const values = shown.map((entry) => {
    const { value, low = value, high = value } = entry.joules;
    return {
      row: rowOf(entry),
      value,
      low: low > 0 ? low : value,
      high,
      kind: entry.kind,
      title: `${entry.name}: ${figureText(entry.joules)}`,
    };
  });
  const domain = [
    Math.min(...values.map(({ low }) => low)) / 1.2,
    Math.max(...values.map(({ high }) => high)) * 1.2,
  ];
  const x = { type: 'quantitative', scale: { type: 'log', domain, nice: false } } as const;
  const axis = {
    title: 'joules a message',
    // A decade has one label, in the unit of its size.
    values: decades(domain as [number, number]),
    labelExpr: prefixedLabel('J'),
  };
  const colourOf = {
    condition: { test: "datum.kind === 'software'", value: colour(COLOURS.software) },
    value: colour(COLOURS.device),
  };
  const drawn = await chart(
    `Energy a message: ${viewName(view)}, ${batchName(last)}; values in the table`,
    ROWS_PADDING,
    (width) =>
      rowsSpec(width, {
        values,
        rows: shown.map(rowOf),
        layers: [
          {
            mark: {
              type: 'rule',
              yOffset: MARK_OFFSET_PX,
              strokeWidth: 3,
              opacity: 0.45,
              strokeCap: 'round',
              aria: false,
            },
            encoding: { x: { ...x, field: 'low', axis }, x2: { field: 'high' }, color: colourOf },
          },
          {
            mark: { type: 'point', yOffset: MARK_OFFSET_PX, filled: true, size: 90, opacity: 1 },
            encoding: {
              x: { ...x, field: 'value', axis },
              color: colourOf,
              shape: {
                field: 'kind',
                legend: null,
                scale: {
                  domain: ['software', 'device'],
                  range: [shape(SHAPES.software), shape(SHAPES.device)],
                },
              },
              description: { field: 'title' },
            },
          },
        ],
      }),
  );
  const rows = entries.map(({ name, batch, joules, perJoule }) => ({
    head: name,
    cells: [textCell(batch.toLocaleString('en-US')), figureCell(joules), figureCell(perJoule)],
  }));
  return html`<h4>${batchName(last)}</h4>
${drawn}
${foldedTable('Table: energy at each batch size', ['runs on', 'batch', 'energy a message', 'messages a joule'], rows)}`;
}
