import type { Duplex } from 'node:stream';

/** Resolves when a stream takes more, or never will. */
export function drained(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    if (!stream.writable) resolve();
    const goOn = () => {
      stream.off('drain', goOn).off('close', goOn);
      resolve();
    };
    stream.on('drain', goOn).on('close', goOn);
  });
}
