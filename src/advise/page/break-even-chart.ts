import type { Figure } from '../../figure.js';
import { chart, HALO, type Padding, type Spec, titleAbove } from '../../report/page/chart.js';
import { decades, prefixedLabel } from '../../report/page/decades.js';
import { readable } from '../../report/page/readable.js';
import { colour, colourMark, legend } from '../../report/page/symbols.js';
import { type Html, html } from '../../verify/coverage/html.js';
import type { Advice, Curve } from '../advice.js';

type Point = Curve['points'][number];

/** What a chart shows against the arrival rate. */
export interface Quantity {
  readonly name: string;
  readonly unit: string;
  readonly of: (point: Point) => Figure | null;
}

export const QUANTITIES: readonly Quantity[] = [
  { name: 'energy a message', unit: 'J', of: ({ energy }) => energy },
  { name: 'host time a message', unit: 's', of: ({ hostTime }) => inSeconds(hostTime) },
  { name: 'price of a message', unit: 'USD', of: ({ price }) => price && ofOne(price) },
];

const times = (of: Figure, factor: number, unit: string): Figure => ({
  ...of,
  unit,
  value: of.value * factor,
  low: (of.low ?? of.value) * factor,
  high: (of.high ?? of.value) * factor,
});
const inSeconds = (of: Figure): Figure => times(of, 1e-9, 's');
const ofOne = (of: Figure): Figure => times(of, 1e-9, 'USD');

const PADDING: Padding = { left: 66, right: 16, top: 30, bottom: 42 };
/** Software and so many places: as many as there are colours. */
const MOST_PLACES = 7;

type Drawn = Curve & { readonly index: number };

/** Curves that are drawn: the software, and the places that take the load or come closest to it. */
function drawnCurves({ curves, places }: Advice): Drawn[] {
  const software = curves.filter(({ kind }) => kind === 'software');
  const costOf = new Map(
    places.map(({ device, link, figures }) => [`${device}/${link}`, figures?.energy.value]),
  );
  const devices = curves
    .filter(({ kind, points }) => kind === 'device' && points.length > 1)
    .sort((a, b) => (costOf.get(a.name) ?? 0) - (costOf.get(b.name) ?? 0));
  // A place keeps its colour in every chart.
  return [...software, ...devices.slice(0, MOST_PLACES)].map((curve, index) => ({
    ...curve,
    index,
  }));
}

/** The break-even chart of one quantity, or words where there is nothing to draw. */
export async function breakEvenChart(advice: Advice, quantity: Quantity): Promise<Html | null> {
  const curves = drawnCurves(advice).filter(({ points }) =>
    points.some((point) => (quantity.of(point)?.value ?? 0) > 0),
  );
  if (!curves.some(({ kind }) => kind === 'device')) return null;
  return html`${legend(
    'Lines',
    curves.map(({ name, index }) => [colourMark(index), name] as const),
  )}
${await chart(
  `${quantity.name} against messages a second; values at the load in the tables`,
  PADDING,
  (width) => spec(width, advice, curves, quantity),
)}`;
}

function spec(width: number, advice: Advice, curves: readonly Drawn[], quantity: Quantity): Spec {
  const values = curves.flatMap(({ name, points }) =>
    points.flatMap((point) => {
      const figure = quantity.of(point);
      if (figure === null || !(figure.value > 0)) return [];
      const { value, low = value, high = value } = figure;
      return [
        { name, x: point.messagesPerSecond, y: value, low: Math.max(low, value / 1e3), high },
      ];
    }),
  );
  const rate = advice.load.messagesPerSecond.value;
  const own = curves.flatMap(({ name, points }) => {
    const figure = at(points, rate, quantity);
    if (figure === null) return [];
    const title = `${name} at ${readable(rate, '1/s')}: ${readable(figure, quantity.unit)}`;
    return [{ name, x: rate, y: figure, title }];
  });
  const xs = values.map(({ x }) => x);
  const ys = values.flatMap(({ low, high }) => [low, high]);
  const xDomain = [Math.min(...xs, rate), Math.max(...xs, rate)] as const;
  const yDomain = [Math.min(...ys) / 1.3, Math.max(...ys) * 1.3] as const;
  const colourOf = {
    field: 'name',
    type: 'nominal',
    legend: null,
    scale: {
      domain: curves.map(({ name }) => name),
      range: curves.map(({ index }) => colour(index)),
    },
  } as const;
  const scale = (domain: readonly [number, number]) => ({
    type: 'log' as const,
    domain: [...domain],
    nice: false,
    clamp: true,
  });
  const x = {
    type: 'quantitative',
    scale: scale(xDomain),
    axis: {
      title: 'messages a second that arrive',
      values: decades(xDomain, width > 500 ? 10 : 5),
      labelExpr: prefixedLabel('/s'),
    },
  } as const;
  const y = {
    type: 'quantitative',
    scale: scale(yDomain),
    axis: {
      title: quantity.name,
      values: decades(yDomain, 8),
      labelExpr:
        quantity.unit === 'USD'
          ? "format(datum.value, '~e') + ' USD'"
          : prefixedLabel(quantity.unit),
      ...titleAbove(PADDING.left),
    },
  } as const;
  const isLeft = Math.log(rate / xDomain[0]) < 0.6 * Math.log(xDomain[1] / xDomain[0]);
  return {
    height: width > 500 ? 380 : 300,
    data: { values },
    layer: [
      {
        mark: { type: 'area', opacity: 0.1, aria: false },
        encoding: {
          x: { ...x, field: 'x' },
          y: { ...y, field: 'low' },
          y2: { field: 'high' },
          color: colourOf,
        },
      },
      {
        mark: { type: 'line', strokeWidth: 2, aria: false },
        encoding: {
          x: { ...x, field: 'x' },
          y: { ...y, field: 'y' },
          color: colourOf,
          // Software is solid: told from devices without colour as well.
          strokeDash: {
            field: 'name',
            type: 'nominal',
            legend: null,
            scale: {
              domain: curves.map(({ name }) => name),
              range: curves.map(({ kind, index }) =>
                kind === 'software' ? [1, 0] : [4 + index, 2],
              ),
            },
          },
        },
      },
      {
        data: { values: [{ x: rate }] },
        mark: {
          type: 'rule',
          strokeWidth: 1.5,
          color: 'var(--soft)',
          strokeDash: [2, 3],
          aria: false,
        },
        encoding: { x: { ...x, field: 'x' } },
      },
      {
        data: { values: own },
        mark: {
          type: 'point',
          filled: true,
          size: 90,
          stroke: 'var(--card)',
          strokeWidth: 1,
          opacity: 1,
        },
        encoding: {
          x: { ...x, field: 'x' },
          y: { ...y, field: 'y' },
          color: colourOf,
          description: { field: 'title' },
        },
      },
      {
        data: { values: [{ x: rate, y: yDomain[1], text: 'your load' }] },
        mark: {
          type: 'text',
          align: isLeft ? 'left' : 'right',
          dx: isLeft ? 6 : -6,
          dy: 10,
          fontSize: 12,
          color: 'var(--text)',
          aria: false,
          ...HALO,
        },
        encoding: { x: { ...x, field: 'x' }, y: { ...y, field: 'y' }, text: { field: 'text' } },
      },
    ],
  } as Spec;
}

/** Of a curve at a rate between its points, on logarithmic axes; `null` beyond its end. */
function at(points: readonly Point[], rate: number, { of }: Quantity): number | null {
  const above = points.findIndex(({ messagesPerSecond }) => messagesPerSecond >= rate);
  const [upper, lower] = [points[above], points[Math.max(0, above - 1)]];
  const [high, low] = [upper && of(upper)?.value, lower && of(lower)?.value];
  if (!upper || !lower || !high || !low) return null;
  const [from, to] = [lower.messagesPerSecond, upper.messagesPerSecond];
  if (from === to) return high;
  const share = Math.log(rate / from) / Math.log(to / from);
  return Math.exp((1 - share) * Math.log(low) + share * Math.log(high));
}
