import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import {
  BATCH_CHANNEL,
  type BatchEvent,
  FAULT_CHANNEL,
  type FaultEvent,
  MISMATCH_CHANNEL,
  type MismatchEvent,
} from '../../src/index.js';

const SECONDS = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 10];

/** What is asked of a handle: where its next batch goes, as long as there was none. */
interface NamedPath {
  readonly kernel: { readonly name: string };
  readonly path: string;
}

/** What the library publishes on diagnostics_channel, as Prometheus metrics. */
export class GatewayMetrics {
  readonly #registry = new Registry();
  readonly #batches: Counter<'kernel' | 'path' | 'reason' | 'ok'>;
  readonly #messages: Counter<'kernel' | 'path'>;
  readonly #seconds: Histogram<'kernel' | 'path'>;
  readonly #faults: Counter<'kernel' | 'path' | 'code'>;
  readonly #mismatches: Counter<'kernel' | 'path'>;
  /** Of each kernel where its last batch had its results from, which is not where it was sent when that failed it. */
  readonly #lastPath = new Map<string, string>();

  constructor(handles: readonly NamedPath[]) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#batches = new Counter({
      name: 'rtlift_batches_total',
      help: 'Batches settled, by path and by why they ran there',
      labelNames: ['kernel', 'path', 'reason', 'ok'],
      registers,
    });
    this.#messages = new Counter({
      name: 'rtlift_messages_total',
      help: 'Messages of settled batches',
      labelNames: ['kernel', 'path'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'rtlift_batch_seconds',
      help: 'Host time of a batch, from its start to its results',
      labelNames: ['kernel', 'path'],
      buckets: SECONDS,
      registers,
    });
    this.#faults = new Counter({
      name: 'rtlift_path_faults_total',
      help: 'Batches that a path failed and the golden model answered',
      labelNames: ['kernel', 'path', 'code'],
      registers,
    });
    this.#mismatches = new Counter({
      name: 'rtlift_path_mismatches_total',
      help: 'Batches whose results differed from the golden model',
      labelNames: ['kernel', 'path'],
      registers,
    });
    const lastPath = this.#lastPath;
    new Gauge({
      name: 'rtlift_path',
      help: '1 for the path that the results of the last batch are from',
      labelNames: ['kernel', 'path'],
      registers,
      collect() {
        this.reset();
        for (const { kernel, path } of handles) {
          this.set({ kernel: kernel.name, path: lastPath.get(kernel.name) ?? path }, 1);
        }
      },
    });
    subscribe(BATCH_CHANNEL, this.#onBatch);
    subscribe(FAULT_CHANNEL, this.#onFault);
    subscribe(MISMATCH_CHANNEL, this.#onMismatch);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  close(): void {
    unsubscribe(BATCH_CHANNEL, this.#onBatch);
    unsubscribe(FAULT_CHANNEL, this.#onFault);
    unsubscribe(MISMATCH_CHANNEL, this.#onMismatch);
    this.#registry.clear();
  }

  readonly #onBatch = (event: unknown): void => {
    const { kernel, path, reason, ok, messages, hostNs } = event as BatchEvent;
    this.#lastPath.set(kernel, path);
    this.#batches.inc({ kernel, path, reason, ok: String(ok) });
    this.#messages.inc({ kernel, path }, messages);
    this.#seconds.observe({ kernel, path }, hostNs / 1e9);
  };

  readonly #onFault = (event: unknown): void => {
    const { kernel, path, code } = event as FaultEvent;
    this.#faults.inc({ kernel, path, code });
  };

  readonly #onMismatch = (event: unknown): void => {
    const { kernel, path } = event as MismatchEvent;
    this.#mismatches.inc({ kernel, path });
  };
}
