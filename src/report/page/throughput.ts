import { type Html, html } from '../../verify/coverage/html.js';
import type { SuiteReport } from '../suite-report.js';
import { comparisonTable } from './comparison-table.js';
import { figureCell } from './figure-cell.js';
import { caption, type Section } from './section.js';
import { shape } from './symbols.js';
import { emptyNote, foldedTable, scrollTable, textCell } from './table.js';
import { placeName, sizeLabel, usualNumbers, type View, viewName, viewPanels } from './views.js';

/** A line of the interactive chart; the script of the page reads this shape. */
interface Line {
  readonly name: string;
  /** Measured software; the simulator, measured too, which says nothing of a device; a device, modelled. */
  readonly kind: 'software' | 'simulator' | 'device';
  /** Number of the style sheet's colour. */
  readonly colour: number;
  /** Tells the links of a device apart. */
  readonly dash: number;
  /** Outline of the points, in a box of -1..1: tells software apart, of which there may be more than colours. */
  readonly shape: string;
  /** Messages a second at each batch of the view. */
  readonly values: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  /** Batches at which the line meets the best rival. */
  readonly breakEvens: readonly number[];
}

interface ChartView {
  readonly name: string;
  readonly operation: string;
  /** What the selector of sizes calls it. */
  readonly size: string;
  /** Whether it is the first to be shown of its operation. */
  readonly isUsual: boolean;
  readonly bytes: number;
  readonly batches: readonly number[];
  readonly lines: readonly Line[];
}

/** Colours of devices come first, those of software behind them. */
const DEVICE_COLOURS = 4;
const SOFTWARE_COLOURS = 4;
const SIMULATOR = 'verilator';

/** What the script of the page draws, as JSON that may stand in a `<script>`. */
export function throughputData(views: readonly View[], { projections }: SuiteReport): string {
  const devices = [...new Set(projections.map(({ device }) => device))];
  const usual = usualNumbers(views);
  const data: ChartView[] = views.map((view, i) => ({
    name: viewName(view),
    operation: view.operation,
    size: sizeLabel(view.size),
    isUsual: usual.includes(i),
    bytes: view.size.bytes,
    batches: view.batches,
    lines: linesOf(view, devices),
  }));
  return JSON.stringify(data).replace(/</g, '\\u003c');
}

function linesOf(view: View, devices: readonly string[]): Line[] {
  const runners = [...new Set(view.measurements.map(({ runner }) => runner))];
  // The simulator is drawn in grey.
  const named = runners.filter((runner) => runner !== SIMULATOR);
  const software = runners.map((runner): Line => {
    const at = (batch: number) =>
      view.measurements.find((entry) => entry.runner === runner && entry.batch === batch)?.host
        .messagesPerSecond;
    return {
      name: runner,
      kind: runner === SIMULATOR ? 'simulator' : 'software',
      colour: DEVICE_COLOURS + (Math.max(0, named.indexOf(runner)) % SOFTWARE_COLOURS),
      dash: 0,
      shape: shape(Math.max(0, named.indexOf(runner))),
      ...columns(view.batches, at),
      breakEvens: [],
    };
  });
  const places = [...new Map(view.projections.map((entry) => [placeName(entry), entry])).values()];
  const modelled = places.map((place): Line => {
    const { device, link } = place;
    const isHere = (entry: { device: string; link: string }) =>
      entry.device === device && entry.link === link;
    const links = places.filter((entry) => entry.device === device).map((entry) => entry.link);
    const at = (batch: number) =>
      view.projections.find((entry) => isHere(entry) && entry.batch === batch)?.figures
        ?.messagesPerSecond;
    const even = view.breakEvens.filter(isHere).flatMap(({ batch }) => batch ?? []);
    return {
      name: placeName(place),
      kind: 'device',
      colour: devices.indexOf(device) % DEVICE_COLOURS,
      dash: links.indexOf(link),
      shape: shape(0),
      ...columns(view.batches, at),
      breakEvens: even,
    };
  });
  return [...software, ...modelled].filter(({ values }) => values.some((value) => value !== null));
}

interface Bounded {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

/** What is not above 0 cannot stand on a logarithmic axis. */
function columns(
  batches: readonly number[],
  at: (batch: number) => Bounded | undefined,
): Pick<Line, 'values' | 'low' | 'high'> {
  const figures = batches.map(at);
  const positive = (value: number | undefined): number | null =>
    value !== undefined && value > 0 ? Number(value.toPrecision(5)) : null;
  return {
    values: figures.map((figure) => positive(figure?.value)),
    low: figures.map((figure) => positive(figure?.low)),
    high: figures.map((figure) => positive(figure?.high)),
  };
}

export function throughputSection(views: readonly View[]): Section {
  const id = 'throughput';
  const title = 'Throughput against batch size';
  if (views.length === 0) {
    return { id, title, body: emptyNote('the run timed nothing and projected nothing.') };
  }
  const body = html`${caption(
    'solid lines are software, measured on this machine; dashed lines are devices, modelled from kernel cycles, clock and link, with their range as a band; a diamond is where a device catches up with the best software.',
    'how fast a device is that nobody built. The dotted line is the speed of the simulator on this machine, and of nothing else.',
  )}
<div class="plot js-only">
<div class="plot-tools"><label>Unit <select id="plot-unit"><option value="messages">messages/s</option><option value="bytes">bytes/s</option></select></label></div>
<div id="plot" role="img"></div>
<label class="plot-batch">Messages a batch <input type="range" id="plot-batch" min="0" max="1" step="1" value="0"> <output id="plot-at" for="plot-batch"></output></label>
<div class="scroll" role="region" tabindex="0" aria-label="Lines of the chart and their values at the chosen batch"><table class="grid" id="plot-lines">
<thead><tr><th scope="col">line</th><th scope="col">at this batch</th><th scope="col">range</th><th scope="col">kind</th></tr></thead>
<tbody></tbody></table></div>
</div>
${viewPanels(views, (view) => html`${pivot(view)}${hostTable(view)}${comparisons(view)}${breakEvenTable(view)}`)}`;
  return { id, title, body };
}

function pivot(view: View): Html {
  const { batches, measurements, projections } = view;
  const runners = [...new Set(measurements.map(({ runner }) => runner))];
  const software = runners.map((runner) => ({
    head: runner === SIMULATOR ? 'verilator (simulator speed)' : runner,
    cells: batches.map((batch) =>
      figureCell(
        measurements.find((entry) => entry.runner === runner && entry.batch === batch)?.host
          .messagesPerSecond,
      ),
    ),
  }));
  const places = [...new Set(projections.map(placeName))];
  const devices = places.map((place) => {
    const own = projections.filter((entry) => placeName(entry) === place);
    return {
      head: place,
      cells: own.every(({ fits }) => fits === false)
        ? [html`<td colspan="${batches.length}">does not fit: ${own[0]?.reason ?? ''}</td>`]
        : batches.map((batch) =>
            figureCell(own.find((entry) => entry.batch === batch)?.figures?.messagesPerSecond),
          ),
    };
  });
  const heads = ['messages/s', ...batches.map((batch) => `batch ${batch.toLocaleString('en-US')}`)];
  return foldedTable('Table: messages a second at each batch size', heads, [
    ...software,
    ...devices,
  ]);
}

/** What a caller waits on this machine, path by path and rival by rival. */
function hostTable({ measurements }: View): Html {
  if (measurements.length === 0) return html``;
  const rows = measurements.map(({ runner, batch, host, note }) => ({
    head: runner === SIMULATOR ? 'verilator (simulator speed)' : runner,
    cells: [
      textCell(batch.toLocaleString('en-US')),
      ...[
        host.nsPerMessageP50,
        host.nsPerMessageP99,
        host.nsPerMessageMad,
        host.cpuNsPerMessage,
        host.bytesPerSecond,
        host.usdPerBillion,
      ].map(figureCell),
      textCell(host.samples),
      html`<td class="words">${note}</td>`,
    ],
  }));
  const heads = [
    'runs on',
    'batch',
    'a message, p50',
    'p99',
    '± mad',
    'CPU time',
    'bytes/s',
    'USD a billion',
    'samples',
    'what runs',
  ];
  return foldedTable('Table: host time of software, measured', heads, rows);
}

function comparisons({ comparisons: list }: View): Html {
  if (list.length === 0) return html``;
  return comparisonTable('Table: devices against the best software', list);
}

function breakEvenTable({ breakEvens }: View): Html {
  if (breakEvens.length === 0) return html`<p class="soft">No break-even was looked for here.</p>`;
  const rows = breakEvens.map((entry) => ({
    head: placeName(entry),
    cells: [
      ...[entry.batch, entry.latencyBatch].map((batch) =>
        textCell(batch === null ? 'never' : `from ${batch.toLocaleString('en-US')}`),
      ),
      textCell(entry.rival),
      html`<td class="words">${entry.why}</td>`,
    ],
  }));
  const heads = ['device', 'in a steady stream', 'waiting for each batch', 'against', 'why'];
  return html`<h4>Break-even with the best software</h4>
<p class="soft">From which batch a device takes no longer a message: in a steady stream, where the next batch comes in while one is
under way, and for a caller that waits for each. The chart, verdicts and ratios are of the stream.</p>
${scrollTable('Break-even points', heads, rows)}`;
}
