import { RtliftError } from '../errors.js';

/** Counts the message that an error of a part names from the start of the whole batch. */
export function shiftIndex(start: number): (error: unknown) => never {
  return (error) => {
    if (error instanceof RtliftError && typeof error.details.messageIndex === 'number') {
      const { code, message, details, cause } = error;
      const messageIndex = error.details.messageIndex + start;
      throw new RtliftError(code, message, { ...details, messageIndex }, { cause });
    }
    throw error;
  };
}
