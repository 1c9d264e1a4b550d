import { RtliftError } from '../../errors.js';
import type { CallProfileReport } from './schema.js';

/**
 * Checks that data are a call profile, as `report()` gives it and JSON keeps it.
 * @param where - the file, for the message.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_PROFILE` with the first field that is not as it should be.
 */
export async function parseCallProfile(data: unknown, where: string): Promise<CallProfileReport> {
  const { callProfile } = await import('./schema.js');
  const parsed = callProfile.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') || 'the whole';
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_PROFILE',
    `${where}: not a call profile of profile().report(): ${field}: ${issue?.message ?? 'unknown'}`,
    { file: where, field },
    { cause: parsed.error },
  );
}
