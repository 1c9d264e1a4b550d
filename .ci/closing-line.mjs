// Prints `N passed, N failed, N skipped` from vitest's JSON report.
//   node .ci/closing-line.mjs REPORT [failed step ...]
// Exits with 1 unless everything passed and there was something to pass.
import { readFileSync } from 'node:fs';

const [reportFile, ...failedSteps] = process.argv.slice(2);

const counts = { passed: 0, failed: 0, skipped: 0 };

function readFiles() {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8')).testResults;
  } catch {
    console.log(`no test report in ${reportFile}: the tests did not run to their end`);
    counts.failed++;
    return [];
  }
}

for (const file of readFiles()) {
  for (const test of file.assertionResults) {
    if (test.status === 'passed') counts.passed++;
    else if (test.status === 'failed') counts.failed++;
    else counts.skipped++;
  }
  // A file that does not load, or whose hook fails, has no failed test of its own.
  const hasFailedTest = file.assertionResults.some((test) => test.status === 'failed');
  if (file.status === 'failed' && !hasFailedTest) counts.failed++;
}

// A failed step must show in the line; the test step does already, unless what failed was not a test.
const failedTests = counts.failed;
for (const step of failedSteps) {
  console.log(`failed step: ${step}`);
  if (step !== 'test' || failedTests === 0) counts.failed++;
}
if (counts.passed === 0) console.log('no test passed');

console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
