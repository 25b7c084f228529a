// Rows in a file, none lost and none twice, though the process may be killed at any moment: a row and the cursor behind it are one write.
import {
  closeSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import type { GraphQLSocket } from 'rx-graphql-ws';
import { isGap, recover } from 'rx-graphql-ws/recovery';
import { defer, finalize, tap } from 'rxjs';

export interface Happening {
  id: string;
  at: number;
}

/** More than happen in one moment: the server repeats those of the last one. */
const repeated = 1_000;

export const follow = (socket: GraphQLSocket, file: string, warn: (message: string) => void) =>
  defer(() => {
    const store = openSync(file, 'a');
    const written = readFileSync(file);
    // the last line is torn if the disk was full, or the machine lost its power
    const end = written.lastIndexOf('\n') + 1;
    ftruncateSync(store, end);
    const lines = written.toString('utf8', 0, end).split('\n').slice(0, -1);
    const handled = lines.slice(-repeated).map((line) => JSON.parse(line) as Happening);
    return recover<{ happening: Happening }, { since?: number }, Happening>(
      socket,
      { query: 'subscription ($since: Float) { happening(since: $since) { id at } }' },
      {
        rows: (data) => [data.happening],
        resume: (last) => ({ since: last.at }),
        key: (event) => event.id,
        handled: () => handled,
      },
    ).pipe(
      tap((event) => {
        if (isGap(event)) {
          warn('events may be missing');
          return;
        }
        writeSync(store, `${JSON.stringify(event)}\n`);
        fdatasyncSync(store);
      }),
      finalize(() => closeSync(store)),
    );
  });
