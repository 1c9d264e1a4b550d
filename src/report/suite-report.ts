import type { z } from 'zod';
import type { suiteSchema } from './suite-schema.js';

/** What `rtlift bench --json` writes and `rtlift report` shows; the schema says what each field means. */
export type SuiteReport = z.infer<typeof suiteSchema>;
export type Measurement = SuiteReport['measurements'][number];
export type Projection = SuiteReport['projections'][number];
export type Comparison = SuiteReport['comparisons'][number];
export type BreakEven = SuiteReport['breakEvens'][number];
export type Wave = SuiteReport['waves'][number];
