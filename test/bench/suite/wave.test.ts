import { expect, test } from 'vitest';
import { sizedClass } from '../../../src/bench/suite/messages.js';
import { waveOf } from '../../../src/bench/suite/wave.js';
import { byteSum, byteXor } from '../../support/fixture-kernels.js';
import { useFreshCache } from '../../support/folders.js';
import { describeUnless, missingVerilatorPath } from '../../support/needs.js';

const classes = [sizedClass(0, null), sizedClass(20, null)];

describeUnless(await missingVerilatorPath(), 'the waveform of an operation', () => {
  test.each([
    ['without registers', byteSum()],
    // Its batch begins after the registers were written.
    ['with registers', byteXor(0x55)],
  ])('shows the first beats of a kernel %s', async (_what, kernel) => {
    const operation = { name: 'sum', kernel, rivals: [] };
    const wave = await waveOf({ operation, classes }, { seed: 3, mayBuild: true });
    const of = (name: string): readonly string[] =>
      wave?.signals.find((signal) => signal.name === name)?.values ?? [];
    expect(wave?.operation).toBe('sum');
    const [valid, ready] = [of('s_axis_tvalid'), of('s_axis_tready')];
    expect(valid).toHaveLength(wave?.cycles ?? 0);
    // Two cycles before the first beat.
    expect(valid.slice(0, 3)).toEqual(['0', '0', '1']);
    const beats = valid.flatMap((bit, cycle) =>
      bit === '1' && ready[cycle] === '1' ? [cycle] : [],
    );
    const message = classes[1]?.batch(6, 3)[0] as Uint8Array;
    const width = (wave?.signals.find(({ name }) => name === 's_axis_tdata')?.bits ?? 0) / 8;
    // The bytes of the beats that tkeep marks are those of the first message, lowest byte first.
    const sent = beats.slice(0, Math.ceil(20 / width)).flatMap((cycle) => {
      const bytes = Buffer.from(of('s_axis_tdata')[cycle] ?? '', 'hex').reverse();
      const keep = Number.parseInt(of('s_axis_tkeep')[cycle] ?? '0', 16);
      return [...bytes].filter((_, i) => ((keep >> i) & 1) === 1);
    });
    expect(sent).toEqual([...message]);
    expect(of('m_axis_tvalid')).toContain('1');
  });

  test('is not built for where it must not be', async () => {
    useFreshCache();
    const operation = { name: 'sum', kernel: byteSum(), rivals: [] };
    expect(await waveOf({ operation, classes }, { seed: 3, mayBuild: false })).toBeNull();
  });
});
