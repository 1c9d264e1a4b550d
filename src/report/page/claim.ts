import { html } from '../../verify/coverage/html.js';
import type { Comparison, SuiteReport } from '../suite-report.js';
import { bestCase, usualComparisons } from './best-case.js';
import { chart, HALO, type Padding, type Spec, titleAbove } from './chart.js';
import { comparisonTable } from './comparison-table.js';
import { decades, RATIO_LABEL } from './decades.js';
import { figureText } from './figure-cell.js';
import { caption, type Section } from './section.js';
import { colour, colourMark, legend, shape, shapeMark } from './symbols.js';
import { emptyNote } from './table.js';
import { batchName, placeName } from './views.js';

/** What the essay promises: ten to a hundred times the performance, at twenty times the power. */
const CLAIM = { performance: [10, 100], power: 20 } as const;

const log = (domain: readonly [number, number]) => ({
  type: 'log' as const,
  domain: [...domain],
  nice: false,
});

const PADDING: Padding = { left: 56, right: 14, top: 30, bottom: 42 };

export async function claimSection({ comparisons: all }: SuiteReport): Promise<Section> {
  const id = 'claim';
  const title = 'Performance against power';
  const comparisons = all.filter(({ fits }) => fits !== null);
  const apart = casesOf(all.filter(({ fits }) => fits === null));
  const apartTable =
    apart.length === 0
      ? html``
      : html`<p class="soft">Not drawn: ${apart.length} cases on devices of which nobody knows whether they hold the kernel.</p>
${comparisonTable('Table: cases of kernels that are not known to fit', apart)}`;
  if (comparisons.length === 0) {
    const body = html`${emptyNote('no device that is known to hold a kernel was compared with software.')}${apartTable}`;
    return { id, title, body };
  }
  const operations = [...new Set(comparisons.map(({ operation }) => operation))];
  const devices = [...new Set(comparisons.map(({ device }) => device))];
  const cases = casesOf(comparisons);
  const found = claimText(cases);
  const body = html`${caption(
    'how many times faster a device is than the best software on one core, against how many times the power it takes; each point is a kernel on a device, through its best link and at its best batch, with the messages of the verdict. Above the diagonal a message takes less energy.',
    'that a whole service gains as much: it is one operation against one core, both ratios hold models, and their ranges are wide.',
  )}
<p>The essay's claim is 10 to 100 times the performance at 20 times the power, drawn as the dashed edge of the shaded box;
within the box the power is lower still. <b>${found}</b></p>
${legend(
  'Device',
  devices.map((device, i) => [colourMark(i), device] as const),
)}
${legend(
  'Kernel',
  operations.map((operation, i) => [shapeMark(i), operation] as const),
)}
${await chart(
  'Performance ratio against power ratio of every kernel on every device; values in the table',
  PADDING,
  (width) => spec(width, cases, operations, devices),
)}
${comparisonTable('Table: the cases that are drawn', cases)}${apartTable}`;
  return { id, title, body };
}

export type ClaimAnswer = 'holds' | 'does not' | 'cannot tell';

/**
 * Whether the claim holds of a case: over the whole range of both ratios, over none of it, or nobody can tell, as of software that
 * other work disturbed.
 */
export function claimOf({
  performanceRatio,
  powerRatio,
  isDisturbed,
}: Pick<Comparison, 'performanceRatio' | 'powerRatio' | 'isDisturbed'>): ClaimAnswer {
  if (isDisturbed) return 'cannot tell';
  const [least] = CLAIM.performance;
  const { value: times, low: slowest = times, high: fastest = times } = performanceRatio;
  const { value: power, low: leastPower = power, high: mostPower = power } = powerRatio;
  if (slowest >= least && mostPower <= CLAIM.power) return 'holds';
  if (fastest < least || leastPower > CLAIM.power) return 'does not';
  return 'cannot tell';
}

const casesText = (count: number): string =>
  count === 0 ? 'no other' : `${count} other${count === 1 ? '' : 's'}`;

function claimText(cases: readonly Comparison[]): string {
  const of = (answer: ClaimAnswer): readonly Comparison[] =>
    cases.filter((at) => claimOf(at) === answer);
  const names = (list: readonly Comparison[]): string =>
    list.map((at) => `${at.operation} on ${at.device}`).join(', ');
  const holds = of('holds');
  const open = of('cannot tell');
  const disturbed = open.filter(({ isDisturbed }) => isDisturbed);
  const unclear = open.filter(({ isDisturbed }) => !isDisturbed);
  const parts = [
    holds.length === 0
      ? 'It holds of no case over its whole range.'
      : `It holds over the whole range of ${names(holds)}.`,
    ...(unclear.length === 0 ? [] : [`Of ${names(unclear)} the ranges cannot tell.`]),
    ...(disturbed.length === 0
      ? []
      : [`Of ${names(disturbed)} nothing is concluded: other work disturbed the software.`]),
    `It does not hold of ${casesText(of('does not').length)}.`,
  ];
  return parts.join(' ');
}

/** Of each kernel and device the case where the worse of speed and energy comes out best. */
function casesOf(comparisons: readonly Comparison[]): Comparison[] {
  const operations = [...new Set(comparisons.map(({ operation }) => operation))];
  const devices = [...new Set(comparisons.map(({ device }) => device))];
  return operations.flatMap((operation) => {
    const usual = usualComparisons(operation, comparisons);
    return devices.flatMap((device) => bestCase(usual.filter((at) => at.device === device)) ?? []);
  });
}

function spec(
  width: number,
  cases: readonly Comparison[],
  operations: readonly string[],
  devices: readonly string[],
): Spec {
  const values = cases.map((at) => {
    const [performance, power] = [at.performanceRatio, at.powerRatio];
    return {
      x: power.value,
      xLow: power.low ?? power.value,
      xHigh: power.high ?? power.value,
      y: performance.value,
      yLow: performance.low ?? performance.value,
      yHigh: performance.high ?? performance.value,
      operation: at.operation,
      device: at.device,
      title: `${at.operation} on ${placeName(at)}, ${batchName(at.batch)}, against ${at.rival}: performance ${figureText(performance)}; power ${figureText(power)}`,
    };
  });
  const xs = values.flatMap(({ xLow, xHigh }) => [xLow, xHigh]);
  const ys = values.flatMap(({ yLow, yHigh }) => [yLow, yHigh]);
  const xDomain = [Math.min(0.5, ...xs) / 1.3, Math.max(CLAIM.power * 2, ...xs) * 1.3] as const;
  const yDomain = [Math.min(0.5, ...ys) / 1.3, Math.max(150, ...ys) * 1.3] as const;
  const [x0, x1] = xDomain;
  const [y0, y1] = yDomain;
  const even = { from: Math.max(x0, y0), to: Math.min(x1, y1) };
  // A tenth of the way along the diagonal, where few points are.
  const low = even.from * (even.to / even.from) ** 0.1;
  const ratioAxis = (domain: readonly [number, number], title: string) => ({
    title,
    values: decades(domain, 8),
    labelExpr: RATIO_LABEL,
  });
  const x = {
    type: 'quantitative',
    scale: log(xDomain),
    axis: ratioAxis(xDomain, 'power, device / core'),
  } as const;
  const y = {
    type: 'quantitative',
    scale: log(yDomain),
    axis: { ...ratioAxis(yDomain, 'performance, device / core'), ...titleAbove(PADDING.left) },
  } as const;
  const colourOf = {
    field: 'device',
    type: 'nominal',
    legend: null,
    scale: { domain: [...devices], range: devices.map((_, i) => colour(i)) },
  } as const;
  const range = { type: 'rule', strokeWidth: 1, opacity: 0.35, aria: false } as const;
  const [least, most] = CLAIM.performance;
  return {
    height: width > 500 ? 460 : 360,
    data: { values },
    layer: [
      {
        data: { values: [{ x: x0, x2: CLAIM.power, y: least, y2: most }] },
        mark: { type: 'rect', color: 'var(--claim)', aria: false },
        encoding: {
          x: { ...x, field: 'x' },
          x2: { field: 'x2' },
          y: { ...y, field: 'y' },
          y2: { field: 'y2' },
        },
      },
      {
        data: { values: [{ x: CLAIM.power, y: least, y2: most }] },
        mark: {
          type: 'rule',
          strokeWidth: 4,
          strokeDash: [3, 2],
          color: 'var(--claim-edge)',
          aria: false,
        },
        encoding: { x: { ...x, field: 'x' }, y: { ...y, field: 'y' }, y2: { field: 'y2' } },
      },
      {
        data: {
          values: [
            { x: even.from, y: even.from },
            { x: even.to, y: even.to },
          ],
        },
        mark: {
          type: 'line',
          strokeWidth: 1.5,
          color: 'var(--soft)',
          strokeDash: [6, 4],
          aria: false,
        },
        encoding: { x: { ...x, field: 'x' }, y: { ...y, field: 'y' } },
      },
      {
        data: { values: [{ y: 1 }] },
        mark: { type: 'rule', strokeWidth: 1.5, color: 'var(--soft)', aria: false },
        encoding: { y: { ...y, field: 'y' } },
      },
      {
        mark: range,
        encoding: {
          x: { ...x, field: 'xLow' },
          x2: { field: 'xHigh' },
          y: { ...y, field: 'y' },
          color: colourOf,
        },
      },
      {
        mark: range,
        encoding: {
          x: { ...x, field: 'x' },
          y: { ...y, field: 'yLow' },
          y2: { field: 'yHigh' },
          color: colourOf,
        },
      },
      {
        mark: {
          type: 'point',
          filled: true,
          size: 110,
          opacity: 0.95,
          stroke: 'var(--card)',
          strokeWidth: 1,
        },
        encoding: {
          x: { ...x, field: 'x' },
          y: { ...y, field: 'y' },
          color: colourOf,
          shape: {
            field: 'operation',
            legend: null,
            scale: { domain: [...operations], range: operations.map((_, i) => shape(i)) },
          },
          description: { field: 'title' },
        },
      },
      {
        data: {
          values: [
            {
              x: x0,
              y: most,
              text: width > 500 ? "the essay's claim: 10-100× at 20× the power" : 'the claim',
              dy: 14,
              align: 'left',
              dx: 6,
              halo: 'var(--claim)',
            },
            {
              x: x1,
              y: 1,
              text: 'as fast as one core',
              dy: -6,
              align: 'right',
              dx: -4,
              halo: HALO.stroke,
            },
            {
              x: low,
              y: low,
              text: 'equal energy',
              dy: 14,
              align: 'left',
              dx: 8,
              halo: HALO.stroke,
            },
          ],
        },
        mark: {
          type: 'text',
          color: 'var(--soft)',
          fontSize: 11,
          aria: false,
          strokeWidth: HALO.strokeWidth,
          stroke: { expr: 'datum.halo' },
          align: { expr: 'datum.align' },
          dx: { expr: 'datum.dx' },
          dy: { expr: 'datum.dy' },
        },
        encoding: { x: { ...x, field: 'x' }, y: { ...y, field: 'y' }, text: { field: 'text' } },
      },
    ],
  } as Spec;
}
