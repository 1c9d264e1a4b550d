// Makes a checkout, or an installed package, ready: npm packages, tools, addon, dist.
//   node scripts/setup.mjs [--tests] [--retry] [npm] [tools] [addon] [build]
import { parseArgs } from 'node:util';
import { STEPS, setUp } from './lib/setup.mjs';

const { values, positionals } = parseArgs({
  options: { tests: { type: 'boolean' }, retry: { type: 'boolean' } },
  allowPositionals: true,
});
const unknown = positionals.filter((step) => !STEPS.includes(step));
if (unknown.length > 0) {
  process.stderr.write(
    `set-up: no step is named ${unknown.join(', ')}; steps: ${STEPS.join(', ')}\n`,
  );
  process.exitCode = 1;
} else {
  const isReady = await setUp({
    steps: positionals.length > 0 ? positionals : STEPS,
    withTestTools: values.tests ?? false,
    isRetry: values.retry ?? false,
  });
  process.exitCode = isReady ? 0 : 1;
}
