import type { LiveToken } from './preprocess.js';
import { BodyReader, type Omission, type Spot } from './statements.js';
import { closing, findEnd, isChangeable } from './token-ranges.js';
import { NotUnderstood } from './tokens.js';

/** A module as found in a file; the numbers are indices of tokens. */
export interface Module {
  readonly name: string;
  readonly header: ModuleHeader;
  readonly from: number;
  readonly to: number;
  readonly spots: readonly Spot[];
}

export interface ModuleHeader {
  /** The name of the module. */
  readonly name: number;
  /** The brackets of the port list, or null where there is none. */
  readonly ports: { readonly open: number; readonly close: number } | null;
  readonly semicolon: number;
}

/** What a file holds. */
export interface Structure {
  readonly modules: readonly Module[];
  /** Names of functions, and the tokens at which they are declared. */
  readonly functions: ReadonlyMap<number, string>;
  readonly omissions: readonly Omission[];
}

/** What is outside of modules and left alone: its first word, and what ends it. */
const OUTER_REGIONS: Readonly<Record<string, string>> = {
  package: 'endpackage',
  interface: 'endinterface',
  program: 'endprogram',
  primitive: 'endprimitive',
  config: 'endconfig',
  class: 'endclass',
  checker: 'endchecker',
  function: 'endfunction',
  task: 'endtask',
};
/** Finds the modules of a file and in them all expressions that run; what is not understood is left out and said. */
export function readStructure(tokens: readonly LiveToken[]): Structure {
  const modules: Module[] = [];
  const functions = new Map<number, string>();
  const omissions: Omission[] = [];
  let at = 0;
  while (at < tokens.length) {
    const { text, line } = tokens[at] as LiveToken;
    if (text === 'extern' || text === 'import' || text === 'export') {
      at = findEnd(tokens, at, ';') + 1;
    } else if (text === 'module' || text === 'macromodule') {
      const to = findEnd(tokens, at, 'endmodule');
      const header = readHeader(tokens, at, to);
      const module = { name: tokens[header.name]?.text ?? '', header, from: at, to };
      const reader = new BodyReader(tokens, header.semicolon + 1, to);
      try {
        reader.readBody();
        modules.push({ ...module, spots: reader.spots });
        omissions.push(...reader.omissions);
      } catch (error) {
        if (!(error instanceof NotUnderstood)) throw error;
        modules.push({ ...module, spots: [] });
        const reason = `module ${module.name} is not understood: ${error.message}`;
        omissions.push({ line: error.line, reason });
      }
      for (const [index, name] of reader.functions) functions.set(index, name);
      omissions.push(...omittedParameters(tokens, header));
      at = to + 1;
    } else if (Object.hasOwn(OUTER_REGIONS, text)) {
      omissions.push({ line, reason: `a ${text}` });
      const to = findEnd(tokens, at, OUTER_REGIONS[text] as string);
      // A function of a package is called by name from anywhere, and may not look into the top module.
      at = to + 1;
    } else {
      at++;
    }
  }
  return { modules, functions, omissions };
}

function readHeader(tokens: readonly LiveToken[], from: number, to: number): ModuleHeader {
  const textAt = (index: number): string => tokens[index]?.text ?? '';
  let at = from + 1;
  if (textAt(at) === 'automatic' || textAt(at) === 'static') at++;
  const name = at++;
  while (textAt(at) === 'import') at = findEnd(tokens, at, ';') + 1;
  if (textAt(at) === '#') at = closing(tokens, at + 1) + 1;
  const open = at;
  const hasPorts = textAt(at) === '(';
  if (hasPorts) at = closing(tokens, at) + 1;
  if (textAt(at) !== ';' || at > to || tokens[name]?.kind !== 'name') {
    throw new NotUnderstood('a module header that is not understood', tokens[from]?.line ?? 0);
  }
  return { name, ports: hasPorts ? { open, close: at - 1 } : null, semicolon: at };
}

/** Parameters, widths of ports: everything of a header. */
function omittedParameters(tokens: readonly LiveToken[], header: ModuleHeader): Omission[] {
  const lines = new Set<number>();
  const listFrom = header.ports?.open ?? header.semicolon;
  for (let i = header.name + 1; i < header.semicolon; i++) {
    if (isChangeable(tokens, i, i + 1)) lines.add(tokens[i]?.line ?? 0);
    if (i === listFrom) break;
  }
  const omissions = [...lines].map((line) => ({ line, reason: 'a parameter' }));
  lines.clear();
  for (let i = listFrom; i < header.semicolon; i++) {
    if (tokens[i]?.kind === 'number') lines.add(tokens[i]?.line ?? 0);
  }
  return [...omissions, ...[...lines].map((line) => ({ line, reason: 'the width of a port' }))];
}
