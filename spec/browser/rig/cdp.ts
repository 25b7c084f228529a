import type { Readable, Writable } from 'node:stream';

/** What comes, in the shape that the protocol gives to it. */
type CdpResult = Readonly<Record<string, unknown>>;

type Listener = (params: CdpResult) => void;

/** One target, or the browser itself, spoken to by the Chrome DevTools Protocol. */
export interface CdpSession {
  send(method: string, params?: object): Promise<CdpResult>;
  on(event: string, listener: (params: CdpResult) => void): void;
}

export interface Cdp {
  /** The browser's session without an id, a target's with the id that `Target.attachToTarget` gave. */
  session(id?: string): CdpSession;
}

interface Answer {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: CdpResult;
  readonly result?: CdpResult;
  readonly error?: { readonly message: string };
}

/**
 * Speaks to a browser through the pipes of `--remote-debugging-pipe`, which ends when they do: it cannot outlive us. No driver
 * stands between: those known force pages to be visible, forbid the back/forward cache, or wait for a load that does not come.
 */
export function connectCdp(input: Writable, output: Readable): Cdp {
  const pending = new Map<number, (answer: Answer) => void>();
  const listeners = new Map<string, Listener[]>();
  let sent = 0;
  const receive = (answer: Answer) => {
    if (answer.id !== undefined) {
      pending.get(answer.id)?.(answer);
      return;
    }
    const key = `${answer.sessionId ?? ''} ${String(answer.method)}`;
    for (const listener of listeners.get(key) ?? []) listener(answer.params ?? {});
  };
  const lose = () => {
    for (const settle of pending.values()) settle({ error: { message: 'the browser is gone' } });
  };
  let rest = '';
  output.setEncoding('utf8');
  output.on('data', (text: string) => {
    const messages = (rest + text).split('\0');
    rest = messages.pop() ?? '';
    for (const message of messages) receive(JSON.parse(message) as Answer);
  });
  output.on('close', lose);
  input.on('error', lose);
  return {
    session: (id = '') => ({
      send: (method, params = {}) =>
        new Promise((resolve, reject) => {
          const number = (sent += 1);
          pending.set(number, ({ result, error }) => {
            pending.delete(number);
            if (error) reject(new Error(`${method}: ${error.message}`));
            else resolve(result ?? {});
          });
          const sessionId = id === '' ? undefined : id;
          input.write(`${JSON.stringify({ id: number, method, params, sessionId })}\0`);
        }),
      on: (event, listener) => {
        const key = `${id} ${event}`;
        listeners.set(key, [...(listeners.get(key) ?? []), listener]);
      },
    }),
  };
}
