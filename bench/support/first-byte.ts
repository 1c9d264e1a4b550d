import { bytes, uint8 } from '../../src/kernel/codecs.js';
import { defineKernel } from '../../src/kernel/define-kernel.js';

/** The smallest operation there is, so that nothing but the call is timed. */
export const firstByte = defineKernel({
  name: 'firstByte',
  rtl: { top: 'never_elaborated', sources: [new URL('never_read.v', import.meta.url)] },
  input: bytes(),
  output: uint8(),
  golden: (message) => message[0] ?? 0,
});
