import { estimate, type Figure } from '../../figure.js';
import { type Html, html } from '../../verify/coverage/html.js';
import type { Projection, SuiteReport } from '../suite-report.js';
import { chart, HALO, type Padding, type Spec, titleAbove } from './chart.js';
import { decades, prefixedLabel } from './decades.js';
import { figureCell } from './figure-cell.js';
import { readable } from './readable.js';
import { caption, type Section } from './section.js';
import { colour, colourMark, legend, shape, shapeMark } from './symbols.js';
import { emptyNote, foldedTable, textCell } from './table.js';
import { batchName, placeName } from './views.js';

interface Point {
  readonly projection: Projection;
  readonly figures: NonNullable<Projection['figures']>;
  /** What the kernel could take: its bytes over its own time, which is bytes/cycle x clock. */
  readonly kernelBytesPerSecond: number;
  /** What the link in could bring. */
  readonly linkBytesPerSecond: number;
}

const PADDING: Padding = { left: 70, right: 14, top: 30, bottom: 42 };

export async function rooflineSection(report: SuiteReport): Promise<Section> {
  const id = 'roofline';
  const title = 'Kernel against link';
  const points = pointsOf(report.projections);
  if (points.length === 0) {
    const body = emptyNote('no kernel was projected onto a device that it fits on.');
    return { id, title, body };
  }
  const operations = [...new Set(points.map(({ projection }) => projection.operation))];
  const devices = [...new Set(points.map(({ projection }) => projection.device))];
  const body = html`${caption(
    'what a kernel could take, bytes a cycle times the clock, against what arrives of it through a link, at the size and batch that move the most. On the diagonal the kernel is the limit, on a horizontal line the link.',
    'anything of the results on their way back, or of the host: a point below both roofs is held up by one of them.',
  )}
${legend(
  'Device',
  devices.map((device, i) => [colourMark(i), device] as const),
)}
${legend(
  'Kernel',
  operations.map((operation, i) => [shapeMark(i), operation] as const),
)}
${await chart(
  'Roofline: attained bytes a second against what each kernel could take; values in the table',
  PADDING,
  (width) => spec(width, points, operations, devices),
)}
${pointTable(points)}`;
  return { id, title, body };
}

/** Of each kernel, device and link the load that moves the most bytes a second. */
function pointsOf(projections: readonly Projection[]): Point[] {
  const best = new Map<string, Point>();
  for (const projection of projections) {
    const { figures, size, batch } = projection;
    if (!figures || size.bytes <= 0) continue;
    const bytes = size.bytes * batch;
    const over = (ns: number): number => (ns > 0 ? (bytes * 1e9) / ns : Number.NaN);
    const point = {
      projection,
      figures,
      kernelBytesPerSecond: over(figures.time.kernel.value),
      linkBytesPerSecond: over(figures.time.linkIn.value),
    };
    if (!(point.kernelBytesPerSecond > 0) || !(figures.bytesPerSecond.value > 0)) continue;
    const key = JSON.stringify([projection.operation, projection.device, projection.link]);
    const rate = best.get(key)?.figures.bytesPerSecond.value ?? 0;
    if (figures.bytesPerSecond.value > rate) best.set(key, point);
  }
  return [...best.values()];
}

interface Roof {
  readonly device: string;
  readonly link: string;
  readonly rate: number;
}

/** The highest rate seen of each link, from the highest on. */
function roofsOf(points: readonly Point[]): Roof[] {
  const roofs = new Map<string, Roof>();
  for (const { projection, linkBytesPerSecond: rate } of points) {
    const { device, link } = projection;
    const place = placeName({ device, link });
    if (rate > (roofs.get(place)?.rate ?? 0)) roofs.set(place, { device, link, rate });
  }
  return [...roofs.values()].sort((a, b) => b.rate - a.rate);
}

/** One label for roofs that lie too close for two. */
function roofLabels(roofs: readonly Roof[], apart: number, most: number) {
  const groups: Roof[][] = [];
  for (const roof of roofs) {
    const last = groups.at(-1);
    if (last?.[0] && last[0].rate / roof.rate < apart) last.push(roof);
    else groups.push([roof]);
  }
  return groups.map((group) => {
    const [first, last] = [group[0], group.at(-1)] as [Roof, Roof];
    const [high, low] = [first, last].map(({ rate }) => readable(rate, 'B/s'));
    const devices = [...new Set(group.map(({ device }) => device))].map((device) => {
      const links = group.filter((roof) => roof.device === device).map(({ link }) => link);
      return `${device} via ${links.join(', ')}`;
    });
    const text = `${high === low ? high : `${low} to ${high}`}: ${devices.join('; ')}`;
    const isLong = text.length > most;
    return { rate: first.rate, text: isLong ? `${text.slice(0, most - 1)}…` : text };
  });
}

function spec(
  width: number,
  points: readonly Point[],
  operations: readonly string[],
  devices: readonly string[],
): Spec {
  const values = points.map(({ projection, figures, kernelBytesPerSecond }) => {
    const { value, low = value, high = value } = figures.bytesPerSecond;
    return {
      x: kernelBytesPerSecond,
      y: value,
      low,
      high,
      operation: projection.operation,
      device: projection.device,
      title: `${projection.operation} on ${placeName(projection)}, ${projection.size.name}, ${batchName(projection.batch)}: the kernel could take ${readable(kernelBytesPerSecond, 'B/s')}, ${readable(value, 'B/s')} arrive; bound by the ${figures.bound}`,
    };
  });
  // A character of 11 px is about 5.9 px wide.
  const most = Math.floor((width - 8) / 5.9);
  const roofs = roofsOf(points);
  const xs = values.map(({ x }) => x);
  const ys = [...values.flatMap(({ low, high }) => [low, high]), ...roofs.map(({ rate }) => rate)];
  const xDomain: [number, number] = [Math.min(...xs) / 2, Math.max(...xs) * 2];
  const yDomain: [number, number] = [Math.min(...ys) / 2, Math.max(...ys) * 2];
  const even = { from: Math.max(xDomain[0], yDomain[0]), to: Math.min(xDomain[1], yDomain[1]) };
  const height = width > 500 ? 420 : 360;
  // Labels are 14 px high.
  const apart = (yDomain[1] / yDomain[0]) ** (14 / height);
  const labels = roofLabels(roofs, apart, most);
  // Near the upper end of the diagonal.
  const high = even.from * (even.to / even.from) ** 0.9;
  const axis = (title: string, domain: [number, number]) => ({
    title,
    values: decades(domain),
    labelExpr: prefixedLabel('B/s'),
  });
  const x = {
    type: 'quantitative',
    scale: { type: 'log', domain: xDomain, nice: false },
    axis: axis('bytes/cycle × clock', xDomain),
  } as const;
  const y = {
    type: 'quantitative',
    scale: { type: 'log', domain: yDomain, nice: false },
    axis: { ...axis('payload that arrives', yDomain), ...titleAbove(PADDING.left) },
  } as const;
  const colourOf = {
    field: 'device',
    type: 'nominal',
    legend: null,
    scale: { domain: [...devices], range: devices.map((_, i) => colour(i)) },
  } as const;
  return {
    height,
    data: { values },
    layer: [
      {
        data: {
          values: [
            { x: even.from, y: even.from },
            { x: even.to, y: even.to },
          ],
        },
        mark: { type: 'line', strokeWidth: 1.5, color: 'var(--soft)', aria: false },
        encoding: { x: { ...x, field: 'x' }, y: { ...y, field: 'y' } },
      },
      {
        data: { values: [{ x: high, y: high }] },
        mark: {
          type: 'text',
          text: width > 500 ? 'all that the kernel can take' : 'kernel',
          align: 'right',
          dx: -10,
          dy: 0,
          fontSize: 11,
          color: 'var(--soft)',
          ...HALO,
          aria: false,
        },
        encoding: { x: { ...x, field: 'x' }, y: { ...y, field: 'y' } },
      },
      {
        data: { values: roofs },
        mark: {
          type: 'rule',
          strokeWidth: 1.5,
          strokeDash: [6, 4],
          color: 'var(--soft)',
          aria: false,
        },
        encoding: { y: { ...y, field: 'rate' } },
      },
      {
        data: { values: labels.map((label) => ({ ...label, x: xDomain[0] })) },
        mark: {
          type: 'text',
          align: 'left',
          dx: 5,
          dy: -7,
          fontSize: 11,
          color: 'var(--soft)',
          ...HALO,
          aria: false,
        },
        encoding: { x: { ...x, field: 'x' }, y: { ...y, field: 'rate' }, text: { field: 'text' } },
      },
      {
        mark: { type: 'rule', strokeWidth: 1, opacity: 0.4, aria: false },
        encoding: {
          x: { ...x, field: 'x' },
          y: { ...y, field: 'low' },
          y2: { field: 'high' },
          color: colourOf,
        },
      },
      {
        mark: {
          type: 'point',
          filled: true,
          size: 90,
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
    ],
  } as Spec;
}

/** Bytes a second of a time in ns, with its range; `null` where a bound is no time. */
export function rateOf(bytes: number, { value, low = value, high = value }: Figure): Figure | null {
  if (!(low > 0)) return null;
  const at = (ns: number): number => (bytes * 1e9) / ns;
  return estimate(at(value), at(high), at(low), 'B/s', 'modelled');
}

function pointTable(points: readonly Point[]): Html {
  const rows = points.map(({ projection, figures }) => {
    const bytes = projection.size.bytes * projection.batch;
    const derived = (time: Figure) => figureCell(rateOf(bytes, time));
    return {
      head: projection.operation,
      cells: [
        ...[
          placeName(projection),
          projection.size.name,
          projection.batch.toLocaleString('en-US'),
        ].map(textCell),
        figureCell(figures.clock),
        derived(figures.time.kernel),
        derived(figures.time.linkIn),
        figureCell(figures.bytesPerSecond),
        textCell(figures.bound),
      ],
    };
  });
  const heads = [
    'operation',
    'device',
    'size',
    'batch',
    'clock',
    'bytes/cycle × clock',
    'link in',
    'arrives',
    'bound by',
  ];
  return foldedTable('Table: points of the roofline', heads, rows);
}
