import type { AnyNode } from 'acorn';
import { type FunctionSyntax, lastName, nodesBelow } from '../syntax.js';
import type { Operation, OwnOperation } from './operation.js';

const SEARCHES = ['includes', 'indexOf'];
const CALLBACKS = [
  'some',
  'filter',
  'find',
  'findIndex',
  'every',
  'map',
  'forEach',
  'reduce',
  'flatMap',
];
/** Fewer words are found as fast by looking for one after the other. */
const LEAST_WORDS = 3;
/** Words that an evidence or a call names. */
const SHOWN = 6;

export function matchOperation(
  words: readonly string[],
  confidence: Operation['confidence'],
  evidence: readonly string[],
): Operation {
  const shown = words.slice(0, SHOWN).map((word) => `'${word.replace(/['\\]/g, '\\$&')}'`);
  const list =
    words.length === 0 ? 'patterns' : `[${shown.join(', ')}${words.length > SHOWN ? ', …' : ''}]`;
  return {
    kernel: 'literalMatch',
    operation: 'which words occur in a message',
    call: `offload(literalMatch(${list}))`,
    confidence,
    evidence,
  };
}

/**
 * The words of an alternation such as `viagra|free money|\$1,000`, as V8 names the frame of a regular expression; `null` for one
 * that says more than words: `^` asks where they stand. Groups around all of it, and `\b` at the ends of a word, are no more.
 */
export function alternatives(pattern: string): string[] | null {
  let body = pattern.replace(/^(?:\\b)*/, '').replace(/(?:\\b)*$/, '');
  for (let group = outerGroup(body); group !== null; group = outerGroup(body)) body = group;
  const words: string[] = [];
  let word = '';
  for (let i = 0; i < body.length; i++) {
    const char = body[i] as string;
    if (char === '|') {
      words.push(word);
      word = '';
    } else if (char === '\\') {
      const next = body[++i];
      if (next === 'b') continue;
      if (next === 's') word += ' ';
      else if (next !== undefined && /[^a-zA-Z0-9]/.test(next)) word += next;
      else return null;
    } else if ('()[]{}*+?.^$'.includes(char)) {
      return null;
    } else {
      word += char;
    }
  }
  words.push(word);
  return words.length >= LEAST_WORDS && words.every((text) => text.length > 1) ? words : null;
}

/** What stands in a group that is the whole pattern. */
function outerGroup(body: string): string | null {
  const open = /^\((\?:)?/.exec(body);
  if (!open || !body.endsWith(')') || body.endsWith('\\)')) return null;
  const inside = body.slice(open[0].length, -1);
  return /[()]/.test(inside.replace(/\\[()]/g, '')) ? null : inside;
}

/** A message that is searched for one word after the other. */
export function ownLiteralMatch(fn: FunctionSyntax): OwnOperation | null {
  const searches = fn.nodes.flatMap(({ node, ancestors }) => {
    if (node.type !== 'CallExpression' || !SEARCHES.includes(lastName(node) ?? '')) return [];
    const { callee } = node;
    if (callee.type !== 'MemberExpression') return [];
    const [word] = node.arguments;
    return word === undefined ? [] : [{ node, receiver: callee.object, word, ancestors }];
  });
  const byReceiver = new Map<string, { node: AnyNode; text: string }[]>();
  for (const { node, receiver, word } of searches) {
    if (receiver.type !== 'Identifier') continue;
    if (word.type !== 'Literal' || typeof word.value !== 'string') continue;
    const list = byReceiver.get(receiver.name) ?? [];
    byReceiver.set(receiver.name, [...list, { node, text: word.value }]);
  }
  for (const [receiver, found] of byReceiver) {
    if (found.length < LEAST_WORDS) continue;
    const words = found.map(({ text }) => text);
    const isText = isMessage(fn, receiver);
    return {
      ...matchOperation(words, isText ? 'likely' : 'possible', [
        `its text searches \`${receiver}\` for ${words.length} words one after the other by includes or indexOf`,
        ...(isText
          ? []
          : ['that it is a message, and no header or path of some bytes, was not seen']),
      ]),
      nodes: found.map(({ node }) => node),
    };
  }
  const repeated = searches.find(
    ({ receiver, word, ancestors }) =>
      receiver.type === 'Identifier' && isElementOfAList(word, receiver.name, ancestors),
  );
  if (!repeated) return null;
  const { receiver } = repeated;
  const message = receiver.type === 'Identifier' ? receiver.name : '';
  const isText = isUsedAsText(fn, message);
  return {
    ...matchOperation([], isText ? 'likely' : 'possible', [
      `its text searches \`${message}\` for each word of a list by ${lastName(repeated.node)}`,
      ...(isText ? [] : ['that it is text and no list was not seen']),
    ]),
    nodes: [repeated.node],
  };
}

/** Whether a word is what a loop or a callback runs over, while the message stays. */
function isElementOfAList(word: AnyNode, message: string, ancestors: readonly AnyNode[]): boolean {
  if (word.type === 'MemberExpression') {
    return word.computed && word.property.type === 'Identifier' && ancestors.some(isCounted);
  }
  if (word.type !== 'Identifier') return false;
  return ancestors.some((node, i) => {
    if (node.type === 'ForOfStatement') return names(node.left).includes(word.name);
    if (node.type !== 'ArrowFunctionExpression' && node.type !== 'FunctionExpression') return false;
    const call = ancestors[i - 1];
    if (call?.type !== 'CallExpression' || !CALLBACKS.includes(lastName(call) ?? '')) return false;
    const own = node.params.flatMap(names);
    return own.includes(word.name) && !own.includes(message);
  });
}

function isCounted(node: AnyNode): boolean {
  return node.type === 'ForStatement';
}

/** Names that a pattern or a declaration binds. */
export function names(node: AnyNode): string[] {
  if (node.type === 'Identifier') return [node.name];
  if (node.type === 'VariableDeclaration') return node.declarations.flatMap(({ id }) => names(id));
  if (node.type === 'ArrayPattern') return node.elements.flatMap((at) => (at ? names(at) : []));
  if (node.type === 'ObjectPattern') {
    return node.properties.flatMap((at) => (at.type === 'Property' ? names(at.value) : []));
  }
  return [];
}

const TEXT_METHODS =
  /^(toLowerCase|toUpperCase|toString|trim|normalize|slice|substring|decode|replace|replaceAll|join|charCodeAt|startsWith|endsWith)$/;

const MESSAGE_NAME =
  /^(text|body|mail|e?mails?|message|msg|content|payload|line|log|document|doc|comment|post|html|raw|data|input|chat|review|article|page)$/i;
const DECODERS = /^(decode|toString|latin1Slice|utf8Slice|asciiSlice)$/;

/** Whether a variable is seen to be a message: by its name or that of what it is made of, or because it is made of bytes. */
function isMessage({ nodes }: FunctionSyntax, name: string): boolean {
  if (MESSAGE_NAME.test(name)) return true;
  return nodes.some(({ node }) => {
    if (node.type !== 'VariableDeclarator' || !node.init || !names(node.id).includes(name)) {
      return false;
    }
    return nodesBelow(node.init).some((at) => {
      if (at.type === 'CallExpression') return DECODERS.test(lastName(at) ?? '');
      const isName = at.type === 'Identifier' || at.type === 'MemberExpression';
      return isName && MESSAGE_NAME.test(lastName(at) ?? '');
    });
  });
}

/** Whether a variable is made by, or asked for, what only text has. */
function isUsedAsText(fn: FunctionSyntax, name: string): boolean {
  return fn.nodes.some(({ node }) => {
    if (
      node.type === 'VariableDeclarator' &&
      node.id.type === 'Identifier' &&
      node.id.name === name
    ) {
      return (
        node.init?.type === 'TemplateLiteral' ||
        TEXT_METHODS.test(lastName(node.init ?? node) ?? '')
      );
    }
    return (
      node.type === 'MemberExpression' &&
      node.object.type === 'Identifier' &&
      node.object.name === name &&
      TEXT_METHODS.test(lastName(node) ?? '')
    );
  });
}
