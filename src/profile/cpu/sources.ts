import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { AnyMap, originalPositionFor, type TraceMap } from '@jridgewell/trace-mapping';
import type { SampledFunction } from './call-tree.js';
import { type FunctionSyntax, type ParsedScript, parseScript } from './syntax.js';
import type { ThreadProfile } from './v8-profile.js';

/** Where a function begins in the file that its author wrote; from 1. */
export interface Place {
  /** Relative to the working folder where it lies in it. */
  readonly file: string;
  readonly line: number;
}

interface LoadedScript {
  readonly parsed: ParsedScript | null;
  readonly map: TraceMap | null;
  readonly path: string;
}

const BUFFER_SCRIPT = 'node:internal/buffer';
const MAP_COMMENT = /\/\/[#@]\s*sourceMappingURL=(\S+)\s*$/;

/** Texts of the scripts that ran, their source maps and their syntax, each read once. */
export class Sources {
  readonly #threads: readonly ThreadProfile[];
  readonly #folder: string;
  readonly #loaded = new Map<string, LoadedScript | null>();

  constructor(threads: readonly ThreadProfile[], folder = process.cwd()) {
    this.#threads = threads;
    this.#folder = folder;
  }

  /** Where a position in a script that ran (lines and columns from 0) is in the original; `null` for code without a file. */
  place(
    fn: SampledFunction,
    line = fn.frame.lineNumber,
    column = fn.frame.columnNumber,
  ): Place | null {
    const script = this.#load(fn);
    if (script === null || line < 0 || fn.frame.url === BUFFER_SCRIPT) return null;
    if (script.map !== null) {
      const found = originalPositionFor(script.map, {
        line: line + 1,
        column: Math.max(0, column),
      });
      if (found.source !== null) return { file: this.#shown(found.source), line: found.line };
    }
    return { file: this.#shown(script.path), line: line + 1 };
  }

  /** Syntax of a function; `null` where its text is not there, or is not that of what ran. */
  syntax(fn: SampledFunction): FunctionSyntax | null {
    const { functionName, lineNumber, columnNumber } = fn.frame;
    return this.#load(fn)?.parsed?.functionAt(lineNumber, columnNumber, functionName) ?? null;
  }

  script(fn: SampledFunction): ParsedScript | null {
    return this.#load(fn)?.parsed ?? null;
  }

  /** Node's script with the readers of Buffer on the thread of a function, and a function that stands for it. */
  bufferReaders({ thread }: SampledFunction): { script: ParsedScript; fn: SampledFunction } | null {
    const scripts = Object.entries(this.#threads[thread]?.scripts ?? {});
    const scriptId = scripts.find(([, { url }]) => url === BUFFER_SCRIPT)?.[0];
    if (scriptId === undefined) return null;
    const frame = {
      functionName: '',
      scriptId,
      url: BUFFER_SCRIPT,
      lineNumber: 0,
      columnNumber: 0,
    };
    const fn = { id: -1, frame, thread };
    const script = this.script(fn);
    return script && { script, fn };
  }

  #load(fn: SampledFunction): LoadedScript | null {
    const { url, scriptId } = fn.frame;
    if ((url.startsWith('node:') && url !== BUFFER_SCRIPT) || scriptId === '0') return null;
    const kept = this.#threads[fn.thread]?.scripts[scriptId];
    const key = kept === undefined ? url : `${fn.thread}#${scriptId}`;
    const known = this.#loaded.get(key);
    if (known !== undefined) return known;
    const path = pathOf(url);
    const text = kept?.source ?? (isAbsolute(path) ? read(path) : null);
    const mapUrl = kept?.sourceMapURL || (text === null ? '' : (MAP_COMMENT.exec(text)?.[1] ?? ''));
    const made = {
      parsed: text === null ? null : parseScript(text),
      map: mapUrl === '' ? null : readMap(mapUrl, path),
      path,
    };
    this.#loaded.set(key, path === '' ? null : made);
    return path === '' ? null : made;
  }

  #shown(source: string): string {
    const path = pathOf(source);
    if (path.startsWith('file:')) return path;
    const inside = relative(this.#folder, path);
    return inside.startsWith('..') || isAbsolute(inside) ? path : inside;
  }
}

/** A file of another machine has an address and no path here. */
function pathOf(url: string): string {
  try {
    return url.startsWith('file:') ? fileURLToPath(url) : url;
  } catch {
    return url;
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** A source map that cannot be read is as good as none: positions are then those of the script that ran. */
function readMap(url: string, script: string): TraceMap | null {
  try {
    const data = /^data:[^,]*?(;base64)?,(.*)$/s.exec(url);
    const file = data || !isAbsolute(script) ? script : mapFile(url, script);
    const text = data
      ? data[1]
        ? Buffer.from(data[2] ?? '', 'base64').toString('utf8')
        : decodeURIComponent(data[2] ?? '')
      : read(file);
    return text === null ? null : new AnyMap(text, pathToFileURL(file).href);
  } catch {
    return null;
  }
}

function mapFile(url: string, script: string): string {
  return url.startsWith('file:') ? fileURLToPath(url) : resolve(dirname(script), decodeURI(url));
}
