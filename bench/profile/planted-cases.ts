import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const FIXTURES = fileURLToPath(new URL('../../test/fixtures/', import.meta.url));
const TYPESCRIPT = join(FIXTURES, 'scripts', 'planted.ts');
const SHARES = [0.05, 0.2, 0.6];

/** A program with JSON, a template and a function that is only called `hashCode`; takes milliseconds. */
export const CONTROL = ['node', join(FIXTURES, 'profile', 'nothing.mjs')];

/** A program that spends a planned share of its time in one function, and measures what it came to. */
export interface PlantedCase {
  readonly name: string;
  readonly planned: number;
  readonly command: readonly string[];
  /** The function to be found, and the kernel to be named. */
  readonly fn: string;
  readonly kernel: string;
}

/** Every planted program; each takes so many milliseconds of CPU time. */
export async function plantedCases(folder: string, ms: number): Promise<PlantedCase[]> {
  const compiled = await compile(folder);
  const fixture = (file: string, fn: string, share: number) => [
    'node',
    join(FIXTURES, 'profile', file),
    fn,
    String(share),
    String(ms),
  ];
  const shapes = SHARES.flatMap((planned): PlantedCase[] => {
    const made = (name: string, fn: string, command: readonly string[]): PlantedCase => ({
      name,
      planned,
      command,
      fn,
      kernel: 'crc',
    });
    const given = [String(planned), String(ms)];
    return [
      made('JavaScript', 'seal', fixture('planted.mjs', 'seal', planned)),
      made('TypeScript, tsc', 'sealOf', ['node', compiled, ...given]),
      made('TypeScript, tsx', 'sealOf', ['tsx', TYPESCRIPT, ...given]),
      made('worker threads', 'seal', fixture('planted-workers.mjs', 'seal', planned)),
      made('fastify', 'seal', fixture('planted-server.mjs', 'seal', planned)),
    ];
  });
  // The other kernels, a share each: every share for each of them takes longer than one waits for.
  const kernels = [
    ['fingerprint', 'sha256'],
    ['label', 'sha1'],
    ['isJunk', 'literalMatch'],
    ['isWanted', 'literalMatch'],
    ['accepts', 'recordFilter'],
    ['rate', 'classify'],
  ] as const;
  return [
    ...shapes,
    ...kernels.map(([fn, kernel], i) => {
      const planned = SHARES[i % SHARES.length] as number;
      const command = fixture('planted.mjs', fn, planned);
      return { name: 'JavaScript', planned, fn, kernel, command };
    }),
  ];
}

async function compile(folder: string): Promise<string> {
  const { outputText, sourceMapText = '' } = ts.transpileModule(
    await readFile(TYPESCRIPT, 'utf8'),
    {
      fileName: 'planted.ts',
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        sourceMap: true,
      },
    },
  );
  const file = join(folder, 'planted.mjs');
  await writeFile(
    file,
    outputText.replace(/sourceMappingURL=.*/, 'sourceMappingURL=planted.mjs.map'),
  );
  await writeFile(`${file}.map`, sourceMapText);
  return file;
}
