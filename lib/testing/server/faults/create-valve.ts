import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** The TCP connection of a WebSocket, which can be shut. */
export interface Valve {
  /** Holds back what is sent and what comes, FIN and RST too. */
  shut(): void;
  /** Lets it through. */
  open(): void;
}

/** What Node has below a stream that reads; there is no documented way to it. */
interface Reader {
  readonly _handle?: { reading: boolean; readStop(): unknown } | null;
  _read(size: number): void;
}

/** An open valve. */
export function createValve(socket: WebSocket, stream: Duplex): Valve {
  let isShut = false;
  return {
    shut: () => {
      if (isShut) return;
      isShut = true;
      stream.cork();
      socket.pause();
      stopReading(stream);
    },
    open: () => {
      if (!isShut) return;
      isShut = false;
      stream.uncork();
      readOn(stream);
      socket.resume();
    },
  };
}

// A stream that is paused reads ahead all the same, and takes notice of FIN and RST.
function stopReading(reader: Reader): void {
  const { _handle: handle } = reader;
  // Else the stream would have the handle read on.
  reader._read = () => undefined;
  if (!handle) return;
  handle.reading = false;
  handle.readStop();
}

function readOn(reader: Reader): void {
  Reflect.deleteProperty(reader, '_read');
  reader._read(0);
}
