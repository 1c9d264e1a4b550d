import type { AnyPlan } from '../plan.js';
import { FILTER_PLANS } from './filters.js';
import { HASH_PLANS } from './hashes.js';
import { LITERAL_MATCH_PLANS } from './literal-match.js';

/** The built-in kernels as `rtlift verify` names them. */
export const PLANS: Readonly<Record<string, () => AnyPlan>> = {
  ...HASH_PLANS,
  ...LITERAL_MATCH_PLANS,
  ...FILTER_PLANS,
};
