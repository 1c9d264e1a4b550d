import type { RtliftError } from '../errors.js';
import type { Codec } from '../kernel/codec.js';
import type { PortTable } from './port-table.js';
import type { InputStream, OutputStream } from './stream-ports.js';

/** What is known of the bytes that a stream gets of each message. */
export type PartCodec = Pick<Codec<unknown>, 'name' | 'fixedBytes' | 'multipleOf'>;

/**
 * Refuses an input stream that cannot say where each message ends.
 * @param minBytes - length of the shortest message; `null` where it is one of several streams.
 */
export function checkInputPacket(
  table: PortTable,
  stream: InputStream,
  part: PartCodec,
  minBytes: number | null,
): void {
  const { beatBytes, fields, label, messageBytes } = stream;
  const isOneBeat = messageBytes === beatBytes;
  const odd = fields.find(({ width }) => width % 8 !== 0);
  if (odd && !isOneBeat) {
    throw table.mismatch(
      `${odd.name} of whole bytes, or messages of one beat`,
      `${odd.width} bits`,
      { port: odd.name },
    );
  }
  const refuse = (port: string, purpose: string): RtliftError =>
    table.mismatch(`${label}_${port} to mark ${purpose}`, 'no such port', {
      port: `${label}_${port}`,
    });
  const isWhole =
    messageBytes !== null
      ? messageBytes % beatBytes === 0
      : (part.multipleOf ?? 1) % beatBytes === 0;
  if (stream.keep === null && !isWhole) {
    throw refuse('tkeep', `the tail of ${part.name} in beats of ${beatBytes} bytes`);
  }
  // A pulse of its own for the first block of a message tells one from the next.
  const hasEnd = stream.last !== null || stream.next !== null || messageBytes !== null;
  if (!hasEnd) throw refuse('tlast', `the end of ${part.name}`);
  // Without tkeep the one beat of an empty message is a message of one byte.
  const mayBeEmpty = messageBytes === null && part.multipleOf === undefined && !minBytes;
  if (stream.keep === null && mayBeEmpty) {
    const orElse =
      minBytes === null
        ? 'a field of a fixed size, as limits are of all streams together'
        : 'limits.minMessageBytes of 1';
    throw refuse('tkeep', `an empty message, or ${orElse}`);
  }
}

/** Refuses an output stream that cannot say where each result ends. */
export function checkOutputPacket<O>(
  table: PortTable,
  codec: Codec<O>,
  stream: OutputStream,
): void {
  const { beatBytes, label, fields, resultBytes, quietCycles } = stream;
  if (codec.parts) {
    throw table.mismatch(
      `an output codec record(), as results come from one stream`,
      `${codec.name} of ${codec.parts.length}`,
    );
  }
  if ((quietCycles !== null) !== (codec.presentBytes !== undefined)) {
    throw table.mismatch(
      quietCycles === null
        ? `rtl.ports.output.quietCycles with ${codec.name}, to know a message that was dropped`
        : 'an output codec optional(), as quietCycles says that messages may be dropped',
      quietCycles === null ? 'no such setting' : codec.name,
    );
  }
  if (stream.takes === 'last') {
    if (stream.last === null || resultBytes !== beatBytes) {
      throw table.mismatch(
        `a last signal and a result of ${beatBytes} bytes for a value that is sampled with it`,
        `${stream.last === null ? 'no last' : codec.name}`,
      );
    }
    return;
  }
  if (resultBytes === null) {
    if (stream.last === null || (stream.keep === null && beatBytes > 1)) {
      throw table.mismatch(
        `${label}_tlast and ${label}_tkeep to mark the end of ${codec.name}`,
        `ports ${table.list()}`,
      );
    }
    return;
  }
  // A result port that is wider than the result would be cut without a word.
  if (stream.keep === null && resultBytes < beatBytes) {
    const names = fields.map(({ name }) => name).join(', ');
    throw table.mismatch(
      `results of ${resultBytes} bytes (${codec.name})`,
      `${names} of ${beatBytes} bytes without ${label}_tkeep`,
      { port: fields[0]?.name },
    );
  }
}
