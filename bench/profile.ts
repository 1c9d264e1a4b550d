// Are the profiles true, what do they cost, and is the advisor right?
//   npm run bench:profile -- [shares|overhead|calls|cycles|verdicts]
import './support/say-why.js';
import { calls } from './profile/calls.js';
import { cycles } from './profile/cycles.js';
import { overhead } from './profile/overhead.js';
import { shares } from './profile/shares.js';
import { verdicts } from './profile/verdicts.js';
import { printClosingLine } from './support/closing-line.js';

const PARTS: Readonly<Record<string, () => Promise<Readonly<Record<string, number>>>>> = {
  shares,
  overhead,
  calls,
  cycles,
  verdicts,
};

const wanted = process.argv.slice(2);
const closing: Record<string, number> = {};
for (const [name, run] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  Object.assign(closing, await run());
}
printClosingLine(closing);
