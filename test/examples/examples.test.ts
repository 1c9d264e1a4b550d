import { expect, test } from 'vitest';
import { runFile } from '../support/child.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';

test('the quick start hashes and filters', async () => {
  const { code, stdout, stderr } = await runFile('examples/quickstart.ts');
  expect(code, stderr).toBe(0);
  // FIPS 180-4, example of "abc".
  expect(stdout).toContain('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(stdout).toMatch(/clean\nfound lottery\nfound viagra\n/);
  expect(stdout).toContain('4 messages, 48 B (measured)');
});

describeUnless(await missingVerilatorPath(), 'a kernel of one’s own', () => {
  test('gives the check value of CRC-32C on both paths', async () => {
    const { code, stdout, stderr } = await runFile('examples/own-kernel/crc32c.ts');
    expect(code, stderr).toBe(0);
    // Catalogue of parametrised CRC algorithms, CRC-32/ISCSI.
    expect(stdout).toBe('javascript: 0xe3069283\nverilator: 0xe3069283\n');
  });
});
