import { describe, expect, test } from 'vitest';
import { bytes, defineKernel, type KernelDescriptor, uint32 } from '../../src/index.js';
import { thrown } from '../support/errors.js';
import { hdl } from '../support/fixture-kernels.js';

const good: KernelDescriptor<Uint8Array, number> = {
  name: 'sum',
  rtl: { top: 'byte_sum', sources: [hdl('byte_sum.v')] },
  input: bytes(),
  output: uint32(),
  golden: (message) => message.length,
};

type Patch = Record<string, unknown>;
const refuse = (patch: Patch) =>
  thrown('ERR_RTLIFT_INVALID_KERNEL', () => defineKernel({ ...good, ...patch } as typeof good));
const refuseRtl = (patch: Patch) => refuse({ rtl: { ...good.rtl, ...patch } });

describe('defineKernel', () => {
  test('resolves file URLs and fills in what was left out', () => {
    const kernel = defineKernel(good);
    expect(kernel.rtl.sources[0]).toMatch(/^\/.*byte_sum\.v$/);
    expect(kernel.registers).toBeNull();
    expect(kernel.limits).toEqual({
      minMessageBytes: 0,
      maxMessageBytes: Number.POSITIVE_INFINITY,
      maxResultBytes: 64 * 1024 * 1024,
    });
  });

  test('gives a kernel that later changes of the descriptor do not reach', () => {
    const parameters = { DATA_BYTES: 4 };
    const sources = [hdl('byte_sum.v')];
    const kernel = defineKernel({ ...good, rtl: { ...good.rtl, sources, parameters } });
    parameters.DATA_BYTES = 8;
    sources.pop();
    expect(kernel.rtl.parameters).toEqual({ DATA_BYTES: 4 });
    expect(kernel.rtl.sources.length).toBe(1);
    expect(Object.isFrozen(kernel)).toBe(true);
  });

  test('reads no file', () => {
    defineKernel({ ...good, rtl: { top: 'nowhere', sources: ['/no/such/file.v'] } });
  });

  test('refuses a name that is no identifier of files and messages', () => {
    for (const name of ['', '1st', 'a b', '../x', 'a'.repeat(65), undefined, 7]) {
      expect(refuse({ name }).message).toContain('name is 1..64');
    }
  });

  test('refuses a top module that is no identifier', () => {
    for (const top of ['', 'a-b', '$x', undefined, 'x;y']) {
      expect(refuseRtl({ top }).message).toContain('rtl.top');
    }
    expect(refuse({ rtl: undefined }).message).toContain('rtl.top');
  });

  test('refuses sources that are missing, relative, or not of this machine', () => {
    for (const sources of [undefined, [], 'kernel.v']) {
      expect(refuseRtl({ sources }).message).toContain('rtl.sources');
    }
    for (const file of ['kernel.v', './kernel.v', new URL('https://example.org/k.v'), null]) {
      expect(refuseRtl({ sources: [file] }).message).toContain('absolute path');
    }
    expect(refuseRtl({ includes: ['rtl'] }).message).toContain('absolute path');
  });

  test('refuses what is no codec and no golden model', () => {
    expect(refuse({ input: undefined }).message).toContain('input is a codec');
    expect(refuse({ output: bytes }).message).toContain('output is a codec');
    expect(refuse({ golden: undefined }).message).toContain('golden is a function');
  });

  test('refuses parameters that no Verilog literal can carry', () => {
    for (const value of [1.5, Number.NaN, 2 ** 53, true, null, 'a"b', 'a\\b', 'a\nb']) {
      expect(refuseRtl({ parameters: { P: value } }).message).toContain('parameter P');
    }
    expect(refuseRtl({ parameters: { 'P Q': 1 } }).message).toContain('parameter name');
    defineKernel({ ...good, rtl: { ...good.rtl, parameters: { A: -1, B: 2n ** 60n, C: 'hex' } } });
  });

  test('refuses limits that no message can keep', () => {
    for (const limits of [
      { minMessageBytes: -1 },
      { minMessageBytes: 5, maxMessageBytes: 4 },
      { maxMessageBytes: Number.NaN },
    ]) {
      expect(refuse({ limits }).message).toContain('0 <= minMessageBytes <= maxMessageBytes');
    }
  });
});
