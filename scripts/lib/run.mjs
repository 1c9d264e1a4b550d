// Child processes of set-up: argument arrays only, no shell, no stdin.
import { spawn } from 'node:child_process';

const TICK_MS = 10_000;
const KEPT_LINES = 200;

const running = new Set();

/** Ends what set-up started: a set-up that is stopped must not leave a compiler running. */
export function killRunning(signal) {
  for (const child of running) child.kill(signal);
}

/**
 * Runs a command to its end, keeps its last lines, and says every 10 s that it still works.
 * Never rejects: a command that cannot start has code null and the reason as its only line.
 */
export function run(command, args, { cwd, env, log, label = command, timeoutMs } = {}) {
  return new Promise((settle) => {
    const started = Date.now();
    const lines = [];
    let partial = '';
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: false,
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    });
    running.add(child);
    const collect = (chunk) => {
      const pieces = (partial + chunk).split(/\r\n|\r|\n/);
      partial = pieces.pop();
      lines.push(...pieces.filter((line) => line.trim() !== ''));
      lines.splice(0, lines.length - KEPT_LINES);
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    const tick = setInterval(() => {
      const last = lines.at(-1)?.trim().slice(0, 80) ?? '';
      log?.line(`${label}: ${Math.round((Date.now() - started) / 1000)} s ... ${last}`);
    }, TICK_MS);
    const end = (code, signal) => {
      clearInterval(tick);
      running.delete(child);
      if (partial.trim() !== '') lines.push(partial);
      settle({ ok: code === 0, code, signal, lines });
    };
    child.on('error', (error) => {
      lines.push(error.message);
      end(null, null);
    });
    child.on('close', end);
  });
}
