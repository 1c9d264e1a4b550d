import type { Kernel } from '../../kernel/define-kernel.js';
import type { Fit } from '../../toolchain/fit.js';
import { endingOf } from './endings.js';
import type { BeatEvent, BenchEvent } from './events.js';
import type { FourStateFinding } from './report.js';
import { type Byte, bytesOf, firstWrong, hasX, showBits, showByte } from './result-bytes.js';

/** A byte of a result, and where and when it came. */
interface Received {
  readonly bits: Byte;
  readonly cycle: number;
  readonly signal: string;
}

type Place = Partial<Pick<FourStateFinding, 'messageIndex' | 'byte' | 'cycle'>>;

/** Follows the events of a bench and holds the results against the golden model's. */
export class Judge<I, O> {
  readonly findings: FourStateFinding[] = [];
  readonly #kernel: Kernel<I, O>;
  readonly #fit: Fit;
  readonly #messages: readonly I[];
  readonly #controls: readonly string[];
  #done = 0;
  #result: Received[] = [];
  /** True when it is known how the run ended, or when nothing that follows means anything. */
  #isOver = false;

  /** @param controls - names of the bench's control signals, by their number. */
  constructor(kernel: Kernel<I, O>, fit: Fit, messages: readonly I[], controls: readonly string[]) {
    this.#kernel = kernel;
    this.#fit = fit;
    this.#messages = messages;
    this.#controls = controls;
  }

  /** @returns whether the events say how the run ended. */
  follow(events: readonly BenchEvent[]): boolean {
    for (const event of events) {
      if (this.#isOver) break;
      this.#take(event);
    }
    return this.#isOver;
  }

  add(kind: FourStateFinding['kind'], text: string, place: Place = {}): void {
    this.findings.push({ kind, messageIndex: null, byte: null, cycle: null, ...place, text });
  }

  #end(kind: FourStateFinding['kind'], text: string, cycle: number, message: number): void {
    const isMessage = message >= 0 && message < this.#messages.length;
    this.add(kind, text, { cycle, messageIndex: isMessage ? message : null });
    this.#isOver = true;
  }

  #take(event: BenchEvent): void {
    switch (event.kind) {
      case 'beat':
        this.#takeBeat(event);
        break;
      case 'drop':
        this.#finish(event.cycle);
        break;
      case 'end':
        this.#isOver = true;
        break;
      default: {
        const { kind, text, message } = endingOf(event, this.#controls);
        this.#end(kind, text, event.cycle, message);
      }
    }
  }

  #takeBeat(event: BeatEvent): void {
    const { cycle } = event;
    const { byteOrder, fields, label, last, keep, beatBytes, takes, resultBytes } =
      this.#fit.output;
    const violate = (text: string): void => this.#end('protocol', text, cycle, this.#done);
    if (this.#done >= event.started) {
      violate(`a result beat with no message to answer: ${this.#done} have their result`);
      return;
    }
    let bytes = event.fields.flatMap((bits, i) =>
      bytesOf(bits, byteOrder).map((byte) => ({
        bits: byte,
        cycle,
        signal: fields[i]?.name ?? label,
      })),
    );
    let isLast = event.last === '1';
    if (takes === 'beats' && keep !== null) {
      // From the lane of the first byte on.
      const lanes = byteOrder === 'little' ? [...event.keep].reverse() : [...event.keep];
      const kept = lanes.filter((lane) => lane === '1').length;
      if (lanes.slice(0, kept).includes('0')) {
        violate(`${keep.name} has a hole: expected contiguous lanes, got ${showBits(event.keep)}`);
        return;
      }
      if (last !== null && !isLast && kept !== beatBytes) {
        violate(`expected a full ${keep.name} before ${last.name}, got ${showBits(event.keep)}`);
        return;
      }
      bytes = bytes.slice(0, kept);
    }
    if (resultBytes !== null) {
      const room = resultBytes - this.#result.length;
      if (keep === null) bytes = bytes.slice(0, room);
      if (last === null) isLast = bytes.length === room;
      const got = this.#result.length + bytes.length;
      if (got > resultBytes || (isLast && got !== resultBytes)) {
        const atLeast = isLast ? '' : 'at least ';
        violate(`expected a result of ${resultBytes} bytes, got ${atLeast}${got}`);
        return;
      }
      if (!isLast && got === resultBytes) {
        violate(`expected ${last?.name} with byte ${resultBytes} of the result, got none`);
        return;
      }
    }
    this.#result.push(...bytes);
    if (isLast) this.#finish(cycle);
  }

  /** Compares the result that is complete; that of a message that was dropped has no bytes. */
  #finish(cycle: number): void {
    const messageIndex = this.#done++;
    const received = this.#result;
    this.#result = [];
    const { golden, output: codec } = this.#kernel;
    const value = golden(this.#messages[messageIndex] as I);
    const expected = new Uint8Array(codec.sizeOf(value));
    codec.encodeInto(value, expected, 0);

    const bytes = received.map(({ bits }) => bits);
    const byte = firstWrong(codec, expected, bytes);
    if (byte === null) return;
    const isX = bytes.some(hasX);
    if (bytes.length !== expected.length && !isX) {
      const got = bytes.length === 0 ? 'none' : `one of ${bytes.length}`;
      const wanted = expected.length === 0 ? 'no result' : `a result of ${expected.length} bytes`;
      this.add('mismatch', `expected ${wanted}, got ${got}`, { messageIndex, cycle });
      return;
    }
    const got = received[byte] as Received;
    const others = bytes.filter(hasX).length - 1;
    const more = others > 0 ? `; so are bits of ${others} more` : '';
    const wanted = byte < expected.length ? showByte(expected[byte] as number) : 'no such byte';
    const text = `byte ${byte} is ${showBits(got.bits)} on ${got.signal}, expected ${wanted}${more}`;
    this.add(isX ? 'x-in-result' : 'mismatch', text, { messageIndex, byte, cycle: got.cycle });
  }
}
