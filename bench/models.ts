// How far are the models off? Published measurements of power, links, CPU energy and clocks beside what the models predict. Points that a
// coefficient was taken from are shown and do not count.
import './support/say-why.js';
import Table from 'cli-table3';
import { isIndependent, modelError, modelPoints } from '../src/devices/validation/model-points.js';
import { formatFigure, formatNumber } from '../src/report/format.js';
import { printClosingLine } from './support/closing-line.js';

const points = modelPoints();
const tableOf = (chosen: typeof points): string => {
  const table = new Table({
    head: ['part', 'point', 'published', 'predicted', 'unit', 'factor', 'role', 'source'],
    colAligns: ['left', 'left', 'right', 'right', 'left', 'right', 'left', 'left'],
    colWidths: [null, 46, null, null, null, null, null, 50],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  for (const { part, what, published, predicted, factor, role, isBoardKnown, source } of chosen) {
    const estimated = published.provenance === 'modelled' ? ' (estimated)' : '';
    table.push([
      part,
      what,
      `${formatNumber(published.value)}${estimated}`,
      formatFigure(predicted),
      published.unit,
      factor.toFixed(2),
      role === 'judge' && isBoardKnown ? 'judge, known board' : role,
      source,
    ]);
  }
  return table.toString();
};
console.log('Points that judge the models: no coefficient was taken from them.');
console.log(tableOf(points.filter(({ isJudge }) => isJudge)));
console.log(
  'Points that judge nothing: a coefficient was taken from them, or they lie between such points.',
);
console.log(tableOf(points.filter(({ isJudge }) => !isJudge)));
console.log(
  'factor: the larger of predicted / published and published / predicted. fitted: a coefficient was taken from the point or chosen\n' +
    'with it known; interpolated: between fitted ones of the same board and clock; known board: a coefficient was taken from another\n' +
    "measurement of that board. Variants of one design count as one point. measured, independent: neither a tool's estimate nor a known board. (estimated): by a vendor's or an open tool, no measurement. docs/models.md says how each is predicted.",
);
const show = (name: string, chosen: typeof points): void => {
  const { points: count, medianFactor, worstFactor } = modelError(chosen);
  console.log(
    `${name}: ${count} points, median factor ${medianFactor.toFixed(2)}, worst ${worstFactor.toFixed(2)}`,
  );
};
for (const part of ['power', 'link', 'cpu energy', 'clock'] as const) {
  show(
    part,
    points.filter((point) => point.part === part),
  );
}
show(
  'without known boards',
  points.filter(({ isBoardKnown }) => !isBoardKnown),
);
show('measured, independent', points.filter(isIndependent));
show(
  'power, measured, independent',
  points.filter((point) => point.part === 'power' && isIndependent(point)),
);
const judges = points.filter(({ isJudge }) => isJudge);
const within = judges.filter(
  ({ published, predicted }) =>
    published.value >= (predicted.low ?? predicted.value) &&
    published.value <= (predicted.high ?? predicted.value),
).length;
console.log(`published within low and high: ${within} of ${judges.length}`);
printClosingLine({ ...modelError(points) });
