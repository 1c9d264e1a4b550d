/** What a binary operator is replaced by. */
export const BINARY: Readonly<Record<string, readonly string[]>> = {
  '+': ['-'],
  '-': ['+'],
  '*': ['+'],
  '/': ['*'],
  '%': ['/'],
  '&': ['|'],
  '|': ['&'],
  '^': ['~^'],
  '~^': ['^'],
  '^~': ['^'],
  '&&': ['||'],
  '||': ['&&'],
  '==': ['!='],
  '!=': ['=='],
  '===': ['!=='],
  '!==': ['==='],
  '==?': ['!=?'],
  '!=?': ['==?'],
  // The neighbour that differs where both sides are equal first, then the opposite.
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '<<': ['>>'],
  '>>': ['<<'],
  '<<<': ['>>>'],
  // And not `>>`, which is the same unless the operand is signed.
  '>>>': ['<<<'],
};
/** The comparison that holds where the other does not. */
export const OPPOSITE: Readonly<Record<string, string>> = {
  '==': '!=',
  '!=': '==',
  '===': '!==',
  '!==': '===',
  '==?': '!=?',
  '!=?': '==?',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
};
/** Reductions: what the operator in front of one operand is replaced by. */
export const REDUCTION: Readonly<Record<string, string>> = {
  '&': '|',
  '|': '&',
  '~&': '~|',
  '~|': '~&',
  '^': '~^',
  '~^': '^',
  '^~': '^',
};
