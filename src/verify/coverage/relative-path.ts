import { relative, resolve, sep } from 'node:path';

/** A file as seen from a folder, with `/`; the whole path where it lies outside, the path as it is without a folder. */
export function relativePath(file: string, base: string | undefined): string {
  if (base === undefined) return file;
  const path = relative(base, resolve(file));
  const isOutside = path === '..' || path.startsWith(`..${sep}`) || resolve(path) === path;
  return (isOutside ? resolve(file) : path).replaceAll(sep, '/');
}
