import type { Analysis } from '../../profile/cpu/analyse.js';
import type { TreeNode } from '../../profile/cpu/call-tree.js';
import { nameOf } from '../../profile/cpu/candidates.js';
import { type Html, html } from '../../verify/coverage/html.js';

const WIDTH = 1000;
const ROW = 20;
/** Narrower frames could neither be seen nor hit. */
const LEAST_SHARE = 0.001;
/** Width of a letter, of the width of the graph where the page is as wide as it gets. */
const LETTER = 7.4;

interface Frame {
  readonly node: TreeNode;
  readonly name: string;
  readonly where: string;
  readonly depth: number;
  /** 0..1 of the CPU samples. */
  readonly start: number;
  readonly share: number;
  readonly parent: number;
  readonly candidate: string | null;
}

/** Call stacks as bars: as wide as their share, callers above what they call; bars of a candidate carry its number. */
export function flameGraph(analysis: Analysis): Html {
  const frames = layOut(analysis);
  const depth = Math.max(...frames.map((frame) => frame.depth)) + 1;
  const bars = frames.map((frame, i) => {
    const { name, where, start, share, parent, candidate } = frame;
    const [x, width] = [start * WIDTH, share * WIDTH];
    const says = `${name}${where === '' ? '' : `, ${where}`}, ${(100 * share).toFixed(1)} %${candidate === null ? '' : `, candidate ${candidate}`}`;
    const kind = candidate !== null ? 'cand' : kindOf(frame);
    return html`<g class="bar ${kind}" id="f${i}" role="treeitem" tabindex="${i === 0 ? 0 : -1}" aria-level="${frame.depth + 1}" aria-label="${says}" data-p="${parent}" data-s="${start.toFixed(6)}" data-w="${share.toFixed(6)}" data-d="${frame.depth}"><title>${says}</title><rect x="${x.toFixed(2)}" y="${frame.depth * ROW}" width="${Math.max(0.5, width).toFixed(2)}" height="${ROW - 1}"/><text x="${(x + 4).toFixed(2)}" y="${frame.depth * ROW + 14}" data-t="${candidate === null ? name : `▲ ${name}`}">${fitted(candidate === null ? name : `▲ ${name}`, width)}</text></g>
`;
  });
  return html`<div class="flame">
<p class="flame-tools js-only"><button type="button" id="flame-reset" disabled>Show all</button> <span id="flame-at" aria-live="polite"></span></p>
<svg id="flame" role="tree" aria-label="Flame graph: call stacks by CPU samples" viewBox="0 0 ${WIDTH} ${depth * ROW}" data-row="${ROW}">
${bars}</svg>
</div>`;
}

function layOut({ tree, marks, sources }: Analysis): Frame[] {
  const frames: Frame[] = [];
  const visit = (node: TreeNode, depth: number, start: number, parent: number): void => {
    const share = node.total / tree.busy;
    if (share < LEAST_SHARE) return;
    const place = sources.place(node.fn);
    const name = depth === 0 ? 'all threads' : nameOf(node.fn);
    const where = place === null ? node.fn.frame.url : `${place.file}:${place.line}`;
    const mark = marks.get(node);
    const candidate = mark === undefined ? null : String(mark + 1);
    const index = frames.length;
    frames.push({ node, name, where, depth, start, share, parent, candidate });
    let at = start;
    const children = [...node.children.values()].sort((a, b) => b.total - a.total);
    for (const child of children) {
      visit(child, depth + 1, at, index);
      at += child.total / tree.busy;
    }
  };
  visit(tree.root, 0, 0, -1);
  return frames;
}

function kindOf({ node, depth }: Frame): string {
  const { url, functionName } = node.fn.frame;
  if (depth === 0) return 'all';
  if (functionName.startsWith('(')) return 'outside';
  if (url.startsWith('node:') || url === '') return 'node';
  return /[\\/]node_modules[\\/]/.test(url) ? 'package' : 'own';
}

function fitted(text: string, width: number): string {
  const letters = Math.floor((width - 6) / LETTER);
  if (letters < 2) return '';
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}
