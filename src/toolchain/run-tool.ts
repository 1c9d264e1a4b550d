import { spawn } from 'node:child_process';
import { type ErrorCode, RtliftError } from '../errors.js';

/** One message of Verilator or a compiler. */
export interface ToolMessage {
  readonly severity: 'error' | 'warning';
  readonly text: string;
  readonly file?: string;
  readonly line?: number;
}

/** What a finished tool left behind. */
export interface ToolOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** How {@link runTool} runs a tool. */
export interface RunToolOptions {
  readonly cwd?: string;
  /** Code of the error when the tool fails. */
  readonly failure: ErrorCode;
  /** What the tool was to do, for the error: `verilate sha256`. */
  readonly purpose: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const MESSAGE = /^%(Error|Warning)[^:]*:\s*(?:(.+?):(\d+):(?:\d+:)?\s*)?(.*)$/;
const COMPILER_MESSAGE = /^(.+?):(\d+):\d+:\s*(fatal error|error|warning):\s*(.*)$/;
const MOST_OUTPUT = 4 * 1024 * 1024;

/** Finds the messages with file and line in what Verilator or a C++ compiler printed. */
export function parseMessages(output: string): ToolMessage[] {
  const messages: ToolMessage[] = [];
  for (const line of output.split('\n')) {
    const verilator = MESSAGE.exec(line);
    const compiler = verilator ? null : COMPILER_MESSAGE.exec(line);
    if (verilator) {
      const [, kind, file, at, text = ''] = verilator;
      const severity = kind === 'Error' ? 'error' : 'warning';
      messages.push({ severity, text, ...(file ? { file, line: Number(at) } : {}) });
    } else if (compiler) {
      const [, file = '', at, kind = '', text = ''] = compiler;
      const severity = kind === 'warning' ? 'warning' : 'error';
      messages.push({ severity, text, file, line: Number(at) });
    }
  }
  return messages;
}

/**
 * Runs a tool to its end, without a shell.
 * @throws {@link RtliftError} `options.failure` when it cannot be started, exits with another status than 0, or
 *   exceeds `timeoutMs`; the tool's own first messages are in the message, all of them in `details.messages`.
 */
export function runTool(
  command: string,
  args: readonly string[],
  options: RunToolOptions,
): Promise<ToolOutput> {
  const { cwd, failure, purpose, timeoutMs = 900_000, signal } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...(cwd === undefined ? {} : { cwd }),
      ...(signal === undefined ? {} : { signal }),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      // Messages are parsed, so they must be English; a parent's make must not hand its job server down.
      env: { ...process.env, LC_ALL: 'C', MAKEFLAGS: '' },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout.length < MOST_OUTPUT) stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < MOST_OUTPUT) stderr += text;
    });
    child.on('error', (cause) => {
      if (signal?.aborted) return reject(signal.reason);
      reject(
        new RtliftError(
          failure,
          `${purpose}: cannot start ${command}: ${cause.message}`,
          { command },
          { cause },
        ),
      );
    });
    child.on('close', (status, killedBy) => {
      if (signal?.aborted) return reject(signal.reason);
      if (status === 0) return resolve({ stdout, stderr });
      const messages = parseMessages(`${stderr}\n${stdout}`);
      const errors = messages.filter((message) => message.severity === 'error');
      const shown = errors.slice(0, 5).map(showMessage);
      const how = killedBy ? `was ended by ${killedBy}` : `exited with status ${status}`;
      const body = shown.length > 0 ? shown.join('\n') : stderr.trim().slice(-2000);
      reject(
        new RtliftError(failure, `${purpose}: ${command} ${how}\n${body}`, {
          command,
          args,
          status,
          messages,
        }),
      );
    });
  });
}

function showMessage({ file, line, text }: ToolMessage): string {
  return file === undefined ? `  ${text}` : `  ${file}:${line}: ${text}`;
}
