import { SaxesParser } from 'saxes';
import { FlatNames } from './flat-names.js';

/** An element of Verilator's XML. */
export interface XmlNode {
  readonly tag: string;
  /** Name of the signal, of a `varref`; value of a `const`. */
  readonly name: string;
  /** Of a `senitem`: `POS`, `NEG`, ... */
  readonly edge: string;
  readonly children: XmlNode[];
}

/** A signal as declared. */
export interface XmlSignal {
  readonly name: string;
  readonly isPort: boolean;
  readonly isInput: boolean;
}

/** What a flattened design consists of: its signals, and each process or assignment as a tree. */
export interface XmlDesign {
  readonly signals: readonly XmlSignal[];
  readonly processes: readonly XmlNode[];
}

const PROCESSES = new Set(['always', 'assignalias', 'contassign', 'assignw']);

/** Reads `verilator --xml-only --flatten`. Initial blocks are left out: they are over when the clock starts. */
export function readProcesses(flatXml: string): XmlDesign {
  const names = new FlatNames();
  const signals: XmlSignal[] = [];
  const processes: XmlNode[] = [];
  const open: XmlNode[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name: tag, attributes: at }) => {
    if (tag === 'var' && open.length === 0 && at.name && at.param !== 'true') {
      const isPort = at.dir !== undefined;
      names.declare(at.name);
      signals.push({ name: at.name, isPort, isInput: isPort && at.dir !== 'output' });
    }
    if (open.length === 0 && !PROCESSES.has(tag)) return;
    const name = names.full(at.name ?? '');
    const node: XmlNode = { tag, name, edge: at.edgeType ?? '', children: [] };
    if (open.length === 0) processes.push(node);
    else open.at(-1)?.children.push(node);
    open.push(node);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(flatXml).close();
  return { signals, processes };
}
