// A stamp records the content a step ran on. Content, not times: a checkout, a copy or a CI cache
// changes every mtime and nothing else.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

async function listFiles(path) {
  let entries;
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    if (error.code === 'ENOENT') return [];
    throw error;
  }
  const nested = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory() || entry.isFile())
      .map((entry) => listFiles(join(path, entry.name))),
  );
  return nested.flat();
}

/** Hash over names and content of files and folders below `root`, and over `extra` strings. */
export async function hashContent(root, paths, extra = []) {
  const files = (await Promise.all(paths.map((path) => listFiles(join(root, path))))).flat();
  const hash = createHash('sha256').update(JSON.stringify(extra));
  const named = files.map((file) => [relative(root, file).split(sep).join('/'), file]);
  named.sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, file] of named) {
    const content = await readFile(file);
    hash.update(`\n${name}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

export async function readStamp(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    // No stamp, or one cut short: the step runs again, which is always right.
    return null;
  }
}

export async function writeStamp(file, data) {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(data)}\n`);
  await rename(temporary, file);
}
