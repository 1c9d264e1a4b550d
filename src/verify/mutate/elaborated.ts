import { SaxesParser } from 'saxes';
import { MUTANT_PORT } from './schemata.js';

/**
 * Finds the mutants that are present in an elaborated design: not those of modules that nothing instantiates and of
 * `generate` branches that the parameters leave out, which no run could catch.
 * @param netlist - the `.xml` of `verilator --xml-only`, or the `.tree.json` of `verilator --json-only`, for the files
 *   that {@link instrumentMutants} wrote.
 * @returns numbers of mutants.
 */
export function readElaboratedMutants(netlist: string): ReadonlySet<number> {
  const found = new Set<number>();
  if (netlist.trimStart().startsWith('{')) readNode(JSON.parse(netlist), found);
  else readXml(netlist, found);
  return found;
}

/** What stands beside each other in an expression: the port, and numbers that it is compared with. */
interface Operands {
  hasPort: boolean;
  readonly constants: number[];
}

/** Takes an operand into account: a comparison of the port with the number of a mutant may have been turned round. */
function addOperand(operands: Operands, type: string, name: string): void {
  if (/^var(x)?ref$/i.test(type)) operands.hasPort ||= name === MUTANT_PORT;
  const digits = /^const$/i.test(type) ? /^32'h([0-9a-f]+)$/.exec(name)?.[1] : undefined;
  if (digits !== undefined) operands.constants.push(Number.parseInt(digits, 16));
}

function close({ hasPort, constants }: Operands, found: Set<number>): void {
  if (hasPort) for (const id of constants) found.add(id);
}

function readXml(xml: string, found: Set<number>): void {
  const open: Operands[] = [{ hasPort: false, constants: [] }];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name: type, attributes }) => {
    addOperand(open.at(-1) as Operands, type, attributes.name ?? '');
    open.push({ hasPort: false, constants: [] });
  });
  parser.on('closetag', () => close(open.pop() as Operands, found));
  parser.write(xml).close();
}

function readNode(node: unknown, found: Set<number>): void {
  if (typeof node !== 'object' || node === null) return;
  const operands: Operands = { hasPort: false, constants: [] };
  // Operands are lists of one node each: `lhsp`, `rhsp`.
  for (const child of Object.values(node).flat()) {
    if (typeof child !== 'object' || child === null) continue;
    const { type, name } = child as { readonly type?: unknown; readonly name?: unknown };
    addOperand(operands, String(type), String(name));
    readNode(child, found);
  }
  close(operands, found);
}
