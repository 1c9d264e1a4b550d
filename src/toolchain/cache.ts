import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir } from './cache-dir.js';

const STALE_MS = 24 * 60 * 60 * 1000;

/** A stable hash of anything that JSON can hold: the identity of what was built. */
export function contentKey(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
}

/** Where an entry lies once it is built. */
export function entryPath(kind: 'kernels' | 'runtime', key: string): string {
  return join(cacheDir(), kind, key);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** True where an entry is complete: it appears by one rename, so a folder that is there is whole. */
export function hasEntry(kind: 'kernels' | 'runtime', key: string): Promise<boolean> {
  return exists(entryPath(kind, key));
}

/** Folders that a killed build left behind. */
async function sweep(tmp: string): Promise<void> {
  const now = Date.now();
  for (const name of await readdir(tmp)) {
    const path = join(tmp, name);
    const age = await stat(path).then(
      (info) => now - info.mtimeMs,
      () => 0,
    );
    if (age > STALE_MS) await rm(path, { recursive: true, force: true });
  }
}

async function moveAway(target: string, to: string): Promise<void> {
  // Another process may have done it first.
  await rename(target, to).catch(() => undefined);
  await rm(to, { recursive: true, force: true });
}

/**
 * Builds an entry in a folder of its own and moves it into place whole, so that neither a failure nor a kill leaves
 * half of one behind. Of two processes that build the same entry the first wins.
 * @param build - fills the folder it is given.
 * @param replaces - whether an entry that is there is out of date. Who has files of it open keeps them.
 * @returns the entry's path.
 */
export async function publishEntry(
  kind: 'kernels' | 'runtime',
  key: string,
  build: (folder: string) => Promise<void>,
  replaces = false,
): Promise<string> {
  const tmp = join(cacheDir(), 'tmp');
  const folder = join(tmp, `${key}-${process.pid}-${randomBytes(4).toString('hex')}`);
  await mkdir(folder, { recursive: true });
  try {
    await sweep(tmp);
    await build(folder);
    const target = entryPath(kind, key);
    await mkdir(join(cacheDir(), kind), { recursive: true });
    if (replaces) await moveAway(target, `${folder}-old`);
    try {
      await rename(folder, target);
    } catch (error) {
      if (!(await exists(target))) throw error;
    }
    return target;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
