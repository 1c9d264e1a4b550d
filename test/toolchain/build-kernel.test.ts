import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type BuildProgress,
  buildKernel,
  bytes,
  defineKernel,
  FAST_FLAGS,
  type Kernel,
  offload,
  uint32,
} from '../../src/index.js';
import { VerilatorPath } from '../../src/paths/verilator.js';
import type { ToolMessage } from '../../src/toolchain/run-tool.js';
import { rejected } from '../support/errors.js';
import { byteEcho, byteSum } from '../support/fixture-kernels.js';
import { temporaryFolder, useFreshCache } from '../support/folders.js';
import { describeUnless, missingAddon, missingToolchain } from '../support/needs.js';

const missing = await missingToolchain();

/** byte_sum as a kernel of its own files. */
function kernelOf(
  file: string,
  top = 'byte_sum',
  includes: string[] = [],
): Kernel<Uint8Array, number> {
  return defineKernel({
    name: basename(file, '.v').replaceAll('_', '-'),
    rtl: { top, sources: [file], includes },
    input: bytes(),
    output: uint32(),
    golden: (message) => message.length,
  });
}

function write(name: string, text: string, folder = temporaryFolder()): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const PORTS = `input wire clk, input wire rst,
  input wire [31:0] s_axis_tdata, input wire [3:0] s_axis_tkeep, input wire s_axis_tvalid, input wire s_axis_tlast,
  output wire s_axis_tready, output reg [31:0] m_axis_tdata, output reg m_axis_tvalid, input wire m_axis_tready`;

/** A module that answers each message with a constant. */
const constantModule = (value: string): string => `
module constant (${PORTS});
  assign s_axis_tready = !m_axis_tvalid;
  always @(posedge clk) begin
    m_axis_tdata <= ${value};
    m_axis_tvalid <= !rst && (m_axis_tvalid ? !m_axis_tready : s_axis_tvalid && s_axis_tlast);
  end
endmodule
`;

/** What lies in a cache beside Verilator's run-time library. */
function contents(cache: string): string[] {
  return ['kernels', 'tmp'].flatMap((kind) => {
    const folder = join(cache, kind);
    return existsSync(folder) ? readdirSync(folder).map((name) => `${kind}/${name}`) : [];
  });
}

describeUnless(missing, 'a build that fails', () => {
  test('on a syntax error gives Verilator’s message with file and line, and leaves nothing behind', async () => {
    const cache = useFreshCache();
    const file = write(
      'broken.v',
      'module byte_sum (input wire clk);\n  assign x = ;\nendmodule\n',
    );
    const error = await rejected('ERR_RTLIFT_ELABORATION_FAILED', buildKernel(kernelOf(file)));
    expect(error.message).toContain(`${file}:2: syntax error`);
    const messages = error.details.messages as ToolMessage[];
    expect(messages[0]).toMatchObject({ severity: 'error', file, line: 2 });
    expect(contents(cache)).toEqual([]);
  });

  test('on a missing module, include or source names it', async () => {
    const cache = useFreshCache();
    const module = write(
      'lonely.v',
      `module byte_sum (${PORTS});\n  nowhere u (.clk(clk));\nendmodule\n`,
    );
    const noModule = await rejected('ERR_RTLIFT_ELABORATION_FAILED', buildKernel(kernelOf(module)));
    expect(noModule.message).toMatch(/lonely\.v:4: .*nowhere/);
    const include = write('including.v', '`include "nowhere.vh"\n');
    const noInclude = await rejected(
      'ERR_RTLIFT_ELABORATION_FAILED',
      buildKernel(kernelOf(include)),
    );
    expect(noInclude.message).toMatch(/including\.v:1: .*nowhere\.vh/);
    const source = join(temporaryFolder(), 'gone.v');
    const noSource = await rejected('ERR_RTLIFT_ELABORATION_FAILED', buildKernel(kernelOf(source)));
    expect(noSource.message).toContain(source);
    expect(contents(cache)).toEqual([]);
  });

  test('on another top module names both', async () => {
    useFreshCache();
    const file = write('other.v', 'module other (input wire clk);\nendmodule\n');
    const error = await rejected('ERR_RTLIFT_ELABORATION_FAILED', buildKernel(kernelOf(file)));
    expect(error.message).toContain('byte_sum');
  });

  test('on a parameter that the RTL refuses names the rule', async () => {
    useFreshCache();
    const rule = write(
      'ruled.v',
      `module byte_sum #(parameter DEPTH = 1) (${PORTS});\n  generate if (DEPTH < 2) DEPTH_must_be_at_least_2 u_illegal (); endgenerate\nendmodule\n`,
    );
    const error = await rejected('ERR_RTLIFT_ELABORATION_FAILED', buildKernel(kernelOf(rule)));
    expect(error.message).toContain('DEPTH_must_be_at_least_2');
  });

  test('on a port that does not fit leaves nothing behind', async () => {
    const cache = useFreshCache();
    const kernel = { ...byteSum(), registers: () => new Uint32Array(0) };
    await rejected('ERR_RTLIFT_DESCRIPTOR_MISMATCH', buildKernel(kernel));
    expect(contents(cache)).toEqual([]);
  });

  test('in the compiler gives its message, leaves nothing behind, and a good build follows', async () => {
    const cache = useFreshCache();
    const flags = { ...FAST_FLAGS, cxx: ['--no-such-flag'] };
    const error = await rejected('ERR_RTLIFT_COMPILE_FAILED', buildKernel(byteSum(), { flags }));
    expect(error.message).toContain('no-such-flag');
    expect(contents(cache)).toEqual([]);
    const build = await buildKernel(byteSum());
    expect(statSync(build.library).isFile()).toBe(true);
  });

  test('in Verilator’s own flags gives its message, and leaves nothing behind', async () => {
    const cache = useFreshCache();
    const flags = { ...FAST_FLAGS, verilator: ['--no-such-flag'] };
    const error = await rejected('ERR_RTLIFT_VERILATE_FAILED', buildKernel(byteSum(), { flags }));
    expect(error.message).toContain('no-such-flag');
    expect(contents(cache)).toEqual([]);
  });

  test('named as a path is an error that says why', async () => {
    const file = write('broken.v', 'module byte_sum (input wire clk\nendmodule\n');
    const error = await rejected(
      'ERR_RTLIFT_PATH_UNAVAILABLE',
      offload(kernelOf(file), { path: 'verilator' }),
    );
    expect(error.message).toContain('broken.v:2');
    expect(error.cause).toMatchObject({ code: 'ERR_RTLIFT_ELABORATION_FAILED' });
    expect(error.details.why).toBe('ERR_RTLIFT_ELABORATION_FAILED');
  });
});

describeUnless(missing, 'a build', () => {
  test('reports its stages in order, holds the library and its manifest, and nothing else', async () => {
    const cache = useFreshCache();
    const stages: string[] = [];
    const onProgress = ({ kernel, stage, elapsedMs }: BuildProgress): void => {
      expect(kernel).toBe('byte-sum');
      expect(elapsedMs).toBeGreaterThanOrEqual(0);
      stages.push(stage);
    };
    const build = await buildKernel(byteSum(), { onProgress });
    expect(stages).toEqual(['elaborate', 'verilate', 'compile', 'done']);
    const [entry] = contents(cache);
    expect(contents(cache).length).toBe(1);
    expect(readdirSync(join(cache, entry ?? '')).toSorted()).toEqual([
      basename(build.library),
      'manifest.json',
    ]);

    const again: string[] = [];
    const begin = performance.now();
    const second = await buildKernel(byteSum(), { onProgress: ({ stage }) => again.push(stage) });
    expect(second).toEqual(build);
    expect(again, 'stages of a build from the cache').toEqual([]);
    expect(performance.now() - begin, 'ms for a build from the cache').toBeLessThan(1_000);
  });

  test('of one kernel twice at once is one build', async () => {
    const cache = useFreshCache();
    let elaborations = 0;
    const onProgress = ({ stage }: BuildProgress): void => {
      if (stage === 'elaborate') elaborations++;
    };
    const [first, second] = await Promise.all([
      buildKernel(byteSum(), { onProgress }),
      buildKernel(byteSum(), { onProgress }),
    ]);
    expect(second).toEqual(first);
    expect(elaborations).toBe(1);
    expect(contents(cache).length).toBe(1);
  });

  test('that fails for two callers fails for both, and can be tried again', async () => {
    useFreshCache();
    const folder = temporaryFolder();
    const file = write('mended.v', 'module byte_sum (', folder);
    const both = [buildKernel(kernelOf(file)), buildKernel(kernelOf(file))];
    for (const build of both) await rejected('ERR_RTLIFT_ELABORATION_FAILED', build);
    write('mended.v', constantModule('7').replace('module constant', 'module byte_sum'), folder);
    await buildKernel(kernelOf(file));
  });

  test('of several kernels at once gives each its own library', async () => {
    const cache = useFreshCache();
    const kernels = [byteSum(), byteSum({ dataBytes: 4 }), byteEcho()] as Kernel<
      unknown,
      unknown
    >[];
    const builds = await Promise.all(kernels.map((kernel) => buildKernel(kernel)));
    expect(new Set(builds.map((build) => build.library)).size).toBe(3);
    expect(contents(cache).length).toBe(3);
  });

  test('collects the warnings of Verilator with file and line', async () => {
    useFreshCache();
    const file = write('narrow.v', constantModule("64'h123456789").replace('constant', 'byte_sum'));
    const { warnings } = await buildKernel(kernelOf(file));
    expect(warnings.find((warning) => warning.file === file)).toMatchObject({
      severity: 'warning',
      line: expect.any(Number),
    });
  });
});

describeUnless(missing ?? missingAddon(), 'a changed file', () => {
  const answerOf = async (kernel: Kernel<Uint8Array, number>): Promise<number> => {
    await using run = await offload(kernel, { path: 'verilator' });
    return run(Uint8Array.of(1));
  };

  test('among the sources is noticed', async () => {
    useFreshCache();
    const folder = temporaryFolder();
    const file = write('constant.v', constantModule('11'), folder);
    expect(await answerOf(kernelOf(file, 'constant'))).toBe(11);
    write('constant.v', constantModule('12'), folder);
    expect(await answerOf(kernelOf(file, 'constant'))).toBe(12);
  });

  test('that a source includes is noticed, and changing it back too', async () => {
    const cache = useFreshCache();
    const folder = temporaryFolder();
    const headers = join(folder, 'headers');
    mkdirSync(headers);
    const file = write('constant.v', `\`include "value.vh"\n${constantModule('`VALUE')}`, folder);
    const kernel = kernelOf(file, 'constant', [headers]);
    for (const value of ['21', '22', '21']) {
      write('value.vh', `\`define VALUE ${value}\n`, headers);
      expect(await answerOf(kernel)).toBe(Number(value));
    }
    expect(contents(cache).filter((name) => name.startsWith('tmp/'))).toEqual([]);
  });

  test('that is included does not disturb a model that runs the old library', async () => {
    useFreshCache();
    const folder = temporaryFolder();
    const file = write('constant.v', `\`include "value.vh"\n${constantModule('`VALUE')}`, folder);
    const kernel = kernelOf(file, 'constant', [folder]);
    write('value.vh', '`define VALUE 31\n', folder);
    await using old = await VerilatorPath.open(kernel).then((path) => ({
      path,
      [Symbol.asyncDispose]: () => path.close(),
    }));
    write('value.vh', '`define VALUE 32\n', folder);
    expect(await answerOf(kernel)).toBe(32);
    expect((await old.path.run([Uint8Array.of(1)])).results).toEqual([31]);
  });
});
