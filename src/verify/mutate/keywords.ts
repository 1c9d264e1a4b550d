import { words } from './token-ranges.js';

/** Words of Verilog and SystemVerilog by what begins with them (IEEE 1800-2017, annex B). */

export const NETS = words(
  'wire tri tri0 tri1 triand trior trireg wand wor uwire supply0 supply1 interconnect',
);
export const VARIABLES = words(
  `reg logic bit byte shortint int longint integer time real realtime shortreal string event chandle
  enum struct union var const static automatic virtual input output inout ref signed unsigned void`,
);
export const PARAMETERS = words('parameter localparam specparam defparam');
/** Other items and statements that end with a semicolon and hold nothing that runs. */
export const PLAIN = words(
  `typedef genvar import export alias modport let nettype timeunit timeprecision bind default
  global extern and nand or nor xor xnor not buf bufif0 bufif1 notif0 notif1 nmos pmos cmos rnmos
  rpmos rcmos tran tranif0 tranif1 rtran rtranif0 rtranif1 pullup pulldown disable break continue
  deassign force release wait_order pure`,
);
export const ASSERTIONS = words('assert assume cover restrict expect');
/** Regions that are left alone: their first word, and what ends them. */
export const REGIONS: Readonly<Record<string, string>> = {
  specify: 'endspecify',
  property: 'endproperty',
  sequence: 'endsequence',
  covergroup: 'endgroup',
  clocking: 'endclocking',
  class: 'endclass',
  checker: 'endchecker',
  table: 'endtable',
};
export const ENDS = words(
  `end endcase endgenerate endfunction endtask endmodule endspecify endproperty endsequence endgroup
  endclocking endclass endchecker endtable else join join_any join_none`,
);
export const ASSIGNMENTS = words('= <= += -= *= /= %= &= |= ^= <<= >>= <<<= >>>=');
export const CASES = words('case casex casez');
export const ALWAYS = words('always always_comb always_ff always_latch');
export const QUALIFIERS = words('unique unique0 priority');
