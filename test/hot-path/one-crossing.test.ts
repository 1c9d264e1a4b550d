import { expect, test } from 'vitest';
import { buildKernel, bytes, pack } from '../../src/index.js';
import { loadAddon, type NativeLibrary } from '../../src/paths/native-addon.js';
import { VerilatorPath } from '../../src/paths/verilator.js';
import { byteSum } from '../support/fixture-kernels.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';

/** Opens libraries whose models count how often a batch is handed over. */
function countingAddon() {
  const runs: number[] = [];
  const openLibrary = (path: string): NativeLibrary => {
    const library = loadAddon().openLibrary(path);
    return {
      info: library.info,
      createModel: (options) => {
        const model = library.createModel(options);
        return new Proxy(model, {
          get: (target, key) => {
            const value = Reflect.get(target, key, target);
            if (typeof value !== 'function') return value;
            return (...args: unknown[]) => {
              if (key === 'run') runs.push((args[0] as { offsets: Int32Array }).offsets.length - 1);
              return Reflect.apply(value, target, args);
            };
          },
        });
      },
    };
  };
  return { runs, openLibrary };
}

describeUnless(await missingVerilatorPath(), 'the native boundary', () => {
  test('is crossed once for a packed batch, and once for some thousand messages of an array', async () => {
    const { runs, openLibrary } = countingAddon();
    const path = VerilatorPath.openBuild(byteSum(), await buildKernel(byteSum()), openLibrary);
    const messages = new Array<Uint8Array>(65_536).fill(Uint8Array.of(1, 2));

    await path.runPacked(pack(bytes(), messages));
    expect(runs.splice(0)).toEqual([65_536]);

    await path.run(messages.slice(0, 1_000));
    expect(runs.splice(0)).toEqual([1_000]);

    await path.run(messages);
    const pieces = runs.splice(0);
    expect(pieces.reduce((total, piece) => total + piece, 0)).toBe(messages.length);
    expect(Math.min(...pieces)).toBeGreaterThanOrEqual(2_048);
    await path.close();
  });

  test('is crossed by a later batch only when the earlier one has handed over its last piece', async () => {
    const { runs, openLibrary } = countingAddon();
    const path = VerilatorPath.openBuild(byteSum(), await buildKernel(byteSum()), openLibrary);
    const messages = new Array<Uint8Array>(20_000).fill(Uint8Array.of(1, 2));
    await Promise.all([path.run(messages), path.run(messages.slice(0, 7)), path.run(messages)]);
    expect(runs.lastIndexOf(7)).toBe(runs.indexOf(7));
    const before = runs.slice(0, runs.indexOf(7));
    expect(before.reduce((total, piece) => total + piece, 0)).toBe(messages.length);
    await path.close();
  });

  test('does not copy what is packed: the model reads the caller’s bytes', async () => {
    const { openLibrary } = countingAddon();
    let handedOver: Uint8Array | null = null;
    const watched = (path: string): NativeLibrary => {
      const library = openLibrary(path);
      return {
        info: library.info,
        createModel: (options) => {
          const model = library.createModel(options);
          return new Proxy(model, {
            get: (target, key) => {
              const value = Reflect.get(target, key, target);
              if (key !== 'run') return value;
              return (batch: { data: Uint8Array }) => {
                handedOver = batch.data;
                return value(batch);
              };
            },
          });
        },
      };
    };
    const path = VerilatorPath.openBuild(byteSum(), await buildKernel(byteSum()), watched);
    const batch = pack(bytes(), [Uint8Array.of(1, 2, 3)]);
    await path.runPacked(batch);
    expect(handedOver).toBe(batch.data);
    await path.close();
  });
});
