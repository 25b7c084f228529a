import { connect } from 'node:net';

/** The code of the error that a dial ends with; `undefined` when it does not fail. */
export function failureOfDial(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code));
  });
}
