import { EMPTY, Observable, Subject } from 'rxjs';
import type { Environment } from './environment.js';

/** Writes lines to standard output. */
export interface ResultWriter {
  /**
   * Writes a line. It completes when there is room for the next one.
   *
   * @param left - is called when the line has left this process
   */
  write(line: string, left?: () => void): Observable<never>;
  /** Emits when the reader has gone (`undefined`), or the output fails (the error). */
  readonly broken$: Observable<Error | undefined>;
  /** Completes when everything has been written. */
  readonly flushed$: Observable<never>;
}

export function createResultWriter({ stdout }: Pick<Environment, 'stdout'>): ResultWriter {
  const broken$ = new Subject<Error | undefined>();
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    broken$.next(error.code === 'EPIPE' ? undefined : error);
  });
  let isCorked = false;
  /** Lines of one turn are one write to the system. */
  const cork = () => {
    if (isCorked) return;
    isCorked = true;
    stdout.cork();
    process.nextTick(() => {
      isCorked = false;
      stdout.uncork();
    });
  };
  const write: ResultWriter['write'] = (line, left) => {
    cork();
    const hasRoom = stdout.write(`${line}\n`, (error) => {
      if (!error) left?.();
    });
    return hasRoom
      ? EMPTY
      : new Observable((subscriber) => {
          const onDrain = () => subscriber.complete();
          stdout.once('drain', onDrain);
          return () => stdout.off('drain', onDrain);
        });
  };
  return {
    write,
    broken$,
    flushed$: new Observable((subscriber) => {
      stdout.write('', () => {
        subscriber.complete();
      });
    }),
  };
}
