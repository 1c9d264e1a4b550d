import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './root.js';

/** URL of the loader by which Node runs TypeScript, for `--import`. */
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** How a child ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly elapsedMs: number;
}

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly args?: readonly string[];
  /** Default: the checkout. */
  readonly cwd?: string;
  /** A child that runs longer is killed. */
  readonly timeoutMs?: number;
}

/** Runs a script of test/fixtures/scripts in a Node of its own. */
export function runScript(name: string, options: ChildOptions = {}): Promise<Ended> {
  return runFile(join('test', 'fixtures', 'scripts', name), options);
}

/** Runs a file of the checkout in a Node of its own. */
export function runFile(
  path: string,
  { env = {}, args = [], cwd = ROOT, timeoutMs = 100_000 }: ChildOptions = {},
): Promise<Ended> {
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const script = join(ROOT, path);
    const child = spawn(process.execPath, ['--import', TSX, script, ...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ code, signal, stdout, stderr, elapsedMs: performance.now() - begin }),
    );
  });
}
