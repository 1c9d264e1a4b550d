import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { RtliftError } from '../../errors.js';
import { type Collected, collect, unfinished } from './collect.js';
import { endCommand } from './end-command.js';

/** The same from src/ and from dist/. */
const HOOK = fileURLToPath(new URL('../../../templates/profile/hook.cjs', import.meta.url));

/** How long processes of the command may take to write their profiles after it has ended. */
const GRACE_MS = 5000;
const POLL_MS = 50;

export interface RecordOptions {
  /** µs between two samples. */
  readonly intervalUs: number;
  /** Ends the command after so long; default: it runs until it ends. */
  readonly durationMs?: number;
  /** Where the command's standard output goes; `stderr` keeps ours free for a report. */
  readonly stdout?: 'stdout' | 'stderr';
}

export interface Recording extends Collected {
  /** Exit status as a shell gives it: 128 + n after signal n. */
  readonly status: number;
  /** Whether it was ended because its time was up. */
  readonly isEnded: boolean;
}

/**
 * Runs a command and samples every Node process and worker thread of it.
 *
 * Signals that reach this process are passed on. Processes that get another environment than their parent's, and those that are
 * killed by SIGKILL, leave no profile.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` where the command cannot be started.
 */
export async function record(
  command: readonly string[],
  { intervalUs, durationMs, stdout = 'stdout' }: RecordOptions,
): Promise<Recording> {
  const folder = await mkdtemp(join(tmpdir(), 'rtlift-profile-'));
  try {
    const child = await start(command, folder, intervalUs, stdout);
    const { status, isEnded } = await untilEnd(child, folder, durationMs);
    for (let waited = 0; waited < GRACE_MS && (await unfinished(folder)).length > 0; ) {
      await delay(POLL_MS);
      waited += POLL_MS;
    }
    return { ...(await collect(folder)), status, isEnded };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function start(
  [program = '', ...args]: readonly string[],
  folder: string,
  intervalUs: number,
  stdout: 'stdout' | 'stderr',
): Promise<ChildProcess> {
  const child = spawn(program, args, {
    stdio: ['inherit', stdout === 'stdout' ? 'inherit' : 2, 'inherit'],
    env: {
      ...process.env,
      // As npm and npx do: `-- tsx x.ts` finds the tsx of this project.
      PATH: [join(process.cwd(), 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter),
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --require ${quoted(HOOK)}`.trim(),
      TSX_DISABLE_CACHE: '1',
      RTLIFT_PROFILE_FOLDER: folder,
      RTLIFT_PROFILE_INTERVAL_US: String(intervalUs),
    },
  });
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child));
    child.once('error', (cause) => {
      reject(
        new RtliftError(
          'ERR_RTLIFT_INVALID_ARG',
          `expected a command that can be started after --, got ${program}: ${cause.message}; check the name, or give its path`,
          { arg: 'command', command: program },
          { cause },
        ),
      );
    });
  });
}

/** As NODE_OPTIONS takes a path with spaces. */
function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&')}"`;
}

async function untilEnd(
  child: ChildProcess,
  folder: string,
  durationMs: number | undefined,
): Promise<{ status: number; isEnded: boolean }> {
  let isEnded = false;
  const over = new AbortController();
  const ended = new Promise<number>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
  // A terminal sends its signals to the command as well; `kill` sends them to this process alone.
  let passed = 0;
  const pass = (signal: NodeJS.Signals): void => {
    passed += 1;
    // Who asks twice does not want to wait for a program that does not listen.
    if (passed > 1) void endCommand(child, folder, over.signal);
    else if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, pass);
  const timer =
    durationMs === undefined
      ? undefined
      : setTimeout(() => {
          isEnded = true;
          void endCommand(child, folder, over.signal);
        }, durationMs);
  try {
    return { status: await ended, isEnded };
  } finally {
    over.abort();
    clearTimeout(timer);
    for (const signal of signals) process.off(signal, pass);
  }
}
