import { InvalidArgumentError } from 'commander';
import type { ParameterValue } from '../kernel/define-kernel.js';

/** Collects `--parameter NAME=value`: an integer, 0x for hexadecimal, else text. */
export function parameterOption(
  text: string,
  known: Readonly<Record<string, ParameterValue>>,
): Record<string, ParameterValue> {
  const match = /^([A-Za-z_]\w*)=(.*)$/.exec(text);
  if (!match) throw new InvalidArgumentError('expected NAME=value.');
  const [, name = '', value = ''] = match;
  const isNumber = /^-?(0x[0-9a-f]+|\d+)$/i.test(value);
  return { ...known, [name]: isNumber ? BigInt(value) : value };
}
