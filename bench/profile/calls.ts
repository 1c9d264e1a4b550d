import Table from 'cli-table3';
import { median } from '../../src/bench/measure.js';
import { type CallProfile, profile } from '../../src/profile/calls/profile.js';
import { formatNumber } from '../../src/report/format.js';

/** What a plain call does: a little, so that V8 keeps it, and not so much that the rest drowns in it. */
const CALLS = 200_000;
const ROUNDS = 31;

type Operation = (message: Uint8Array) => number;
const operation: Operation = (message) => (message[0] as number) + message.length;
const onText = (message: string): number => message.charCodeAt(0) + message.length;
/** Flat, as the text of a request is: one byte a character, and two. */
const TEXTS: Readonly<Record<string, string>> = {
  'strings of 5 KB, ASCII': Buffer.alloc(5000, 'a').toString('latin1'),
  'strings of 5,000 two-byte characters': Buffer.from('€'.repeat(5000)).toString('utf8'),
};

/** ns a call over many of them. */
function nsPerCall<T>(fn: (message: T) => number, message: T): number {
  let sum = 0;
  const start = process.hrtime.bigint();
  for (let i = 0; i < CALLS; i++) sum += fn(message);
  const ns = Number(process.hrtime.bigint() - start);
  if (sum < 0) throw new Error('the loop was left out');
  return ns / CALLS;
}

async function nsPerPromise(
  fn: (message: Uint8Array) => Promise<number>,
  message: Uint8Array,
): Promise<number> {
  const calls = CALLS / 10;
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) await fn(message);
  return Number(process.hrtime.bigint() - start) / calls;
}

/** Extra ns a call of profile(), by the median of differences to the plain call right beside it; the most of bytes and strings. */
export async function calls(): Promise<{ profileNsPerCall: number }> {
  const message = new Uint8Array(64);
  const isOn = profile((of: Uint8Array) => operation(of));
  const isOff = profile((of: Uint8Array) => operation(of), { enabled: false });
  const plainAsync = async (of: Uint8Array): Promise<number> => operation(of);
  const asyncOn = profile(async (of: Uint8Array): Promise<number> => operation(of));
  const extra = { on: [] as number[], off: [] as number[], async: [] as number[] };
  const plain: number[] = [];
  // A wrapper each: a service's operation is given strings or bytes, and V8 compiles it for these.
  const texts = Object.entries(TEXTS).map(([name, text]) => ({
    name,
    text,
    isOn: profile((of: string) => onText(of)),
    extra: [] as number[],
  }));
  for (let round = 0; round < ROUNDS; round++) {
    const base = nsPerCall(operation, message);
    const on = nsPerCall(isOn, message);
    const off = nsPerCall(isOff, message);
    const baseAsync = await nsPerPromise(plainAsync, message);
    const promised = await nsPerPromise(asyncOn, message);
    const ofTexts = texts.map(
      ({ text, isOn: on }) => nsPerCall(on, text) - nsPerCall(onText, text),
    );
    if (round === 0) continue;
    texts.forEach(({ extra: all }, i) => {
      all.push(ofTexts[i] as number);
    });
    plain.push(base);
    extra.on.push(on - base);
    extra.off.push(off - base);
    extra.async.push(promised - baseAsync);
  }
  const table = new Table({
    head: ['profile()', 'ns a call, median', 'quietest round'],
    colAligns: ['left', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  const row = (name: string, values: readonly number[]) =>
    table.push([name, formatNumber(median(values)), formatNumber(Math.min(...values))]);
  row('a plain call of the operation', plain);
  row('on, sync: beside that', extra.on);
  for (const { name, extra: all } of texts) row(`on, ${name}: beside their plain call`, all);
  row('on, async: beside the same', extra.async);
  row('off: beside the plain call', extra.off);
  console.log(table.toString());
  const { sampled, hostTime } = (isOn.profile as CallProfile).report();
  if (hostTime) {
    console.log(
      `host time of the operation as reported: ${formatNumber(hostTime.mean.value)} ns on average, median ${formatNumber(hostTime.p50.value)} ns`,
    );
  }
  console.log(sampled.note);
  const worst = Math.max(median(extra.on), ...texts.map(({ extra: all }) => median(all)));
  return { profileNsPerCall: Math.round(worst * 10) / 10 };
}
