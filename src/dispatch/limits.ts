import { RtliftError } from '../errors.js';
import type { PackedBatch } from '../kernel/batch.js';
import type { Kernel } from '../kernel/define-kernel.js';

/**
 * Refuses a message that the kernel declared it cannot take.
 * @throws {@link RtliftError} `ERR_RTLIFT_MESSAGE_TOO_LARGE`, or `ERR_RTLIFT_INVALID_ARG` for one that is too short.
 */
export function checkLimits<I, O>(kernel: Kernel<I, O>, sizeBytes: number, index: number): void {
  const { minMessageBytes, maxMessageBytes } = kernel.limits;
  if (sizeBytes > maxMessageBytes) {
    throw new RtliftError(
      'ERR_RTLIFT_MESSAGE_TOO_LARGE',
      `kernel ${kernel.name} takes messages of at most ${maxMessageBytes} bytes, got ${sizeBytes} in message ${index}`,
      { kernel: kernel.name, limit: maxMessageBytes, got: sizeBytes, messageIndex: index },
    );
  }
  if (sizeBytes < minMessageBytes) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `kernel ${kernel.name} takes messages of at least ${minMessageBytes} bytes, got ${sizeBytes} in message ${index}`,
      { kernel: kernel.name, limit: minMessageBytes, got: sizeBytes, messageIndex: index },
    );
  }
}

/**
 * Refuses packed messages `start` up to `end` where one is beyond the kernel's limits, or has not the one size of the codec's values.
 * @throws {@link RtliftError} `ERR_RTLIFT_MESSAGE_TOO_LARGE`, `ERR_RTLIFT_INVALID_ARG`.
 */
export function checkPackedSizes<I, O>(
  kernel: Kernel<I, O>,
  { offsets }: PackedBatch,
  start: number,
  end: number,
): void {
  const { fixedBytes } = kernel.input;
  for (let i = start; i < end; i++) {
    const sizeBytes = (offsets[i + 1] as number) - (offsets[i] as number);
    checkLimits(kernel, sizeBytes, i);
    if (fixedBytes !== null) checkSize(kernel, fixedBytes, sizeBytes, i);
  }
}

function checkSize<I, O>(
  kernel: Kernel<I, O>,
  fixedBytes: number,
  sizeBytes: number,
  index: number,
): void {
  if (sizeBytes === fixedBytes) return;
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `kernel ${kernel.name} takes messages of ${fixedBytes} bytes (${kernel.input.name}), got ${sizeBytes} in message ${index}`,
    { kernel: kernel.name, expected: fixedBytes, got: sizeBytes, messageIndex: index },
  );
}

/**
 * Refuses a buffer for results that cannot take those of `n` messages.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG`.
 */
export function checkInto<I, O>({ name, output }: Kernel<I, O>, into: Uint8Array, n: number): void {
  const { fixedBytes } = output;
  if (fixedBytes === null) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `kernel ${name}: into is for results of a fixed size, got ${output.name}`,
      { kernel: name, arg: 'into' },
    );
  }
  const need = n * fixedBytes;
  if (into instanceof Uint8Array && into.length >= need) return;
  const got = into instanceof Uint8Array ? `${into.length} bytes` : typeof into;
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `kernel ${name}: into is a Uint8Array of ${need} bytes or more for ${n} results, got ${got}`,
    { kernel: name, arg: 'into', limit: need, got },
  );
}

/**
 * Refuses packed messages `start` up to `end` where the bytes of one encode no value of the input codec.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` naming the message.
 */
export function checkValues<I, O>(
  { name, input }: Kernel<I, O>,
  { data, offsets }: PackedBatch,
  start: number,
  end: number,
): void {
  for (let i = start; i < end; i++) {
    try {
      input.decode(data, offsets[i] as number, offsets[i + 1] as number);
    } catch (cause) {
      throw new RtliftError(
        'ERR_RTLIFT_INVALID_ARG',
        `kernel ${name}: message ${i} is no value of ${input.name}: ${(cause as Error).message}`,
        { kernel: name, messageIndex: i },
        { cause },
      );
    }
  }
}
