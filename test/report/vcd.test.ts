import { expect, test } from 'vitest';
import { readVcd } from '../../src/report/vcd.js';

const DUMP = `$version made by hand $end
$timescale 1ps $end
 $scope module TOP $end
  $var wire  1 ! clk $end
  $var wire  1 " valid $end
  $var wire 12 # data [11:0] $end
  $scope module inner $end
   $var wire  1 $ valid $end
  $upscope $end
 $upscope $end
$enddefinitions $end

#1
0!
1"
b101 #
1$
#2
1!
b111111110001 #
#3
0!
0"
#4
1!
#5
0!
bx1 #
#6
1!
0$
`;

test('samples every signal just before each rising edge', () => {
  const signals = readVcd(DUMP, 'clk', ['valid', 'data', 'absent']);
  expect(signals).toEqual([
    { name: 'valid', bits: 1, values: ['1', '0', '0'] },
    // After the edge it has changed, which the next edge sees; a leading x fills what is not written.
    { name: 'data', bits: 12, values: ['005', 'ff1', 'xxx'] },
  ]);
});

test('a dump without its clock has signals without values', () => {
  expect(readVcd(DUMP, 'aclk', ['valid'])).toEqual([{ name: 'valid', bits: 1, values: [] }]);
});
