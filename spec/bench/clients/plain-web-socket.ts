import WebSocket from 'ws';

/** As ours dials: without compression, which would be most of what is measured. */
export class plainWebSocket extends WebSocket {
  constructor(url: string, protocols: string | string[]) {
    super(url, protocols, { perMessageDeflate: false });
  }
}
