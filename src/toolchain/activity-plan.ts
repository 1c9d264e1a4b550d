import { escapeName, type ModelMember, type ModelMembers, plainName } from './model-members.js';
import type { SignalRole, SignalRoles } from './signal-roles.js';

/** Bits of a model whose changes are counted together. */
export interface ActivityGroup {
  readonly kind: 'registers' | 'nets' | 'memories';
  /** The clock in whose cycles it is counted. */
  readonly clock: string;
  readonly bits: number;
}

/** Which bits of a model are looked at for its activity, and what that leaves out. */
export interface ActivityPlan {
  readonly groups: readonly ActivityGroup[];
  /** What is not counted, in words. */
  readonly misses: readonly string[];
}

/** {@link ActivityPlan} with the members of each of its groups. */
export interface PlannedActivity extends ActivityPlan {
  readonly members: readonly (readonly ModelMember[])[];
  readonly hasInstances: boolean;
}

/** Memories are looked at, smallest first, as long as all of them have no more bits: 16 KiB. */
export const MEMORY_LIMIT_BITS = 131_072;

/** Names in a statement of what is missed. */
const MOST_NAMES = 8;

const STATED = [
  'glitches: values are compared once a cycle, when they have settled',
  'memories: bits that a write changes are counted; reads, and writes of the same value, are not',
];

/**
 * Sorts the members of a model into registers of each clock, nets and memories.
 *
 * A signal that the model holds under several names counts once; constants and clocks do not count.
 * @param clocks - of the kernel, the first is the one on which its cycles are counted.
 */
export function planActivity(
  roles: SignalRoles,
  { members, unread, hasInstances }: ModelMembers,
  clocks: readonly string[],
): PlannedActivity {
  const byName = new Map([...roles].map(([name, role]) => [escapeName(name), role]));
  const clockWires = clocks.map((clock) => roles.get(clock)?.wire ?? clock);
  const registers: ModelMember[][] = clocks.map(() => []);
  const nets: ModelMember[] = [];
  const memories: ModelMember[] = [];
  const seen = new Set<string>();
  const otherClocks = new Set<string>();
  for (const member of members) {
    const role = byName.get(member.name) ?? netOf(member);
    if (role.kind === 'constant' || role.kind === 'clock') continue;
    if (seen.has(role.wire) || clockWires.includes(role.wire)) continue;
    seen.add(role.wire);
    if (role.kind === 'net') nets.push(member);
    else if (role.kind === 'memory' && member.isArray) memories.push(member);
    else {
      const clock = role.clock ?? '';
      const index = clockWires.indexOf(roles.get(clock)?.wire ?? clock);
      if (index < 0) otherClocks.add(clock);
      registers[Math.max(index, 0)]?.push(member);
    }
  }
  const { scanned, tooLarge } = chooseMemories(memories);
  const first = clocks[0] ?? '';
  return {
    groups: [
      ...registers.map((list, i) => group('registers', clocks[i] ?? first, list)),
      group('nets', first, nets),
      group('memories', first, scanned),
    ],
    members: [...registers, nets, scanned],
    hasInstances,
    misses: [
      ...STATED,
      ...foldedNets(roles, seen),
      ...naming('registers that the model does not hold', lostRegisters(roles, seen)),
      ...naming(`memories beyond ${MEMORY_LIMIT_BITS} bits in all`, tooLarge.map(described)),
      ...naming('variables that are not bits', unread.map(plainName)),
      ...naming(
        `registers on clocks that are no ports, counted in cycles of ${first}`,
        [...otherClocks].map((clock) => `those on ${clock}`),
      ),
      ...(clocks.length > 1
        ? [`nets and memories: what changes more than once in a cycle of ${first} counts once`]
        : []),
    ],
  };
}

/** What Verilator named itself is logic between registers. */
function netOf({ name }: ModelMember): SignalRole {
  return { kind: 'net', clock: null, wire: name };
}

function group(
  kind: ActivityGroup['kind'],
  clock: string,
  members: readonly ModelMember[],
): ActivityGroup {
  return { kind, clock, bits: members.reduce((sum, { bits }) => sum + bits, 0) };
}

function chooseMemories(memories: readonly ModelMember[]) {
  const scanned: ModelMember[] = [];
  const tooLarge: ModelMember[] = [];
  let sum = 0;
  for (const memory of memories.toSorted((a, b) => a.bits - b.bits)) {
    sum += memory.bits;
    (sum <= MEMORY_LIMIT_BITS ? scanned : tooLarge).push(memory);
  }
  return { scanned, tooLarge };
}

function foldedNets(roles: SignalRoles, seen: ReadonlySet<string>): string[] {
  const wires = new Set<string>();
  for (const [name, { kind, wire }] of roles) {
    if (kind === 'net' && !name.startsWith('__V')) wires.add(wire);
  }
  const kept = [...wires].filter((wire) => seen.has(wire)).length;
  if (kept === wires.size) return [];
  return [
    `nets: the model holds ${kept} of ${wires.size} named ones; Verilator computes the others on the way`,
  ];
}

function lostRegisters(roles: SignalRoles, seen: ReadonlySet<string>): string[] {
  const wires = new Map<string, string>();
  for (const [name, { kind, wire }] of roles) {
    if ((kind === 'register' || kind === 'memory') && !seen.has(wire)) wires.set(wire, name);
  }
  return [...wires.values()];
}

const described = ({ name, bits }: ModelMember): string => `${plainName(name)} (${bits} bits)`;

function naming(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length - MOST_NAMES;
  const list = names.slice(0, MOST_NAMES).join(', ');
  return [`${what}: ${list}${more > 0 ? ` and ${more} more` : ''}`];
}
