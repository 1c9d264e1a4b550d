import { expect, test } from 'vitest';
import { VerilatorPath } from '../../../src/paths/verilator.js';
import { runFourState } from '../../../src/verify/four-state/run-four-state.js';
import { describeUnless, missingTool, missingVerilatorPath } from '../../support/needs.js';
import { Random } from '../../support/random.js';
import { blockFold, byteFold, fitOf, fold, TROUBLED } from './kernels.js';

const missing = (await missingTool('iverilog')) ?? (await missingVerilatorPath());

describeUnless(missing, 'two states and four', () => {
  test('a read beyond the end of a memory is 0 in two, which happens to be right, and X in four', async () => {
    const kernel = byteFold(6);
    const two = await VerilatorPath.open(kernel);
    const { results } = await two.run(TROUBLED);
    await two.close();
    expect(results).toEqual(TROUBLED.map(fold));
    const { findings } = await runFourState(kernel, await fitOf(kernel), TROUBLED, { seed: 1 });
    expect(findings).toMatchObject([{ kind: 'x-in-result', messageIndex: 2, byte: 3 }]);
  });

  test('a batch takes the same cycles, after the 8 of reset', async () => {
    const kernel = blockFold({}, { IS_LATE: 1 });
    const random = new Random(4);
    const messages = [4, 8, 4, 12].map((size) => random.bytes(size));
    const two = await VerilatorPath.open(kernel);
    const { counters } = await two.run(messages);
    await two.close();
    const full = { seed: 1, bubbleProbability: 0, stallProbability: 0 };
    const four = await runFourState(kernel, await fitOf(kernel), messages, full);
    expect(four).toMatchObject({ findings: [], cycles: 8 + (counters?.cycles ?? 0) });
  });
});
