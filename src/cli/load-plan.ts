import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RtliftError } from '../errors.js';
import type { AnyPlan } from '../verify/plan.js';
import { PLANS } from '../verify/plans/index.js';

/**
 * Finds what `rtlift verify` is told to verify: a built-in kernel by name, or a file that exports `kernel` and, if it
 * likes, `variants` and `inputs`.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when there is neither.
 */
export async function loadPlan(target: string): Promise<AnyPlan> {
  if (Object.hasOwn(PLANS, target)) return (PLANS[target] as () => AnyPlan)();
  if (!/\.[cm]?[jt]s$/.test(target)) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `expected a built-in kernel (${Object.keys(PLANS).join(', ')}) or a .js, .mjs or .ts file that exports one, got ${target}`,
      { arg: 'kernel', got: target },
    );
  }
  const module = await importFile(resolve(target));
  const kernel = module.kernel ?? module.default ?? findKernel(module);
  if (!isKernel(kernel)) {
    throw wrongExport(
      target,
      'expected an export `kernel`, made by defineKernel',
      Object.keys(module).join(', ') || 'no exports',
    );
  }
  const { variants, inputs } = module as Partial<AnyPlan>;
  if (variants !== undefined && !(Array.isArray(variants) && variants.every(isKernel))) {
    throw wrongExport(target, '`variants` is an array of kernels', typeof variants);
  }
  if (inputs !== undefined && typeof inputs !== 'function') {
    throw wrongExport(target, '`inputs` is a function of random values', typeof inputs);
  }
  return { kernel, ...(variants ? { variants } : {}), ...(inputs ? { inputs } : {}) };
}

function wrongExport(file: string, expected: string, got: string): RtliftError {
  return new RtliftError('ERR_RTLIFT_INVALID_ARG', `${file}: ${expected}, got ${got}`, {
    arg: 'kernel',
    file,
  });
}

function isKernel(value: unknown): value is AnyPlan['kernel'] {
  const kernel = value as Partial<AnyPlan['kernel']> | null | undefined;
  return typeof kernel?.golden === 'function' && typeof kernel.rtl?.top === 'string';
}

/** The one kernel that a module exports under a name of its own. */
function findKernel(module: Readonly<Record<string, unknown>>): unknown {
  const kernels = Object.values(module).filter(isKernel);
  return kernels.length === 1 ? kernels[0] : undefined;
}

async function importFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    const hint =
      code === 'ERR_UNKNOWN_FILE_EXTENSION'
        ? 'this Node does not run TypeScript: run it with `node --import tsx node_modules/rtlift/dist/cli/main.js`, or compile the file first'
        : message;
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `cannot load ${path}: ${hint}`,
      { arg: 'kernel', file: path },
      { cause },
    );
  }
}
