import { WebSocket } from 'ws';

type Handler = ((event: object) => void) | null;
type EventName = 'open' | 'message' | 'error' | 'close';

export interface NativeOptions {
  /** Whether its WebSocket tells the subprotocol that the server selected. @defaultValue false */
  readonly tellsProtocol?: boolean;
  /** Whether text comes in binary frames. @defaultValue false */
  readonly binary?: boolean;
}

/** The globals of React Native that differ from those of a browser, and what it has seen of the client. */
export function reactNative({ tellsProtocol = false, binary = false }: NativeOptions = {}) {
  const warnings: string[] = [];
  const dialled: { readonly url: string; readonly headers: object }[] = [];

  /** It dials with that of `ws`. Its events have less to tell than those of a browser. */
  class NativeWebSocket {
    readyState = 0;
    protocol: string | undefined;
    #binaryType = '';
    readonly #handlers = new Map<EventName, Handler>();
    readonly #socket: WebSocket;

    constructor(url: string, protocols: unknown, options?: { headers?: Record<string, string> }) {
      const { headers = {}, ...unknown } = options ?? {};
      if (Object.keys(unknown).length > 0) warnings.push(Object.keys(unknown).join());
      dialled.push({ url, headers });
      this.#socket = new WebSocket(url, Array.isArray(protocols) ? (protocols as string[]) : [], {
        headers,
      });
      this.#socket.on('open', () => {
        this.readyState = 1;
        if (tellsProtocol) this.protocol = this.#socket.protocol;
        this.#tell('open', {});
      });
      this.#socket.on('message', (data: Buffer) => {
        this.#tell('message', { data: binary ? Uint8Array.from(data).buffer : data.toString() });
      });
      this.#socket.on('error', () => this.#tell('error', {}));
      this.#socket.on('close', (code: number, reason: Buffer) => {
        this.readyState = 3;
        this.#tell('close', { code, reason: reason.toString() });
      });
    }

    send(text: string): void {
      if (this.readyState === 0) throw new Error('INVALID_STATE_ERR');
      this.#socket.send(text);
    }
    close(code?: number, reason?: string): void {
      if (this.readyState > 1) return;
      this.readyState = 2;
      this.#socket.close(code, reason);
    }
    ping(): void {
      this.#socket.ping();
    }

    get binaryType() {
      return this.#binaryType;
    }
    set binaryType(type: string) {
      if (!['blob', 'arraybuffer'].includes(type)) throw new Error(`binaryType ${type}`);
      this.#binaryType = type;
    }

    get onopen(): Handler {
      return this.#handlers.get('open') ?? null;
    }
    set onopen(handler: Handler) {
      this.#handlers.set('open', handler);
    }
    get onmessage(): Handler {
      return this.#handlers.get('message') ?? null;
    }
    set onmessage(handler: Handler) {
      this.#handlers.set('message', handler);
    }
    get onerror(): Handler {
      return this.#handlers.get('error') ?? null;
    }
    set onerror(handler: Handler) {
      this.#handlers.set('error', handler);
    }
    get onclose(): Handler {
      return this.#handlers.get('close') ?? null;
    }
    set onclose(handler: Handler) {
      this.#handlers.set('close', handler);
    }

    #tell(name: EventName, event: object): void {
      this.#handlers.get(name)?.({ type: name, ...event });
    }
  }
  return { warnings, dialled, globals: { WebSocket: NativeWebSocket, URL: NativeURL } };
}

/** It has getters only, checks nothing, and ends each URL with a slash. */
class NativeURL {
  readonly #url: string;
  constructor(url: string, base?: string) {
    this.#url = `${base ?? ''}${url}`.replace(/\/?$/, '/');
  }
  get href() {
    return this.toString();
  }
  get protocol() {
    return /^[a-z]+:/.exec(this.#url)?.[0] ?? '';
  }
  get hash(): string {
    throw new Error('not implemented');
  }
  get host(): string {
    throw new Error('not implemented');
  }
  get pathname(): string {
    throw new Error('not implemented');
  }
  get searchParams(): object {
    throw new Error('not implemented');
  }
  toString() {
    return this.#url;
  }
}
