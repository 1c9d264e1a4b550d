import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { RtliftError } from '../../errors.js';
import type { Collected } from './collect.js';
import { InspectorSession } from './inspector-session.js';
import type { Script, ThreadProfile, V8Profile } from './v8-profile.js';

export interface AttachOptions {
  readonly intervalUs: number;
  /** How long to sample. */
  readonly durationMs: number;
  /** Whether another machine may be named: an inspector controls the process, and nothing protects the way to it. */
  readonly allowRemote?: boolean;
}

interface Worker {
  readonly session: InspectorSession;
  readonly threadId: number;
}

/** How long the process may take to answer. */
const ANSWER_MS = 10_000;
/** How long an expression is waited for; it runs on. */
const EVALUATE_MS = 1000;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/;

/**
 * Samples a running process, its worker threads as well, through its inspector (`--inspect`, or SIGUSR1). The process goes on.
 * @param address - `9229` or `host:9229`.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for an address that is none, `ERR_RTLIFT_ATTACH_FAILED` where the process
 *   cannot be reached or ends on the way.
 */
export async function attach(
  address: string,
  { intervalUs, durationMs, allowRemote = false }: AttachOptions,
): Promise<Collected> {
  const { host, port } = parseAddress(address);
  if (!allowRemote && !LOOPBACK.test(host)) {
    throw new RtliftError(
      'ERR_RTLIFT_ATTACH_FAILED',
      `--attach: expected an address of this machine, got ${address}; --allow-remote takes another, where the way to it is safe`,
      { address },
    );
  }
  const target = await findTarget(host, port, address);
  const socket = await open(target, address);
  const main = new InspectorSession((message) => socket.send(message));
  const ended = failed(address, 'the process ended, or closed its inspector');
  const isOver = new Promise<never>((_, reject) => {
    socket.once('close', () => {
      main.fail(ended);
      reject(ended);
    });
  });
  isOver.catch(() => {});
  socket.on('message', (data) => main.receive(String(data)));
  const workers = new Map<string, Worker>();
  try {
    return await Promise.race([sample(main, workers, intervalUs, durationMs, isOver), isOver]);
  } catch (error) {
    throw error instanceof RtliftError ? error : failed(address, (error as Error).message, error);
  } finally {
    socket.close();
  }
}

/** Runs an expression in a process of this machine, even where it never comes back to its event loop. */
export async function evaluate(port: number, expression: string): Promise<void> {
  const socket = await open(await findTarget('127.0.0.1', port, String(port)), String(port));
  const session = new InspectorSession((message) => socket.send(message));
  socket.on('message', (data) => session.receive(String(data)));
  socket.once('close', () => session.fail(new Error('the process has ended')));
  // What ends the process gives no answer: it waits for this connection to close, when everything else is done.
  const answer = session.post('Runtime.evaluate', { expression }).catch(() => {});
  await Promise.race([answer, delay(EVALUATE_MS)]);
  // A process on its way out answers no farewell, and would wait for it for 30 s.
  socket.terminate();
}

async function sample(
  main: InspectorSession,
  workers: Map<string, Worker>,
  intervalUs: number,
  durationMs: number,
  isOver: Promise<never>,
): Promise<Collected> {
  const notes: string[] = [];
  main.on<{ sessionId: string; workerInfo: { workerId: string } }>(
    'NodeWorker.attachedToWorker',
    ({ sessionId, workerInfo: { workerId } }) => {
      const session = new InspectorSession((message) => {
        main.post('NodeWorker.sendMessageToWorker', { sessionId, message }).catch(() => {});
      });
      workers.set(sessionId, { session, threadId: Number(workerId) });
      start(session, intervalUs).catch(() => {});
    },
  );
  main.on<{ sessionId: string; message: string }>(
    'NodeWorker.receivedMessageFromWorker',
    ({ sessionId, message }) => workers.get(sessionId)?.session.receive(message),
  );
  main.on<{ sessionId: string }>('NodeWorker.detachedFromWorker', ({ sessionId }) => {
    const gone = workers.get(sessionId);
    workers.delete(sessionId);
    gone?.session.fail(new Error('the worker has ended'));
    if (gone) notes.push(`worker ${gone.threadId} ended while it was sampled: its time is lost.`);
  });
  await answered(start(main, intervalUs));
  await main.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  const asked = await main.post<{ result: { value: string } }>('Runtime.evaluate', {
    expression: 'JSON.stringify([process.pid, process.argv[1] ?? process.title])',
    returnByValue: true,
  });
  const [pid, path] = JSON.parse(asked.result.value) as [number, string];
  await Promise.race([delay(durationMs), isOver]);
  const title = path.split(/[\\/]/).at(-1) ?? path;
  const threads: ThreadProfile[] = [
    { name: `${title} main`, pid, threadId: 0, ...(await answered(stop(main))) },
  ];
  for (const { session, threadId } of [...workers.values()]) {
    try {
      const taken = await answered(stop(session));
      threads.push({ name: `${title} worker ${threadId}`, pid, threadId, ...taken });
    } catch (error) {
      notes.push(`worker ${threadId} gave no profile: ${(error as Error).message}.`);
    }
  }
  return { threads, notes };
}

async function start(session: InspectorSession, intervalUs: number): Promise<void> {
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: intervalUs });
  await session.post('Profiler.start');
}

/** Ends the sampling, and asks for the scripts that were met. */
async function stop(
  session: InspectorSession,
): Promise<{ profile: V8Profile; scripts: Record<string, Script> }> {
  const { profile } = await session.post<{ profile: V8Profile }>('Profiler.stop');
  await session.post('Profiler.disable');
  const ids = new Set(profile.nodes.map(({ callFrame }) => callFrame.scriptId));
  const met: { scriptId: string; url: string; sourceMapURL?: string }[] = [];
  session.on<(typeof met)[number]>('Debugger.scriptParsed', (script) => {
    const { scriptId, url } = script;
    const isReader = url === 'node:internal/buffer';
    if (isReader || (ids.has(scriptId) && url !== '' && !url.startsWith('node:'))) met.push(script);
  });
  await session.post('Debugger.enable');
  const scripts: Record<string, Script> = {};
  for (const { scriptId, url, sourceMapURL = '' } of met) {
    const { scriptSource } = await session.post<{ scriptSource: string }>(
      'Debugger.getScriptSource',
      { scriptId },
    );
    scripts[scriptId] = { url, sourceMapURL, source: scriptSource };
  }
  await session.post('Debugger.disable');
  return { profile, scripts };
}

async function answered<T>(answer: Promise<T>): Promise<T> {
  const ended = new AbortController();
  const late = delay(ANSWER_MS, undefined, { signal: ended.signal }).then(() => {
    throw new Error(`no answer within ${ANSWER_MS / 1000} s`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    ended.abort();
  }
}

function parseAddress(address: string): { host: string; port: number } {
  const [, host = '127.0.0.1', port] = /^(?:(\[[^\]]+\]|[^:]+):)?(\d{1,5})$/.exec(address) ?? [];
  if (port === undefined || Number(port) < 1 || Number(port) > 65535) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `--attach: expected a port or host:port, got ${address}: \`--attach 9229\``,
      { arg: 'attach', address },
    );
  }
  return { host, port: Number(port) };
}

/** The path of the process's inspector, which is a secret of each start. */
async function findTarget(host: string, port: number, address: string): Promise<string> {
  try {
    const answer = await fetch(`http://${host}:${port}/json/list`, {
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const [target] = (await answer.json()) as { webSocketDebuggerUrl?: string }[];
    const url = new URL(target?.webSocketDebuggerUrl ?? '');
    return `ws://${host}:${port}${url.pathname}`;
  } catch (cause) {
    const { message, cause: lower } = cause as Error & { cause?: Error };
    throw failed(address, lower?.message || message, cause);
  }
}

function open(url: string, address: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 2 ** 30 });
    socket.once('open', () => resolve(socket));
    socket.once('error', (cause) => reject(failed(address, cause.message, cause)));
  });
}

function failed(address: string, why: string, cause?: unknown): RtliftError {
  return new RtliftError(
    'ERR_RTLIFT_ATTACH_FAILED',
    `--attach: expected the inspector of a Node process at ${address}, got: ${why}; start the process with --inspect, or send it SIGUSR1, and give the port that it prints`,
    { address },
    { cause },
  );
}
