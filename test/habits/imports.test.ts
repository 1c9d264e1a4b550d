import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

/**
 * What each folder or file of src/ may import; an import within a folder is always allowed.
 *
 * `cli, report -> profile, dispatch, devices, toolchain -> paths -> kernel -> errors`, `kernels -> kernel`, with one
 * turn: paths/verilator.ts asks the toolchain for its library, so the toolchain lies below paths and must not import
 * them. What lies below a folder's neighbour is below the folder as well.
 */
const BASE = ['errors', 'figure'];
const KERNEL = ['kernel', ...BASE];
const TOOLCHAIN = ['toolchain', ...KERNEL];
const PATHS = ['paths', ...TOOLCHAIN];
const MIDDLE = ['profile', 'dispatch', 'devices', 'synthesis', ...PATHS];
const VERIFY = ['kernels', ...PATHS];
// A wrong result in production is kept in the form that verify replays.
const DISPATCH = ['verify', 'devices', ...VERIFY];
const REPORT = ['report', 'verify', 'kernels', ...MIDDLE];
const BENCH = ['bench', 'kernels', 'inspect', ...REPORT];
// Advice holds devices against the software that the benchmarks measure.
const ADVISE = ['advise', ...BENCH];
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  figure: [],
  kernel: BASE,
  kernels: KERNEL,
  toolchain: KERNEL,
  paths: TOOLCHAIN,
  profile: PATHS,
  dispatch: DISPATCH,
  synthesis: TOOLCHAIN,
  devices: ['synthesis', ...PATHS],
  inspect: ['toolchain', ...KERNEL],
  verify: VERIFY,
  report: ['verify', 'kernels', ...MIDDLE],
  bench: ['kernels', ...REPORT],
  advise: BENCH,
  cli: ADVISE,
  index: ['cli', ...ADVISE],
};

interface Import {
  /** Importing file, relative to src/, with `/`. */
  readonly from: string;
  /** Imported file relative to src/, or the name of a package. */
  readonly to: string;
  readonly isLocal: boolean;
  readonly isTypeOnly: boolean;
}

function listSources(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.replaceAll('\\', '/'));
}

function specifierOf(node: ts.Node): { specifier: string; isTypeOnly: boolean } | null {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const isTypeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
    return { specifier: node.moduleSpecifier.text, isTypeOnly };
  }
  if (
    ts.isExportDeclaration(node) &&
    node.moduleSpecifier &&
    ts.isStringLiteral(node.moduleSpecifier)
  ) {
    return { specifier: node.moduleSpecifier.text, isTypeOnly: node.isTypeOnly };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments;
    return argument && ts.isStringLiteral(argument)
      ? { specifier: argument.text, isTypeOnly: false }
      : null;
  }
  if (
    ts.isImportTypeNode(node) &&
    ts.isLiteralTypeNode(node.argument) &&
    ts.isStringLiteral(node.argument.literal)
  ) {
    return { specifier: node.argument.literal.text, isTypeOnly: true };
  }
  return null;
}

function readImports(from: string): Import[] {
  const file = join(SRC, from);
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const imports: Import[] = [];
  const visit = (node: ts.Node): void => {
    const found = specifierOf(node);
    if (found) {
      const { specifier, isTypeOnly } = found;
      const isLocal = specifier.startsWith('.');
      const target = relative(SRC, resolve(dirname(file), specifier)).replaceAll('\\', '/');
      const to = isLocal ? target.replace(/\.js$/, '.ts') : specifier;
      imports.push({ from, to, isLocal, isTypeOnly });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return imports;
}

const sources = listSources();
const imports = sources.flatMap(readImports);
const local = imports.filter((entry) => entry.isLocal && !entry.to.startsWith('..'));

const layerOf = (file: string) => (file.split('/')[0] ?? '').replace(/\.ts$/, '');
const show = ({ from, to }: Import) => `${from} -> ${to}`;

describe('imports of src/', () => {
  test('every folder has a place in the order', () => {
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter((file) => ALLOWED[layerOf(file)] === undefined)).toEqual([]);
  });

  test('every local import is of a file that exists', () => {
    expect(local.filter((entry) => !sources.includes(entry.to)).map(show)).toEqual([]);
  });

  test('arrows point downwards only', () => {
    const wrong = local.filter(({ from, to }) => {
      const [source, target] = [layerOf(from), layerOf(to)];
      return source !== target && !ALLOWED[source]?.includes(target);
    });
    expect(wrong.map(show)).toEqual([]);
  });

  test('there is no cycle of files', () => {
    const cycles: string[] = [];
    const finished = new Set<string>();
    const walk = (file: string, trail: readonly string[]): void => {
      if (trail.includes(file)) {
        cycles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '));
        return;
      }
      if (finished.has(file)) return;
      for (const { from, to } of local) if (from === file) walk(to, [...trail, file]);
      finished.add(file);
    };
    for (const file of sources) walk(file, []);
    expect(cycles).toEqual([]);
  });

  test('only find-tools.ts reaches out of src/, to what set-up shares with it', () => {
    const outside = imports.filter((entry) => entry.isLocal && entry.to.startsWith('..'));
    const wrong = outside.filter(
      ({ from, to }) => from !== 'toolchain/find-tools.ts' || to !== '../scripts/lib/tools.mjs',
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test('only paths/verilator.ts, its libraries and its child process load the addon, and doctor to see whether it loads', () => {
    const loaders = local.filter(
      (entry) => entry.to === 'paths/native-addon.ts' && !entry.isTypeOnly,
    );
    const allowed = [
      'paths/verilator.ts',
      'paths/kernel-library.ts',
      'paths/isolated/child-main.ts',
      'cli/doctor-report.ts',
    ];
    expect(loaders.filter(({ from }) => !allowed.includes(from)).map(show)).toEqual([]);
    const naming = sources.filter((file) =>
      readFileSync(join(SRC, file), 'utf8').includes('rtlift.node'),
    );
    expect(naming.filter((file) => file !== 'paths/native-addon.ts')).toEqual([]);
  });

  test('a golden model imports no packing, driver or path code', () => {
    const allowed = (to: string) =>
      to !== 'kernel/batch.ts' && ['kernels', ...KERNEL].includes(layerOf(to));
    const wrong = local.filter(({ from, to }) => layerOf(from) === 'kernels' && !allowed(to));
    expect(wrong.map(show)).toEqual([]);
  });
});
