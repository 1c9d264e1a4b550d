import { createHash } from 'node:crypto';
import { channel } from 'node:diagnostics_channel';
import autocannon from 'autocannon';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeGateway } from '../../examples/mail-gateway/gateway.js';
import {
  BATCH_CHANNEL,
  type BatchEvent,
  type BitSet,
  literalMatch,
  offload,
  sha256,
} from '../../src/index.js';

const WORDS = ['lottery', 'viagra'];
const mail = Buffer.from('From: a@example.org\r\n\r\nYou won the LOTTERY\r\n');
const answer = {
  sha256: createHash('sha256').update(mail).digest('hex'),
  words: ['lottery'],
};

async function start(): Promise<{ app: ReturnType<typeof makeGateway>; url: string }> {
  const app = makeGateway({
    operations: {
      sha256: {
        handle: await offload(sha256()),
        show: (digest: Uint8Array) => Buffer.from(digest).toString('hex'),
      },
      words: {
        handle: await offload(literalMatch(WORDS, { ignoreCase: true })),
        show: (found: BitSet) => [...found].map((i) => WORDS[i]),
      },
    },
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return { app, url };
}

const post = (url: string, body: Uint8Array): Promise<Response> =>
  fetch(`${url}/messages`, { method: 'POST', body: Buffer.from(body) });

describe('mail-gateway', () => {
  let app: ReturnType<typeof makeGateway>;
  let url: string;
  beforeAll(async () => {
    ({ app, url } = await start());
  });
  afterAll(() => app.close());

  test('answers the digest of a message and the words in it', async () => {
    const response = await post(url, mail);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(answer);
  });

  test('takes an empty message', async () => {
    const response = await post(url, new Uint8Array(0));
    expect(await response.json()).toEqual({
      sha256: createHash('sha256').digest('hex'),
      words: [],
    });
  });

  test('refuses one that is too large, and goes on', async () => {
    expect((await post(url, new Uint8Array(1024 * 1024 + 1))).status).toBe(413);
    expect((await post(url, mail)).status).toBe(200);
  });

  test('says that it lives, on which paths it runs, and counts what it did', async () => {
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(`${url}/ready`)).json()).toMatchObject({ status: 'ok' });
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toMatch(/rtlift_messages_total\{kernel="sha256",path="\w+"\} [1-9]/);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds [0-9.e-]+$/m);
    expect(text).toMatch(/rtlift_batch_seconds_count\{kernel="literalMatch",path="\w+"\} [1-9]/);
  });

  test('answers every request of a load rightly', async () => {
    const result = await autocannon({
      url: `${url}/messages`,
      method: 'POST',
      body: mail,
      connections: 8,
      amount: 400,
      expectBody: JSON.stringify(answer),
    });
    expect(result).toMatchObject({ '2xx': 400, non2xx: 0, errors: 0, mismatches: 0 });
  });
});

/** A gateway over one operation that does as it is told. */
const gatewayOf = (operation: (message: Uint8Array) => Promise<unknown>) =>
  makeGateway({
    operations: {
      told: {
        handle: Object.assign(operation, {
          kernel: { name: 'told' },
          path: 'javascript',
          close: async () => undefined,
        }) as never,
        show: (result: unknown) => result,
      },
    },
  });

test('mail-gateway answers what is under way before it closes', async () => {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  let [underWay, all] = [0, (): void => undefined];
  const started = new Promise<void>((resolve) => {
    all = resolve;
  });
  const app = gatewayOf(async () => {
    if (++underWay === 5) all();
    await gate;
    return 'done';
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const requests = Array.from({ length: 5 }, () => post(url, mail));
  await started;
  const closed = app.close();
  open();
  for (const response of await Promise.all(requests)) {
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ told: 'done' });
  }
  await closed;
  await expect(post(url, mail)).rejects.toThrow();
});

test('mail-gateway answers 503 and when to come back where a queue is full or a deadline passes', async () => {
  const handle = await offload(sha256(), {
    path: 'javascript',
    // The one that is queued waits for others that do not come, and nobody else has room.
    batching: { maxQueuedMessages: 1, delayMs: 60_000, whenFull: 'reject' },
  });
  const app = makeGateway({
    deadlineMs: 500,
    operations: { sha256: { handle, show: (digest: Uint8Array) => digest.length } },
  });
  // Without sockets: all three are in the same few turns of the event loop.
  const request = { method: 'POST', url: '/messages', payload: mail } as const;
  const responses = await Promise.all([1, 2, 3].map(() => app.inject(request)));
  const codes = responses.map((response): string => {
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('1');
    return response.json().code;
  });
  expect(codes.sort()).toEqual([
    'ERR_RTLIFT_DEADLINE',
    'ERR_RTLIFT_QUEUE_FULL',
    'ERR_RTLIFT_QUEUE_FULL',
  ]);
  expect(handle.stats().queue.rejected.value).toBe(2);
  await app.close();
});

test('mail-gateway shows the path that results are from, not one that failed them', async () => {
  const app = gatewayOf(async () => 'done');
  const shown = async (): Promise<string[]> => {
    const { body } = await app.inject({ method: 'GET', url: '/metrics' });
    return body.split('\n').filter((line) => line.startsWith('rtlift_path{'));
  };
  expect(await shown()).toEqual(['rtlift_path{kernel="told",path="javascript"} 1']);
  for (const path of ['verilator', 'javascript'] as const) {
    const event: BatchEvent = {
      kernel: 'told',
      path,
      chosen: 'verilator',
      sizeClass: '64..127 B x 1',
      reason: path === 'javascript' ? 'fallback' : 'fastest',
      messages: 1,
      bytesIn: 64,
      hostNs: 1000,
      ok: true,
    };
    channel(BATCH_CHANNEL).publish(event);
    expect(await shown()).toEqual([`rtlift_path{kernel="told",path="${path}"} 1`]);
  }
  await app.close();
});
