import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { type ProcessNote, unfinished } from './collect.js';

/** When what has not ended is asked again, in ms after the time before. */
const AGAIN_MS = 1000;
const INSPECTOR_MS = 3000;
const KILL_MS = 3000;
/** Node needs so long at most to open its inspector. */
const OPEN_MS = 500;

/**
 * Ends a command so that its processes write their profiles: SIGTERM to it, then to each of its processes, because a shell
 * between two passes no signal on; then through the inspector what never comes back to its event loop; then SIGKILL.
 */
export async function endCommand(
  child: ChildProcess,
  folder: string,
  over: AbortSignal,
): Promise<void> {
  const each = async (end: (note: ProcessNote) => void | Promise<void>, afterMs: number) => {
    await delay(afterMs, undefined, { ref: false, signal: over });
    await Promise.allSettled((await unfinished(folder)).map(end));
  };
  child.kill('SIGTERM');
  try {
    await each(({ pid }) => signalTo(pid, 'SIGTERM'), AGAIN_MS);
    await each(exitByInspector, INSPECTOR_MS);
    await each(({ pid }) => signalTo(pid, 'SIGKILL'), KILL_MS);
    child.kill('SIGKILL');
  } catch (error) {
    // The command has ended, and its folder may be gone.
    if (!over.aborted) throw error;
  }
}

/** What listens there may be another process by now, or may have been all along: it is asked who it is first. */
export async function exitThrough(debugPort: number, pid: number): Promise<void> {
  const { evaluate } = await import('./attach.js');
  await evaluate(debugPort, `if (globalThis.process?.pid === ${Number(pid)}) process.exit(143)`);
}

async function exitByInspector({ pid, debugPort }: ProcessNote): Promise<void> {
  if (debugPort === null) return;
  signalTo(pid, 'SIGUSR1');
  await delay(OPEN_MS, undefined, { ref: false });
  await exitThrough(debugPort, pid);
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between.
  }
}
