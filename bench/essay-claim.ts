import './support/say-why.js';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { OPERATIONS } from '../src/bench/operations.js';
import { assembleReport } from '../src/bench/suite/assemble.js';
import { HOST_CLOCK } from '../src/bench/suite/clock.js';
import { parseFilter } from '../src/bench/suite/filter.js';
import { lookAtLoad, machineOf } from '../src/bench/suite/machine.js';
import { planSuite } from '../src/bench/suite/plan.js';
import { NO_JOURNAL } from '../src/bench/suite/resume.js';
import { runSuite } from '../src/bench/suite/run-suite.js';
import { FULL } from '../src/bench/suite/settings.js';
import { builtInOperations } from '../src/bench/suite/suite-operation.js';
import { hostWith } from '../src/cli/assumptions.js';
import { PACKAGE_VERSION } from '../src/cli/package-info.js';
import { F2 } from '../src/devices/catalogue.js';
import { claimDataOf, claimText, withClaim } from './support/claim-document.js';
import { printClosingLine } from './support/closing-line.js';

// The essay's claim, kernel by kernel, on AWS F2: runs the points it needs, and writes docs/essay-claim.json and the table of
// docs/essay-claim.md from it. Where other work disturbed the software it writes nothing and exits with 1.
//   npm run bench:claim -- [--rounds <n>] [--force]
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    /** Writes what was disturbed as well, and says so in the table. */
    force: { type: 'boolean', default: false },
    /** Shown and not written. */
    dry: { type: 'boolean', default: false },
  },
});
/** Whole mails, the records of the filter, and messages of one block, which a card is best at. */
const FILTER = [
  '*/mail/256',
  'recordFilter/order/4096',
  ...['sha256-pipelined', 'siphash', 'crc'].flatMap((name) =>
    ['32B', '55B'].map((size) => `${name}/${size}/4096`),
  ),
].join(',');

const file = (name: string): string => fileURLToPath(new URL(`../docs/${name}`, import.meta.url));
const settings = { ...FULL, rounds: Number(values.rounds) };
const filter = parseFilter(FILTER, [F2.id]);
const host = await hostWith({});
const operations = await builtInOperations(Object.keys(OPERATIONS), settings);
const { points } = planSuite(
  operations.map(({ operation: { name, rivals }, classes }) => ({
    name,
    classes,
    rivals: rivals.length,
  })),
  settings,
  filter,
);
const seed = 1;
const before = lookAtLoad();
const run = await runSuite(operations, points, {
  settings,
  filter,
  seed,
  host,
  clock: HOST_CLOCK,
  journal: NO_JOURNAL,
  onProgress: ({ text, done, points: all }) => console.error(`${done} of ${all}: ${text}`),
});
const report = assembleReport(
  {
    ...run,
    rtlift: PACKAGE_VERSION,
    takenAt: new Date(),
    machine: machineOf(before, lookAtLoad(), host),
    settings: { rounds: settings.rounds, isQuick: false, filter: FILTER, seed },
    operations: operations.map(({ operation }) => operation),
  },
  { devices: [F2], host },
);
const data = claimDataOf(report, F2.id);
const text = claimText(data);
console.log(text);
const disturbed = data.rows.filter(({ isDisturbed }) => isDisturbed);
const isQuiet = disturbed.length === 0;
if (!isQuiet) {
  const names = disturbed.map(
    ({ operation, size, wallOverCpu }) => `${operation}/${size.name} ${wallOverCpu.toFixed(2)}`,
  );
  console.error(
    `other work disturbed the software, its time over its CPU time: ${names.join(', ')}`,
  );
}
if (!values.dry && (isQuiet || values.force)) {
  await writeFile(file('essay-claim.json'), `${JSON.stringify(data, null, 1)}\n`);
  const document = await readFile(file('essay-claim.md'), 'utf8');
  await writeFile(file('essay-claim.md'), withClaim(document, text));
} else if (!isQuiet) {
  process.exitCode = 1;
}
printClosingLine({ rows: data.rows.length, disturbed: disturbed.length });
