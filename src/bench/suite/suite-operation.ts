import type { AnyPlan } from '../../verify/plan.js';
import type { Corpus } from '../mails.js';
import type { Operation } from '../open-operation.js';
import { OPERATIONS } from '../operations.js';
import type { AnyRival, MissingRival } from '../rivals/rival.js';
import { corpusClass, drawnClass, type MessageClass, sizedClass } from './messages.js';
import type { SuiteSettings } from './settings.js';

/** An operation of the suite and the classes of messages that it is run on. */
export interface SuiteOperation {
  readonly operation: Operation;
  readonly classes: readonly MessageClass[];
}

/** A kernel of the user's, as its file exports it. */
export interface UserKernel extends AnyPlan {
  readonly rivals: readonly (AnyRival | MissingRival)[];
}

/** Words of the filter, as the main job has them. */
const PATTERNS = 256;

/** The built-in operations of these names, on made-up messages of every size and on those of their corpus. */
export async function builtInOperations(
  names: readonly string[],
  settings: SuiteSettings,
): Promise<SuiteOperation[]> {
  const texts = new Map<Corpus, Uint8Array>();
  const corpora = new Map<() => Corpus, Corpus>();
  const operations: SuiteOperation[] = [];
  for (const name of names) {
    const named = OPERATIONS[name];
    if (named === undefined) continue;
    const corpus = corpora.get(named.corpus) ?? named.corpus();
    corpora.set(named.corpus, corpus);
    const text = texts.get(corpus) ?? new Uint8Array(Buffer.concat(corpus.messages));
    texts.set(corpus, text);
    const operation = await named.make(corpus, PATTERNS);
    operations.push({
      operation,
      classes: [...sizedClasses(operation, settings, text), corpusClass(corpus)],
    });
  }
  return operations;
}

/** A kernel of the user's: on messages that its file makes, else on bytes of every size, else on values of its codec. */
export function userOperation(
  { kernel, inputs, rivals }: UserKernel,
  settings: SuiteSettings,
): SuiteOperation {
  const operation: Operation = { name: kernel.name, kernel, rivals };
  const isBytes = kernel.input.shape?.kind === 'bytes' && inputs === undefined;
  return {
    operation,
    classes: isBytes ? sizedClasses(operation, settings, null) : [drawnClass(kernel, inputs)],
  };
}

/** Sizes that the kernel takes. */
function sizedClasses(
  { kernel }: Operation,
  { sizes }: SuiteSettings,
  text: Uint8Array | null,
): MessageClass[] {
  if (kernel.input.shape?.kind !== 'bytes') return [];
  const { minMessageBytes, maxMessageBytes } = kernel.limits;
  return sizes
    .filter((bytes) => bytes >= minMessageBytes && bytes <= maxMessageBytes)
    .map((bytes) => sizedClass(bytes, text));
}
