import { styleText } from 'node:util';
import { formatNumber } from './format.js';
import { pathDeviceTable, type TablePlace } from './path-device-table.js';
import type { Comparison, SuiteReport } from './suite-report.js';

const count = (n: number, what: string): string =>
  `${n.toLocaleString('en-US')} ${what}${n === 1 ? '' : 's'}`;

/** What a run of the suite found, for a terminal: a table for each operation, the best case of each device, what is missing. */
export function suiteText(report: SuiteReport): string {
  const { machine, measurements, projections, compared, skipped, complete, operations } = report;
  const parts = [
    `rtlift ${report.rtlift}, suite of ${count(operations.length, 'operation')}: ${count(measurements.length, 'measurement')}, ${count(projections.length, 'projection')}, ${count(compared.length, 'comparison')} with the golden model.`,
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; ${machine.note}`,
  ];
  for (const { name } of operations) {
    const place = tellingPlace(report, name);
    if (place) parts.push(pathDeviceTable(report, place));
    parts.push(...bestCases(report, name));
  }
  for (const { operation, runner, reason } of skipped) {
    parts.push(styleText('yellow', `Left out, ${operation}: ${runner}: ${reason}`));
  }
  if (complete < 1) {
    const percent = Math.floor(complete * 100);
    parts.push(styleText('yellow', `The run was cut short: ${percent} % of its points are here.`));
  }
  return parts.join('\n');
}

/** The largest batch of an operation that has projections, of its own corpus rather than of made-up messages. */
function tellingPlace({ measurements, projections }: SuiteReport, name: string): TablePlace | null {
  const loads = projections.filter(({ operation }) => operation === name);
  const own = loads.length > 0 ? loads : measurements.filter(({ operation }) => operation === name);
  const size = own.at(-1)?.size.name;
  if (size === undefined) return null;
  const batch = Math.max(
    ...own.filter((each) => each.size.name === size).map((each) => each.batch),
  );
  return { operation: name, size, batch };
}

const ratio = ({ value, low, high }: Comparison['powerRatio']): string =>
  `${formatNumber(value)} (${formatNumber(low ?? value)}..${formatNumber(high ?? value)})`;

/**
 * Of each device the comparison with the best software in which it is fastest: how many times the performance, at what power.
 * Devices of which nobody knows whether they hold the kernel come last, and say so.
 */
export function bestCases({ comparisons }: SuiteReport, name: string): string[] {
  // A message of no bytes is a case of the tests and of nobody's service.
  const own = comparisons.filter(({ operation, size }) => operation === name && size.bytes > 0);
  const known = own.filter(({ fits }) => fits !== null).map(({ device }) => device);
  const devices = new Set([...known, ...own.map(({ device }) => device)]);
  return [...devices].flatMap((device) => {
    const best = own
      .filter((each) => each.device === device)
      .reduce((a, b) => (b.performanceRatio.value > a.performanceRatio.value ? b : a));
    const { link, fits, size, batch, rival, performanceRatio, powerRatio, energyRatio } = best;
    const disturbed = best.isDisturbed
      ? '; disturbed: other work slowed the software, conclude nothing from it'
      : '';
    const what =
      fits === null ? `if it fits on ${device}, which is not known,` : `best of ${device}`;
    return `  ${what} (via ${link}, ${size.name}, batch ${batch.toLocaleString('en-US')}) over ${rival} on one core: performance x ${ratio(performanceRatio)}, power x ${ratio(powerRatio)}, messages a joule x ${ratio(energyRatio)}${disturbed}`;
  });
}
