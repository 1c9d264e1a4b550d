import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type FromChild, receive, send, type ToChild } from './frames.js';

/** What a {@link ChildLink} tells. */
export interface LinkEvents {
  /** The process is being started: it has been told all that was for it. */
  readonly onStart: () => void;
  readonly onFrame: (frame: FromChild) => void;
  /** The process is gone, or is as good as gone. May come more than once. */
  readonly onGone: (how: string) => void;
}

/** A child process and the frames to and from it. */
export class ChildLink {
  readonly #memoryFd: number;
  readonly #events: LinkEvents;
  /** Frames for a child that is not there yet; `null` once it is. */
  #outbox: ToChild[] | null;
  #child: ChildProcess | null = null;
  /** Of a child that waits for its turn after others died. */
  #start: NodeJS.Timeout | null = null;
  #socket: Socket | null = null;

  /**
   * @param memoryFd - descriptor of the memory that it shares.
   * @param delayMs - until the process is started; 0: at once.
   */
  constructor(memoryFd: number, first: ToChild, delayMs: number, events: LinkEvents) {
    this.#memoryFd = memoryFd;
    this.#events = events;
    this.#outbox = [first];
    if (delayMs > 0) this.#start = setTimeout(() => this.spawn(), delayMs);
  }

  get isStarted(): boolean {
    return this.#child !== null;
  }

  /** Starts the process. Only for one without a delay; not in the constructor, as it may tell of a failure at once. */
  spawn(): void {
    let child: ChildProcess;
    try {
      child = spawn(process.execPath, [...LOADER, CHILD], {
        stdio: ['ignore', 'inherit', 'inherit', 'pipe', this.#memoryFd],
        shell: false,
        windowsHide: true,
      });
    } catch (error) {
      this.#events.onGone(`could not be started: ${(error as Error).message}`);
      return;
    }
    this.#child = child;
    child.once('exit', (code, signal) =>
      this.#events.onGone(signal === null ? `exited with code ${code}` : `was ended by ${signal}`),
    );
    child.once('error', (error) => this.#events.onGone(`could not be started: ${error.message}`));
    // Without descriptors to spare there is no socket, and the error comes as an event.
    const socket = child.stdio?.[3] as Socket | null | undefined;
    if (!socket) return;
    this.#socket = socket;
    // What it writes to is closed first when the child dies; the exit says why.
    socket.on('error', () => undefined);
    receive<FromChild>(
      socket,
      this.#events.onFrame,
      // Its memory, or its descriptors, are not its own any more.
      (error) => this.kill(`gave an answer that makes no sense: ${(error as Error).message}`),
    );
    const frames = this.#outbox ?? [];
    this.#outbox = null;
    for (const frame of frames) this.tell(frame);
    this.#events.onStart();
  }

  /** A child that waits for its turn is not started any more. */
  cancelStart(): void {
    if (this.#start) clearTimeout(this.#start);
  }

  tell(frame: ToChild): void {
    if (this.#outbox) this.#outbox.push(frame);
    else if (this.#socket?.writable) send(this.#socket, frame);
  }

  kill(why: string): void {
    // The one signal that a stopped process obeys as well.
    this.#child?.kill('SIGKILL');
    this.#events.onGone(why);
  }

  /** Nothing but the wait for its end keeps this process. */
  awaitExit(): void {
    this.#child?.ref();
  }

  /** Node stays while something is in flight, and may leave otherwise. */
  keepAlive(isBusy: boolean): void {
    // A socket without a handle would remember each call for when it connects.
    if (this.#socket?.destroyed) return;
    if (isBusy) {
      this.#child?.ref();
      this.#socket?.ref();
    } else {
      this.#child?.unref();
      this.#socket?.unref();
    }
  }
}

// In a checkout that runs its sources, the child does so as well.
const isSource = import.meta.url.endsWith('.ts');
const CHILD = fileURLToPath(
  new URL(isSource ? './child-main.ts' : './child-main.js', import.meta.url),
);
const LOADER = isSource ? ['--import', 'tsx'] : [];
