import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { cacheDir } from '../../src/toolchain/cache-dir.js';

const home = '/home/user';

test.each([
  [
    'RTLIFT_CACHE_DIR',
    { RTLIFT_CACHE_DIR: '/big/disk', XDG_CACHE_HOME: '/x' },
    'linux',
    '/big/disk',
  ],
  ['XDG_CACHE_HOME', { XDG_CACHE_HOME: '/x' }, 'linux', '/x/rtlift'],
  ['XDG_CACHE_HOME on macOS', { XDG_CACHE_HOME: '/x' }, 'darwin', '/x/rtlift'],
  ['~/.cache', {}, 'linux', join(home, '.cache/rtlift')],
  [
    '~/.cache where XDG_CACHE_HOME is relative',
    { XDG_CACHE_HOME: 'x' },
    'linux',
    join(home, '.cache/rtlift'),
  ],
  ['~/Library/Caches', {}, 'darwin', join(home, 'Library/Caches/rtlift')],
  [
    '~/.cache where RTLIFT_CACHE_DIR is empty',
    { RTLIFT_CACHE_DIR: '' },
    'linux',
    join(home, '.cache/rtlift'),
  ],
] as const)('the cache lies in %s', (_where, env, platform, expected) => {
  expect(cacheDir({ env, platform, home })).toBe(expected);
});

test('a relative RTLIFT_CACHE_DIR is taken from the current folder', () => {
  expect(cacheDir({ env: { RTLIFT_CACHE_DIR: 'cache' } })).toBe(resolve('cache'));
});
