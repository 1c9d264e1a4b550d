import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RtliftError } from '../errors.js';
import { findTool } from '../toolchain/find-tools.js';
import { runTool } from '../toolchain/run-tool.js';

/** A Yosys that can be run: the system's, or the WebAssembly build of npm. */
export interface Yosys {
  /** `0.23`, or `0.55 (npm)`. */
  readonly version: string;
  /**
   * Runs the script `script.ys` of a folder in that folder.
   * @throws {@link RtliftError} `ERR_RTLIFT_SYNTHESIS_FAILED` with what Yosys printed.
   */
  readonly run: (folder: string, purpose: string, signal?: AbortSignal) => Promise<void>;
}

export const YOSYS_SCRIPT = 'script.ys';
const NPM_PACKAGE = '@yowasp/yosys';
// The slowest design here, the SHA-256 pipeline, took 215 s on a quiet machine.
const TIMEOUT_MS = 3_600_000;

/**
 * Finds Yosys: `RTLIFT_YOSYS`, else the one on PATH, else the npm package `@yowasp/yosys` if it is installed.
 * @throws {@link RtliftError} `ERR_RTLIFT_TOOL_MISSING` naming both ways to get it.
 */
export async function findYosys(): Promise<Yosys> {
  const tool = await findTool('yosys');
  if (tool.ok && tool.path !== null) return nativeYosys(tool.path, tool.version ?? 'unknown');
  const npm = await loadNpmYosys();
  if (npm) return npm;
  throw new RtliftError(
    'ERR_RTLIFT_TOOL_MISSING',
    `${tool.reason ?? 'Yosys was not found'}; install yosys (\`npx rtlift doctor\` says how), or, without a system package, \`npm install ${NPM_PACKAGE}\``,
    { tool: 'yosys' },
  );
}

function nativeYosys(path: string, version: string): Yosys {
  return {
    version,
    run: async (folder, purpose, signal) => {
      // Yosys prints its errors on standard error, also under -q.
      await runTool(path, ['-q', '-s', YOSYS_SCRIPT], {
        cwd: folder,
        failure: 'ERR_RTLIFT_SYNTHESIS_FAILED',
        purpose,
        timeoutMs: TIMEOUT_MS,
        ...(signal ? { signal } : {}),
      });
    },
  };
}

/** Files as the package takes and gives them. */
type Tree = { [name: string]: Tree | string | Uint8Array };

interface NpmYosys {
  readonly version: string;
  readonly runYosys: (
    args: readonly string[],
    files: Tree,
    options: Readonly<Record<'stdout' | 'stderr', (bytes: Uint8Array | null) => void>>,
  ) => Promise<Tree | undefined> | Tree | undefined;
}

async function loadNpmYosys(): Promise<Yosys | null> {
  // Not a dependency (38 MB), so its name must not be seen by the compiler.
  const name: string = NPM_PACKAGE;
  const module = (await import(name).catch(() => null)) as NpmYosys | null;
  if (module === null) return null;
  return {
    version: `${module.version} (npm)`,
    run: async (folder, purpose) => {
      let printed = '';
      const decoder = new TextDecoder();
      try {
        const sink = (bytes: Uint8Array | null): void => {
          if (bytes) printed = `${printed}${decoder.decode(bytes, { stream: true })}`.slice(-4_000);
        };
        const options = { stdout: sink, stderr: sink };
        const made = await module.runYosys(
          ['-q', '-s', YOSYS_SCRIPT],
          await readTree(folder),
          options,
        );
        await writeTree(folder, made ?? {});
      } catch (cause) {
        throw new RtliftError(
          'ERR_RTLIFT_SYNTHESIS_FAILED',
          `${purpose}: ${NPM_PACKAGE} failed: ${(cause as Error).message}\n${printed.trim()}`,
          {},
          { cause },
        );
      }
    },
  };
}

async function readTree(folder: string): Promise<Tree> {
  const tree: Tree = {};
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    tree[entry.name] = entry.isDirectory() ? await readTree(path) : await readFile(path);
  }
  return tree;
}

async function writeTree(folder: string, tree: Tree): Promise<void> {
  for (const [name, content] of Object.entries(tree)) {
    const path = join(folder, name);
    if (typeof content === 'string' || content instanceof Uint8Array) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    } else {
      await writeTree(path, content);
    }
  }
}
