import type { PackedBatch } from '../../src/kernel/batch.js';
import { pack, unpack } from '../../src/kernel/batch.js';
import { bytes, uint32 } from '../../src/kernel/codecs.js';
import { defineKernel } from '../../src/kernel/define-kernel.js';
import type {
  PackedRunOptions,
  Path,
  PathName,
  PathRun,
  RunOptions,
} from '../../src/paths/path.js';

/** Sum of the bytes; its RTL is never looked at here. */
export const SUM = defineKernel({
  name: 'sum',
  rtl: { top: 'sum', sources: ['/none.v'] },
  input: bytes(),
  output: uint32(),
  golden: (message: Uint8Array) => message.reduce((total, byte) => total + byte, 0),
});

/** What a scripted path does with a batch. */
export type Step = 'right' | 'wrong' | Error;

/** A path that does as it is told, batch by batch, and then is right. */
export class ScriptedPath implements Path<Uint8Array, number> {
  readonly name: PathName;
  readonly script: Step[];
  batches = 0;
  delayMs = 0;

  constructor(name: PathName, script: Step[] = []) {
    this.name = name;
    this.script = script;
  }

  async run(messages: readonly Uint8Array[], options?: RunOptions): Promise<PathRun<number[]>> {
    this.batches++;
    const step = this.script.shift() ?? 'right';
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    options?.signal?.throwIfAborted();
    if (step instanceof Error) throw step;
    const results = messages.map((message) => SUM.golden(message));
    const last = results.length - 1;
    if (step === 'wrong') results[last] = (results[last] ?? 0) + 1;
    return { results, bytesIn: 0, counters: null, activity: null, modelNs: 0 };
  }

  async runPacked(batch: PackedBatch, options?: PackedRunOptions): Promise<PathRun<PackedBatch>> {
    const { results, ...rest } = await this.run(unpack(SUM.input, batch), options);
    const packed = pack(SUM.output, results, 0, results.length, (size) =>
      options?.into ? options.into.subarray(0, size) : new Uint8Array(size),
    );
    return { ...rest, results: packed };
  }

  async close(): Promise<void> {}
}
