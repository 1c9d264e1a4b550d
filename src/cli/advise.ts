import { Command, InvalidArgumentError, Option } from 'commander';
import type { Advice } from '../advise/advice.js';
import { type AdviseOptions, advise, type LoadInput } from '../advise/advise.js';
import { type CpuCandidate, readLoadFile } from '../advise/load/read-file.js';
import { SUBJECT_NAMES } from '../advise/subject.js';
import { adviceText } from '../advise/text.js';
import { GOALS } from '../advise/verdict.js';
import { DEVICES } from '../devices/catalogue.js';
import type { Device } from '../devices/device.js';
import { readDeviceFile } from '../devices/device-file.js';
import { RtliftError } from '../errors.js';
import { loadUserKernel } from './load-rivals.js';
import { startProgress } from './progress.js';
import { writeOutput } from './write-output.js';

interface Options {
  readonly kernel?: string;
  readonly rate?: number;
  readonly size?: readonly number[];
  readonly cpuShare?: number;
  readonly patterns?: number;
  readonly device?: readonly string[];
  readonly link?: readonly string[];
  readonly delay: number;
  readonly goal: NonNullable<AdviseOptions['goal']>;
  readonly cards: number;
  readonly documented?: boolean;
  readonly synthesise?: boolean;
  readonly json?: string | true;
  readonly html?: string;
}

function above0(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('expected a number above 0.');
}

function countOf(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('expected a whole number of 1 or more.');
}

function notNegative(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('expected a number of 0 or more.');
}

function share(text: string): number {
  const value = Number(text);
  if (value >= 0 && value <= 1 && text.trim() !== '') return value;
  throw new InvalidArgumentError('expected a share from 0 to 1.');
}

const sizes = (text: string): number[] => text.split(',').map(notNegative);
const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** `rtlift advise`: whether an operation belongs on an FPGA. */
export function adviseCommand(): Command {
  return new Command('advise')
    .description('say whether an operation belongs on an FPGA, or which software does it best')
    .argument(
      '[files...]',
      'a report of profile(), what `rtlift profile --json` wrote, or a trace: time and bytes as JSON lines or CSV',
    )
    .option(
      '--kernel <name|file>',
      `${SUBJECT_NAMES.join(', ')}, or a file that exports a kernel; of candidates those of it, and those without a kernel`,
    )
    .option('--rate <n>', 'messages a second, where no file says; of every candidate', above0)
    .option(
      '--size <bytes>',
      'bytes of a message, of every candidate; several with commas, in equal shares',
      sizes,
    )
    .option('--cpu-share <0..1>', "the operation's share of the CPU of the process", share)
    .option('--patterns <n>', 'words of a literalMatch', countOf)
    .option(
      '--device <id|file>',
      'device of the catalogue or a device file; may be repeated',
      collect,
    )
    .option('--link <id>', 'link of the devices; may be repeated', collect)
    .option('--delay <ms>', 'how long a message may wait for others', notNegative, 1)
    .addOption(new Option('--goal <goal>', 'what offloading is for').choices(GOALS).default('any'))
    .option('--cards <n>', 'cards that the load may take', countOf, 1)
    .option('--documented', 'cycles by the documented rates, nothing is simulated')
    .option('--synthesise', 'synthesise with Yosys where no area is known; takes minutes')
    .option('--json [file]', 'write the advice as JSON; without a file to standard output, alone')
    .option('--html <file>', 'write a page with the break-even chart')
    .action((files: readonly string[], options: Options) => run(files, options));
}

/** A question to the advisor. */
interface Question {
  readonly load: LoadInput;
  readonly kernel: string;
}

async function run(files: readonly string[], options: Options): Promise<void> {
  const questions =
    files.length === 0
      ? [explicit(options)]
      : (await Promise.all(files.map((file) => asked(file, options)))).flat();
  const shared = await sharedOptions(options);
  const advices: Advice[] = [];
  for (const { load, kernel } of questions) {
    const progress = startProgress(`advice on ${kernel}`);
    const own = /\.[cm]?[jt]s$/.test(kernel) ? await loadUserKernel(kernel) : null;
    const advice = await advise(load, {
      ...shared,
      kernel: own?.kernel ?? kernel,
      ...(own && own.rivals.length > 0 ? { rivals: own.rivals } : {}),
      onProgress: progress.show,
    }).finally(progress.stop);
    advices.push(advice);
    if (options.json !== true) process.stdout.write(`${adviceText(advice)}\n\n`);
  }
  const json = `${JSON.stringify({ schema: 'rtlift-advices-1', advices }, null, 2)}\n`;
  if (options.json === true) process.stdout.write(json);
  else if (options.json !== undefined) await writeOutput(options.json, json, 'json');
  if (options.html !== undefined) {
    const { advicePage } = await import('../advise/page/page.js');
    await writeOutput(options.html, await advicePage(advices), 'html');
    process.stderr.write(`${options.html}\n`);
  }
}

async function sharedOptions(options: Options): Promise<AdviseOptions> {
  const devices: (string | Device)[] = await Promise.all(
    (options.device ?? []).map((name) =>
      DEVICES.some(({ id }) => id === name)
        ? name
        : /\.json$/.test(name)
          ? readDeviceFile(name)
          : name,
    ),
  );
  return {
    ...(devices.length > 0 ? { devices } : {}),
    ...(options.link ? { links: options.link } : {}),
    ...(options.patterns === undefined ? {} : { patterns: options.patterns }),
    delayMs: options.delay,
    goal: options.goal,
    maxCards: options.cards,
    cycles: options.documented ? 'documented' : 'auto',
    synthesise: options.synthesise ?? false,
  };
}

function missing(option: string, why: string): RtliftError {
  return new RtliftError('ERR_RTLIFT_INVALID_ARG', `--${option}: expected, ${why}; got none`, {
    arg: option,
  });
}

function explicit(options: Options): Question {
  const { rate, size, kernel, cpuShare } = options;
  if (rate === undefined) throw missing('rate', 'where no file says how many messages come');
  if (size === undefined) throw missing('size', 'where no file says how long messages are');
  if (kernel === undefined) throw missing('kernel', 'the operation to advise on');
  const load = { messagesPerSecond: rate, sizes: size, name: kernel };
  return { kernel, load: cpuShare === undefined ? load : { ...load, cpuShare } };
}

async function asked(file: string, options: Options): Promise<Question[]> {
  const read = await readLoadFile(file);
  if (read.kind === 'candidates') return ofCandidates(file, read.candidates, options);
  const name = read.kind === 'trace' ? read.name : read.report.name;
  const kernel = options.kernel ?? (SUBJECT_NAMES.includes(name) ? name : undefined);
  if (kernel === undefined) throw missing('kernel', `the operation that ${file} is a load of`);
  return [{ kernel, load: read.kind === 'trace' ? read : read.report }];
}

/** `--kernel` chooses candidates of that kernel, and names those of which none was recognised; it makes no other of any. */
function ofCandidates(
  file: string,
  candidates: readonly CpuCandidate[],
  options: Options,
): Question[] {
  const found = candidates.flatMap((each) => {
    const kernel = each.kernel ?? options.kernel;
    const isAsked = options.kernel === undefined || kernel === options.kernel;
    return kernel !== undefined && isAsked ? [{ ...each, kernel }] : [];
  });
  const seen = candidates.map(({ name, kernel }) => `${name}: ${kernel ?? 'no kernel'}`).join(', ');
  if (found.length === 0) {
    const what = options.kernel === undefined ? 'a built-in kernel' : options.kernel;
    process.stderr.write(
      `${file}: no candidate that ${what} could do (${seen || 'none at all'})\n`,
    );
  }
  if (found.length > 1) {
    process.stderr.write(
      `${file}: --rate and --size are taken for each of ${found.length} candidates; --kernel chooses\n`,
    );
  }
  return found.map(({ name, kernel, share: cpuShare }) => {
    const { load } = explicit({ ...options, kernel });
    return { kernel, load: { ...load, name, cpuShare } as LoadInput };
  });
}
