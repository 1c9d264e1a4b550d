/**
 * Rewrites a Verilated source so that each variable without an initial value draws it from its own name.
 *
 * Verilator draws all from one sequence, so a build with waveforms, which keeps variables that others optimise away,
 * starts elsewhere from the same seed. What is not recognised goes on drawing from that sequence.
 * @see native/driver/start_values.h
 */
export function startByName(source: string): string {
  const rewritten = source
    .replace(
      /(vlSelf->[\w.]+)((?:\[\w+\])*)(\s*=\s*(?:\(\w+\s*&\s*)?)VL_RAND_RESET_([IQ])\((\d+)\)/g,
      (_, name: string, indices: string, assign: string, kind: string, bits: string) =>
        `${name}${indices}${assign}rtlift::Start${kind}(${keyOf(name, indices)}, ${bits})`,
    )
    .replace(
      /VL_RAND_RESET_W\((\d+),\s*(vlSelf->[\w.]+)((?:\[\w+\])*)\)/g,
      (_, bits: string, name: string, indices: string) =>
        `rtlift::StartW(${keyOf(name, indices)}, ${bits}, ${name}${indices})`,
    );
  return rewritten === source ? source : `#include "start_values.h"\n${rewritten}`;
}

/** Of an element: the module that holds the variable, as one class may stand for several, its name, and the indices. */
function keyOf(name: string, indices: string): string {
  const all = [...indices.matchAll(/\[(\w+)\]/g)].map(([, index = '']) => `, ${index}`);
  return `rtlift::StartKey(vlSelf->name(), "${name.slice('vlSelf->'.length)}"${all.join('')})`;
}
