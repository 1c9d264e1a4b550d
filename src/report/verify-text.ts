import type { Kernel } from '../kernel/define-kernel.js';
import type { Counterexample, VerifyReport } from '../verify/verify.js';

const MOST_BYTES = 48;
const MOST_CYCLES = 24;

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

function hex(text: string | null, at: number | null): string {
  if (text === null) return 'none';
  const bytes = text.length / 2;
  // The window shows the first wrong byte.
  const from = at === null || at < MOST_BYTES - 8 ? 0 : at - 8;
  const part = text.slice(2 * from, 2 * (from + MOST_BYTES));
  const [before, after] = [from > 0 ? '...' : '', from + MOST_BYTES < bytes ? '...' : ''];
  return `${before}${part || '(nothing)'}${after} (${count(bytes, 'byte')})`;
}

function encoded<I>({ input }: Kernel<I, unknown>, message: I): string {
  const bytes = new Uint8Array(input.sizeOf(message));
  input.encodeInto(message, bytes, 0);
  return Buffer.from(bytes).toString('hex');
}

function drive({ scenario, failure }: Counterexample<unknown>): string {
  const batch = scenario.batches[failure.batch];
  if (!batch) return 'unknown';
  const { bubble, stall, isolate, resetAt, pattern, seed } = batch.drive;
  const parts: string[] = [];
  const cyclesOf = (mask: number): string => {
    const cycles = [...(pattern ?? [])].flatMap((bits, cycle) =>
      (bits & mask) !== 0 ? [cycle] : [],
    );
    const shown = cycles.slice(0, MOST_CYCLES).join(', ');
    return cycles.length > MOST_CYCLES ? `${shown} and ${cycles.length - MOST_CYCLES} more` : shown;
  };
  if (pattern) {
    if (cyclesOf(1)) parts.push(`output stalled in cycles ${cyclesOf(1)}`);
    if (cyclesOf(0xfe)) parts.push(`input withheld in cycles ${cyclesOf(0xfe)}`);
  } else {
    if (stall > 0)
      parts.push(`output stalled in ${Math.round((stall / 65_536) * 100)} % of cycles`);
    if (bubble > 0)
      parts.push(`input withheld in ${Math.round((bubble / 65_536) * 100)} % of cycles`);
    if (stall > 0 || bubble > 0) parts.push(`drawn from ${seed}`);
  }
  if (isolate) parts.push('messages one at a time');
  if (resetAt > 0) parts.push(`reset in cycle ${resetAt} of the batch`);
  return parts.length > 0 ? parts.join('; ') : 'full rate';
}

/** A counterexample for a reader: what was sent, what was expected, what came, when, and under which stalls. */
export function counterexampleText<I>(
  kernel: Kernel<I, unknown>,
  counterexample: Counterexample<I>,
): string {
  const { scenario, failure, shrunkFrom } = counterexample;
  const batch = scenario.batches[failure.batch];
  const messages = batch?.messages ?? [];
  const total = scenario.batches.reduce((sum, each) => sum + each.messages.length, 0);
  const lines = [
    `${failure.text}${failure.rule ? ` [${failure.rule}]` : ''}`,
    `  code      ${failure.code}`,
    `  where     ${where(failure.messageIndex, messages.length)}${failure.byteIndex === null ? '' : `, byte ${failure.byteIndex}`}${failure.cycle === null ? '' : `, cycle ${failure.cycle}`}${scenario.batches.length > 1 ? `, batch ${failure.batch} of ${scenario.batches.length}` : ''}`,
  ];
  const message = failure.messageIndex === null ? undefined : messages[failure.messageIndex];
  if (message !== undefined) lines.push(`  message   ${hex(encoded(kernel, message), null)}`);
  if (failure.kind === 'mismatch') {
    lines.push(`  expected  ${hex(failure.expected, failure.byteIndex)}`);
    lines.push(`  got       ${hex(failure.actual, failure.byteIndex)}`);
  }
  lines.push(`  driven    ${drive(counterexample as Counterexample<unknown>)}`);
  lines.push(`  shrunk    from ${count(shrunkFrom, 'message')} to ${total}`);
  return lines.join('\n');
}

function where(index: number | null, messages: number): string {
  return index === null ? `one of ${messages} messages` : `message ${index} of ${messages}`;
}

const share = (value: number): string => `${(value * 100).toFixed(1)} %`;

/** The outcome of a run in a few lines. */
export function verifyText<I>(
  report: VerifyReport<I>,
  coverage: {
    readonly line: { readonly share: number };
    readonly toggle: { readonly share: number };
  } | null,
): string {
  const { kernel, seed, messages, scenarios, cycles, cyclesPerSecond, counterexample } = report;
  const lines = [
    `${kernel}: ${counterexample ? 'FAILED' : 'passed'}; ${messages.toLocaleString('en')} messages in ${scenarios} runs, ${cycles.value.toLocaleString('en')} kernel cycles (simulated), seed 0x${seed.toString(16)}`,
    `  speed     ${(cyclesPerSecond.value / 1e6).toFixed(2)} M cycles/s of verification, golden model and packing included (host time, measured)`,
  ];
  if (coverage)
    lines.push(
      `  coverage  ${share(coverage.line.share)} of lines, ${share(coverage.toggle.share)} of toggles`,
    );
  if (report.fourState) {
    const { findings, messages: count, icarusVersion } = report.fourState;
    lines.push(
      `  4-state   ${findings.length === 0 ? 'clean' : `${findings.length} findings`} over ${count} messages (Icarus ${icarusVersion})`,
    );
    for (const { text } of findings.slice(0, 5)) lines.push(`    ${text}`);
  }
  return lines.join('\n');
}
