import { deflateRawSync } from 'node:zlib';
import { type Html, html } from '../../verify/coverage/html.js';
import type {
  BreakEven,
  Comparison,
  Measurement,
  Projection,
  SuiteReport,
} from '../suite-report.js';

/** One operation on messages of one size class: what the selectors at the top of the charts choose. */
export interface View {
  readonly operation: string;
  readonly size: Measurement['size'];
  /** Rising. */
  readonly batches: readonly number[];
  readonly measurements: readonly Measurement[];
  readonly projections: readonly Projection[];
  readonly breakEvens: readonly BreakEven[];
  readonly comparisons: readonly Comparison[];
}

type Place = { readonly operation: string; readonly size: { readonly name: string } };

const keyOf = ({ operation, size }: Place): string => JSON.stringify([operation, size.name]);

/** Every view of which the report has a point, in the order of the report. */
export function viewsOf(report: SuiteReport): View[] {
  const { measurements, projections } = report;
  const loads = new Map([...measurements, ...projections].map((load) => [keyOf(load), load]));
  const order = [...new Set([...loads.values()].map(({ operation }) => operation))];
  const sorted = [...loads].sort(
    ([, a], [, b]) =>
      order.indexOf(a.operation) - order.indexOf(b.operation) || a.size.bytes - b.size.bytes,
  );
  return sorted.map(([key, { operation, size }]) => {
    const here = <T extends Place>(list: readonly T[]): T[] =>
      list.filter((entry) => keyOf(entry) === key);
    const points = [...here(measurements), ...here(projections)];
    return {
      operation,
      size,
      batches: [...new Set(points.map(({ batch }) => batch))].sort((a, b) => a - b),
      measurements: here(measurements),
      projections: here(projections),
      breakEvens: here(report.breakEvens),
      comparisons: here(report.comparisons),
    };
  });
}

/** A view in words: `sha256, mail messages (5,236 B)` or `sha256, messages of 64 B`. */
export function viewName({ operation, size }: View): string {
  return `${operation}, ${sizeName(size)}`;
}

export function sizeName(size: View['size']): string {
  const { name, bytes } = size;
  if (isPlainSize(size)) return `messages of ${name}`;
  return `${name} messages (${Math.round(bytes).toLocaleString('en-US')} B)`;
}

/** The same where room is short: `mail (5,236 B)`, `64 B`. */
export function sizeLabel(size: View['size']): string {
  return isPlainSize(size) ? size.name : sizeName(size).replace(' messages ', ' ');
}

/** A device and a link in words; a device of which nobody knows whether it holds the kernel is marked. */
export function placeName({
  device,
  link,
  fits = true,
}: {
  readonly device: string;
  readonly link: string;
  readonly fits?: boolean | null;
}): string {
  return `${device} via ${link}${fits === null ? ' (fit not known)' : ''}`;
}

export function batchName(batch: number): string {
  return batch === 1 ? 'batches of one message' : `batches of ${batch.toLocaleString('en-US')}`;
}

/**
 * What a section shows of each view; the script of the page leaves the chosen one visible.
 *
 * A full run has some ninety views. One of each operation stands in the page as it is; the others are deflated, and the
 * script unpacks one when it is chosen.
 */
export function viewPanels(views: readonly View[], body: (view: View) => Html): Html {
  const shown = new Set(usualViews(views));
  const panels = views.map((view, i) => {
    const content = html`<h3>${viewName(view)}</h3>
${body(view)}
`;
    return shown.has(view)
      ? html`<div class="panel" data-view="${i}">
${content}</div>
`
      : html`<div class="panel" data-view="${i}" data-packed="${packed(content.text)}"></div>
`;
  });
  return html`${panels}`;
}

function packed(text: string): string {
  return deflateRawSync(text, { level: 9 }).toString('base64');
}

/** How far a size class is from what a reader wants first: messages of a corpus, else those nearest to 1 KiB. */
export function oddness(size: View['size']): number {
  return isPlainSize(size) ? Math.abs(Math.log2(Math.max(1, size.bytes) / 1024)) + 1 : 0;
}

function usualViews(views: readonly View[]): View[] {
  const usual = new Map<string, View>();
  for (const view of views) {
    const best = usual.get(view.operation);
    if (best === undefined || oddness(view.size) < oddness(best.size)) {
      usual.set(view.operation, view);
    }
  }
  return [...usual.values()];
}

/** Number of the view that is shown first for each operation. */
export function usualNumbers(views: readonly View[]): number[] {
  return usualViews(views).map((view) => views.indexOf(view));
}

/** A class that is named after its size: `4 KiB`. */
function isPlainSize({ name }: View['size']): boolean {
  return /^\d+ \w*B$/.test(name);
}
