import type { FunctionSyntax } from '../syntax.js';
import { ownCrc } from './crc.js';
import { ownHash } from './hashes.js';
import { ownLiteralMatch } from './literals.js';
import type { OwnOperation, Recogniser } from './operation.js';
import { ownRecordFilter } from './records.js';
import { ownScoring } from './scores.js';

/** Sure enough by constants to look for in packages too. */
const EVERYWHERE: readonly Recogniser[] = [ownHash, ownCrc];
/** What looks like these in a framework (a router, a parser) is part of it, and nothing that its user could offload. */
const PROGRAM: readonly Recogniser[] = [ownRecordFilter, ownScoring, ownLiteralMatch];

/** What a function's own text does; its name says nothing. */
export function ownOperation(fn: FunctionSyntax, isOfProgram: boolean): OwnOperation | null {
  for (const recognise of isOfProgram ? [...EVERYWHERE, ...PROGRAM] : EVERYWHERE) {
    const found = recognise(fn);
    if (found) return found;
  }
  return null;
}
