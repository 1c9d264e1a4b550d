import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compareVersions } from '../../scripts/lib/tools.mjs';
import { elaborate } from '../../src/toolchain/elaborate.js';
import type { Netlist, Port } from '../../src/toolchain/netlist.js';
import { readJsonNetlist } from '../../src/toolchain/netlist-json.js';
import { readXmlNetlist } from '../../src/toolchain/netlist-xml.js';
import { runTool } from '../../src/toolchain/run-tool.js';
import { findToolchain } from '../../src/toolchain/toolchain.js';
import { byteSum, hdl } from '../support/fixture-kernels.js';
import { temporaryFolder } from '../support/folders.js';
import { describeUnless, missingToolchain } from '../support/needs.js';

const missing = await missingToolchain();
const SOURCE = fileURLToPath(hdl('byte_sum.v'));

const port = (name: string, direction: Port['direction'], width: number): Port => ({
  name,
  escapedName: name,
  direction,
  width,
});

/** byte_sum with DATA_BYTES = 4, as Verilator elaborates it. */
const EXPECTED: Netlist = {
  top: 'byte_sum',
  ports: [
    port('clk', 'input', 1),
    port('rst', 'input', 1),
    port('s_axis_tdata', 'input', 32),
    port('s_axis_tkeep', 'input', 4),
    port('s_axis_tvalid', 'input', 1),
    port('s_axis_tready', 'output', 1),
    port('s_axis_tlast', 'input', 1),
    port('m_axis_tdata', 'output', 32),
    port('m_axis_tvalid', 'output', 1),
    port('m_axis_tready', 'input', 1),
    port('m_axis_tlast', 'output', 1),
  ],
  parameters: { DATA_BYTES: "32'h4" },
  files: [SOURCE],
};

const folder = new URL('../fixtures/netlist/', import.meta.url);
const tree = readFileSync(new URL('byte_sum.tree.json', folder), 'utf8');
const meta = readFileSync(new URL('byte_sum.tree.meta.json', folder), 'utf8').replace(
  '@SOURCE@',
  SOURCE,
);

/** Verilator's own files are part of what was read, and differ between installations. */
const ownFiles = ({ files, ...rest }: Netlist): Netlist => ({
  ...rest,
  files: files.filter((file) => file.startsWith(fileURLToPath(hdl('')))),
});

describe('the JSON reader', () => {
  test('reads ports, widths, parameters and files', () => {
    expect(readJsonNetlist(tree, meta, 'byte_sum')).toEqual(EXPECTED);
  });

  test('finds no top module under another name', () => {
    expect(readJsonNetlist(tree, meta, 'byte_some')).toMatchObject({ top: '', ports: [] });
  });

  test('gives a port of a type that is no vector no width', () => {
    const changed = JSON.parse(tree);
    const [types] = changed.miscsp;
    types.typesp[0] = { ...types.typesp[0], type: 'UNPACKARRAYDTYPE' };
    const { ports } = readJsonNetlist(JSON.stringify(changed), meta, 'byte_sum');
    expect(ports.find((port) => port.name === 'clk')?.width).toBeNull();
  });
});

describe('the XML reader', () => {
  test('takes ports and parameters of the top module only', () => {
    const xml = `<verilator_xml>
      <files><file id="a" filename="/x/top.v"/><file id="b" filename="&lt;built-in&gt;"/></files>
      <netlist>
        <module name="other"><var name="wrong" dtype_id="1" dir="input"/></module>
        <module name="top" origName="top" topModule="1">
          <var name="P" dtype_id="2" vartype="logic" origName="P" param="true"><const name="8&apos;h5" dtype_id="2"/></var>
          <var name="a" dtype_id="2" dir="input" origName="a"/>
          <var name="inner" dtype_id="2" origName="inner"/>
          <begin><var name="deep" dtype_id="1" dir="input"/></begin>
        </module>
        <typetable><basicdtype id="1" name="logic"/><basicdtype id="2" name="logic" left="0" right="7"/></typetable>
      </netlist></verilator_xml>`;
    expect(readXmlNetlist(xml)).toEqual({
      top: 'top',
      ports: [port('a', 'input', 8)],
      parameters: { P: "8'h5" },
      files: ['/x/top.v'],
    });
  });
});

describeUnless(missing, 'the installed Verilator', () => {
  test('elaborates byte_sum to the same netlist as the JSON file', async () => {
    const { verilator } = await findToolchain();
    const netlist = await elaborate(verilator, byteSum({ dataBytes: 4 }).rtl, temporaryFolder());
    expect(ownFiles(netlist)).toEqual(EXPECTED);
    expect(ownFiles(netlist)).toEqual(readJsonNetlist(tree, meta, 'byte_sum'));
  });

  test('writes XML that the reader takes, where its version writes XML', async (context) => {
    const { verilator } = await findToolchain();
    if (compareVersions(verilator.version, '5.030') > 0) {
      context.skip(`Verilator ${verilator.version} writes no XML`);
    }
    const out = join(temporaryFolder(), 'xml');
    mkdirSync(out);
    await runTool(
      verilator.path,
      ['--xml-only', '--Mdir', out, '--top-module', 'byte_sum', '-GDATA_BYTES=4', SOURCE],
      { failure: 'ERR_RTLIFT_ELABORATION_FAILED', purpose: 'test' },
    );
    const file = readdirSync(out).find((name) => name.endsWith('.xml')) ?? '';
    expect(ownFiles(readXmlNetlist(readFileSync(join(out, file), 'utf8')))).toEqual(EXPECTED);
  });
});
