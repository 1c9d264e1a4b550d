import Table from 'cli-table3';
import { batchCounter, cyclesOf } from '../../src/advise/cycles/simulate.js';
import { messageMaker } from '../../src/advise/messages.js';
import { loadMails, sampleCorpus } from '../../src/bench/mails.js';
import { ADD_ORDER_FILTER } from '../../src/bench/rivals/record-filter.js';
import { type Kernel, offload } from '../../src/index.js';
import { classify } from '../../src/kernels/classify.js';
import { crc } from '../../src/kernels/crc.js';
import { literalMatch } from '../../src/kernels/literal-match.js';
import { recordFilter } from '../../src/kernels/record-filter.js';
import { sha1 } from '../../src/kernels/sha1.js';
import { sha256 } from '../../src/kernels/sha256.js';
import { siphash } from '../../src/kernels/siphash.js';
import { formatNumber } from '../../src/report/format.js';
import { Random } from '../../src/verify/random.js';

// biome-ignore lint/suspicious/noExplicitAny: kernels of unlike types in one table.
const KERNELS: Readonly<Record<string, Kernel<any, any>>> = {
  sha256: sha256(),
  'sha256-pipelined': sha256({ architecture: 'pipelined' }),
  sha1: sha1(),
  siphash: siphash(Uint8Array.from({ length: 16 }, (_, i) => i)),
  crc: crc('crc-32'),
  literalMatch: literalMatch(['viagra', 'lottery', 'unsubscribe']),
  classify: classify(),
  recordFilter: recordFilter(ADD_ORDER_FILTER),
};

/** Batches of sizes that no model was fitted on. */
function batches(): Readonly<Record<string, readonly number[]>> {
  const random = new Random(41);
  const draw = (count: number, size: () => number) => Array.from({ length: count }, size);
  const mails = sampleCorpus(loadMails() as NonNullable<ReturnType<typeof loadMails>>, 300);
  return {
    '500 x 32 B': draw(500, () => 32),
    '500 x 55 B': draw(500, () => 55),
    '500 x 56 B': draw(500, () => 56),
    '300 x 200 B': draw(300, () => 200),
    '100 x 1,500 B': draw(100, () => 1500),
    '40 x 12,288 B': draw(40, () => 12_288),
    '800 of 0..255 B': draw(800, () => random.below(256)),
    '400 of 16..4,096 B': draw(400, () => 16 + random.below(4081)),
    '300 mails': mails.messages.map(({ length }) => length),
  };
}

/** How far predicted cycles of built-in kernels are from simulated ones, on sizes that the models were not fitted on. */
export async function cycles(): Promise<{ cyclesError: number }> {
  const table = new Table({
    head: ['kernel', 'batch', 'predicted', 'simulated', 'error, %'],
    colAligns: ['left', 'left', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  let worst = 0;
  for (const [name, kernel] of Object.entries(KERNELS)) {
    const make = messageMaker(kernel);
    const model = await cyclesOf(kernel, make, { cycles: 'simulate' });
    const handle = await offload(kernel, { path: 'verilator' });
    try {
      const count = batchCounter(handle, make);
      await count([kernel.input.fixedBytes ?? 8]);
      for (const [what, sizes] of Object.entries(batches())) {
        const taken = sizes.map((bytes) => kernel.input.fixedBytes ?? bytes);
        const counted = await count(taken);
        const predicted = model.predict(taken);
        const error = predicted / counted.cycles - 1;
        worst = Math.max(worst, Math.abs(error));
        table.push([
          name,
          what,
          formatNumber(predicted),
          formatNumber(counted.cycles),
          (error * 100).toFixed(2),
        ]);
      }
    } finally {
      await handle.close();
    }
    console.log(`${name}: ${model.note}`);
  }
  console.log(table.toString());
  return { cyclesError: worst };
}
