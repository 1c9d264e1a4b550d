// `npm start`: set-up, then the benchmark with the arguments given here, and its page.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, setUp } from './lib/setup.mjs';

if (!(await setUp())) process.exit(1);

const main = join(ROOT, 'dist', 'cli', 'main.js');
const child = spawn(process.execPath, [main, 'bench', '--page', ...process.argv.slice(2)], {
  stdio: 'inherit',
  shell: false,
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    // A terminal sends Ctrl-C to the child as well; a second one would cut its clean-up short.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
