import { describe, expect, test } from 'vitest';
import { moduleNames, parametersWithoutDefault, topModules } from '../../src/inspect/modules.js';

const TEXT = `
// module commented (input x);
module leaf #(parameter W = 8) (input clk); endmodule
module middle (input clk); leaf #(.W(4)) u_leaf (.clk(clk)); endmodule : middle
/* module also_commented (); endmodule */
module automatic top #(parameter A, parameter [7:0] B = 3, parameter string NAME) (input clk);
  initial $display("module quoted");
  middle u_middle (.clk(clk));
endmodule
`;

describe('modules of a Verilog text', () => {
  test('are found outside comments and strings', () => {
    expect(moduleNames(TEXT)).toEqual(['leaf', 'middle', 'top']);
  });

  test('the top is the one that no other instantiates', () => {
    expect(topModules(TEXT)).toEqual(['top']);
    expect(topModules('module a; endmodule module b; endmodule')).toEqual(['a', 'b']);
    expect(topModules('package p; endpackage')).toEqual([]);
  });

  test('parameters without a default are named', () => {
    expect(parametersWithoutDefault(TEXT, 'top')).toEqual(['A', 'NAME']);
    expect(parametersWithoutDefault(TEXT, 'leaf')).toEqual([]);
    expect(parametersWithoutDefault(TEXT, 'middle')).toEqual([]);
  });
});
