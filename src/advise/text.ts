import Table from 'cli-table3';
import type { Figure } from '../figure.js';
import { formatNumber } from '../report/format.js';
import { readable, readableRange } from '../report/page/readable.js';
import type { Advice, PlaceAdvice } from './advice.js';

const figureText = (figure: Figure | null): string => {
  if (figure === null) return '-';
  const range = readableRange(figure);
  const shown = readable(figure.value, figure.unit);
  return range === '' ? shown : `${shown}\n${range}`;
};

const table = (head: readonly string[]): Table.Table =>
  new Table({
    head: [...head],
    colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });

/** Advice for a terminal. */
export function adviceText(advice: Advice): string {
  const { load, kernel, verdict, machine, pool } = advice;
  const perMessage = kernel.cyclesPerMessage;
  return [
    `${load.name}: ${kernel.name}${kernel.copies > 1 ? ` x ${kernel.copies}` : ''}, ${formatNumber(load.messagesPerSecond.value)} messages/s of ${formatNumber(load.meanBytes.value)} B on average; ${load.source}`,
    `a message may wait ${readable(load.delay.value, 'ns')}, in which ${formatNumber(load.batch.value)} come together; ${formatNumber(perMessage.value)} cycles a message (${perMessage.provenance})`,
    '',
    softwareTable(advice),
    pool === null
      ? 'no core is left for a worker pool'
      : `worker pool: up to ${formatNumber(pool.capacity.value)} messages/s, ${readable(pool.hostTime.value, 'ns')} of this thread a message; ${pool.note}`,
    '',
    placesTable(advice.places),
    breakEvenTable(advice.places),
    ...advice.places.flatMap(({ device, link, figures, why }) =>
      figures === null ? [`${device}/${link}: does not fit: ${why}`] : [],
    ),
    ...advice.notes.map((note) => `- ${note}`),
    `Measured on ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${formatNumber(machine.load)}; devices are modelled, none was there.`,
    '',
    verdict.sentence,
    `(${verdict.kind}, ${verdict.reason})`,
  ].join('\n');
}

function softwareTable({ software }: Advice): string {
  const shown = table([
    'software, one core',
    'a message',
    'cores for the load',
    'energy',
    '10^9 messages',
    'whole service',
  ]);
  for (const each of software) {
    shown.push([
      each.name,
      figureText(each.nsPerMessage),
      formatNumber(each.cores.value),
      figureText(each.energy),
      `${formatNumber(each.price.value)} USD`,
      each.wholeService === null ? '-' : figureText(each.wholeService),
    ]);
  }
  return shown.toString();
}

function placesTable(places: readonly PlaceAdvice[]): string {
  const shown = table([
    'device/link',
    'messages/s a card',
    'bound',
    'added latency',
    'host time',
    'energy',
    '10^9 messages',
    'cards',
    'whole service',
  ]);
  for (const { device, link, figures, cards, fits } of places) {
    if (figures === null) continue;
    shown.push([
      `${device}/${link}${fits === 'unknown' ? '\nnobody knows if it fits' : ''}`,
      figureText(figures.capacity),
      figures.constraint,
      figureText(figures.addedLatency),
      figureText(figures.hostTime),
      figureText(figures.energy),
      figures.price === null ? '-' : `${formatNumber(figures.price.value)} USD`,
      formatNumber(cards?.value ?? Number.NaN),
      figureText(figures.wholeService),
    ]);
  }
  return shown.toString();
}

function breakEvenTable(places: readonly PlaceAdvice[]): string {
  const shown = table([
    'breaks even',
    'as fast as a core',
    'core freed',
    'energy',
    'price',
    'right size',
  ]);
  const at = (figure: Figure | null, unit: string): string =>
    figure === null ? 'never' : `${formatNumber(figure.value)}${unit}`;
  for (const { device, link, figures, rightSize } of places) {
    if (figures === null) continue;
    const { speed, hostTime, energy, price } = figures.breakEven;
    shown.push([
      `${device}/${link}`,
      at(speed.at, ' a batch'),
      at(hostTime.at, ' a batch'),
      at(energy.at, '/s'),
      figures.price === null ? '-' : at(price.at, '/s'),
      rightSize === null
        ? '-'
        : `${rightSize.parameter} ${rightSize.value}${rightSize.saturates ? '' : ', not enough'}\n${rightSize.lut === null ? 'area not known' : `${formatNumber(rightSize.lut.value)} LUT (${formatNumber(rightSize.lut.low ?? rightSize.lut.value)}..${formatNumber(rightSize.lut.high ?? rightSize.lut.value)})`}`,
    ]);
  }
  return shown.toString();
}
