import { defineConfig } from 'vitest/config';

const SLOW = 'test/**/slow-*.test.ts';

export default defineConfig(({ mode }) => ({
  test: {
    include: mode === 'slow' ? [SLOW] : ['test/**/*.test.ts'],
    exclude: mode === 'slow' ? [] : [SLOW],
    // A test that is the first to need a kernel compiles it: 10-40 s where other work runs beside it.
    testTimeout: mode === 'slow' ? 600_000 : 120_000,
    hookTimeout: mode === 'slow' ? 600_000 : 120_000,
    // The addon lives in a process: a crash in one test file must not take the others with it.
    pool: 'forks',
    // More compilers at once than cores only make each other late.
    maxWorkers: 2,
    coverage: { include: ['src/**'], reportsDirectory: 'coverage' },
  },
}));
