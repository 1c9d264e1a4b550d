import { describe, expect, test } from 'vitest';
import { instrumentText, mutantsOf } from './instrument.js';

describe('operators', () => {
  test.each([
    ['a + b', ['+ -> -']],
    ['a - b', ['- -> +']],
    ['a * b', ['* -> +']],
    ['a / b', ['/ -> *']],
    ['a % b', ['% -> /']],
    ['a & b', ['& -> |']],
    ['a | b', ['| -> &']],
    ['a ^ b', ['^ -> ~^']],
    ['a ~^ b', ['~^ -> ^']],
    ['a && b', ['&& -> ||']],
    ['a || b', ['|| -> &&']],
    ['a == b', ['== -> !=']],
    ['a !== b', ['!== -> ===']],
    ['a < b', ['< -> <=', '< -> >=']],
    ['a <= b', ['<= -> <', '<= -> >']],
    ['a > b', ['> -> >=', '> -> <=']],
    ['a >= b', ['>= -> >', '>= -> <']],
    ['a << b', ['<< -> >>']],
    ['a >> b', ['>> -> <<']],
    ['a >>> b', ['>>> -> <<<']],
    ['~a', ['~a -> a']],
    ['!a', ['!a -> a']],
    ['-a', ['-a -> a']],
    ['&a', ['& -> |']],
    ['|a', ['| -> &']],
    ['^a', ['^ -> ~^']],
    ['~|a', ['~| -> ~&']],
    ['f(a) + $signed(b)', ['+ -> -']],
    ['a ** b', []],
    ['a', []],
  ])('%s', async (expression, expected) => {
    const lines = await mutantsOf(`assign x = ${expression};`);
    expect(lines).toEqual(expected.map((line) => `operator ${line}`));
  });
});

describe('constants', () => {
  test.each([
    ["1'b0", ["1'b0 -> 1'b1"]],
    ["{1'b1, a}", ["1'b1 -> 1'b0"]],
    ["{3{2'd3}}", ["2'd3 -> 2'd0"]],
    ["f(8'h0f)", ["8'h0f -> 8'h10"]],
    ['7', ['7 -> 8']],
    ["'0", []],
    ['1.5', []],
    ["4'b0x01", []],
    ['$clog2(8)', []],
    ["8'(a)", []],
    ['"text"', []],
  ])('%s', async (expression, expected) => {
    const lines = await mutantsOf(`assign x = ${expression};`);
    expect(lines).toEqual(expected.map((line) => `constant ${line}`));
  });
});

describe('indices', () => {
  test.each([
    ['a[5]', ['[5] -> [4]']],
    ['a[0]', ['[0] -> [1]']],
    ["a[3'd5]", ["[3'd5] -> [3'd5 - 1'b1]"]],
    ['a[i]', ["[i] -> [i + 1'b1]"]],
    ['a[i - 1]', ["[i - 1] -> [(i - 1) + 1'b1]"]],
    ['a[7:4]', ['[7:4] -> [6:3]']],
    ['a[7:0]', ['[7:0] -> [8:1]']],
    ['a[0:7]', ['[0:7] -> [1:8]']],
    ['a[1:7]', ['[1:7] -> [0:6]']],
    ['a[W-1:0]', ['[W-1:0] -> [(W-1) + 1:1]']],
    ['a[8*i +: 8]', ["[8*i +: 8] -> [(8*i) + 1'b1 +: 8]"]],
    ['a[{i, j}]', ["[{i, j}] -> [{i, j} + 1'b1]"]],
    ['a[i][3]', ["[i] -> [i + 1'b1]", '[3] -> [2]']],
    // An index that is repeated in one expression is moved once, bits are moved each.
    ['{a[i], b[i], a[3], b[3]}', ["[i] -> [i + 1'b1]", '[3] -> [2]', '[3] -> [2]']],
    // A path through generate blocks needs a constant.
    ['gen[i+1].u.b', []],
  ])('%s', async (expression, expected) => {
    const lines = await mutantsOf(`assign x = ${expression};`);
    expect(lines).toEqual(expected.map((line) => `index ${line}`));
  });

  test('of loops go down, as one past the end of an unrolled loop is an error and not a mutant', async () => {
    const lines = await mutantsOf(
      'integer i; always @* for (i = 0; i < 4; i = i + 1) x[i] = a[i];',
    );
    expect(lines).toContain('index [i] -> [(i) == 0 ? 1 : (i) - 1]');
    expect(lines.join()).not.toContain("i + 1'b1");
  });

  test('of what a continuous assignment drives stay, as a loop might close', async () => {
    expect(await mutantsOf('assign x[1] = x[0];')).toEqual([]);
    expect(await mutantsOf('always @(posedge clk) x[1] <= x[0];')).toHaveLength(1);
  });
});

describe('conditions', () => {
  test.each([
    ['a', ["condition a -> 1'b0", "condition a -> 1'b1"]],
    // Its negation is weaker than the two.
    ['!a', ["condition !a -> 1'b0", "condition !a -> 1'b1"]],
    ['a == b', ["condition a == b -> 1'b0", "condition a == b -> 1'b1"]],
    ['a < b', ["condition a < b -> 1'b0", "condition a < b -> 1'b1", 'operator < -> <=']],
    [
      '!a && b',
      [
        "condition !a && b -> 1'b0",
        "condition !a && b -> 1'b1",
        'operator !a -> a',
        'operator && -> ||',
      ],
    ],
  ])('of if (%s) and %s ? b : c', async (condition, expected) => {
    expect(await mutantsOf(`always @* if (${condition}) x = y; else x = z;`)).toEqual(expected);
    expect(await mutantsOf(`always @* x = ${condition} ? y : z;`)).toEqual(expected);
  });

  test('of if are forced even where the rest is not understood', async () => {
    const lines = await mutantsOf('always @* if (a inside {1, 2}) x = y;', 'top.sv');
    expect(lines).toEqual([
      "condition a inside {1, 2} -> 1'b0",
      "condition a inside {1, 2} -> 1'b1",
    ]);
  });

  test('of case are inverted, unless they are constant', async () => {
    expect(await mutantsOf("always @* case (a) 2'd1: x = y; default: x = z; endcase")).toEqual([
      'condition a -> ~(a)',
    ]);
    expect(await mutantsOf("always @* case (1'b1) a: x = y; b: x = z; endcase")).toEqual([]);
  });
});

describe('resets', () => {
  test.each([
    ['rst', ["reset rst -> 1'b0"]],
    ['!rst_n', ["reset !rst_n -> 1'b0"]],
    ['~aresetn', ["reset ~aresetn -> 1'b0"]],
    ['rst_n', ["reset rst_n -> 1'b1"]],
    ['!rst', ["reset !rst -> 1'b1"]],
    ["(rst == 1'b1)", ["reset (rst == 1'b1) -> 1'b0"]],
    ["rst_n == 1'b0", ["reset rst_n == 1'b0 -> 1'b0"]],
    ["rst_n !== 1'b1", ["reset rst_n !== 1'b1 -> 1'b0"]],
    [
      'rst || a',
      [
        "condition rst || a -> 1'b0",
        "condition rst || a -> 1'b1",
        "reset rst -> 1'b0",
        'operator || -> &&',
      ],
    ],
  ])('of if (%s) are never asserted', async (condition, expected) => {
    const lines = await mutantsOf(`always @(posedge clk) if (${condition}) x <= y; else x <= z;`);
    expect(lines).toEqual(expected);
  });
});

describe('what is mutated', () => {
  test.each([
    ['a net declaration', 'wire [7:0] #1 x = a + b, y [0:3], z = a;', 1],
    ['several assignments in one', 'assign #(1:2:3) x = a + b, {y[1:0], z} = a - b;', 2],
    ['a delayed assignment', 'always @(posedge clk) x <= #1 a + b;', 1],
    ['an assignment operator', 'always_comb x += a - b;', 1],
    ['a function', 'function f; input a; begin f = !a; end endfunction assign x = f(y);', 1],
    ['a returned value', 'function automatic logic f(input a); return !a; endfunction', 1],
    ['a task', 'task t; x = a + b; endtask', 1],
    ['a named port connection', 'sub #(.N(4)) u_a (.a(a & b), .c(d)), u_b [3:0] (.a(!a));', 2],
    [
      'a named block',
      'always @* begin : name if (a) begin : x x = y; end else begin x = z; end end',
      2,
    ],
    ['a statement with a label', 'always_comb begin l: x = !a; end', 1],
    ['unique if', 'always_comb unique if (a) x = y; else x = z;', 2],
    ['a generate block', 'generate if (N > 1) begin : g assign x = a + b; end endgenerate', 1],
    ['a generate loop', 'for (genvar i = 0; i < 4; i++) assign x = a + b;', 1],
    ['a generate case', 'case (N) 1: assign x = !a; default: begin assign x = ~a; end endcase', 2],
    ['the body of a loop', 'always @* for (i = 0; i < 4; i = i + 1) x = a + b;', 1],
    ['an escaped name', 'assign \\x+y = \\a-b + b ;', 1],
  ])('%s', async (_, items, count) => {
    expect(await mutantsOf(items, 'top.sv')).toHaveLength(count);
  });
});

describe('what is left alone', () => {
  test.each([
    ['a parameter', 'localparam N = 4 + 1;'],
    ['a declaration', 'reg [7:0] mem [0:2*N-1];'],
    ['an initial value', "reg [7:0] x = 8'd3 + 1;"],
    ['a range or delay', 'wire #3 [7:0] x;'],
    ['a generate condition', 'if (N == 1) begin end'],
    ['a generate loop', 'for (i = 0; i < 4; i = i + 1) begin end'],
    ['a loop', 'always @* for (i = 0; i < 4; i = i + 1) x = y;'],
    ['a replication count', 'assign x = {4{y}};'],
    ['a case label', "always @* case (1'b1) N + 1: x = y; endcase"],
    ['a left-hand side', 'assign x[N - 1] = y;'],
    ['a delay', 'always @* #5 x = y;'],
    ['an initial block', 'initial begin x = 1; if (a == 1) x = 2; end'],
    ['an assertion', 'always @* begin assert (a + 1 == b) else x = 4; end'],
    ['an assertion', 'check: assert property (@(posedge clk) a |-> b == 1) else $error("1");'],
    ['an ordered port connection', 'sub u_sub (a & b);'],
    ['a property', 'property p; a |-> b + 1; endproperty'],
    ['high impedance', "assign x = a == 1 ? b : 8'bz;"],
    ['a directive in an expression', 'assign x = a +\n`ifdef VERILATOR\n 1 +\n`endif\n b;'],
    ["`'{` in an expression", "assign x = '{a + 1, 2};"],
    ['`$random` in an expression', 'assign x = $random + 1;'],
    ['the width of a part-select', 'assign x[i +: 2] = y;'],
  ])('%s: %s', async (reason, items) => {
    const text = `module top (input a);\n${items}\nendmodule\n`;
    const { mutants, notMutated, texts } = await instrumentText({ 'top.sv': text });
    expect(mutants).toEqual([]);
    if (reason !== 'the width of a part-select') {
      const reasons = notMutated.map((entry) => entry.reason).join(', ');
      expect(reasons.replace('an initial value', 'a declaration')).toContain(
        reason.replace('an initial value', 'a declaration'),
      );
    }
    expect(texts[0]).toContain(items);
  });

  test('outputs of instances: names, their parts, and concatenations of them', async () => {
    expect(await mutantsOf('sub u (.a(x), .b(x[N-1:0]), .c({x, y[3]}), .d(), .*);')).toEqual([]);
  });

  test('code that is not compiled, or may not be', async () => {
    const items = 'assign x = !a;\n`ifdef FORMAL\nassign y = !a;\n`endif';
    expect(await mutantsOf(items)).toHaveLength(1);
    const unknown = await instrumentText({
      'top.v': `\`include "config.vh"\nmodule top (input a);\n${items.replace('ifdef', 'ifndef')}\nendmodule\n`,
    });
    expect(unknown.mutants).toHaveLength(1);
    expect(unknown.notMutated).toContainEqual({
      file: unknown.names[0],
      line: 5,
      reason: 'a branch of `ifdef that may not be compiled',
    });
  });

  test('functions that are called for a constant, and what these call', async () => {
    const items = [
      'function integer one(input integer x); one = x + 1; endfunction',
      'function integer two(input integer x); two = one(x) * 2; endfunction',
      'function integer three(input integer x); three = x + 3; endfunction',
      'localparam N = two(1);',
      'assign x = one(a) & three(a);',
    ].join('\n');
    expect(await mutantsOf(items)).toEqual([
      'operator + -> -',
      'constant 3 -> 4',
      'operator & -> |',
    ]);
  });

  test('functions that are called for a constant in another file or within an expression', async () => {
    const f = 'function integer f(input integer x); f = x + 1; endfunction';
    expect(await mutantsOf(`${f} assign x = {f(2){a}};`)).toEqual([]);
    const { mutants } = await instrumentText({
      'top.v': `module top (input a); ${f} endmodule`,
      'sub.v': 'module sub #(parameter N = f(3)) (input a); endmodule',
    });
    expect(mutants).toEqual([]);
  });
});
