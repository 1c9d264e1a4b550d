/** A variable of the design as a member of the C++ model. */
export interface ModelMember {
  /** Its name in the flattened design with what is no C++ identifier escaped. */
  readonly name: string;
  /** Where it is: a C++ expression over `root`, the model's outermost class. */
  readonly expression: string;
  readonly bits: number;
  readonly isArray: boolean;
}

/** What of a model holds the design's state. */
export interface ModelMembers {
  readonly members: readonly ModelMember[];
  /** Names of variables of a type that is not bits, such as a queue or a real. */
  readonly unread: readonly string[];
  /** Whether an expression needs the header of the class that holds all instances. */
  readonly hasInstances: boolean;
}

const PORT =
  /^VL_(IN|OUT|INOUT)(?:8|16|64|W)?\(\(?&?(\w+)\)?((?:\[\d+\])*),(-?\d+),(-?\d+)(?:,\d+)?\);$/;
const VARIABLE = /^(.*[>/])\s*(\w+);$/;
const RANGE = /\/\*(-?\d+):(-?\d+)\*\//;
const BITS = /^(?:VlUnpacked<)*(?:CData|SData|IData|QData|VlWide<\d+>)\/\*/;
/** Members that Verilator adds for itself; what it names so and is logic of the design begins otherwise. */
const INTERNAL = /(?:^|__DOT__)__V(?!dfgTmp|cell)/;

/** A name of the flattened design as Verilator writes it in C++. */
export function escapeName(name: string): string {
  return name
    .replaceAll('.', '__DOT__')
    .replaceAll('[', '__BRA__')
    .replaceAll(']', '__KET__')
    .replace(/\W/g, (char) => `__0${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** What {@link escapeName} was given, as far as it is for people to read. */
export function plainName(escaped: string): string {
  return escaped.replaceAll('__DOT__', '.').replaceAll('__BRA__', '[').replaceAll('__KET__', ']');
}

/**
 * Reads the variables of the classes that Verilator wrote for a model.
 * @param headers - text of the header of each class, by class name; one ends in `___024root`, one in `__Syms`.
 * @param evaluation - text of the sources that evaluate the model.
 */
export function readModelMembers(
  headers: ReadonlyMap<string, string>,
  evaluation: readonly string[],
): ModelMembers {
  const used = new Set(
    evaluation.flatMap((text) => [...text.matchAll(/(?:->|\.)(\w+)/g)].map(([, name]) => name)),
  );
  const members: ModelMember[] = [];
  const unread: string[] = [];
  let hasInstances = false;
  for (const { type, instance } of instancesOf(headers)) {
    const isRoot = instance === '';
    const text = headers.get(type);
    if (text === undefined) continue;
    for (const line of text.split('\n')) {
      const member = readMember(line.trim());
      if (member === null || INTERNAL.test(member.name)) continue;
      // Of the ports of a class below the outermost, inputs are copies of what is outside, and outputs may be left over.
      const isCopy = member.isInput || (member.isPort && !used.has(member.name));
      if (isCopy && !isRoot) continue;
      const name = member.name.replace('__PVT__', '');
      const fullName = isRoot ? name : `${instance}__DOT__${name}`;
      if (member.bits === null) {
        unread.push(fullName);
        continue;
      }
      hasInstances ||= !isRoot;
      members.push({
        name: fullName,
        expression: isRoot
          ? `root.${member.name}`
          : `root.vlSymsp->TOP__${instance}.${member.name}`,
        bits: member.bits,
        isArray: member.isArray,
      });
    }
  }
  return { members, unread, hasInstances };
}

/** The classes of a model with the place of each instance; `''` for the outermost. */
function instancesOf(headers: ReadonlyMap<string, string>): { type: string; instance: string }[] {
  const symbols = [...headers].find(([name]) => name.endsWith('__Syms'))?.[1] ?? '';
  return [...symbols.matchAll(/^\s+(\w+)\s+TOP(?:__(\w+))?;$/gm)].map((match) => ({
    type: match[1] ?? '',
    instance: match[2] ?? '',
  }));
}

interface RawMember {
  readonly name: string;
  /** `null` for a type that is not bits. */
  readonly bits: number | null;
  readonly isArray: boolean;
  readonly isPort: boolean;
  readonly isInput: boolean;
}

function readMember(line: string): RawMember | null {
  const port = PORT.exec(line);
  if (port) {
    const [, direction, name = '', sizes = '', left, right] = port;
    const words = [...sizes.matchAll(/\d+/g)].reduce((n, [size]) => n * Number(size), 1);
    const bits = words * (Math.abs(Number(left) - Number(right)) + 1);
    return { name, bits, isArray: sizes !== '', isPort: true, isInput: direction !== 'OUT' };
  }
  const variable = VARIABLE.exec(line);
  if (!variable || line.includes('static') || line.includes('VlTriggerVec')) return null;
  const [, type = '', name = ''] = variable;
  const range = RANGE.exec(type);
  if (!range || !BITS.test(type)) {
    return /^Vl\w+</.test(type)
      ? { name, bits: null, isArray: false, isPort: false, isInput: false }
      : null;
  }
  const words = [...type.matchAll(/, (\d+)>/g)].reduce((n, [, size]) => n * Number(size), 1);
  const bits = words * (Math.abs(Number(range[1]) - Number(range[2])) + 1);
  return { name, bits, isArray: type.startsWith('VlUnpacked'), isPort: false, isInput: false };
}
