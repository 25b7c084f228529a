/* eslint-disable @typescript-eslint/no-explicit-any -- handler types differ between the DOM, ws and undici; `any` fits them all */

/** What we use of a WebSocket: the DOM's, ws's and undici's fit. */
export interface WebSocketLike {
  readonly readyState: number;
  readonly protocol: string;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: any;
  onmessage: any;
  onerror: any;
  onclose: any;
}

/** A constructor of such sockets. `options` is `ws`'s third argument. */
export interface WebSocketConstructor {
  new (url: string, protocols?: string[], options?: any): WebSocketLike;
}
