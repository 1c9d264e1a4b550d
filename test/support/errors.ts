import { expect } from 'vitest';
import { type ErrorCode, RtliftError } from '../../src/errors.js';

type Codes = ErrorCode | readonly ErrorCode[];

function checked(error: unknown, codes: Codes): RtliftError {
  const code = [codes].flat().join(' or ');
  expect(error, `expected ${code}, got ${String(error)}`).toBeInstanceOf(RtliftError);
  expect([codes].flat(), (error as Error).message).toContain((error as RtliftError).code);
  return error as RtliftError;
}

/** The {@link RtliftError} that `work` throws; fails unless it has this code. */
export function thrown(codes: Codes, work: () => unknown): RtliftError {
  try {
    work();
  } catch (error) {
    return checked(error, codes);
  }
  return expect.fail(`expected ${codes}, got no error`);
}

/** The {@link RtliftError} that `work` rejects with; fails unless it has this code. */
export async function rejected(codes: Codes, work: Promise<unknown>): Promise<RtliftError> {
  try {
    await work;
  } catch (error) {
    return checked(error, codes);
  }
  return expect.fail(`expected ${codes}, got a result`);
}
