import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ErrorCode } from '../../src/index.js';
import { offload } from '../../src/index.js';
import { VerilatorPath } from '../../src/paths/verilator.js';
import { buildKernel } from '../../src/toolchain/build-kernel.js';
import { findTool } from '../../src/toolchain/find-tools.js';
import { thrown } from '../support/errors.js';
import { byteSum } from '../support/fixture-kernels.js';
import { temporaryFolder } from '../support/folders.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';

const missing = await missingVerilatorPath();
const cxx = (await findTool('cxx')).path ?? 'c++';

/** A shared library of one C++ source. */
function compileLibrary(source: string): string {
  const folder = temporaryFolder();
  const file = join(folder, 'library.cc');
  const library = join(folder, 'library.so');
  writeFileSync(file, source);
  execFileSync(cxx, ['-shared', '-fPIC', file, '-o', library]);
  return library;
}

const LIBRARIES: readonly (readonly [string, ErrorCode, () => string])[] = [
  [
    'a library that is missing',
    'ERR_RTLIFT_LIBRARY_LOAD',
    () => join(temporaryFolder(), 'kernel.so'),
  ],
  [
    'a text file',
    'ERR_RTLIFT_LIBRARY_LOAD',
    () => {
      const file = join(temporaryFolder(), 'kernel.so');
      writeFileSync(file, 'not a library');
      return file;
    },
  ],
  ['a folder', 'ERR_RTLIFT_LIBRARY_LOAD', () => temporaryFolder()],
  [
    'a library without the entry point',
    'ERR_RTLIFT_LIBRARY_FOREIGN',
    () => compileLibrary('extern "C" int other() { return 1; }\n'),
  ],
  [
    'a library of another ABI version',
    'ERR_RTLIFT_LIBRARY_FOREIGN',
    () =>
      compileLibrary(
        'static const unsigned api[64] = {999, 80};\nextern "C" const void* rtlift_kernel() { return api; }\n',
      ),
  ],
  [
    'a library that describes nothing',
    'ERR_RTLIFT_LIBRARY_FOREIGN',
    () => compileLibrary('extern "C" const void* rtlift_kernel() { return nullptr; }\n'),
  ],
];

describeUnless(missing, 'a kernel library that is none', () => {
  test.each(LIBRARIES)(
    '%s is refused by name, and a good one still opens',
    async (_, code, make) => {
      const build = await buildKernel(byteSum());
      const library = make();
      const error = thrown(code, () => VerilatorPath.openBuild(byteSum(), { ...build, library }));
      expect(error.message).toContain(library);
      expect(error.message).toContain('byte-sum');

      await using good = await offload(byteSum(), { path: 'verilator' });
      expect(await good(Uint8Array.of(1, 2))).toBe(3);
    },
  );
});
