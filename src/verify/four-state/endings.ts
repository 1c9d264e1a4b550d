import type { BeatEvent, BenchEvent } from './events.js';
import type { FourStateFinding } from './report.js';
import { showBits } from './result-bytes.js';

/** An event after which nothing in the run means anything. */
export type EndingEvent = Exclude<BenchEvent, BeatEvent | { readonly kind: 'drop' | 'end' }>;

/** What ended a run before its time. */
export interface Ending {
  readonly kind: FourStateFinding['kind'];
  readonly text: string;
  /** The message whose result was awaited, or -1. */
  readonly message: number;
}

const RESPONSES = ['OKAY', '1 (reserved)', 'SLVERR', 'DECERR'];

/** @param controls - names of the signals that must be 0 or 1, by their number. */
export function endingOf(event: EndingEvent, controls: readonly string[]): Ending {
  switch (event.kind) {
    case 'extra':
      return {
        kind: 'protocol',
        text: 'a result after all messages were answered',
        message: -1,
      };
    case 'x': {
      const { bits, control, done } = event;
      const where = done < 0 ? ' while registers were written' : '';
      const expected = bits.length === 1 ? '0 or 1' : 'bits of 0 and 1';
      const text = `${controls[control]} is ${showBits(bits)}${where}, expected ${expected}`;
      return { kind: 'x-in-control', text, message: done };
    }
    case 'response': {
      const isKnown = /^[01]+$/.test(event.bits);
      const got = isKnown ? RESPONSES[Number.parseInt(event.bits, 2)] : showBits(event.bits);
      const text = `AXI4-Lite write ${event.write}: expected OKAY, got ${got}`;
      return { kind: 'protocol', text, message: -1 };
    }
    case 'early': {
      const text = `an AXI4-Lite write response before write ${event.write} was taken`;
      return { kind: 'protocol', text, message: -1 };
    }
    case 'stuck-register': {
      const text = `no AXI4-Lite beat for ${event.cycles} cycles at write ${event.write}`;
      return { kind: 'no-progress', text, message: -1 };
    }
    case 'stuck': {
      const reason = event.isInside
        ? 'the result has no end'
        : event.isOffering
          ? 'the kernel does not raise the ready of its input'
          : 'the kernel does not raise the valid of its output';
      const text = `no beat on any stream for ${event.cycles} cycles; ${reason}`;
      return { kind: 'no-progress', text, message: event.done };
    }
  }
}
