// One set-up at a time in a checkout: `npm ci` deletes node_modules first, so a second one beside it
// would take the compiler away from under a build. The holder touches the lock; one that was not
// touched for STALE_MS, or whose process is gone, belongs to a set-up that was killed.
import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const TOUCH_MS = 5_000;
const STALE_MS = 60_000;
const POLL_MS = 200;

function readHolder(file) {
  try {
    const { mtimeMs } = statSync(file);
    const text = readFileSync(file, 'utf8');
    try {
      return { ...JSON.parse(text), text, mtimeMs };
    } catch {
      // Just being written: its age alone tells a slow writer from a dead one.
      return { text, mtimeMs };
    }
  } catch {
    return null;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function isStale(holder) {
  if (Date.now() - holder.mtimeMs > STALE_MS) return true;
  return holder.host === hostname() && !isAlive(holder.pid);
}

/** Removes the lock with this text and no other: what the rename caught instead is put back. */
function removeStale(file, text) {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
    const caught = readFileSync(aside, 'utf8');
    if (caught !== text) writeFileSync(file, caught, { flag: 'wx' });
  } catch {
    // Somebody else removed or replaced it first; the caller looks again.
  }
  rmSync(aside, { force: true });
}

/** Runs `work` while holding `file`; waits for another holder as long as that one is alive. */
export async function withLock(file, log, work) {
  await mkdir(dirname(file), { recursive: true });
  const text = JSON.stringify({ token: randomUUID(), pid: process.pid, host: hostname() });
  const release = () => {
    if (readHolder(file)?.text === text) rmSync(file, { force: true });
  };
  let isAnnounced = false;
  for (;;) {
    try {
      writeFileSync(file, text, { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = readHolder(file);
    if (holder !== null && isStale(holder)) {
      removeStale(file, holder.text);
      continue;
    }
    if (!isAnnounced && holder?.pid !== undefined) {
      isAnnounced = true;
      log.line(`waiting for another set-up here (process ${holder.pid})`);
    }
    await sleep(POLL_MS);
  }
  const touch = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(file, now, now);
    } catch {
      // Taken over after a long suspend. The work goes on: a step stamps only what it has finished.
    }
  }, TOUCH_MS);
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(touch);
    process.removeListener('exit', release);
    release();
  }
}
