import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { checkV8Profile, type Script, type ThreadProfile } from './v8-profile.js';

/** What the hook notes of a process when it starts. */
export interface ProcessNote {
  readonly pid: number;
  readonly path: string | null;
  readonly isLauncher: boolean;
  readonly argv: readonly string[];
  /** Where its inspector listens after SIGUSR1; `null` where it has an inspector of its own. */
  readonly debugPort: number | null;
}

export interface Collected {
  readonly threads: readonly ThreadProfile[];
  readonly notes: readonly string[];
}

/** What Node calls the profile of a worker: date, time, process, thread, number. */
const WORKER_FILE = /^CPU\.\d+\.\d+\.(\d+)\.(\d+)\.\d+\.cpuprofile$/;

/** Reads the folder that the hook has written to. */
export async function collect(folder: string): Promise<Collected> {
  const names = (await readdir(folder)).sort();
  const processes = await readProcesses(folder, names);
  const threads: ThreadProfile[] = [];
  const notes: string[] = [];
  for (const { pid, path, isLauncher, argv } of processes) {
    const title = path === null ? `node ${argv[0] ?? ''}`.trim() : basename(path);
    if (isLauncher) {
      notes.push(`${title} (process ${pid}) only starts other programs and was left out.`);
      continue;
    }
    if (!names.includes(`${pid}.0.cpuprofile`)) {
      notes.push(
        `process ${pid} (${title}) left no profile: it was killed, or did not end in time.`,
      );
    }
    for (const name of names) {
      const worker = WORKER_FILE.exec(name);
      const isMain = name === `${pid}.0.cpuprofile`;
      if (!isMain && Number(worker?.[1]) !== pid) continue;
      const threadId = isMain ? 0 : Number(worker?.[2]);
      const file = join(folder, name);
      const profile = await readJson(file);
      if (profile === null) {
        notes.push(`thread ${threadId} of process ${pid} (${title}) was cut off while it wrote.`);
        continue;
      }
      const scripts = await readJson(join(folder, `${pid}.${threadId}.scripts.json`));
      threads.push({
        name: `${title} ${isMain ? 'main' : `worker ${threadId}`}`,
        pid,
        threadId,
        profile: checkV8Profile(profile, file),
        scripts: (scripts ?? {}) as Readonly<Record<string, Script>>,
      });
    }
  }
  return { threads, notes };
}

/** Processes that are sampled and have not written their profile yet. */
export async function unfinished(folder: string): Promise<ProcessNote[]> {
  const names = await readdir(folder);
  const processes = await readProcesses(folder, names);
  return processes
    .filter(({ pid, isLauncher }) => !isLauncher && !names.includes(`${pid}.0.cpuprofile`))
    .filter(({ pid }) => isAlive(pid));
}

async function readProcesses(folder: string, names: readonly string[]): Promise<ProcessNote[]> {
  const files = names.filter((name) => name.endsWith('.process.json'));
  const notes = await Promise.all(files.map((name) => readJson(join(folder, name))));
  return notes.filter((note) => note !== null) as ProcessNote[];
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
