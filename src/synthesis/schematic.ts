import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { RtliftError } from '../errors.js';
import type { MappedDesign } from './mapped-netlist.js';

/** A drawing of more cells is one that nobody reads, and takes minutes. */
const MOST_CELLS = 400;

const NPM_PACKAGE = 'netlistsvg';

/** The part of netlistsvg 1.0.2 that is used; it has no types of its own. */
interface NetlistSvg {
  readonly render: (skin: string, netlist: object) => Promise<string | undefined>;
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
  let svg: string | undefined;
  try {
    svg = await netlistsvg.render(skin, {
      modules: { [top]: { ...module, attributes: { top: 1 } } },
    });
  } catch (cause) {
    throw failed(top, (cause as Error).message, cause);
  }
  // It prints some errors to the console and then gives nothing.
  if (!svg?.includes('<svg')) throw failed(top, 'it gave no SVG');
  return svg;
}

function failed(top: string, why: string, cause?: unknown): RtliftError {
  const text = `cannot draw ${top}: netlistsvg failed: ${why}`;
  return new RtliftError('ERR_RTLIFT_SYNTHESIS_FAILED', text, { top }, { cause });
}

async function loadNetlistSvg(): Promise<{ netlistsvg: NetlistSvg; skin: string }> {
  // A development dependency (22 MB with what it needs) in CommonJS; loaded only where it is asked for.
  const require = createRequire(import.meta.url);
  try {
    const netlistsvg = require(NPM_PACKAGE) as NetlistSvg;
    const skin = await readFile(require.resolve(`${NPM_PACKAGE}/lib/default.svg`), 'utf8');
    return { netlistsvg, skin };
  } catch (cause) {
    throw new RtliftError(
      'ERR_RTLIFT_TOOL_MISSING',
      `netlistsvg is not installed: \`npm install ${NPM_PACKAGE}\` gets it`,
      { tool: NPM_PACKAGE },
      { cause },
    );
  }
}
