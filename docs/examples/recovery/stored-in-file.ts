// A cursor in a file: a process that starts again goes on where the last one stopped. An event is stored when it has been handled.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { GraphQLSocket } from 'rx-graphql-ws';
import { isGap, recover } from 'rx-graphql-ws/recovery';
import { concatMap } from 'rxjs';

export interface Happening {
  id: string;
  at: number;
}

export function follow(
  socket: GraphQLSocket,
  file: string,
  handle: (event: Happening) => Promise<void>,
  warn: (message: string) => void,
) {
  const load = () =>
    existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8')) as Happening] : [];
  const save = (event: Happening) => {
    // a crash in the midst of writing must not leave half a cursor
    writeFileSync(`${file}.new`, JSON.stringify(event));
    renameSync(`${file}.new`, file);
  };
  return recover<{ happening: Happening }, { since?: number }, Happening>(
    socket,
    { query: 'subscription ($since: Float) { happening(since: $since) { id at } }' },
    {
      rows: (data) => [data.happening],
      resume: (last) => ({ since: last.at }),
      key: (event) => event.id,
      handled: load,
    },
  ).pipe(
    concatMap(async (event) => {
      if (isGap(event)) {
        warn('events may be missing');
        return;
      }
      await handle(event);
      save(event);
    }),
  );
}
