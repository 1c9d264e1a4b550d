/** Sends commands of the DevTools protocol to one thread, and hears its events. */
export class InspectorSession {
  readonly #send: (message: string) => void;
  readonly #waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  readonly #listeners = new Map<string, ((params: unknown) => void)[]>();
  #id = 0;

  constructor(send: (message: string) => void) {
    this.#send = send;
  }

  /** @see https://chromedevtools.github.io/devtools-protocol/v8/ */
  post<T>(method: string, params: object = {}): Promise<T> {
    this.#id += 1;
    const id = this.#id;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: (value) => resolve(value as T), reject });
      this.#send(JSON.stringify({ id, method, params }));
    });
  }

  on<T>(event: string, listener: (params: T) => void): void {
    const known = this.#listeners.get(event) ?? [];
    this.#listeners.set(event, [...known, listener as (params: unknown) => void]);
  }

  /** Takes what the thread has sent. */
  receive(text: string): void {
    const { id, method, params, result, error } = JSON.parse(text);
    if (id === undefined) {
      for (const listener of this.#listeners.get(method) ?? []) listener(params);
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }

  /** Ends every command that waits for an answer. */
  fail(reason: Error): void {
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}
