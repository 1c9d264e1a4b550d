import './support/say-why.js';
import { writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SYNTHESIS_DESIGNS } from '../src/bench/synthesis-designs.js';
import {
  SYNTHESIS_FOLDERS,
  synthesisDocuments,
  synthesisPath,
  writeSynthesisDocuments,
} from '../src/bench/synthesis-readme.js';
import { synthesisRowText } from '../src/report/synthesis-text.js';
import {
  findStale,
  rowsOf,
  synthesisText,
  type WantedRow,
  withCapacity,
  withoutStale,
  writeRows,
} from '../src/synthesis/results.js';
import { synthesise } from '../src/synthesis/synthesise.js';
import { targetOf } from '../src/synthesis/targets.js';

// Brings every hdl/*/synthesis.json up to date and writes the tables of the READMEs from them:
//   npm run synth:all -- [--kernel <name>] [--device <d>] [--where NAME=value] [--force] [--seeds <n>]
//   npm run synth:check     only looks, and exits with 1 where something is out of date
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    force: { type: 'boolean', default: false },
    kernel: { type: 'string' },
    device: { type: 'string' },
    where: { type: 'string' },
    seeds: { type: 'string', default: '3' },
  },
});
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1);
const wantedOf = (folder: string): WantedRow[] =>
  SYNTHESIS_DESIGNS.filter((design) => design.folder === folder).flatMap(({ kernel, devices }) =>
    devices.map((device) => ({ kernel: kernel.name, rtl: kernel.rtl, device })),
  );

const total = { rows: 0, made: 0, stale: 0, documents: 0 };
for (const folder of SYNTHESIS_FOLDERS) {
  const path = synthesisPath(ROOT, folder);
  const wanted = wantedOf(folder);
  total.rows += wanted.length;
  if (!values.check) await make(path, wanted);
  for (const { kernel, device, problem } of await findStale(await rowsOf(path), wanted)) {
    total.stale++;
    console.error(`${relative(ROOT, path)}: ${kernel} on ${device}: ${problem}`);
  }
}
if (values.check) {
  for (const { file, current, expected } of await synthesisDocuments(ROOT)) {
    if (current === expected) continue;
    total.documents++;
    console.error(`${relative(ROOT, file)}: its table is not what synth:all makes`);
  }
} else {
  const written = await writeSynthesisDocuments(ROOT);
  total.documents = written.length;
  for (const file of written) console.log(`written: ${relative(ROOT, file)}`);
}
process.stdout.write(`${JSON.stringify(total)}\n`);
if (total.stale > 0 || (values.check && total.documents > 0)) process.exitCode = 1;

async function make(path: string, wanted: readonly WantedRow[]): Promise<void> {
  const kept = await rowsOf(path);
  const current = (await withoutStale(kept, wanted)).map(withCapacity);
  const text = synthesisText(current);
  if (text !== synthesisText(kept)) await writeFile(path, text);
  for (const it of wanted) {
    if (values.kernel && it.kernel !== values.kernel) continue;
    if (values.device && it.device !== values.device) continue;
    const [name = '', value] = values.where?.split('=') ?? [];
    if (values.where && String(it.rtl.parameters[name]) !== value) continue;
    const isCurrent = !(await findStale(current, [it])).some(({ problem }) =>
      /^no row|capacity/.test(problem),
    );
    if (isCurrent && !values.force) continue;
    const row = await synthesise(it.kernel, it.rtl, targetOf(it.device), {
      seeds,
      onStage: (text) => console.error(`${it.kernel} on ${it.device}: ${text}`),
    });
    await writeRows(path, [row]);
    total.made++;
    console.log(synthesisRowText(row));
  }
}
