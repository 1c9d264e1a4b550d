/** A signal of a waveform in each cycle. */
export interface SampledSignal {
  readonly name: string;
  readonly bits: number;
  /** Hexadecimal, as it was just before each rising edge of the clock; `x` where it was not known. */
  readonly values: readonly string[];
}

interface Variable {
  readonly name: string;
  readonly bits: number;
  readonly code: string;
}

/**
 * Reads the signals of the outermost scope of a value change dump, sampled as a register would see them: the last value
 * before each rising edge of the clock.
 *
 * Only what Verilator writes is read: no real values, no `$dumpoff`.
 * @param text - a whole file.
 * @param names - signals wanted; those that the dump has not are left out.
 * @see IEEE 1364-2005, section 18.2
 */
export function readVcd(text: string, clock: string, names: readonly string[]): SampledSignal[] {
  const bodyAt = text.indexOf('$enddefinitions');
  const variables = outermost(text.slice(0, bodyAt));
  const clockCode = variables.find(({ name }) => name === clock)?.code;
  const wanted = names.flatMap((name) => variables.find((each) => each.name === name) ?? []);
  const columns = wanted.map((variable) => ({ ...variable, values: [] as string[] }));
  const now = new Map<string, string>();
  let before = new Map<string, string>();
  const sampleOnRise = (): void => {
    if (clockCode === undefined) return;
    if (now.get(clockCode) !== '1' || before.get(clockCode) !== '0') return;
    for (const { code, bits, values } of columns) values.push(hex(before.get(code) ?? 'x', bits));
  };
  for (const line of text.slice(bodyAt).split('\n').slice(1)) {
    if (line.startsWith('#')) {
      sampleOnRise();
      before = new Map(now);
    } else if (/^[br]/i.test(line)) {
      const [value, code] = line.slice(1).trim().split(/\s+/);
      if (value !== undefined && code !== undefined) now.set(code, value);
    } else if (/^[01xz]/i.test(line)) {
      now.set(line.slice(1).trim(), line[0] as string);
    }
  }
  sampleOnRise();
  return columns.map(({ name, bits, values }) => ({ name, bits, values }));
}

/** Variables of the first scope; those of modules within it have the same names again. */
function outermost(header: string): Variable[] {
  const variables: Variable[] = [];
  let depth = 0;
  for (const line of header.split('\n')) {
    const words = line.trim().split(/\s+/);
    if (words[0] === '$scope') depth++;
    if (words[0] === '$upscope') depth--;
    if (words[0] !== '$var' || depth !== 1) continue;
    const [, , bits, code, name] = words;
    if (bits !== undefined && code !== undefined && name !== undefined) {
      variables.push({ name, bits: Number(bits), code });
    }
  }
  return variables;
}

const DIGIT_BITS = 4;

/** Binary digits as hexadecimal ones; leading zeros are not in a dump, and a digit with an unknown bit is `x`. */
function hex(binary: string, bits: number): string {
  // A value is extended by its own first digit where that is x or z.
  const fill = /^[xz]/i.test(binary) ? (binary[0] as string) : '0';
  const width = Math.ceil(bits / DIGIT_BITS) * DIGIT_BITS;
  const whole = binary.padStart(bits, fill).padStart(width, '0');
  const digits: string[] = [];
  for (let i = 0; i < whole.length; i += DIGIT_BITS) {
    const digit = whole.slice(i, i + DIGIT_BITS);
    digits.push(/[xz]/i.test(digit) ? 'x' : Number.parseInt(digit, 2).toString(16));
  }
  return digits.join('');
}
