import type { Html } from '../../verify/coverage/html.js';
import type { Measurement } from '../suite-report.js';
import { figureCell } from './figure-cell.js';
import { emptyNote, foldedTable, textCell } from './table.js';

/** What the RTL takes, counted. */
export function kernelTable(measurements: readonly Measurement[]): Html {
  const rows = measurements.flatMap(({ operation, size, batch, kernel }) => {
    if (!kernel) return [];
    const { cyclesPerMessage, bytesPerCycle, inStalls, inBubbles, outStalls } = kernel;
    const { registerActivity, netActivity } = kernel;
    const figures = [
      cyclesPerMessage,
      bytesPerCycle,
      inStalls,
      inBubbles,
      outStalls,
      registerActivity,
      netActivity,
    ];
    const place = [size.name, batch.toLocaleString('en-US')];
    return [{ head: operation, cells: [...place.map(textCell), ...figures.map(figureCell)] }];
  });
  if (rows.length === 0)
    return emptyNote('no kernel was simulated, so that no cycles were counted.');
  const heads = [
    'operation',
    'size',
    'batch',
    'cycles a message',
    'bytes a cycle',
    'stalls in',
    'bubbles in',
    'stalls out',
    'registers that toggle',
    'nets that toggle',
  ];
  return foldedTable('Table: kernel cycles, stalls and bubbles', heads, rows);
}
