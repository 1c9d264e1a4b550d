import type { Figure } from '../../figure.js';
import { type Html, html } from '../../verify/coverage/html.js';
import type { SuiteReport } from '../suite-report.js';
import { figureCell, provenanceLegend } from './figure-cell.js';
import type { Section } from './section.js';
import { emptyNote, scrollTable, textCell } from './table.js';

interface Kind {
  readonly unit: string;
  readonly provenance: string;
  count: number;
  ranged: number;
}

export function provenanceSection(report: SuiteReport): Section {
  const kinds = new Map<string, Kind>();
  collect(report, [], kinds);
  const rows = [...kinds].map(([key, { unit, provenance, count, ranged }]) => ({
    head: words(key.split('|')[0] ?? ''),
    cells: [
      textCell(unit === '1' ? 'ratio' : unit),
      textCell(provenance),
      textCell(count.toLocaleString('en-US')),
      textCell(ranged === 0 ? 'none' : ranged === count ? 'all' : ranged.toLocaleString('en-US')),
    ],
  }));
  const heads = ['figure', 'unit', 'comes from', 'how many', 'with a range'];
  const body = html`<p>Every figure of this page carries a letter that says where it comes from; the words and the range are shown
on hover, and everywhere at once by the button at the top.</p>
${provenanceLegend()}
<h3>Every kind of figure in the run</h3>
${rows.length === 0 ? emptyNote('the run holds no figure.') : scrollTable('Provenance of every kind of figure', heads, rows)}
${restsOn(report)}
${takenHow(report)}`;
  return { id: 'provenance', title: 'Where each figure comes from', body };
}

/** Watts of a core and prices, on which joules and USD of the whole page rest. */
function restsOn({ machine, prices }: SuiteReport): Html {
  const { name, watts, source, energy } = machine.core;
  const how = energy === 'rapl' ? ' (joules of software are read from the processor)' : '';
  const rows = [
    { head: `watts of a core, ${name}${how}`, cells: [figureCell(watts), textCell('-')], source },
    ...prices.map((price) => ({
      head: `USD an hour, ${price.of}: ${price.name}`,
      cells: [figureCell(price.usdPerHour), textCell(price.asOf ?? 'undated')],
      source: price.source,
    })),
  ].map(({ head, cells, source: from }) => ({
    head,
    cells: [...cells, html`<td class="words">${from}</td>`],
  }));
  return html`<h3>What joules and USD rest on</h3>
${scrollTable('Watts of a core and prices', ['figure', 'value', 'day', 'source'], rows)}`;
}

function takenHow({ compared, skipped }: SuiteReport): Html {
  const comparedRows = compared.map(({ operation, runner, messages, size }) => ({
    head: operation,
    cells: [runner, size, messages.toLocaleString('en-US')].map(textCell),
  }));
  const skippedRows = skipped.map(({ operation, runner, reason }) => ({
    head: operation,
    cells: [textCell(runner), html`<td class="words">${reason}</td>`],
  }));
  return html`<h3>Compared with the golden model before anything was timed</h3>
${comparedRows.length === 0 ? emptyNote('no result was compared.') : scrollTable('Results that were compared', ['operation', 'runs on', 'size', 'messages'], comparedRows)}
<h3>Skipped</h3>
${skippedRows.length === 0 ? html`<p>Nothing.</p>` : scrollTable('What was skipped', ['operation', 'runs on', 'why'], skippedRows)}`;
}

function isFigure(value: object): value is Figure {
  return 'provenance' in value && 'unit' in value && 'value' in value;
}

/** Counts figures by where they stand in the report, without the index in a list. */
function collect(value: unknown, path: readonly string[], kinds: Map<string, Kind>): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const entry of value) collect(entry, path, kinds);
    return;
  }
  if (!isFigure(value)) {
    for (const [name, entry] of Object.entries(value)) collect(entry, [...path, name], kinds);
    return;
  }
  const { unit, provenance, low } = value;
  // Published measurements have a unit each.
  const shownUnit = path[0] === 'models' ? 'of the measurement' : unit;
  const key = [path.join('.'), shownUnit, provenance].join('|');
  const kind = kinds.get(key) ?? { unit: shownUnit, provenance, count: 0, ranged: 0 };
  kind.count += 1;
  if (low !== undefined) kind.ranged += 1;
  kinds.set(key, kind);
}

const GROUPS: Readonly<Record<string, string>> = {
  'measurements.host': 'software',
  'measurements.kernel': 'kernel cycles',
  'projections.figures': 'device',
  comparisons: 'device / software',
  synthesis: 'synthesis',
  models: 'models',
  'machine.core': 'machine',
};

/** `projections.figures.time.linkIn` as `device: time, link in`. */
function words(path: string): string {
  const group = Object.keys(GROUPS).find((name) => path.startsWith(`${name}.`));
  const rest = (group === undefined ? path : path.slice(group.length + 1))
    .replace(/([A-Z])/g, (_, letter: string) => ` ${letter.toLowerCase()}`)
    .replaceAll('.', ', ');
  return group === undefined ? rest : `${GROUPS[group]}: ${rest}`;
}
