import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import type { Kernel } from '../kernel/define-kernel.js';
import { elaborate } from '../toolchain/elaborate.js';
import { findToolchain } from '../toolchain/toolchain.js';

/**
 * SHA-256 of each file of the RTL, included ones too; not of the data that `$readmemh` reads.
 * @returns by path from the folder of the first source, so that a bundle outlives a move of the checkout.
 * @throws {@link RtliftError} `ERR_RTLIFT_TOOL_MISSING`, `ERR_RTLIFT_ELABORATION_FAILED`
 */
export async function hashSources<I, O>({
  rtl,
}: Pick<Kernel<I, O>, 'rtl'>): Promise<Record<string, string>> {
  const base = dirname(rtl.sources[0] ?? '');
  const { verilator, verilatorRoot } = await findToolchain();
  const folder = await mkdtemp(join(tmpdir(), 'rtlift-sources-'));
  try {
    // Only Verilator knows which files its include folders and conditions lead to.
    const { files } = await elaborate(verilator, rtl, folder);
    const all = new Set([...rtl.sources, ...files].map((path) => resolve(path)));
    // What Verilator brings along is told by its version.
    const paths = [...all].filter((path) => !path.startsWith(`${verilatorRoot}/`));
    const entries = await Promise.all(
      paths.map(async (path) => {
        const hash = createHash('sha256').update(await readFile(path));
        return [relative(base, path), hash.digest('hex')] as const;
      }),
    );
    return Object.fromEntries(entries);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
