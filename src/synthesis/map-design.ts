import { createHash } from 'node:crypto';
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { RtliftError } from '../errors.js';
import type { ParameterValue } from '../kernel/define-kernel.js';
import { cacheDir } from '../toolchain/cache-dir.js';
import { type MappedDesign, readMapped } from './mapped-netlist.js';
import { YOSYS_SCRIPT, type Yosys } from './run-yosys.js';
import { type SynthesisRtl, sourceHash } from './source-hash.js';
import type { Target } from './targets.js';

const OUTPUT = 'mapped.json';

function parameterText(name: string, value: ParameterValue): string {
  if (typeof value === 'string') return `-set ${name} "${value}"`;
  // A plain decimal is 32 bits; what does not fit needs its width said.
  if (value >= -0x80000000 && value <= 0x7fffffff) return `-set ${name} ${value}`;
  const number = BigInt(value);
  const bits = Math.max(
    32,
    (number < 0n ? -number : number).toString(2).length + (number < 0n ? 1 : 0),
  );
  return `-set ${name} ${bits}'h${BigInt.asUintN(bits, number).toString(16)}`;
}

/** Newer versions refuse to write the cell library that they have loaded; older ones write it and cannot leave it out. */
function writeCommands(top: string, version: string): string[] {
  const minor = Number(version.split('.')[1]);
  return minor >= 40
    ? [`select ${top}`, `write_json -selected ${OUTPUT}`]
    : [`write_json ${OUTPUT}`];
}

/** The Yosys script that maps a design to a device, from files beside it to `mapped.json`. */
export function mapScript(
  rtl: Pick<SynthesisRtl, 'top' | 'parameters'>,
  files: readonly string[],
  includes: readonly string[],
  target: Target,
  version: string,
): string {
  const parameters = Object.entries(rtl.parameters).map(([key, value]) =>
    parameterText(key, value),
  );
  return [
    ...files.map((file) => {
      const flags = includes.map((folder) => `-I${folder} `).join('');
      return `read_verilog ${file.endsWith('.sv') ? '-sv ' : ''}${flags}"${file}"`;
    }),
    ...(parameters.length > 0 ? [`chparam ${parameters.join(' ')} ${rtl.top}`] : []),
    `${target.synthCommand} -top ${rtl.top}`,
    // Attributes only point to lines of the source.
    'setattr -unset src * w:* c:*',
    ...writeCommands(rtl.top, version),
    '',
  ].join('\n');
}

/**
 * Maps a design to a device with Yosys. The netlist is kept in the cache, as the largest take minutes.
 * @throws {@link RtliftError} `ERR_RTLIFT_SYNTHESIS_FAILED` with what Yosys printed; `ERR_RTLIFT_INVALID_ARG` when a
 *   source cannot be read.
 */
export async function mapDesign(
  rtl: SynthesisRtl,
  target: Target,
  yosys: Yosys,
  signal?: AbortSignal,
): Promise<MappedDesign> {
  const key = createHash('sha256')
    .update(
      JSON.stringify([
        await sourceHash(rtl, target),
        yosys.version,
        mapScript(rtl, [], [], target, yosys.version),
      ]),
    )
    .digest('hex');
  const kept = join(cacheDir(), 'synthesis', `${rtl.top}-${key.slice(0, 24)}.json.gz`);
  // Included files are not hashed, so what includes is not kept.
  const isKeepable = rtl.includes.length === 0;
  const found = isKeepable ? await readKept(kept) : null;
  const module = readMapped(found ?? (await runMap(rtl, target, yosys, signal)), rtl.top);
  // Without the cell library, which is most of a small netlist.
  if (isKeepable && found === null) {
    await keep(kept, JSON.stringify({ modules: { [rtl.top]: module } }));
  }
  return { top: rtl.top, module, yosys: yosys.version };
}

async function runMap(
  rtl: SynthesisRtl,
  target: Target,
  yosys: Yosys,
  signal: AbortSignal | undefined,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rtlift-synth-'));
  try {
    const files = await Promise.all(
      rtl.sources.map(async (source, i) => {
        const name = `${i}_${basename(source)}`;
        await copyFile(source, join(folder, name));
        return name;
      }),
    );
    const includes = await Promise.all(
      rtl.includes.map(async (include, i) => {
        const name = `include_${i}`;
        await mkdir(join(folder, name));
        for (const entry of await readdir(include, { withFileTypes: true })) {
          if (entry.isFile())
            await copyFile(join(include, entry.name), join(folder, name, entry.name));
        }
        return name;
      }),
    );
    await writeFile(
      join(folder, YOSYS_SCRIPT),
      mapScript(rtl, files, includes, target, yosys.version),
    );
    await yosys.run(folder, `synthesise ${rtl.top} for ${target.label}`, signal);
    return await readFile(join(folder, OUTPUT), 'utf8').catch((cause) => {
      throw new RtliftError(
        'ERR_RTLIFT_SYNTHESIS_FAILED',
        `Yosys wrote no netlist of ${rtl.top}`,
        { top: rtl.top },
        { cause },
      );
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readKept(file: string): Promise<string | null> {
  const packed = await readFile(file).catch(() => null);
  return packed && (await promisify(gunzip)(packed)).toString('utf8');
}

async function keep(file: string, text: string): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  const partial = `${file}.${process.pid}`;
  await writeFile(partial, await promisify(gzip)(text, { level: 1 }));
  await rename(partial, file);
}

/**
 * The design as Yosys reads it, flattened and not mapped: adders, multiplexers and registers of whole words.
 * @throws {@link RtliftError} as {@link mapDesign}.
 */
export function readDesign(rtl: SynthesisRtl, target: Target, yosys: Yosys): Promise<MappedDesign> {
  return mapDesign(rtl, { ...target, synthCommand: 'prep -flatten' }, yosys);
}
