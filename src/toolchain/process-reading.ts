import type { XmlNode } from './xml-processes.js';

/** What one process does with signals. */
export interface ProcessReading {
  /** Signals whose edges it waits for, first to last; empty for logic that waits for none. */
  readonly edges: readonly string[];
  /** Targets of non-blocking assignments. */
  readonly delayed: ReadonlySet<string>;
  /** Targets of blocking and continuous assignments. */
  readonly assigned: ReadonlySet<string>;
  readonly reads: ReadonlySet<string>;
  /** Signals that it may read before it has assigned them: their value of the cycle before. */
  readonly exposed: ReadonlySet<string>;
  /** Counters of its loops. */
  readonly counters: ReadonlySet<string>;
  /** Arrays of which elements are assigned, with the signals that choose the element, an assignment each. */
  readonly elements: ReadonlyMap<string, readonly (readonly string[])[]>;
}

const ASSIGNMENTS = new Set(['assign', 'assigndly', 'assignw', 'contassign', 'assignforce']);
const SELECTIONS = new Set(['sel', 'arraysel', 'wordsel', 'structsel']);
/** What a `caseitem` holds beside the values it is for. */
const STATEMENTS = new Set([...ASSIGNMENTS, 'begin', 'if', 'case', 'while', 'display', 'comment']);

class Reader {
  readonly delayed = new Set<string>();
  readonly assigned = new Set<string>();
  readonly reads = new Set<string>();
  readonly exposed = new Set<string>();
  readonly counters = new Set<string>();
  readonly elements = new Map<string, string[][]>();
  /** What is assigned on every way to the statement that is read. */
  #known = new Set<string>();

  visit(node: XmlNode): void {
    if (ASSIGNMENTS.has(node.tag)) this.#assignment(node);
    else if (node.tag === 'if') this.#choice(node.children.slice(0, 1), node.children.slice(1, 3));
    else if (node.tag === 'case') this.#case(node);
    else if (node.tag === 'while') this.#loop(node);
    else if (node.tag === 'varref') this.#read(node.name);
    else for (const child of node.children) this.visit(child);
  }

  #read(name: string): void {
    this.reads.add(name);
    if (!this.#known.has(name)) this.exposed.add(name);
  }

  /** In Verilator's XML the target is the last child. */
  #assignment({ tag, children }: XmlNode): void {
    for (const value of children.slice(0, -1)) this.visit(value);
    const target = children.at(-1);
    if (target) this.#target(target, tag === 'assigndly');
  }

  /** @param choosers - signals that choose the element of the array that this is. */
  #target(node: XmlNode, isDelayed: boolean, choosers: readonly string[] | null = null): void {
    if (node.tag === 'varref') {
      (isDelayed ? this.delayed : this.assigned).add(node.name);
      if (!isDelayed) this.#known.add(node.name);
      if (choosers)
        this.elements.set(node.name, [...(this.elements.get(node.name) ?? []), [...choosers]]);
    } else if (SELECTIONS.has(node.tag)) {
      const [from, ...indices] = node.children;
      for (const index of indices) this.visit(index);
      const chosen =
        node.tag === 'arraysel' ? [...(choosers ?? []), ...indices.flatMap(namesIn)] : choosers;
      if (from) this.#target(from, isDelayed, chosen);
    } else {
      for (const child of node.children) this.#target(child, isDelayed);
    }
  }

  /** Of what the ways assign, only what all of them assign is known afterwards. */
  #choice(conditions: readonly XmlNode[], ways: readonly XmlNode[], isWhole = ways.length > 1) {
    for (const condition of conditions) this.visit(condition);
    const before = this.#known;
    const after = ways.map((way) => {
      this.#known = new Set(before);
      this.visit(way);
      return this.#known;
    });
    const [first, ...others] = after;
    this.#known =
      isWhole && first
        ? new Set([...first].filter((name) => others.every((known) => known.has(name))))
        : before;
  }

  #case({ children: [subject, ...items] }: XmlNode): void {
    const isStatement = (node: XmlNode): boolean => STATEMENTS.has(node.tag);
    const values = items.flatMap(({ children }) => children.filter((node) => !isStatement(node)));
    const ways = items.map((item) => ({ ...item, children: item.children.filter(isStatement) }));
    // The default has no value.
    const isWhole = items.some(({ children }) => children.every(isStatement));
    this.#choice(subject ? [subject, ...values] : values, ways, isWhole);
  }

  /** Loops of the RTL that synthesis accepts run at least once, so what they assign is assigned. */
  #loop({ children }: XmlNode): void {
    for (const child of children) this.visit(child);
    const step = children.at(-1);
    if (step) for (const name of targetsOf(step)) this.counters.add(name);
  }
}

function baseOf(node: XmlNode): string | null {
  if (node.tag === 'varref') return node.name;
  const [first] = node.children;
  return SELECTIONS.has(node.tag) && first ? baseOf(first) : null;
}

function namesIn(node: XmlNode): string[] {
  return node.tag === 'varref' ? [node.name] : node.children.flatMap(namesIn);
}

function targetsOf(node: XmlNode): string[] {
  if (!ASSIGNMENTS.has(node.tag)) return node.children.flatMap(targetsOf);
  const target = node.children.at(-1);
  const base = target ? baseOf(target) : null;
  return base === null ? [] : [base];
}

/** Reads one process. Parts of a signal count as the whole of it. */
export function readProcess(process: XmlNode): ProcessReading {
  const reader = new Reader();
  const [first] = process.children;
  const sentree = first?.tag === 'sentree' ? first : null;
  const edges = (sentree?.children ?? []).flatMap((item) =>
    item.edge === 'POS' || item.edge === 'NEG' ? namesIn(item) : [],
  );
  if (sentree) for (const child of process.children.slice(1)) reader.visit(child);
  else reader.visit(process);
  return { ...reader, edges };
}
