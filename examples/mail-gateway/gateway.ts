// A service that hashes each message it gets and looks for words in it, through offload(). '../../src/index.js' stands for
// 'rtlift'.
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { type ErrorCode, type Offloaded, RtliftError } from '../../src/index.js';
import { GatewayMetrics } from './metrics.js';

const MOST_BYTES = 1024 * 1024;

// biome-ignore lint/suspicious/noExplicitAny: operations of unlike result types stand in one record; show() levels them.
type AnyHandle = Offloaded<Uint8Array, any>;

/** An operation that every message goes through, and its result as JSON. */
export interface GatewayOperation {
  readonly handle: AnyHandle;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly show: (result: any) => unknown;
}

export interface GatewayOptions {
  readonly operations: Readonly<Record<string, GatewayOperation>>;
  readonly logger?: boolean;
  /** Longest time that a request waits for its results, ms, default none; then it is answered with 503. */
  readonly deadlineMs?: number;
}

/**
 * `POST /messages` with the bytes of a message answers the result of each operation; `GET /health`, `GET /ready`,
 * `GET /metrics` in the Prometheus text format, the delay of the event loop included. A queue that is full, where its handle rejects
 * then, or a deadline that passes is 503 with `Retry-After`. Closing it lets requests under way finish, then the handles.
 */
export function makeGateway({
  operations,
  logger = false,
  deadlineMs,
}: GatewayOptions): FastifyInstance {
  const app = fastify({ logger, bodyLimit: MOST_BYTES, forceCloseConnections: 'idle' });
  const metrics = new GatewayMetrics(Object.values(operations).map(({ handle }) => handle));
  const limits = deadlineMs === undefined ? {} : { deadlineMs };
  let isClosing = false;

  // A message is bytes, whatever the sender calls them.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));

  app.post('/messages', async (request, reply) => {
    const message = request.body instanceof Uint8Array ? request.body : new Uint8Array(0);
    try {
      // Calls of requests that arrive together become one batch in each handle.
      const results = await Promise.all(
        Object.entries(operations).map(async ([name, { handle, show }]) => [
          name,
          show(await handle(message, limits)),
        ]),
      );
      return Object.fromEntries(results) as Record<string, unknown>;
    } catch (error) {
      return refuse(reply, error);
    }
  });

  app.get('/health', async () => ({ status: 'ok' }));
  app.get('/ready', async (_, reply) => {
    if (isClosing) return reply.code(503).send({ status: 'closing' });
    const paths = Object.entries(operations).map(([name, { handle }]) => [name, handle.path]);
    return { status: 'ok', paths: Object.fromEntries(paths) as Record<string, string> };
  });
  app.get('/metrics', async (_, reply) => {
    return reply.type(metrics.contentType).send(await metrics.text());
  });

  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.addHook('onClose', async () => {
    await Promise.all(Object.values(operations).map(({ handle }) => handle.close()));
    metrics.close();
  });
  return app;
}

/** A queue is empty again well within this, or its service is overloaded. */
const RETRY_AFTER_S = 1;

const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  ERR_RTLIFT_INVALID_ARG: 400,
  ERR_RTLIFT_MESSAGE_TOO_LARGE: 400,
  ERR_RTLIFT_QUEUE_FULL: 503,
  ERR_RTLIFT_DEADLINE: 503,
  ERR_RTLIFT_CLOSED: 503,
};

/** What the caller can do about it decides the status: mend the message, come back later, or nothing. */
function refuse(reply: FastifyReply, error: unknown): FastifyReply {
  if (!(error instanceof RtliftError)) throw error;
  const { code, message } = error;
  const status = STATUS[code] ?? 500;
  if (status === 503) reply.header('retry-after', RETRY_AFTER_S);
  return reply.code(status).send({ code, message });
}
