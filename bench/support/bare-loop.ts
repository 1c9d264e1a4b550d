import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { batchLength, type PackedBatch } from '../../src/kernel/batch.js';
import type { Kernel } from '../../src/kernel/define-kernel.js';
import { buildRuntime } from '../../src/toolchain/build-runtime.js';
import { compileAll, joinSmall } from '../../src/toolchain/compile.js';
import { type BuildFlags, FAST_FLAGS } from '../../src/toolchain/flags.js';
import { runTool } from '../../src/toolchain/run-tool.js';
import { findToolchain } from '../../src/toolchain/toolchain.js';
import { verilateModel } from '../../src/toolchain/verilate.js';

const run = promisify(execFile);
const SOURCE = fileURLToPath(new URL('../bare/bare_loop.cc', import.meta.url));

/** One run of the bare loop over a batch. */
export interface BareRun {
  readonly cycles: number;
  readonly ns: number;
}

/** A bare C++ loop around a kernel's model, compiled with the flags of its library. */
export interface BareLoop {
  run(repeats: number): Promise<BareRun[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Builds the bare loop for a kernel, to run over one batch. */
export async function buildBareLoop<I, O>(
  kernel: Kernel<I, O>,
  batch: PackedBatch,
  flags: BuildFlags = FAST_FLAGS,
): Promise<BareLoop> {
  const toolchain = await findToolchain();
  const folder = await mkdtemp(join(tmpdir(), 'rtlift-bare-'));
  const model = await verilateModel(kernel, flags, toolchain, 'bare', folder, () => undefined);
  const objects = await compileAll(
    toolchain.compiler,
    await joinSmall([SOURCE, ...model.sources], folder),
    model.compilerArgs,
    folder,
    `bare loop of ${kernel.name}`,
  );
  const program = join(folder, 'bare_loop');
  const runtime = await buildRuntime(flags, toolchain);
  await runTool(toolchain.compiler.path, [...objects, ...runtime, '-o', program, '-pthread'], {
    failure: 'ERR_RTLIFT_COMPILE_FAILED',
    purpose: 'link the bare loop',
  });
  const input = join(folder, 'batch.bin');
  const count = Uint32Array.of(batchLength(batch));
  await writeFile(input, Buffer.concat([bytesOf(count), bytesOf(batch.offsets), batch.data]));
  const registers = Array.from(kernel.registers?.() ?? [], String);
  return {
    async run(repeats) {
      const { stdout } = await run(program, [input, String(repeats), ...registers]);
      return stdout
        .trim()
        .split('\n')
        .map((line) => {
          const [cycles = Number.NaN, ns = Number.NaN] = line.split(' ').map(Number);
          return { cycles, ns };
        });
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function bytesOf(view: Uint32Array | Int32Array): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
