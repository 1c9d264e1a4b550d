import { SaxesParser } from 'saxes';
import type { Netlist, Port } from './netlist.js';
import { XmlTypes } from './xml-types.js';

interface RawVar {
  readonly name: string;
  readonly escapedName: string;
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
  const literals = new Map<string, string>();
  const types = new XmlTypes();
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
        name: at.name ?? '',
        escapedName: at.origName ?? at.name ?? '',
        typeId: at.dtype_id ?? '',
        direction: at.dir,
        isParameter: at.param === 'true',
      };
      vars.push(open);
    }
    if (open?.isParameter && name === 'const' && !literals.has(open.name)) {
      literals.set(open.name, at.name ?? '');
    }
    types.enter(name, at);
  });
  parser.on('closetag', ({ name }) => {
    types.leave(name);
    if (name === 'var' && depth === topDepth + 1) open = null;
    if (depth === topDepth) topDepth = -1;
    depth--;
  });
  parser.write(xml).close();

  const ports = vars.flatMap((entry): Port[] => {
    const { name, escapedName, direction, typeId } = entry;
    if (direction !== 'input' && direction !== 'output' && direction !== 'inout') return [];
    return [{ name, escapedName, direction, width: types.width(typeId) }];
  });
  return { top, ports, parameters: Object.fromEntries(literals), files: [...new Set(files)] };
}
