import type { PageSocket } from './report.js';

/** Has the page's WebSocket tell, from now on, of each that is constructed. */
export function countWebSockets(): readonly PageSocket[] {
  const sockets: PageSocket[] = [];
  const Original = globalThis.WebSocket;
  globalThis.WebSocket = class extends Original {
    constructor(url: string | URL, protocols?: string | string[]) {
      const older = sockets.map(({ readyState }) => readyState);
      super(url, protocols);
      const stateOf = () => this.readyState;
      const events: PageSocket['events'][number][] = [];
      sockets.push({
        ...{ at: Date.now(), older, events },
        get readyState() {
          return stateOf();
        },
      });
      for (const type of ['open', 'error', 'close'])
        this.addEventListener(type, (event) => {
          const { code } = event as Partial<CloseEvent>;
          events.push({ type, at: Date.now(), code });
        });
    }
  };
  return sockets;
}
