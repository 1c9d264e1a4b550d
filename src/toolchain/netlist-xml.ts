import { SaxesParser } from 'saxes';
import { type Netlist, type Port, widthOf } from './netlist.js';

interface RawVar {
  readonly name: string;
  readonly typeId: string;
  readonly direction: string | undefined;
  readonly isParameter: boolean;
}

/**
 * Reads the XML that `verilator --xml-only` writes (dropped after Verilator 5.030 in favour of JSON).
 * @see Verilator's internals.rst, "Verilator XML output"
 */
export function readXmlNetlist(xml: string): Netlist {
  const files: string[] = [];
  const vars: RawVar[] = [];
  const literals: Record<string, string> = {};
  const widths = new Map<string, number>();
  let top = '';
  let depth = 0;
  let topDepth = -1;
  let open: RawVar | null = null;

  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes: at }) => {
    depth++;
    if (name === 'file' && at.filename && !at.filename.startsWith('<')) files.push(at.filename);
    if (name === 'module' && at.topModule === '1') {
      top = at.origName ?? at.name ?? '';
      topDepth = depth;
    }
    if (topDepth > 0 && name === 'var' && depth === topDepth + 1) {
      open = {
        name: at.origName ?? at.name ?? '',
        typeId: at.dtype_id ?? '',
        direction: at.dir,
        isParameter: at.param === 'true',
      };
      vars.push(open);
    }
    if (open?.isParameter && name === 'const') literals[open.name] ??= at.name ?? '';
    // Only a plain vector has a width that a driver could use; arrays and structs stay unknown.
    if (name === 'basicdtype' && at.id) widths.set(at.id, widthOf(at.left, at.right));
  });
  parser.on('closetag', ({ name }) => {
    if (name === 'var' && depth === topDepth + 1) open = null;
    if (depth === topDepth) topDepth = -1;
    depth--;
  });
  parser.write(xml).close();

  const ports = vars.flatMap((entry): Port[] => {
    const { direction } = entry;
    if (direction !== 'input' && direction !== 'output' && direction !== 'inout') return [];
    return [{ name: entry.name, direction, width: widths.get(entry.typeId) ?? null }];
  });
  return { top, ports, parameters: literals, files: [...new Set(files)] };
}
