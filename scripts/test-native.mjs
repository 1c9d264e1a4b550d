// `npm run test:native [address|thread]`: builds the tests of the native host with a sanitizer and runs them.
import { join } from 'node:path';
import { createLog } from './lib/log.mjs';
import { run } from './lib/run.mjs';
import { ROOT } from './lib/setup.mjs';
import { findTool } from './lib/tools.mjs';

const SANITIZERS = ['address', 'thread'];

const log = createLog('test:native');
const sanitizer = process.argv[2] ?? 'address';
if (!SANITIZERS.includes(sanitizer)) {
  log.line(`expected ${SANITIZERS.join(' or ')}, got ${sanitizer}`);
  process.exit(2);
}
const cmake = await findTool('cmake');
if (!cmake.ok) {
  log.line(`${cmake.reason}; \`npx rtlift doctor\` says how to get it`);
  process.exit(1);
}
const build = join(ROOT, 'build', `native-${sanitizer}`);
const configure = ['-S', join(ROOT, 'native'), '-B', build, `-DRTLIFT_SANITIZE=${sanitizer}`];
for (const [command, args] of [
  [cmake.path, configure],
  [cmake.path, ['--build', build, '--parallel', '2']],
  [join(build, 'test', 'host_test'), []],
]) {
  const result = await run(command, args, {
    cwd: ROOT,
    env: process.env,
    log,
    label: 'native tests',
  });
  const isTest = command.endsWith('host_test');
  if (isTest || !result.ok) for (const line of result.lines) process.stdout.write(`${line}\n`);
  if (!result.ok) {
    log.line(`failed: ${command} ${args.join(' ')}`);
    process.exit(1);
  }
}
