import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** Where {@link cacheDir} looks; given in tests only. */
export interface CacheDirOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
  readonly home?: string;
}

/**
 * The folder for built kernel libraries; it need not exist yet.
 *
 * `RTLIFT_CACHE_DIR`, else `rtlift` in `XDG_CACHE_HOME` or in the platform's cache folder.
 * @returns an absolute path.
 * @see XDG Base Directory Specification: a relative `XDG_CACHE_HOME` is ignored
 */
export function cacheDir(options: CacheDirOptions = {}): string {
  const { env = process.env, platform = process.platform, home = homedir() } = options;
  if (env.RTLIFT_CACHE_DIR) return resolve(env.RTLIFT_CACHE_DIR);
  const xdg = env.XDG_CACHE_HOME;
  if (xdg && isAbsolute(xdg)) return join(xdg, 'rtlift');
  return platform === 'darwin'
    ? join(home, 'Library', 'Caches', 'rtlift')
    : join(home, '.cache', 'rtlift');
}
