import { type Netlist, type Port, widthOf } from './netlist.js';

interface JsonNode {
  readonly type: string;
  readonly name: string;
  readonly addr?: string;
  readonly origName?: string;
  readonly dtypep?: string;
  readonly direction?: string;
  readonly varType?: string;
  readonly isGParam?: boolean;
  readonly range?: string;
  readonly level?: number;
  readonly modulesp?: readonly JsonNode[];
  readonly stmtsp?: readonly JsonNode[];
  readonly miscsp?: readonly JsonNode[];
  readonly typesp?: readonly JsonNode[];
  readonly valuep?: readonly JsonNode[];
}

const DIRECTIONS: Readonly<Record<string, Port['direction']>> = {
  INPUT: 'input',
  OUTPUT: 'output',
  INOUT: 'inout',
};

/**
 * Reads the tree that `verilator --json-only` writes (read from Verilator 5.026 on).
 * @param tree - contents of the `.tree.json` file.
 * @param meta - contents of the `.tree.meta.json` file: the files behind the locations.
 * @param top - name of the top module: the tree names it but does not mark it.
 */
export function readJsonNetlist(tree: string, meta: string, top: string): Netlist {
  const root = JSON.parse(tree) as JsonNode;
  const { files: fileTable = {} } = JSON.parse(meta) as {
    files?: Readonly<Record<string, { filename?: string; realpath?: string }>>;
  };
  const files = Object.values(fileTable)
    .map((file) => file.realpath ?? file.filename ?? '')
    .filter((file) => file !== '' && !file.startsWith('<'));

  const widths = new Map<string, number>();
  for (const table of root.miscsp ?? []) {
    for (const type of table.typesp ?? []) {
      if (type.type !== 'BASICDTYPE' || type.addr === undefined) continue;
      const [left, right] = type.range?.split(':') ?? [];
      widths.set(type.addr, widthOf(left, right));
    }
  }
  const module = (root.modulesp ?? []).find(
    (node) => node.type === 'MODULE' && (node.origName ?? node.name) === top,
  );
  const ports: Port[] = [];
  const parameters: Record<string, string> = {};
  for (const node of module?.stmtsp ?? []) {
    if (node.type !== 'VAR') continue;
    const name = node.origName ?? node.name;
    const direction = DIRECTIONS[node.direction ?? ''];
    if (direction) {
      const width = widths.get(node.dtypep ?? '') ?? null;
      ports.push({ name: node.name, escapedName: name, direction, width });
    }
    const literal = node.valuep?.find((value) => value.type === 'CONST');
    if (node.isGParam && literal) parameters[name] = literal.name;
  }
  return { top: module ? top : '', ports, parameters, files: [...new Set(files)] };
}
