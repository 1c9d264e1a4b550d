import type { PortTable } from './port-table.js';

/** A prefix with what joins it to a signal: `s_axis` takes `_`, `s_axis_` and `din.` have their own. */
function joined(prefix: string): string {
  return prefix === '' || /[^A-Za-z0-9]$/.test(prefix) ? prefix : `${prefix}_`;
}

/** `_i` of an input where its ready, which goes the other way, ends in `_o`; the suffix itself where it says no direction. */
export function turned(suffix: string): string {
  return suffix.replace(/(^|_)(i|o|in|out|I|O|IN|OUT)$/, (_, joint: string, way: string) => {
    const other = way.toLowerCase().startsWith('i') ? 'o' : 'i';
    const rest = way.length === 1 ? '' : other === 'o' ? 'ut' : 'n';
    return joint + (way === way.toUpperCase() ? (other + rest).toUpperCase() : other + rest);
  });
}

/** The names that a signal may have, in the order in which they are looked for. */
export function candidates(
  prefix: string,
  signals: readonly string[],
  suffixes: readonly string[] = [''],
): string[] {
  return signals.flatMap((signal) =>
    [signal, signal.toUpperCase()].flatMap((name) =>
      suffixes.map((suffix) => `${joined(prefix)}${name}${suffix}`),
    ),
  );
}

/** `s_axis`, or `S_AXIS` where that is how the ports are written. */
export function defaultPrefix(table: PortTable, prefix: string, signal: string): string {
  const upper = prefix.toUpperCase();
  return !table.has(`${prefix}_${signal}`) && table.has(`${upper}_${signal.toUpperCase()}`)
    ? upper
    : prefix;
}
