import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { RtliftError } from '../errors.js';
import type { MappedDesign } from './mapped-netlist.js';

/** A drawing of more cells is one that nobody reads, and takes minutes. */
const MOST_CELLS = 400;

const NPM_PACKAGE = 'netlistsvg';

/** The part of netlistsvg 1.0.2 that is used; it has no types of its own. */
interface NetlistSvg {
  readonly render: (skin: string, netlist: object) => Promise<string>;
}

/**
 * Draws a netlist as SVG with the npm package netlistsvg.
 * @param design - of words, before it is mapped: thousands of LUTs show nobody anything.
 * @throws {@link RtliftError} `ERR_RTLIFT_TOOL_MISSING` when the package is not installed; `ERR_RTLIFT_INVALID_ARG` when
 *   the design has more than 400 cells; `ERR_RTLIFT_SYNTHESIS_FAILED` when it cannot be drawn.
 */
export async function drawSchematic({ top, module }: MappedDesign): Promise<string> {
  const count = Object.keys(module.cells).length;
  if (count > MOST_CELLS) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `a schematic is for designs of at most ${MOST_CELLS} cells, ${top} has ${count}; smaller parameters may do`,
      { arg: 'schematic', limit: MOST_CELLS, got: count },
    );
  }
  const { netlistsvg, skin } = await loadNetlistSvg();
  const svg = await netlistsvg
    .render(skin, { modules: { [top]: { ...module, attributes: { top: 1 } } } })
    .catch((cause) => {
      throw failed(top, (cause as Error).message, cause);
    });
  if (!svg?.includes('<svg')) throw failed(top, 'it gave no SVG');
  return svg;
}

function failed(top: string, why: string, cause?: unknown): RtliftError {
  const text = `cannot draw ${top}: netlistsvg failed: ${why}`;
  return new RtliftError('ERR_RTLIFT_SYNTHESIS_FAILED', text, { top }, { cause });
}

async function loadNetlistSvg(): Promise<{ netlistsvg: NetlistSvg; skin: string }> {
  // A development dependency (22 MB with what it needs), so the compiler must not look for it.
  const name: string = NPM_PACKAGE;
  try {
    const module = (await import(name)) as { readonly default: NetlistSvg };
    const skinFile = createRequire(import.meta.url).resolve(`${name}/lib/default.svg`);
    return { netlistsvg: module.default, skin: await readFile(skinFile, 'utf8') };
  } catch (cause) {
    throw new RtliftError(
      'ERR_RTLIFT_TOOL_MISSING',
      `netlistsvg is not installed: \`npm install ${name}\` gets it`,
      { tool: name },
      { cause },
    );
  }
}
