import { type Html, html } from '../../verify/coverage/html.js';
import type { BreakEven, Measurement, Projection, SuiteReport } from '../suite-report.js';

/** One operation on messages of one size class: what the selectors at the top of the charts choose. */
export interface View {
  readonly operation: string;
  readonly size: Measurement['size'];
  /** Rising. */
  readonly batches: readonly number[];
  readonly measurements: readonly Measurement[];
  readonly projections: readonly Projection[];
  readonly breakEvens: readonly BreakEven[];
}

type Place = { readonly operation: string; readonly size: { readonly name: string } };

const keyOf = ({ operation, size }: Place): string => JSON.stringify([operation, size.name]);

/** Every view of which the report has a point, in the order of the report. */
export function viewsOf({ measurements, projections, breakEvens }: SuiteReport): View[] {
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
      breakEvens: here(breakEvens),
    };
  });
}

/** A view in words: `sha256, mail messages (5,236 B)`. */
export function viewName({ operation, size }: View): string {
  return `${operation}, ${sizeName(size)}`;
}

export function sizeName({ name, bytes }: View['size']): string {
  return `${name} messages (${Math.round(bytes).toLocaleString('en-US')} B)`;
}

export function placeName({
  device,
  link,
}: {
  readonly device: string;
  readonly link: string;
}): string {
  return `${device} via ${link}`;
}

export function batchName(batch: number): string {
  return batch === 1 ? 'one message at a time' : `batches of ${batch.toLocaleString('en-US')}`;
}

/** What a section shows of each view; the script of the page leaves the chosen one visible. */
export function viewPanels(views: readonly View[], body: (view: View) => Html): Html {
  const panels = views.map(
    (view, i) => html`<div class="panel" data-view="${i}">
<h3>${viewName(view)}</h3>
${body(view)}
</div>
`,
  );
  return html`${panels}`;
}
