// @ts-check
import { bytes, defineKernel, uint32 } from 'rtlift';

/**
 * Fletcher-32 of a message: the definition, in plain JavaScript. The RTL is compared with it, and where the RTL cannot
 * run it runs in its place.
 * @param {Uint8Array} message
 * @returns {number}
 */
export function fletcher32(message) {
  // One's-complement sums, in which 0xffff stands for 0 once something was added.
  const add = (/** @type {number} */ a, /** @type {number} */ b) =>
    a + b > 0xffff ? a + b - 0xffff : a + b;
  let low = 0;
  let high = 0;
  for (let i = 0; i < message.length; i += 2) {
    low = add(low, /** @type {number} */ (message[i]) | ((message[i + 1] ?? 0) << 8));
    high = add(high, low);
  }
  return ((high << 16) | low) >>> 0;
}

export const kernel = defineKernel({
  name: 'NAME',
  rtl: { top: 'NAME', sources: [new URL('./NAME.v', import.meta.url)] },
  input: bytes(),
  output: uint32(),
  golden: fletcher32,
});
