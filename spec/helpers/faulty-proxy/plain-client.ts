import { once } from 'node:events';
import { connect } from 'node:net';

/** A TCP client that writes down what it receives, and when. */
export interface PlainClient {
  /** Each piece, with the ms since the client was made. */
  readonly pieces: readonly { readonly at: number; readonly bytes: Buffer }[];
  /** All bytes so far. */
  readonly bytes: Buffer;
  /** `end` for a FIN, the code of an error, and when. */
  readonly ends: readonly { readonly at: number; readonly how: string }[];
  /** How it ended, without when. */
  readonly hows: readonly string[];
  write(bytes: string | Buffer): void;
  /** FIN. */
  end(): void;
  destroy(): void;
}

export async function plainClient(port: number): Promise<PlainClient> {
  const start = performance.now();
  const at = () => performance.now() - start;
  const pieces: { at: number; bytes: Buffer }[] = [];
  const ends: { at: number; how: string }[] = [];
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  socket.on('data', (bytes) => pieces.push({ at: at(), bytes }));
  socket.on('end', () => {
    ends.push({ at: at(), how: 'end' });
    socket.end();
  });
  socket.on('error', ({ code }: NodeJS.ErrnoException) =>
    ends.push({ at: at(), how: code ?? 'error' }),
  );
  await once(socket, 'connect');
  return {
    pieces,
    get bytes() {
      return Buffer.concat(pieces.map(({ bytes }) => bytes));
    },
    ends,
    get hows() {
      return ends.map(({ how }) => how);
    },
    write: (bytes) => void socket.write(bytes),
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
  };
}
