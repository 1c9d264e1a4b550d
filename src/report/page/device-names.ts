import { DEVICES } from '../../devices/catalogue.js';
import type { SuiteReport } from '../suite-report.js';

/** The report with the names of devices in place of their ids, as a reader knows them. */
export function withDeviceNames(report: SuiteReport): SuiteReport {
  const names = new Map(DEVICES.map(({ id, name }) => [id, name]));
  const named = <T extends { readonly device: string }>(entries: readonly T[]): T[] =>
    entries.map((entry) => ({ ...entry, device: names.get(entry.device) ?? entry.device }));
  return {
    ...report,
    projections: named(report.projections),
    comparisons: named(report.comparisons),
    breakEvens: named(report.breakEvens),
    synthesis: named(report.synthesis),
  };
}
